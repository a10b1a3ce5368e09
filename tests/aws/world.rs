//! [`AwsWorld`]: an account at a server, and a state.

use std::{collections::BTreeMap, ops::Deref, sync::Arc};

use backend_aws::{AwsBackend, AwsOptions};
use infra_core::{dsl::Provider, graph::Program, handler::Backend};
use infra_tests::deployed::Deployed;

use crate::{
    knowing::Knowing,
    server::{Kind, Server},
};

/// An account at a server, and a state.
pub(crate) struct AwsWorld {
    backend: Arc<Knowing>,
    deployed: Deployed,
}

impl Deref for AwsWorld {
    type Target = Deployed;

    fn deref(&self) -> &Deployed {
        &self.deployed
    }
}

impl AwsWorld {
    pub(crate) fn new(server: &Server) -> Self {
        Self::at(&server.url, server.kind, &[])
    }

    /// The same for some programs alone, which are about a service: of the others some are at the
    /// server beside it.
    pub(crate) fn of(server: &Server, service: &str, programs: &[&Program]) -> Self {
        let kind = server.kind;
        let knowing = |backend| Knowing::new(backend, kind, programs);
        Self::over(&server.url, server.endpoints(service), knowing)
    }

    /// One with all types, at an address; some resources are left out of deployments.
    pub(crate) fn excluding(url: &str, patterns: &[&str]) -> Self {
        let mut world = Self::over(url, BTreeMap::new(), Knowing::all);
        world.deployed.leave_out(patterns);
        world
    }

    /// An account at an address, behind which there is such a server.
    pub(crate) fn at(url: &str, kind: Kind, programs: &[&Program]) -> Self {
        Self::over(url, BTreeMap::new(), |backend| Knowing::new(backend, kind, programs))
    }

    fn over(
        url: &str,
        endpoints: BTreeMap<String, String>,
        knowing: impl FnOnce(AwsBackend) -> Knowing,
    ) -> Self {
        let options = AwsOptions {
            region: Some("eu-central-1".to_owned()),
            endpoint: Some(url.to_owned()),
            endpoints,
            credentials: Some(("testing".to_owned(), "testing".to_owned())),
            ..AwsOptions::default()
        };
        let backend = Arc::new(knowing(AwsBackend::new(options)));
        Self { deployed: Deployed::on(backend.clone()), backend }
    }

    /// Whether things of a type can be listed: those too that the server is said not to know.
    pub(crate) async fn lists(&self, ty: &str) -> bool {
        let handler = self.backend.backend.registry().get(ty).unwrap();
        let provider = Provider::of_kind("aws");
        handler.list(&self.context(), &provider, Some("nobody's")).await.is_ok()
    }
}
