//! Invariant 13: a run that is asked to stop begins nothing, finishes what changes things, waits
//! for nothing, and gives its lease back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use infra_core::{
    event::{Event, EventKind},
    handler::{BoxFuture, Cancel, Request},
    mutants::{Mutant, Mutants},
    state::store::{Holder, StateStore as _},
    testing::Call,
};
use infra_tests::{
    history::{Act, Conditions, History, Run, cases, conditions, plain, runtime},
    spec::Edit,
    through::Watch,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// Counts the changing calls that are begun after the run was asked to stop, by resource. One is
/// what was under way: its intent is in the journal.
struct Late {
    cancel: Cancel,
    calls: Mutex<BTreeMap<String, usize>>,
}

impl Watch for Late {
    fn called<'a>(&'a self, call: Call, request: &'a Request) -> BoxFuture<'a, ()> {
        let mutates =
            matches!(call, Call::Allocate | Call::Configure | Call::Update | Call::Delete);
        if mutates && self.cancel.is_cancelled() {
            let urn = request.owner.urn.to_string();
            *self.calls.lock().unwrap().entry(urn).or_default() += 1;
        }
        Box::pin(std::future::ready(()))
    }
}

/// Deploys the last edit of a history, and asks it to stop at a moment.
async fn stops(history: &History, conditions: &Conditions, at: u64) -> Result<(), String> {
    let cancel = Cancel::default();
    let late = Arc::new(Late { cancel: cancel.clone(), calls: Mutex::default() });
    let mut run = Run::new(history, conditions);
    run = run.watched(Arc::clone(&late) as Arc<dyn Watch>);
    for step in 0..history.acts.len() {
        run.step(history, step, 0).await?;
    }
    if let Some(Act::Up(edit)) = history.acts.last() {
        run.edit(edit);
    }
    let events = Arc::<Mutex<Vec<Event>>>::default();
    run.world.events = Some(Arc::clone(&events));
    run.bomb.arm(0);
    run.bomb.stop_at(at, cancel.clone());
    let (program, options) = (run.program(), run.world.options.clone());
    let outcome = run.engine().with_cancel(cancel.clone()).up(&program, &options).await;
    let outcome = outcome.map_err(|error| format!("{error:?}"))?;
    run.bomb.arm(0);
    let late: Vec<String> = late
        .calls
        .lock()
        .unwrap()
        .iter()
        .filter(|(_, calls)| **calls > 1)
        .map(|(urn, _)| urn.clone())
        .collect();
    if !late.is_empty() {
        return Err(format!("asked to stop at {at}, and it went on with {late:?}"));
    }
    if cancel.is_cancelled() && outcome.is_success() && outcome.counts.changing() > outcome.done {
        return Err(format!("asked to stop at {at}, and it claims to have done all: {outcome:?}"));
    }
    // Calls take no time here: whatever passes is waited for.
    let events = std::mem::take(&mut *events.lock().unwrap());
    let asked = events.iter().find(|event| matches!(event.kind, EventKind::Stopping));
    let waited = asked.zip(events.last()).map_or(0, |(asked, last)| last.at - asked.at);
    if waited > 0 {
        return Err(format!("asked to stop at {at}, and it waited for {waited} ms"));
    }
    let lease = run.world.store.acquire(Holder::default()).await;
    let lease = lease.map_err(|error| format!("the lease was kept: {error}"))?;
    run.world.store.release(lease).await.map_err(|error| error.to_string())?;
    run.settle(0).await.map(drop)
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_13_a_run_that_is_asked_to_stop_stops(
        history in plain(10, 0..=2),
        conditions in conditions(),
        at in 1..80_u64,
    ) {
        let conditions = Conditions { death: Default::default(), repeats: false, ..conditions };
        let done = runtime().block_on(stops(&history, &conditions, at));
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_cancellation_is_ignored() {
    let mut first = boxes(3);
    first.iter_mut().for_each(|spec| spec.colour = 1);
    let history = History { first, acts: vec![Act::Up(Edit::Resize(0, 1))] };
    must_notice(Mutant::CancelIgnored, |mutants: Mutants| {
        let conditions = Conditions { mutants, ..Conditions::default() };
        runtime().block_on(async {
            for at in 1..40 {
                let all = History { acts: vec![], ..history.clone() };
                stops(&all, &conditions, at).await?;
            }
            Ok::<(), String>(())
        })
    });
}
