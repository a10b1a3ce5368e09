//! [`AwsWorld`]: an account at a server, and a state.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use backend_aws::{AwsBackend, AwsOptions};
use infra_core::{
    dsl::Provider,
    engine::{Engine, EngineError, Outcome, Preview, RefreshOutcome, UpOptions, full_message},
    event::{Event, Listener},
    graph::Program,
    handler::{Backend, Context, DynHandler, Ownership, Request},
    plan::{Pattern, PlanOptions},
    state::{
        Record, State,
        store::{MemoryStore, StateStore},
    },
    value::Properties,
};
use infra_tests::{
    keys::OpenKey,
    world::{PROJECT, STACK},
};

use crate::{
    asking::{Call, Calls},
    knowing::Knowing,
    server::{Kind, Server},
};

/// What is said while it works, if `INFRA_TRACE` is set.
struct Trace;

#[expect(clippy::print_stderr, reason = "whoever asks for it is told")]
impl Listener for Trace {
    fn event(&self, event: &Event) {
        if std::env::var_os("INFRA_TRACE").is_some() {
            eprintln!("{:?}", event.kind);
        }
    }
}

/// An account at a server, and a state.
pub(crate) struct AwsWorld {
    backend: Arc<Knowing>,
    store: MemoryStore,
    options: UpOptions,
    calls: Calls,
}

/// No deployment of a test takes longer.
const LONG: Duration = Duration::from_secs(60);

/// A key and its secret, where nobody checks them.
const ANYBODY: (&str, &str) = ("testing", "testing");

impl AwsWorld {
    pub(crate) fn new(server: &Server) -> Self {
        Self::at(&server.url, server.kind, &[])
    }

    /// The same for some programs alone, which are about a service: of the others some are at the
    /// server beside it.
    pub(crate) fn of(server: &Server, service: &str, programs: &[&Program]) -> Self {
        let kind = server.kind;
        let knowing = |backend| Knowing::new(backend, kind, programs);
        Self::over(&server.url, server.endpoints(service), ANYBODY, knowing)
    }

    /// One with all types, at an address; some resources are left out of deployments.
    pub(crate) fn excluding(url: &str, patterns: &[&str]) -> Self {
        let mut world = Self::over(url, BTreeMap::new(), ANYBODY, Knowing::all);
        world.options.plan.excludes = patterns.iter().map(|it| Pattern::new(*it)).collect();
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
        let plan = PlanOptions { may_lose_data: vec![Pattern::new("*")], ..PlanOptions::default() };
        Self {
            backend: Arc::new(knowing(AwsBackend::new(options))),
            store: MemoryStore::new(),
            options: UpOptions { plan, ..UpOptions::default() },
            calls,
        }
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

    pub(crate) fn handler(&self, ty: &str) -> Option<Arc<dyn DynHandler>> {
        self.backend.registry().get(ty).cloned()
    }

    /// Whether things of a type can be listed: those too that the server is said not to know.
    pub(crate) async fn lists(&self, ty: &str) -> bool {
        let handler = self.backend.backend.registry().get(ty).unwrap();
        let provider = Provider::of_kind("aws");
        handler.list(&self.context(), &provider, Some("nobody's")).await.is_ok()
    }

    fn engine(&self) -> Engine {
        Engine::new(self.backend.clone(), Arc::new(self.store.clone()))
            .with_key(Arc::new(OpenKey))
            .with_listener(Arc::new(Trace))
    }

    /// Deploys a program.
    pub(crate) async fn up(&self, program: &Program) -> Result<Outcome, String> {
        went_well(self.engine().up(program, &self.options)).await
    }

    /// The process has died: nobody holds its lease any more.
    pub(crate) async fn bury(&self) {
        self.store.break_lease().await.unwrap();
    }

    pub(crate) async fn preview(&self, program: &Program) -> Result<Preview, String> {
        self.engine().preview(program, &self.options).await.map_err(|error| said(&error))
    }

    pub(crate) async fn refresh(&self) -> Result<RefreshOutcome, String> {
        self.engine().refresh(PROJECT, STACK).await.map_err(|error| said(&error))
    }

    pub(crate) async fn destroy(&self) -> Result<(), String> {
        let engine = self.engine();
        // What was left out is not there.
        let plan = PlanOptions { excludes: vec![], ..self.options.plan.clone() };
        went_well(engine.destroy(PROJECT, STACK, &plan)).await.map(drop)
    }

    pub(crate) async fn state(&self) -> State {
        self.engine().open().await.unwrap().state
    }

    /// A request about a record, as the engine would make it.
    pub(crate) fn request(state: &State, record: &Record) -> Option<Request> {
        let lineage = state.place.as_ref()?.lineage.clone();
        Some(Request {
            ty: record.ty.known()?,
            provider: state.provider(record).clone(),
            owner: Ownership {
                stack: lineage,
                stable: record.stable,
                intent: record.token.clone(),
                urn: record.urn.clone(),
            },
            id: record.id.clone(),
            inputs: record.inputs.clone(),
            old_inputs: Properties::default(),
            outputs: record.outputs.clone(),
            changed: Box::default(),
            created_at: record.created_at,
        })
    }

    pub(crate) fn context(&self) -> Context {
        Context::new(self.backend.clock())
    }
}

/// What a run came to, if it ended in time and nothing failed; else what is said of that.
async fn went_well(
    run: impl Future<Output = Result<Outcome, EngineError>>,
) -> Result<Outcome, String> {
    let done = tokio::time::timeout(LONG, run).await;
    let outcome = done.map_err(|_| "it takes longer than a minute".to_owned())?;
    let outcome = outcome.map_err(|error| said(&error))?;
    if outcome.is_success() {
        return Ok(outcome);
    }
    let failures = outcome.failures.iter();
    let failures: Vec<String> =
        failures.map(|it| format!("{}: {}", it.urn, full_message(&it.error))).collect();
    Err(failures.join("; "))
}

fn said(error: &EngineError) -> String {
    full_message(error)
}
