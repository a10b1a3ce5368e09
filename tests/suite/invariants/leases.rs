//! Invariant 11: two writers never interleave.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use backend_local::sim::{Life, Sim};
use infra_core::{
    engine::{Engine, EngineError, UpOptions},
    mutants::{Mutant, Mutants},
    state::store::{Holder, MemoryStore, StateStore, StoreError},
};
use infra_tests::{
    history::{Conditions, History, Run, cases, faults, plain, runtime},
    spec::{Spec, build},
    stores::{WatchWrites, Watched},
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// Breaks the lease before a certain write: takes over, does something to its end, and only then
/// the write goes on.
struct Thief {
    store: MemoryStore,
    writes: AtomicUsize,
    at: usize,
    engine: Engine,
    does: Vec<Spec>,
    options: UpOptions,
    /// What was in the store then.
    left: Mutex<Vec<u8>>,
}

impl Thief {
    async fn write(&self) {
        if self.writes.fetch_add(1, Ordering::SeqCst) + 1 != self.at {
            return;
        }
        self.store.break_lease().await.unwrap();
        let outcome = self.engine.up(&build(&self.does), &self.options).await.unwrap();
        assert!(outcome.is_success() || outcome.needs_more(), "{:?}", outcome.failures);
        *self.left.lock().unwrap() = self.store.bytes();
        // The thief goes on holding what it took.
        self.store.acquire(Holder::default()).await.unwrap();
    }

    fn was_taken(&self) -> bool {
        self.writes.load(Ordering::SeqCst) >= self.at
    }
}

#[async_trait::async_trait]
impl WatchWrites for Thief {
    async fn append(&self, _: &[u8]) {
        self.write().await;
    }

    async fn checkpoint(&self) {
        self.write().await;
    }
}

/// Deploys the last program of a history; at a write somebody takes the stack over and deploys the
/// one before. Whoever lost it writes nothing more, and everything can go on.
async fn taken(history: &History, conditions: &Conditions, at: usize) -> Result<(), String> {
    let mut run = Run::new(history, conditions);
    for step in 0..=history.acts.len() {
        run.step(history, step, 0).await?;
    }
    let does = history.first.clone();
    let (inner, options) = (run.world.store.clone(), run.world.options.clone());
    let store = inner.clone();
    // The thief keeps the rules.
    let mutants = std::mem::take(&mut run.world.mutants);
    let (engine, writes) = (run.world.engine(), AtomicUsize::new(0));
    run.world.mutants = mutants;
    let watch = Thief { store, writes, at, engine, does, options, left: Mutex::default() };
    let store = Arc::new(Watched { inner, watch });
    let robbed = run.world.engine_on(Arc::clone(&store) as Arc<dyn StateStore>);
    let thief = &store.watch;
    run.edit(&infra_tests::spec::Edit::Resize(0, 3));
    let done = robbed.up(&run.program(), &run.world.options).await;
    match done {
        Err(EngineError::Store(StoreError::Fenced)) if thief.was_taken() => {}
        Ok(_) if !thief.was_taken() => {}
        done => return Err(format!("taken over at {at}, and it ended with {done:?}")),
    }
    if thief.was_taken() && *thief.left.lock().unwrap() != run.world.store.bytes() {
        return Err(format!("taken over at {at}, and something was written"));
    }
    run.world.store.holder_died();
    run.settle(0).await.map(drop)
}

/// A store whose lease runs out at a certain write of the journal: the write arrives, and the run is
/// told at the next call that somebody else took over.
struct Lapse {
    sim: Sim,
    writes: AtomicUsize,
    at: usize,
    /// What was in the account then.
    then: Mutex<Option<Things>>,
}

/// Each thing of an account, and what it was made of.
type Things = BTreeMap<String, String>;

fn things(sim: &Sim) -> Things {
    sim.with_world(|world| {
        let live = world.live().filter(|object| object.life != Life::Gone);
        live.map(|it| (format!("{} {}", it.ty.name, it.id), format!("{:?}", it.inputs))).collect()
    })
}

#[async_trait::async_trait]
impl WatchWrites for Lapse {
    async fn append(&self, _: &[u8]) {
        if self.writes.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            *self.then.lock().unwrap() = Some(things(&self.sim));
        }
    }

    fn may_call(&self) -> bool {
        self.writes.load(Ordering::SeqCst) < self.at
    }
}

/// Deploys the last program of a history, and the lease runs out at a write. No call that changes
/// anything begins from then on, and the next run goes on from there.
async fn lapsed(history: &History, conditions: &Conditions, at: usize) -> Result<(), String> {
    let mut run = Run::new(history, conditions);
    for step in 0..=history.acts.len() {
        run.step(history, step, 0).await?;
    }
    run.edit(&infra_tests::spec::Edit::Resize(0, 3));
    let (sim, writes) = (run.world.sim.clone(), AtomicUsize::new(0));
    let watch = Lapse { sim, writes, at, then: Mutex::default() };
    let store = Arc::new(Watched { inner: run.world.store.clone(), watch });
    let engine = run.world.engine_on(Arc::clone(&store) as Arc<dyn StateStore>);
    let done = engine.up(&run.program(), &run.world.options).await;
    let then = store.watch.then.lock().unwrap().take();
    match (done, then) {
        (Err(EngineError::Store(StoreError::Fenced)), Some(then)) => changed(&then, &run, at)?,
        (Ok(_), None) => {}
        // What had to be called was called.
        (Ok(_), Some(then)) => changed(&then, &run, at)?,
        (done, _) => return Err(format!("the lease ran out at {at}, and it ended with {done:?}")),
    }
    run.world.store.holder_died();
    run.settle(0).await.map(drop)
}

/// What a run did to the account after its lease. What was being deleted may go by itself.
fn changed(then: &Things, run: &Run, at: usize) -> Result<(), String> {
    let now = things(&run.world.sim);
    match now.iter().find(|(thing, inputs)| then.get(*thing) != Some(inputs)) {
        Some((thing, _)) => Err(format!("the lease ran out at {at}, and {thing} was called for")),
        None => Ok(()),
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_11_nothing_is_called_after_the_lease(
        history in plain(8, 0..=2),
        faults in faults(),
        at in 1..12_usize,
    ) {
        let done = runtime().block_on(lapsed(&history, &faults.into(), at));
        done.map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariant_11_who_lost_the_lease_writes_nothing_more(
        history in plain(8, 0..=2),
        faults in faults(),
        at in 1..12_usize,
    ) {
        let done = runtime().block_on(taken(&history, &faults.into(), at));
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_a_lost_lease_is_ignored() {
    let history = History { first: boxes(2), acts: vec![] };
    must_notice(Mutant::Unfenced, |mutants: Mutants| {
        let conditions = Conditions { mutants, ..Conditions::default() };
        runtime().block_on(taken(&history, &conditions, 2))
    });
}

/// A store whose lease runs out again and again, and that nobody takes over.
#[derive(Default)]
struct Dozes {
    asked: AtomicUsize,
    over: AtomicBool,
    held: AtomicUsize,
}

#[async_trait::async_trait]
impl WatchWrites for Dozes {
    async fn append(&self, _: &[u8]) {}

    fn may_call(&self) -> bool {
        if self.asked.fetch_add(1, Ordering::SeqCst) % 3 == 2 {
            self.over.store(true, Ordering::SeqCst);
        }
        !self.over.load(Ordering::SeqCst)
    }

    fn hold(&self) -> bool {
        self.asked.store(0, Ordering::SeqCst);
        self.over.store(false, Ordering::SeqCst);
        self.held.fetch_add(1, Ordering::SeqCst);
        true
    }
}

#[test]
fn a_lease_that_ran_out_is_made_good_again_if_nobody_took_over() {
    let history = History { first: boxes(6), acts: vec![] };
    let run = Run::new(&history, &Conditions::default());
    let (inner, watch) = (run.world.store.clone(), Dozes::default());
    let store = Arc::new(Watched { inner, watch });
    let engine = run.world.engine_on(Arc::clone(&store) as Arc<dyn StateStore>);
    let done = runtime().block_on(engine.up(&run.program(), &run.world.options)).unwrap();
    assert!(done.is_success(), "{:?}", done.failures);
    assert!(store.watch.held.load(Ordering::SeqCst) > 2, "it ran out again and again");
}

#[test]
pub(crate) fn planted_calls_begin_after_the_lease() {
    let history = History { first: boxes(2), acts: vec![] };
    must_notice(Mutant::CallsUnbounded, |mutants: Mutants| {
        let conditions = Conditions { mutants, ..Conditions::default() };
        runtime().block_on(lapsed(&history, &conditions, 1))
    });
}
