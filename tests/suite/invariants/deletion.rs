//! Invariant 7: what goes, goes by what state says of it, in an order of its own.

use std::sync::atomic::Ordering;

use infra_core::mutants::{Mutant, Mutants};
use infra_tests::{
    history::{Conditions, History, Run, cases, conditions, history, plain, runtime},
    world::{PROJECT, STACK},
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{linked, must_notice};

/// Destroys what a history has left; nobody asks its program. Says how many calls were repeated.
async fn destroyed(run: &mut Run) -> Result<usize, String> {
    run.now.clear();
    run.world.retries.store(0, Ordering::Relaxed);
    let options = run.world.options.plan.clone();
    let outcome = run.engine().destroy(PROJECT, STACK, &options).await;
    let outcome = outcome.map_err(|error| format!("{error:?}"))?;
    if !outcome.is_success() {
        return Err(format!("{:?} {:?}", outcome.failures, outcome.skipped));
    }
    let (state, left) = (run.world.state().await, run.world.objects());
    match (state.len(), left.len()) {
        (0, 0) => Ok(run.world.retries.load(Ordering::Relaxed)),
        _ => Err(format!("left: {} records, {left:?}", state.len())),
    }
}

/// Without faults everything goes by one call: whatever refers to it has gone before.
fn goes_in_order(history: &History, mutants: Mutants) -> Result<(), String> {
    let conditions = Conditions { mutants, ..Conditions::default() };
    runtime().block_on(async {
        let mut run = Run::new(history, &conditions);
        for step in 0..=history.acts.len() {
            run.step(history, step, 0).await?;
        }
        match destroyed(&mut run).await? {
            0 => Ok(()),
            repeated => Err(format!("{repeated} calls were repeated")),
        }
    })
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_07_deletion_has_an_order_of_its_own(history in plain(16, 0..=3)) {
        goes_in_order(&history, Mutants::default()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariant_07_state_alone_is_enough_whatever_died(
        history in history(10, 1..=3),
        conditions in conditions(),
        dies in 1..80_u64,
    ) {
        let done: Result<(), String> = runtime().block_on(async {
            let mut run = Run::new(&history, &conditions);
            for step in 0..=history.acts.len() {
                let last = step == history.acts.len();
                run.step(&history, step, if last { dies } else { 0 }).await?;
            }
            destroyed(&mut run).await.map(drop)
        });
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_deletion_has_no_order() {
    let history = History { first: linked(|spec| spec.parent = Some(0)), acts: vec![] };
    must_notice(Mutant::DeletionUnordered, |mutants| goes_in_order(&history, mutants));
}
