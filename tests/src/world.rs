//! [`World`]: a simulated account and a store that outlive the engines that work on them.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use backend_local::sim::{Life, Object, Sim, SimOptions};
use infra_core::{
    Config, Stack,
    dsl::{ConfigEntry, ResourceType},
    engine::{Engine, EngineError, EngineOptions, Outcome, Preview, UpOptions},
    event::{Event, EventKind, Listener},
    graph::Program,
    handler::{Backend, Context, Ownership, Problem, Request},
    mutants::Mutants,
    plan::{Pattern, PlanOptions},
    schema::TypeKind,
    state::{
        DepKind, State,
        store::{MemoryStore, StateStore},
    },
    value::Properties,
};

use crate::keys::OpenKey;

pub use infra_core::engine::full_message;

/// The name of the project in tests.
pub const PROJECT: &str = "campus";
/// The name of the stack in tests.
pub const STACK: &str = "test";

/// An hour of the simulator's clock.
pub const HOUR: u64 = 60 * 60 * 1000;
/// A day of it.
pub const DAY: u64 = 24 * HOUR;

/// The stack with settings as from the command line.
///
/// # Panics
/// Never: the names are valid.
#[must_use]
pub fn configured(settings: &[(&str, &str)]) -> Stack {
    let mut config = Config::default();
    for (key, value) in settings {
        config.set(*key, ConfigEntry::Text((*value).to_owned()));
    }
    Stack::new(PROJECT, STACK, config).unwrap()
}

/// Builds a program.
///
/// # Panics
/// Never: the names are valid.
pub fn program(build: impl FnOnce(&Stack)) -> Program {
    let stack = configured(&[]);
    build(&stack);
    stack.finish()
}

/// Those of some objects that are of a type.
#[must_use]
pub fn of<R: ResourceType>(objects: &[Object]) -> Vec<&Object> {
    objects.iter().filter(|it| it.ty.name == R::definition().name).collect()
}

/// A simulated account and a store that outlive the engines that work on them.
#[derive(Debug)]
pub struct World {
    /// The account.
    pub sim: Sim,
    /// The state.
    pub store: MemoryStore,
    /// Planted bugs.
    pub mutants: Mutants,
    /// What every run is told.
    pub options: UpOptions,
    /// How often a call had to be repeated.
    pub retries: Arc<AtomicUsize>,
    /// What the engines said, if somebody wants to know.
    pub events: Option<Arc<Mutex<Vec<Event>>>>,
}

impl Default for World {
    fn default() -> Self {
        Self::new(SimOptions::default())
    }
}

impl World {
    /// An empty world.
    ///
    /// # Panics
    /// If the simulator does not open.
    #[must_use]
    pub fn new(options: SimOptions) -> Self {
        let plan = PlanOptions { may_lose_data: vec![Pattern::new("*")], ..PlanOptions::default() };
        Self {
            sim: Sim::open(options).unwrap(),
            store: MemoryStore::new(),
            mutants: Mutants::default(),
            options: UpOptions { plan, ..UpOptions::default() },
            retries: Arc::default(),
            events: None,
        }
    }

    /// An empty world whose account lies on disk, opened at a certain time of its clock.
    ///
    /// # Panics
    /// If the simulator does not open.
    #[must_use]
    pub fn on_disk(path: &Path, start: u64) -> Self {
        Self::new(SimOptions { account: Some(path.to_owned()), start, ..SimOptions::default() })
    }

    /// The same account on disk and the same state, at another time.
    ///
    /// # Panics
    /// If the simulator does not open.
    #[must_use]
    pub fn reopened(self, path: &Path, start: u64) -> Self {
        // It is open once at a time.
        drop(self.sim);
        Self { store: self.store, ..Self::on_disk(path, start) }
    }

    /// An engine that works on it.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine_on(Arc::new(self.store.clone()))
    }

    /// An engine that works on it through another store.
    #[must_use]
    pub fn engine_on(&self, store: Arc<dyn StateStore>) -> Engine {
        self.engine_between(Arc::new(self.sim.clone()), store)
    }

    /// An engine that works on it through another backend and store.
    #[must_use]
    pub fn engine_between(&self, backend: Arc<dyn Backend>, store: Arc<dyn StateStore>) -> Engine {
        Engine::new(backend, store)
            .with_key(Arc::new(OpenKey))
            .with_options(EngineOptions::default().with_mutants(self.mutants))
            .with_listener(Arc::new(Trace {
                prints: std::env::var_os("INFRA_TRACE").is_some(),
                retries: Arc::clone(&self.retries),
                events: self.events.clone(),
            }))
    }

    /// Deploys a program; everything must go well.
    ///
    /// # Panics
    /// If anything fails.
    pub async fn up(&self, program: &Program) -> Outcome {
        let outcome = self.try_up(program).await.unwrap();
        assert!(outcome.is_success(), "{:#?} skipped {:?}", outcome.failures, outcome.skipped);
        outcome
    }

    /// Deploys a program.
    ///
    /// # Errors
    /// If the run can't be carried out.
    pub async fn try_up(&self, program: &Program) -> Result<Outcome, EngineError> {
        self.engine().up(program, &self.options).await
    }

    /// What is said of the steps that fail when a program is deployed, with everything that caused
    /// it.
    ///
    /// # Panics
    /// If the run can't be carried out.
    pub async fn refusals(&self, program: &Program) -> Vec<String> {
        let outcome = self.try_up(program).await.unwrap();
        outcome.failures.iter().map(|failure| full_message(&failure.error)).collect()
    }

    /// What deploying a program would do.
    ///
    /// # Panics
    /// If it can't be told.
    pub async fn preview(&self, program: &Program) -> Preview {
        self.engine().preview(program, &self.options).await.unwrap()
    }

    /// Deletes everything.
    ///
    /// # Panics
    /// If anything fails.
    pub async fn destroy(&self) -> Outcome {
        let outcome = self.engine().destroy(PROJECT, STACK, &self.options.plan).await.unwrap();
        assert!(outcome.is_success(), "{:#?}", outcome.failures);
        outcome
    }

    /// The state as a new engine reads it.
    ///
    /// # Panics
    /// If it can't be read.
    pub async fn state(&self) -> State {
        self.engine().open().await.unwrap().state
    }

    /// What is in the account that somebody asked for; tasks run there, and end.
    #[must_use]
    pub fn objects(&self) -> Vec<Object> {
        let asked = |object: &&Object| {
            let is_resource = object.ty.kind == TypeKind::Resource;
            is_resource && !object.implicit && object.life != Life::Gone
        };
        self.sim.with_world(|world| world.live().filter(asked).cloned().collect())
    }

    /// What is in the account of a type.
    #[must_use]
    pub fn all<R: ResourceType>(&self) -> Vec<Object> {
        self.objects().into_iter().filter(|it| it.ty.name == R::definition().name).collect()
    }

    /// Holds the account against the state: nothing in it that the state does not know, nothing
    /// twice, nothing missing, nothing unfinished.
    ///
    /// # Panics
    /// If they differ.
    pub async fn assert_in_step(&self, what: &str) {
        if let Err(error) = self.check_in_step(what).await {
            panic!("{error}");
        }
    }

    /// As [`assert_in_step`](Self::assert_in_step), for tests that shrink.
    ///
    /// # Errors
    /// If they differ.
    pub async fn check_in_step(&self, what: &str) -> Result<(), String> {
        self.check_against(&self.state().await, what)
    }

    /// As [`check_in_step`](Self::check_in_step), with a state that is kept elsewhere.
    ///
    /// # Errors
    /// If they differ.
    pub fn check_against(&self, state: &State, what: &str) -> Result<(), String> {
        infra_core::state::check_integrity(state).map_err(|error| format!("{what}: {error}"))?;
        let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (_, record) in state.iter() {
            if record.status.is_open() {
                return Err(format!("{what}: `{}` is {}", record.urn, record.status));
            }
            // Lookups and tasks leave nothing in the account, and what lives in state alone neither.
            let elsewhere = record.ty.known().is_some_and(|ty| ty.kind != TypeKind::Resource)
                || &*state.provider(record).kind == infra_core::local::KIND;
            if elsewhere {
                continue;
            }
            *known.entry((record.ty.name().to_owned(), record.id.to_string())).or_default() += 1;
        }
        let mut there: BTreeMap<(String, String), usize> = BTreeMap::new();
        for object in self.objects() {
            *there.entry((object.ty.name.to_owned(), object.id.to_string())).or_default() += 1;
        }
        let orphans: Vec<_> = there.keys().filter(|key| !known.contains_key(key)).collect();
        if !orphans.is_empty() {
            return Err(format!("{what}: orphans {orphans:?}"));
        }
        let missing: Vec<_> = known.keys().filter(|key| !there.contains_key(key)).collect();
        if !missing.is_empty() {
            return Err(format!("{what}: missing {missing:?}"));
        }
        if known.values().chain(there.values()).any(|count| *count != 1) {
            return Err(format!("{what}: something is there twice"));
        }
        Ok(())
    }
}

/// Counts retries, keeps what the engine says, and prints it if `INFRA_TRACE` is set.
struct Trace {
    prints: bool,
    retries: Arc<AtomicUsize>,
    events: Option<Arc<Mutex<Vec<Event>>>>,
}

impl Listener for Trace {
    fn event(&self, event: &Event) {
        if matches!(event.kind, EventKind::StepRetrying { .. }) {
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(events) = &self.events {
            events.lock().unwrap().push(event.clone());
        }
        if self.prints {
            eprintln!("{:>8} {:?}", event.at, event.kind);
        }
    }
}

impl World {
    /// Tries to delete everything that another thing refers to, past the engine: each must be
    /// refused, naming who uses it, and nothing may change.
    ///
    /// # Panics
    /// If something is deleted, or the refusal does not say by whom it is used.
    pub async fn assert_deletions_are_guarded(&self, what: &str) {
        let state = self.state().await;
        for (place, record) in state.iter() {
            let strong = |record: &infra_core::state::Record| {
                let deps = record.deps.iter();
                deps.clone().any(|dep| dep.target == place && dep.kind == DepKind::Strong)
            };
            let users: Vec<&str> = state
                .iter()
                // What ran to its end holds nothing.
                .filter(|(_, other)| other.ty.known().is_none_or(|ty| ty.kind != TypeKind::Task))
                .filter(|(_, other)| strong(other))
                .map(|(_, other)| &*other.id)
                .collect();
            // Only what is in the account can be deleted there.
            let deletable = |ty: &&infra_core::schema::TypeDef| {
                ty.kind == TypeKind::Resource
                    && &*state.provider(record).kind != infra_core::local::KIND
                    && !users.is_empty()
            };
            let Some(ty) = record.ty.known().filter(deletable) else { continue };
            let registry = self.sim.registry();
            let handler = registry.get(ty.name).unwrap();
            let request = Request {
                ty,
                provider: state.provider(record).clone(),
                owner: Ownership {
                    stack: "".into(),
                    stable: record.stable,
                    intent: record.token.clone(),
                    urn: record.urn.clone(),
                },
                id: record.id.clone(),
                // Nothing to detach or to unprotect first: the refusal is what is looked for.
                inputs: record.inputs.filtered(|slot| !ty.prop(slot).detach),
                old_inputs: Properties::default(),
                outputs: record.outputs.clone(),
                changed: Box::default(),
                created_at: 0,
            };
            let context = Context::new(self.sim.clock());
            let error = handler.delete(&context, &request).await.unwrap_err();
            let Problem::InUse { by } = &error.problem else {
                panic!(
                    "{what}: `{}` is used by {users:?}, and deleting it says: {error}",
                    record.urn
                );
            };
            assert!(
                users.iter().any(|user| by.iter().any(|by| by.contains(user))),
                "{what}: `{}` is used by {users:?}, and {by:?} are named",
                record.urn
            );
        }
    }
}
