//! Invariant 4: `up` does nothing that `preview` did not show.

use infra_core::{
    engine::Preview,
    event::{Event, EventKind, Operation},
    mutants::{Mutant, Mutants},
    plan::ChangeKind,
    urn::Urn,
};
use infra_tests::{
    history::{Act, Conditions, Drift, History, Run, cases, conditions, history, runtime},
    spec::Edit,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// Whether a change that was shown permits an operation: less is always allowed.
fn permits(shown: ChangeKind, done: Operation) -> bool {
    use ChangeKind as K;
    let replaces = matches!(shown, K::CreateThenDelete | K::DeleteThenCreate | K::MayReplace);
    let changes = replaces || matches!(shown, K::Update | K::Resume | K::Reinstate | K::Import);
    match done {
        Operation::Relink => true,
        Operation::Update | Operation::Resume => changes,
        Operation::Create => matches!(shown, K::Create),
        Operation::Replace => replaces,
        Operation::Delete => replaces || matches!(shown, K::Delete | K::Reinstate),
        Operation::Import => shown == K::Import,
        Operation::Forget => replaces || shown == K::Forget,
        Operation::Read => shown == K::Read,
        Operation::Run => shown == K::Run,
        Operation::Settle | Operation::Refresh => false,
    }
}

fn check(preview: &Preview, events: &[Event]) -> Result<(), String> {
    let done = events.iter().filter_map(|event| match &event.kind {
        EventKind::StepStarted { urn, operation, .. }
        | EventKind::StepFinished { urn, operation, .. } => Some((urn, *operation)),
        _ => None,
    });
    let shown = |urn: &Urn, operation| {
        let of = preview.changes.iter().filter(|change| change.urn == *urn);
        of.into_iter().any(|change| permits(change.kind, operation))
    };
    for (urn, operation) in done {
        // What became of what was interrupted is asked, by the preview too.
        if operation != Operation::Settle && !shown(urn, operation) {
            return Err(format!("`{urn}`: {operation} was not shown: {:?}", preview.changes));
        }
    }
    Ok(())
}

/// Plays a history in which each deployment is previewed; one of them dies.
async fn shown_before_done(
    history: &History,
    conditions: &Conditions,
    dies: (usize, u64),
) -> Result<(), String> {
    let mut run = Run::new(history, conditions);
    let events = std::sync::Arc::<std::sync::Mutex<Vec<Event>>>::default();
    run.world.events = Some(std::sync::Arc::clone(&events));
    for step in 0..=history.acts.len() {
        match step.checked_sub(1).map(|act| &history.acts[act]) {
            Some(Act::Up(edit) | Act::Targeted(edit, _) | Act::Cancelled(edit, _)) => {
                run.edit(edit);
            }
            Some(Act::Drift(at, Drift::Resized(size))) => {
                run.drift(*at, Drift::Resized(*size)).await;
                run.ignore_drift();
            }
            _ => {}
        }
        if dies.0 == step {
            run.bomb.arm(dies.1);
            let _ = run.up().await;
            run.bomb.arm(0);
            run.bury().await;
            continue;
        }
        let preview = run.engine().preview(&run.program(), &run.world.options).await;
        let preview = preview.map_err(|error| format!("{error:?}"))?;
        let before = run.world.state().await.serial;
        events.lock().unwrap().clear();
        let outcome = run.up().await.map_err(|stop| format!("act {step}: {stop:?}"))?;
        check(&preview, &events.lock().unwrap()).map_err(|why| format!("act {step}: {why}"))?;
        let settled = events
            .lock()
            .unwrap()
            .iter()
            .any(|event| matches!(event.kind, EventKind::Recovering { .. }));
        if preview.is_empty() && outcome.serial != before && before > 0 && !settled {
            let serial = outcome.serial;
            return Err(format!("act {step}: nothing to do, and serial {before} became {serial}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_04_up_does_what_preview_showed(
        history in history(10, 1..=4),
        conditions in conditions(),
        dies in (0..6_usize, 1..100_u64),
    ) {
        let conditions = Conditions { death: Default::default(), ..conditions };
        let done = runtime().block_on(shown_before_done(&history, &conditions, dies));
        done.map_err(TestCaseError::fail)?;
    }
}

/// A replacement that was interrupted goes on after the program has renamed what is replaced.
#[test]
fn what_is_replaced_goes_by_the_name_that_it_has_now() {
    let acts = vec![Act::Up(Edit::Relabel(0, 1)), Act::Up(Edit::Rename(0, 1, true))];
    let history = History { first: boxes(1), acts };
    let conditions = Conditions::default();
    runtime().block_on(shown_before_done(&history, &conditions, (1, 1))).unwrap();
}

#[test]
pub(crate) fn planted_more_is_done_than_was_shown() {
    let acts = vec![Act::Drift(0, Drift::Resized(3)), Act::Up(Edit::Resize(1, 2))];
    let history = History { first: boxes(2), acts };
    let check = |mutants: Mutants| {
        let conditions = Conditions { mutants, ..Conditions::default() };
        runtime().block_on(shown_before_done(&history, &conditions, (9, 0)))
    };
    must_notice(Mutant::PlanExceeded, check);
}
