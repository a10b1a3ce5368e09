//! A backend for tests whose operations are closures. Behind the feature `testing`.
//!
//! Without closures it behaves: things are kept in a table, creation and deletion are immediate.
//! A closure sees every call of one operation with its number, and may answer in its place.
//!
//! ```
//! use infra_core::{aws::ec2::Vpc, dsl::ResourceType, handler::Backend, testing::Fake};
//!
//! let fake = Fake::new([Vpc::definition()]);
//! fake.on_delete(|call, request| (call == 1).then(|| Err(Fake::refusal(request, "busy"))));
//! assert_eq!(fake.name(), "fake");
//! ```

pub mod stores;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    clock::{Clock, VirtualClock},
    dsl::Provider,
    handler::{
        Allocated, Backend, BoxFuture, Context, Deletion, DynHandler, Found, HandlerError, Listed,
        Observed, Polled, Problem, Progress, Registry, Request,
    },
    schema::{Identity, Level, TypeDef},
    urn::Urn,
    value::{Properties, PropertiesBuilder, Value},
};

/// An operation of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the methods of `Handler`")]
pub enum Call {
    Allocate,
    Configure,
    Poll,
    Update,
    Read,
    Delete,
    Find,
    Lookup,
    Run,
}

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Which operation.
    pub call: Call,
    /// Of which resource.
    pub urn: Urn,
    /// When it began, on the backend's clock.
    pub at: u64,
}

type Answer<T> = Option<Result<T, HandlerError>>;
type Closure<T> = Arc<dyn Fn(usize, &Request) -> Answer<T> + Send + Sync>;

#[derive(Default)]
struct Closures {
    allocate: Option<Closure<Allocated>>,
    configure: Option<Closure<Progress>>,
    poll: Option<Closure<Polled>>,
    update: Option<Closure<Progress>>,
    read: Option<Closure<Option<Observed>>>,
    delete: Option<Closure<Deletion>>,
    find: Option<Closure<Found>>,
    lookup: Option<Closure<Properties>>,
    run: Option<Closure<Properties>>,
}

#[derive(Default)]
struct Shared {
    closures: Closures,
    calls: Vec<Made>,
    counts: BTreeMap<Call, usize>,
    /// Type and id to what there is, and the token that made it.
    things: BTreeMap<(String, String), (Properties, Properties, Arc<str>)>,
    number: u64,
    takes: BTreeMap<(Call, &'static str), Duration>,
}

/// A backend whose operations are closures. Clones share it.
#[derive(Clone)]
pub struct Fake {
    shared: Arc<Mutex<Shared>>,
    clock: VirtualClock,
    registry: Arc<Registry>,
    concurrency: usize,
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fake").finish_non_exhaustive()
    }
}

macro_rules! closures {
    ($($(#[$doc:meta])* $name:ident: $field:ident, $answer:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(
            &self,
            closure: impl Fn(usize, &Request) -> Answer<$answer> + Send + Sync + 'static,
        ) {
            self.lock().closures.$field = Some(Arc::new(closure));
        }
    )*};
}

impl Fake {
    /// A backend for some types.
    #[must_use]
    pub fn new(types: impl IntoIterator<Item = &'static TypeDef>) -> Self {
        let (shared, clock) = (Arc::<Mutex<Shared>>::default(), VirtualClock::default());
        let mut registry = Registry::new();
        for ty in types {
            let handler = FakeHandler { shared: Arc::clone(&shared), ty };
            registry.add(ty, Arc::new(handler));
        }
        crate::local::register(&mut registry);
        Self { shared, clock, registry: Arc::new(registry), concurrency: 64 }
    }

    /// The same, bearing so many operations at once.
    #[must_use]
    pub fn with_concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    closures! {
        /// Answers creations.
        on_allocate: allocate, Allocated;
        /// Answers configurations.
        on_configure: configure, Progress;
        /// Answers polls.
        on_poll: poll, Polled;
        /// Answers updates.
        on_update: update, Progress;
        /// Answers reads.
        on_read: read, Option<Observed>;
        /// Answers deletions.
        on_delete: delete, Deletion;
        /// Answers searches.
        on_find: find, Found;
        /// Answers lookups.
        on_lookup: lookup, Properties;
        /// Answers tasks.
        on_run: run, Properties;
    }

    /// How long an operation on a type takes.
    pub fn takes(&self, call: Call, ty: &'static TypeDef, duration: Duration) {
        self.lock().takes.insert((call, ty.name), duration);
    }

    /// The calls that were made, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Made> {
        self.lock().calls.clone()
    }

    /// Forgets the calls that were made.
    pub fn forget_calls(&self) {
        self.lock().calls.clear();
    }

    /// The names of the resources on which an operation was called, in order.
    #[must_use]
    pub fn called(&self, call: Call) -> Vec<String> {
        let calls = self.calls().into_iter().filter(|made| made.call == call);
        calls.map(|made| made.urn.name().to_owned()).collect()
    }

    /// What there is: type and id.
    #[must_use]
    pub fn things(&self) -> Vec<(String, String)> {
        self.lock().things.keys().cloned().collect()
    }

    /// The properties of a thing.
    #[must_use]
    pub fn inputs(&self, id: &str) -> Option<Properties> {
        let shared = self.lock();
        let found = shared.things.iter().find(|((_, other), _)| other == id);
        found.map(|(_, (inputs, ..))| inputs.clone())
    }

    /// Changes a thing behind the engine's back.
    pub fn change(&self, id: &str, change: impl FnOnce(&Properties) -> Properties) {
        let mut shared = self.lock();
        if let Some((_, thing)) = shared.things.iter_mut().find(|((_, other), _)| other == id) {
            thing.0 = change(&thing.0);
        }
    }

    /// Makes a thing as a creation would whose answer is lost.
    pub fn plant(&self, request: &Request) {
        let handler = FakeHandler { shared: Arc::clone(&self.shared), ty: request.ty };
        handler.make(request);
    }

    /// A final refusal, for closures.
    #[must_use]
    pub fn refusal(request: &Request, message: &str) -> HandlerError {
        HandlerError::refused(Problem::Final, request.ty.service(), "Fake", "Refused", message)
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        lock(&self.shared)
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Backend for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    fn concurrency(&self) -> usize {
        self.concurrency
    }
}

struct FakeHandler {
    shared: Arc<Mutex<Shared>>,
    ty: &'static TypeDef,
}

impl FakeHandler {
    /// Takes note of a call, and lets the time pass that it takes.
    async fn begin(&self, context: &Context, request: &Request, call: Call) -> usize {
        let (number, takes) = {
            let mut shared = lock(&self.shared);
            let urn = request.owner.urn.clone();
            shared.calls.push(Made { call, urn, at: context.clock.now() });
            let count = shared.counts.entry(call).or_default();
            *count += 1;
            (*count, shared.takes.get(&(call, self.ty.name)).copied())
        };
        if let Some(takes) = takes {
            context.clock.sleep(takes).await;
        }
        number
    }

    fn key(&self, id: &str) -> (String, String) {
        (self.ty.name.to_owned(), id.to_owned())
    }

    fn outputs(&self, id: &str) -> Properties {
        let mut outputs = PropertiesBuilder::default();
        for (slot, prop) in self.ty.outputs() {
            let own = match self.ty.identity {
                Identity::Generated { slot: own, .. } | Identity::Arn { slot: own } => own == slot,
                Identity::Named { .. } | Identity::Key { .. } => false,
            };
            let text = if own { id.to_owned() } else { format!("{}-of-{id}", prop.name) };
            outputs.set(slot, text.into());
        }
        outputs.build()
    }

    fn make(&self, request: &Request) -> Allocated {
        let mut shared = lock(&self.shared);
        shared.number += 1;
        let id: Arc<str> = match self.ty.identity {
            Identity::Generated { form, .. } => {
                format!("{}{:08x}", form.prefix(), shared.number).into()
            }
            Identity::Named { slot } => match request.inputs.get(slot) {
                Value::Str(name) => name.clone(),
                _ => "nameless".into(),
            },
            Identity::Arn { .. } => format!("arn:fake:{}", shared.number).into(),
            Identity::Key { slots } => {
                let parts = slots.iter().map(|slot| request.inputs.get(*slot).to_string());
                parts.collect::<Vec<_>>().join("/").into()
            }
        };
        let outputs = self.outputs(&id);
        let thing = (request.inputs.clone(), outputs.clone(), request.owner.intent.clone());
        shared.things.insert(self.key(&id), thing);
        Allocated { id, outputs, level: Level::Exists }
    }

    fn found(&self, request: &Request) -> Found {
        let shared = lock(&self.shared);
        let ours = |token: &Arc<str>| *token == request.owner.intent;
        let found =
            shared.things.iter().find(|((ty, _), (.., token))| ty == self.ty.name && ours(token));
        match found {
            Some(((_, id), (_, outputs, _))) => Found::Here(Allocated {
                id: id.as_str().into(),
                outputs: outputs.clone(),
                level: Level::Exists,
            }),
            None => Found::Absent,
        }
    }
}

macro_rules! closure {
    ($self:ident, $field:ident, $number:ident, $request:ident) => {{
        let closure = lock(&$self.shared).closures.$field.clone();
        if let Some(answer) = closure.and_then(|closure| closure($number, $request)) {
            return answer;
        }
    }};
}

impl DynHandler for FakeHandler {
    fn allocate<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Allocated, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Allocate).await;
            closure!(self, allocate, number, request);
            Ok(self.make(request))
        })
    }

    fn configure<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Progress, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Configure).await;
            closure!(self, configure, number, request);
            Ok(Progress { outputs: Properties::default(), level: Level::Configured })
        })
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> BoxFuture<'a, Result<Polled, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Poll).await;
            closure!(self, poll, number, request);
            Ok(Polled::Reached(Progress { outputs: Properties::default(), level }))
        })
    }

    fn update<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Progress, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Update).await;
            closure!(self, update, number, request);
            let mut shared = lock(&self.shared);
            if let Some(thing) = shared.things.get_mut(&self.key(&request.id)) {
                thing.0 = request.inputs.clone();
            }
            Ok(Progress { outputs: Properties::default(), level: Level::Configured })
        })
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Option<Observed>, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Read).await;
            closure!(self, read, number, request);
            let shared = lock(&self.shared);
            let thing = shared.things.get(&self.key(&request.id));
            Ok(thing.map(|(inputs, outputs, _)| Observed {
                inputs: inputs.clone(),
                outputs: outputs.clone(),
                level: Level::Ready,
                deleting: false,
            }))
        })
    }

    fn delete<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Deletion, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Delete).await;
            closure!(self, delete, number, request);
            lock(&self.shared).things.remove(&self.key(&request.id));
            Ok(Deletion::Gone)
        })
    }

    fn find<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Found, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Find).await;
            closure!(self, find, number, request);
            Ok(self.found(request))
        })
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<Listed>, HandlerError>> {
        let shared = lock(&self.shared);
        let things = shared.things.keys().filter(|(ty, _)| ty == self.ty.name);
        let listed = things
            .map(|(_, id)| Listed { id: id.as_str().into(), owner: None, observed: None })
            .collect();
        Box::pin(std::future::ready(Ok(listed)))
    }

    fn lookup<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Properties, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Lookup).await;
            closure!(self, lookup, number, request);
            Ok(self.outputs(&format!("lookup-{number}")))
        })
    }

    fn run<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Properties, HandlerError>> {
        Box::pin(async move {
            let number = self.begin(context, request, Call::Run).await;
            closure!(self, run, number, request);
            Ok(self.outputs(&format!("run-{number}")))
        })
    }
}
