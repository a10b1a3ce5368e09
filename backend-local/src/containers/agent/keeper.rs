//! [`Keeper`]: keeps things of one kind as they are wanted, each by a task of its own.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use infra_core::engine::full_message;
use tokio::{sync::watch, time::sleep};

use crate::containers::images::ImageEvent;

use super::{
    Seen, Surroundings,
    protocol::{Level, State, ThingReport},
};

/// After a failure it is tried again: soon at first.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];
/// How often things are looked at while nothing is wanted anew.
const LOOK: Duration = Duration::from_millis(200);

/// Why a thing is not as it is wanted.
#[derive(Debug)]
pub struct Failure {
    /// In words.
    pub message: String,
    /// Whether it is worth no other try before something else is wanted.
    pub is_final: bool,
}

impl Failure {
    /// Something that may go by.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        Self { message: full_message(error), is_final: false }
    }

    /// Something that stays as long as the same is wanted.
    pub fn wrong(error: &(dyn std::error::Error + 'static)) -> Self {
        Self { message: full_message(error), is_final: true }
    }
}

impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}

/// Says what a thing waits for while it is made or changed.
#[derive(Clone, Debug)]
pub struct Notes(Arc<Mutex<Seen>>);

impl Notes {
    /// In words, for people.
    pub fn say(&self, words: impl Into<String>) {
        lock(&self.0).state.message = words.into();
    }

    /// What images say while they are pulled or built.
    pub fn image(&self, event: &ImageEvent) {
        if let Some(words) = event.in_words() {
            self.say(words);
        }
    }
}

/// A kind of thing, and how it is made, changed and removed. Each may be begun again from wherever an
/// earlier agent left it.
pub trait Kind: Send + Sync + 'static {
    /// What is wanted of a thing.
    type Spec: Clone + PartialEq + Send + Sync + 'static;
    /// A thing that is looked after.
    type Thing: Send + Sync + 'static;

    /// Makes a thing, or takes over what is there of it, and makes it as it is wanted.
    fn make(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &Self::Spec,
        notes: &Notes,
    ) -> impl Future<Output = Result<Self::Thing, Failure>> + Send;

    /// Makes it as it is wanted now.
    fn change(
        &self,
        around: &Surroundings,
        id: &str,
        thing: &mut Self::Thing,
        spec: &Self::Spec,
        notes: &Notes,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Removes all that there is of it, whoever made it.
    fn remove(
        &self,
        around: &Surroundings,
        id: &str,
        thing: Option<Self::Thing>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// How it is.
    fn see(&self, thing: &Self::Thing) -> Seen;

    /// What there is of things of this kind, by id: what earlier agents made and did not remove.
    fn left(
        &self,
        around: &Surroundings,
    ) -> impl Future<Output = Result<Vec<String>, Failure>> + Send;
}

/// What is wanted of one thing, and how it is.
struct Entry<S> {
    want: watch::Sender<Option<S>>,
    seen: Arc<Mutex<Seen>>,
}

/// What is wanted of each thing, by id.
type Entries<K> = Arc<Mutex<BTreeMap<String, Entry<<K as Kind>::Spec>>>>;

/// Keeps things of one kind as they are wanted.
pub struct Keeper<K: Kind> {
    kind: Arc<K>,
    around: Surroundings,
    entries: Entries<K>,
    begun: Mutex<bool>,
    /// Whether it is known what earlier agents made.
    found: Arc<AtomicBool>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Kind> std::fmt::Debug for Keeper<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

impl<K: Kind> Keeper<K> {
    /// Keeps nothing yet.
    pub fn new(kind: K, around: &Surroundings) -> Self {
        Self {
            kind: Arc::new(kind),
            around: around.clone(),
            entries: Arc::default(),
            begun: Mutex::new(false),
            found: Arc::default(),
        }
    }

    /// What is wanted now, by id. What is not among it is removed.
    pub fn want(&self, wanted: BTreeMap<String, K::Spec>) {
        self.remove_what_was_left(&wanted);
        let mut entries = lock(&self.entries);
        for (id, entry) in entries.iter() {
            if !wanted.contains_key(id) {
                entry.ask(None);
            }
        }
        for (id, spec) in wanted {
            match entries.get(&id) {
                Some(entry) => entry.ask(Some(spec)),
                None => {
                    let entry = self.begin(id.clone(), Some(spec));
                    entries.insert(id, entry);
                }
            }
        }
    }

    /// How a thing is. None is gone before it is known what there is.
    pub fn seen(&self, id: &str) -> Seen {
        // First this: what is found is among the entries before.
        let found = self.found.load(Ordering::Acquire);
        let entries = lock(&self.entries);
        match entries.get(id) {
            Some(entry) => lock(&entry.seen).clone(),
            None if found => Seen::default(),
            None => Seen { state: State::pending("it is looked for"), ..Seen::default() },
        }
    }

    /// How all of them are.
    pub fn reports(&self) -> Vec<ThingReport> {
        let entries = lock(&self.entries);
        let reports = entries.iter().map(|(id, entry)| {
            let Seen { state, redundant, parts, events } = lock(&entry.seen).clone();
            let State { level, message, .. } = state;
            ThingReport { id: id.clone(), level, message, redundant, parts, events }
        });
        reports.collect()
    }

    /// The first time, what earlier agents made and nobody wants any more goes too.
    fn remove_what_was_left(&self, wanted: &BTreeMap<String, K::Spec>) {
        if std::mem::replace(&mut *lock(&self.begun), true) {
            return;
        }
        let names: Vec<String> = wanted.keys().cloned().collect();
        let (kind, around) = (Arc::clone(&self.kind), self.around.clone());
        let (entries, found) = (Arc::clone(&self.entries), Arc::clone(&self.found));
        tokio::spawn(async move {
            let left = loop {
                match kind.left(&around).await {
                    Ok(left) => break left,
                    Err(failure) => around.log.line(failure.message),
                }
                sleep(AGAIN[2]).await;
            };
            for id in left {
                // What somebody wants meanwhile is theirs.
                let mut all = lock(&entries);
                if !names.contains(&id) && !all.contains_key(&id) {
                    let entry = begin(&kind, &around, &entries, id.clone(), None);
                    all.insert(id, entry);
                }
            }
            found.store(true, Ordering::Release);
        });
    }

    fn begin(&self, id: String, spec: Option<K::Spec>) -> Entry<K::Spec> {
        begin(&self.kind, &self.around, &self.entries, id, spec)
    }
}

fn begin<K: Kind>(
    kind: &Arc<K>,
    around: &Surroundings,
    entries: &Entries<K>,
    id: String,
    spec: Option<K::Spec>,
) -> Entry<K::Spec> {
    let (want, wanted) = watch::channel(spec);
    let seen = Arc::new(Mutex::new(Seen { state: State::pending("it begins"), ..Seen::default() }));
    let task = Task {
        kind: Arc::clone(kind),
        around: around.clone(),
        entries: Arc::clone(entries),
        id,
        seen: Arc::clone(&seen),
    };
    tokio::spawn(task.run(wanted));
    Entry { want, seen }
}

impl<S: PartialEq> Entry<S> {
    /// Says what is wanted; what is known of it counts no more until that is done.
    fn ask(&self, spec: Option<S>) {
        self.want.send_if_modified(|current| {
            if *current == spec {
                return false;
            }
            lock(&self.seen).state = State::pending("it is being changed");
            *current = spec;
            true
        });
    }
}

struct Task<K: Kind> {
    kind: Arc<K>,
    around: Surroundings,
    entries: Entries<K>,
    id: String,
    seen: Arc<Mutex<Seen>>,
}

impl<K: Kind> Task<K> {
    async fn run(self, mut wanted: watch::Receiver<Option<K::Spec>>) {
        let mut thing: Option<K::Thing> = None;
        let mut failures = 0;
        loop {
            let spec = wanted.borrow_and_update().clone();
            let done = match &spec {
                Some(spec) => self.towards(&mut thing, spec).await,
                None => self.kind.remove(&self.around, &self.id, thing.take()).await,
            };
            match done {
                Ok(()) if spec.is_none() => {
                    if self.forget(&wanted) {
                        return;
                    }
                }
                Ok(()) => {
                    failures = 0;
                    self.watch(&thing, &mut wanted).await;
                }
                Err(failure) => {
                    self.failed(&failure);
                    let pause = AGAIN[failures.min(AGAIN.len() - 1)];
                    failures += 1;
                    let changed = wanted.changed();
                    if failure.is_final {
                        // An end of the channel is the end of the agent.
                        let _ = changed.await;
                    } else {
                        let _ = tokio::time::timeout(pause, changed).await;
                    }
                }
            }
        }
    }

    async fn towards(&self, thing: &mut Option<K::Thing>, spec: &K::Spec) -> Result<(), Failure> {
        match thing {
            Some(thing) => {
                self.kind.change(&self.around, &self.id, thing, spec, &self.notes()).await
            }
            None => {
                let made = self.kind.make(&self.around, &self.id, spec, &self.notes()).await?;
                *thing = Some(made);
                Ok(())
            }
        }
    }

    fn notes(&self) -> Notes {
        Notes(Arc::clone(&self.seen))
    }

    /// Looks at it until something else is wanted.
    async fn watch(&self, thing: &Option<K::Thing>, wanted: &mut watch::Receiver<Option<K::Spec>>) {
        let Some(thing) = thing else { return };
        loop {
            if wanted.has_changed().unwrap_or(true) {
                return;
            }
            *lock(&self.seen) = self.kind.see(thing);
            let changed = tokio::time::timeout(LOOK, wanted.changed());
            if changed.await.is_ok() {
                return;
            }
        }
    }

    fn failed(&self, failure: &Failure) {
        self.around.log.line(format_args!("{}: {}", self.id, failure.message));
        let level = if failure.is_final { Level::Failed } else { Level::Pending };
        let message = failure.message.clone();
        lock(&self.seen).state = State { level, message, ..State::default() };
    }

    /// It is gone, if nobody wants it again meanwhile.
    fn forget(&self, wanted: &watch::Receiver<Option<K::Spec>>) -> bool {
        let mut entries = lock(&self.entries);
        if wanted.has_changed().unwrap_or(false) {
            return false;
        }
        entries.remove(&self.id);
        true
    }
}
