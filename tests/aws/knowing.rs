//! [`Knowing`]: the backend with those types alone that a server knows and a program needs.

use std::{sync::Arc, time::Duration};

use backend_aws::AwsBackend;
use infra_core::{
    clock::Clock,
    dsl::Provider,
    graph::Program,
    handler::{Backend, BackendError, BoxFuture, Need, Registry},
};

use crate::{asking::Watched, deviations::known, server::Kind};

/// A server in this machine's memory forgets nothing for a while.
const SETTLE: Duration = Duration::from_millis(200);

/// The backend without the types whose calls a server does not understand, and, since a refresh
/// lists things of all types, without those that have no part in a program.
pub(crate) struct Knowing {
    pub(crate) backend: AwsBackend,
    registry: Registry,
}

impl Knowing {
    /// With all types, of which those that the server does not know are left out of deployments.
    pub(crate) fn all(backend: AwsBackend) -> Self {
        let registry = backend.registry().clone();
        Self { backend, registry }
    }

    pub(crate) fn new(backend: AwsBackend, kind: Kind, programs: &[&Program]) -> Self {
        let mut registry = Registry::new();
        let nodes: Vec<_> = programs.iter().flat_map(|program| &program.nodes).collect();
        let has_part =
            |name: &str| nodes.is_empty() || nodes.iter().any(|node| node.ty.name == name);
        for ty in backend.registry().types().iter().filter(|ty| has_part(ty.name)) {
            let handler = backend.registry().get(ty.name);
            if let Some(handler) = handler.filter(|_| known(kind, ty.name, "list").is_none()) {
                let handler = Arc::clone(handler);
                registry.add(ty, Arc::new(Watched { ty: ty.name, handler }));
            }
        }
        Self { backend, registry }
    }
}

impl Backend for Knowing {
    fn name(&self) -> &'static str {
        self.backend.name()
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.backend.clock()
    }

    fn concurrency(&self) -> usize {
        self.backend.concurrency()
    }

    fn settle_time(&self) -> Duration {
        SETTLE
    }

    fn needs(&self) -> &'static [Need] {
        self.backend.needs()
    }

    fn home(&self) -> BoxFuture<'_, Result<Option<String>, BackendError>> {
        self.backend.home()
    }

    fn check_provider<'a>(
        &'a self,
        provider: &'a Provider,
    ) -> BoxFuture<'a, Result<(), BackendError>> {
        self.backend.check_provider(provider)
    }
}
