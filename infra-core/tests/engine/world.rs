//! What the tests have in common.

use std::sync::{Arc, Mutex};

use infra_core::{
    Config, Secret, Stack,
    engine::{Engine, EngineError, EngineOptions, Outcome, Preview, UpOptions},
    event::{Event, Listener},
    graph::Program,
    handler::Cancel,
    mutants::Mutants,
    plan::{Pattern, PlanOptions},
    state::{State, seal::Passphrase, store::MemoryStore},
    testing::Fake,
};

use crate::types;

/// Builds a program.
pub(crate) fn program(build: impl FnOnce(&Stack)) -> Program {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    build(&stack);
    stack.finish()
}

/// Remembers what the engine says.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<Event>>>);

impl Listener for Heard {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

impl Heard {
    /// Everything as one text, as listeners on disk or wire get it.
    pub(crate) fn json(&self) -> String {
        let events = self.0.lock().unwrap();
        events.iter().map(|event| serde_json::to_string(event).unwrap() + "\n").collect()
    }
}

/// A backend of closures, a store, and what engines on them are told.
pub(crate) struct World {
    pub fake: Fake,
    pub store: MemoryStore,
    pub heard: Heard,
    pub cancel: Cancel,
    pub mutants: Mutants,
    pub options: UpOptions,
    pub passphrase: Option<&'static str>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            fake: Fake::new(types::all()),
            store: MemoryStore::new(),
            heard: Heard::default(),
            cancel: Cancel::default(),
            mutants: Mutants::default(),
            options: UpOptions::default(),
            passphrase: Some("correct horse"),
        }
    }
}

impl World {
    pub(crate) fn engine(&self) -> Engine {
        let engine = Engine::new(Arc::new(self.fake.clone()), Arc::new(self.store.clone()))
            .with_listener(Arc::new(self.heard.clone()))
            .with_cancel(self.cancel.clone())
            .with_options(EngineOptions::default().with_mutants(self.mutants));
        match self.passphrase {
            Some(text) => engine.with_key(Arc::new(Passphrase::new(Secret::new(text.to_owned())))),
            None => engine,
        }
    }

    pub(crate) async fn try_up(&self, program: &Program) -> Result<Outcome, EngineError> {
        self.engine().up(program, &self.options).await
    }

    #[track_caller]
    pub(crate) fn up<'a>(&'a self, program: &'a Program) -> impl Future<Output = Outcome> + 'a {
        let at = std::panic::Location::caller();
        async move {
            let outcome =
                self.try_up(program).await.unwrap_or_else(|error| panic!("{at}: {error:?}"));
            assert!(outcome.is_success(), "{at}: {:#?} {:?}", outcome.failures, outcome.skipped);
            outcome
        }
    }

    pub(crate) async fn preview(&self, program: &Program) -> Preview {
        self.engine().preview(program, &self.options).await.unwrap()
    }

    pub(crate) async fn destroy(&self, options: &PlanOptions) -> Result<Outcome, EngineError> {
        self.engine().destroy("campus", "test", options).await
    }

    pub(crate) async fn state(&self) -> State {
        self.engine().open().await.unwrap().state
    }

    pub(crate) fn targets(&mut self, patterns: &[&str]) {
        self.options.plan.targets = patterns.iter().map(|text| Pattern::new(*text)).collect();
    }
}

/// Allows everything to be lost.
pub(crate) fn lose_all() -> PlanOptions {
    PlanOptions { may_lose_data: vec![Pattern::new("*")], ..PlanOptions::default() }
}

/// What went wrong with each resource.
pub(crate) fn failures(outcome: &Outcome) -> Vec<(String, String)> {
    let of = |failure: &infra_core::engine::StepFailure| {
        (failure.urn.name().to_owned(), infra_core::engine::full_message(&failure.error))
    };
    outcome.failures.iter().map(of).collect()
}
