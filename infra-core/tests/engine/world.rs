//! What the tests have in common.

use std::sync::{Arc, Mutex};

use infra_core::{
    Config, Secret, Stack,
    engine::{Engine, EngineError, EngineOptions, Outcome, Preview, UpOptions},
    event::{Event, EventKind, Listener},
    graph::Program,
    handler::Cancel,
    mutants::Mutants,
    plan::{Pattern, PlanOptions},
    state::{State, seal::Passphrase, store::MemoryStore},
    testing::Fake,
};

use crate::types;

/// Builds a program.
pub fn program(build: impl FnOnce(&Stack)) -> Program {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    build(&stack);
    stack.finish()
}

/// Remembers what the engine says.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Event>>>);

impl Listener for Heard {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

impl Heard {
    pub fn all(&self) -> Vec<EventKind> {
        self.0.lock().unwrap().iter().map(|event| event.kind.clone()).collect()
    }

    /// Everything as one text, as listeners on disk or wire get it.
    pub fn json(&self) -> String {
        let events = self.0.lock().unwrap();
        events.iter().map(|event| serde_json::to_string(event).unwrap() + "\n").collect()
    }
}

/// A backend of closures, a store, and what engines on them are told.
pub struct World {
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
    pub fn engine(&self) -> Engine {
        let engine = Engine::new(Arc::new(self.fake.clone()), Arc::new(self.store.clone()))
            .with_listener(Arc::new(self.heard.clone()))
            .with_cancel(self.cancel.clone())
            .with_options(EngineOptions::default().with_mutants(self.mutants));
        match self.passphrase {
            Some(text) => engine.with_key(Arc::new(Passphrase::new(Secret::new(text.to_owned())))),
            None => engine,
        }
    }

    pub async fn try_up(&self, program: &Program) -> Result<Outcome, EngineError> {
        self.engine().up(program, &self.options).await
    }

    #[track_caller]
    pub fn up<'a>(&'a self, program: &'a Program) -> impl Future<Output = Outcome> + 'a {
        let at = std::panic::Location::caller();
        async move {
            let outcome =
                self.try_up(program).await.unwrap_or_else(|error| panic!("{at}: {error:?}"));
            assert!(outcome.is_success(), "{at}: {:#?} {:?}", outcome.failures, outcome.skipped);
            outcome
        }
    }

    pub async fn preview(&self, program: &Program) -> Preview {
        self.engine().preview(program, &self.options).await.unwrap()
    }

    pub async fn destroy(&self, options: &PlanOptions) -> Result<Outcome, EngineError> {
        self.engine().destroy("campus", "test", options).await
    }

    pub async fn state(&self) -> State {
        self.engine().open().await.unwrap().state
    }

    pub fn targets(&mut self, patterns: &[&str]) {
        self.options.plan.targets = patterns.iter().map(|text| Pattern::new(*text)).collect();
    }
}

/// Allows everything to be lost.
pub fn lose_all() -> PlanOptions {
    PlanOptions { may_lose_data: vec![Pattern::new("*")], ..PlanOptions::default() }
}

/// An error with everything that caused it.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// What went wrong with each resource.
pub fn failures(outcome: &Outcome) -> Vec<(String, String)> {
    let of = |failure: &infra_core::engine::StepFailure| {
        (failure.urn.name().to_owned(), chain(&failure.error))
    };
    outcome.failures.iter().map(of).collect()
}
