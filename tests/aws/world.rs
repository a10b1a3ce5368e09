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
        Self::over(&server.url, server.endpoints(service), server.kind, programs)
    }

    /// An account at an address, behind which there is such a server.
    pub(crate) fn at(url: &str, kind: Kind, programs: &[&Program]) -> Self {
        Self::over(url, BTreeMap::new(), kind, programs)
    }

    fn over(
        url: &str,
        endpoints: BTreeMap<String, String>,
        kind: Kind,
        programs: &[&Program],
    ) -> Self {
        let options = AwsOptions {
            region: Some("eu-central-1".to_owned()),
            endpoint: Some(url.to_owned()),
            endpoints,
            credentials: Some(("testing".to_owned(), "testing".to_owned())),
            ..AwsOptions::default()
        };
        let backend = Arc::new(Knowing::new(AwsBackend::new(options), kind, programs));
        Self { deployed: Deployed::on(backend.clone()), backend }
    }

    /// Whether things of a type can be listed: those too that the server is said not to know.
    pub(crate) async fn lists(&self, ty: &str) -> bool {
        let handler = self.backend.backend.registry().get(ty).unwrap();
        let provider = Provider::of_kind("aws");
        handler.list(&self.context(), &provider, Some("nobody's")).await.is_ok()
    }
}
