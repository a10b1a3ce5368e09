//! Invariant 11: two writers never interleave.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

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

proptest! {
    #![proptest_config(cases(1_000))]

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
