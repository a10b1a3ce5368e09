//! [`AwsWorld`]: an account at a server, and a state.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
    sync::Arc,
};

use backend_aws::{AwsBackend, AwsOptions};
use infra_core::{dsl::Provider, graph::Program, handler::Backend};
use infra_tests::deployed::Deployed;

use crate::{
    asking::{Call, Calls},
    knowing::Knowing,
    server::{Kind, Server},
};

/// An account at a server, and a state.
pub(crate) struct AwsWorld {
    backend: Arc<Knowing>,
    deployed: Deployed,
    calls: Calls,
}

impl Deref for AwsWorld {
    type Target = Deployed;

    fn deref(&self) -> &Deployed {
        &self.deployed
    }
}

/// Of a key, where nobody checks it.
const SECRET: &str = "testing";

/// A key and its secret, where nobody checks them.
const ANYBODY: (&str, &str) = ("testing", SECRET);

impl AwsWorld {
    pub(crate) fn new(server: &Server) -> Self {
        Self::of_user(server, &[], (&server.key(), SECRET))
    }

    /// The same for some programs alone, which are about a service: of the others some are at the
    /// server beside it.
    pub(crate) fn of(server: &Server, service: &str, programs: &[&Program]) -> Self {
        Self::through(&server.url, server, service, programs)
    }

    /// The same through something that stands before the server.
    pub(crate) fn through(
        url: &str,
        server: &Server,
        service: &str,
        programs: &[&Program],
    ) -> Self {
        let knowing = |backend| Knowing::new(backend, server.kind, programs);
        Self::over(url, server.endpoints(service), (&*server.key(), SECRET), knowing)
    }

    /// One with all types, at an address, and some services at others; some resources are left out of
    /// deployments.
    pub(crate) fn excluding(
        url: &str,
        endpoints: BTreeMap<String, String>,
        patterns: &[&str],
    ) -> Self {
        let mut world = Self::over(url, endpoints, ANYBODY, Knowing::all);
        world.deployed.leave_out(patterns);
        world
    }

    /// An account at an address, behind which there is such a server.
    pub(crate) fn at(url: &str, kind: Kind, programs: &[&Program]) -> Self {
        Self::over(url, BTreeMap::new(), ANYBODY, |backend| Knowing::new(backend, kind, programs))
    }

    /// The same as somebody else: a key and its secret.
    pub(crate) fn of_user(server: &Server, programs: &[&Program], user: (&str, &str)) -> Self {
        let knowing = |backend| Knowing::new(backend, server.kind, programs);
        Self::over(&server.url, BTreeMap::new(), user, knowing)
    }

    fn over(
        url: &str,
        endpoints: BTreeMap<String, String>,
        (key, secret): (&str, &str),
        knowing: impl FnOnce(AwsBackend) -> Knowing,
    ) -> Self {
        let calls = Calls::default();
        let options = AwsOptions {
            region: Some("eu-central-1".to_owned()),
            endpoint: Some(url.to_owned()),
            endpoints,
            credentials: Some((key.to_owned(), secret.to_owned())),
            on_call: Some(calls.listener()),
            ..AwsOptions::default()
        };
        let backend = Arc::new(knowing(AwsBackend::new(options)));
        Self { deployed: Deployed::on(backend.clone()), backend, calls }
    }

    /// What its handlers asked, and what its backend did.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.all()
    }

    /// What was asked that the tables of the types do not say.
    pub(crate) fn unsaid(&self) -> BTreeSet<String> {
        let mut unsaid = BTreeSet::new();
        for call in self.calls() {
            let own = self.backend.needs();
            let handler = call.of.and_then(|(ty, _)| self.backend.registry().get(ty));
            let needs = handler.map_or(own, |handler| handler.needs());
            let lacking = call.lacking(needs).into_iter();
            let lacking = lacking.filter(|action| own.iter().all(|need| need.action != *action));
            unsaid.extend(lacking.map(|action| match call.of {
                Some((ty, phase)) => format!("{ty} {phase:?}: {action}"),
                None => format!("outside of handlers: {action}"),
            }));
        }
        unsaid
    }

    /// Whether things of a type can be listed: those too that the server is said not to know.
    pub(crate) async fn lists(&self, ty: &str) -> bool {
        let handler = self.backend.backend.registry().get(ty).unwrap();
        let provider = Provider::of_kind("aws");
        handler.list(&self.context(), &provider, Some("nobody's")).await.is_ok()
    }
}
