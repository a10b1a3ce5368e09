//! [`Deployed`]: a place that programs are deployed to for a test, and a state.

use std::{future::Future, sync::Arc, time::Duration};

use infra_core::{
    engine::{Engine, EngineError, Outcome, Preview, RefreshOutcome, UpOptions},
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

use crate::{
    keys::OpenKey,
    world::{PROJECT, STACK, full_message},
};

/// What is said while it works, if `INFRA_TRACE` is set.
struct Trace;

impl Listener for Trace {
    fn event(&self, event: &Event) {
        if std::env::var_os("INFRA_TRACE").is_some() {
            eprintln!("{:?}", event.kind);
        }
    }
}

/// No deployment of a test takes longer, on a machine with other work and a server that fails.
const LONG: Duration = Duration::from_secs(300);

/// A place that programs are deployed to, and a state. What goes wrong is told as people are told.
#[expect(missing_debug_implementations, reason = "backends have none")]
pub struct Deployed {
    backend: Arc<dyn Backend>,
    store: MemoryStore,
    options: UpOptions,
}

impl Deployed {
    /// A place with a state in which there is nothing.
    #[must_use]
    pub fn on(backend: Arc<dyn Backend>) -> Self {
        let plan = PlanOptions { may_lose_data: vec![Pattern::new("*")], ..PlanOptions::default() };
        let options = UpOptions { plan, ..UpOptions::default() };
        Self { backend, store: MemoryStore::new(), options }
    }

    /// Leaves some resources out of deployments.
    pub fn leave_out(&mut self, patterns: &[&str]) {
        self.options.plan.excludes = patterns.iter().map(|it| Pattern::new(*it)).collect();
    }

    /// What serves a type, if anything does.
    #[must_use]
    pub fn handler(&self, ty: &str) -> Option<Arc<dyn DynHandler>> {
        self.backend.registry().get(ty).cloned()
    }

    /// An engine on the place and the state.
    #[must_use]
    pub fn engine(&self) -> Engine {
        Engine::new(self.backend.clone(), Arc::new(self.store.clone()))
            .with_key(Arc::new(OpenKey))
            .with_listener(Arc::new(Trace))
    }

    /// Deploys a program.
    ///
    /// # Errors
    /// If that fails, with what people are told.
    pub async fn up(&self, program: &Program) -> Result<Outcome, String> {
        went_well(self.engine().up(program, &self.options)).await
    }

    /// Compares with what is really there first, and mends it: as people do it, who look at it before.
    ///
    /// # Errors
    /// If that fails, with what people are told.
    pub async fn mend(&self, program: &Program) -> Result<Outcome, String> {
        let options = UpOptions { refresh: true, ..self.options.clone() };
        let engine = self.engine();
        let preview = engine.preview(program, &options).await.map_err(|error| said(&error))?;
        went_well(engine.up_after(&preview, program, &options)).await
    }

    /// What that would do.
    ///
    /// # Errors
    /// If that fails, with what people are told.
    pub async fn preview_mending(&self, program: &Program) -> Result<Preview, String> {
        let options = UpOptions { refresh: true, ..self.options.clone() };
        self.engine().preview(program, &options).await.map_err(|error| said(&error))
    }

    /// The process has died: nobody holds its lease any more.
    ///
    /// # Panics
    /// Never: it lies in memory.
    pub async fn bury(&self) {
        self.store.break_lease().await.unwrap();
    }

    /// What a deployment of a program would do.
    ///
    /// # Errors
    /// If that fails, with what people are told.
    pub async fn preview(&self, program: &Program) -> Result<Preview, String> {
        self.engine().preview(program, &self.options).await.map_err(|error| said(&error))
    }

    /// Looks at everything that is deployed.
    ///
    /// # Errors
    /// If that fails, with what people are told.
    pub async fn refresh(&self) -> Result<RefreshOutcome, String> {
        self.engine().refresh(PROJECT, STACK).await.map_err(|error| said(&error))
    }

    /// Deletes everything.
    ///
    /// # Errors
    /// If that fails, with what people are told.
    pub async fn destroy(&self) -> Result<(), String> {
        let engine = self.engine();
        // What was left out is not there.
        let plan = PlanOptions { excludes: vec![], ..self.options.plan.clone() };
        went_well(engine.destroy(PROJECT, STACK, &plan)).await.map(drop)
    }

    /// What is known of it.
    ///
    /// # Panics
    /// If it can't be opened.
    pub async fn state(&self) -> State {
        self.engine().open().await.unwrap().state
    }

    /// A request about a record, as the engine would make it.
    #[must_use]
    pub fn request(state: &State, record: &Record) -> Option<Request> {
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

    /// What handlers get that are called by themselves.
    #[must_use]
    pub fn context(&self) -> Context {
        Context::new(self.backend.clock())
    }
}

/// What a run came to, if it ended in time and nothing failed; else what is said of that.
async fn went_well(
    run: impl Future<Output = Result<Outcome, EngineError>>,
) -> Result<Outcome, String> {
    let done = tokio::time::timeout(LONG, run).await;
    let outcome = done.map_err(|_| "it takes longer than five minutes".to_owned())?;
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
