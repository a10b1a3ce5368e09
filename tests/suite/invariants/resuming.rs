//! Invariant 10: a partial creation is resumed, not replaced.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use infra_core::{
    handler::{BoxFuture, Request},
    mutants::{Mutant, Mutants},
    state::Status,
    testing::Call,
};
use infra_tests::{
    history::{Conditions, History, Run, cases, conditions, runtime},
    spec::{Spec, specs},
    through::Watch,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{linked, must_notice};

/// Remembers for which resources something was made.
#[derive(Default)]
struct Made(Mutex<Vec<String>>);

impl Watch for Made {
    fn called<'a>(&'a self, call: Call, request: &'a Request) -> BoxFuture<'a, ()> {
        if call == Call::Allocate {
            self.0.lock().unwrap().push(request.owner.urn.to_string());
        }
        Box::pin(std::future::ready(()))
    }
}

/// Kills the first deployment at a moment and repeats it: what was there in part is what is there
/// in the end. Says how many moments it had.
async fn resumed(specs: &[Spec], conditions: &Conditions, dies: u64) -> Result<u64, String> {
    let history = History { first: specs.to_vec(), acts: vec![] };
    let made = Arc::new(Made::default());
    let run = Run::new(&history, conditions);
    let mut run = run.watched(Arc::clone(&made) as Arc<dyn Watch>);
    let moments = run.step(&history, 0, dies).await?;
    let state = run.world.state().await;
    let partial = state.iter().filter(|(_, record)| matches!(record.status, Status::Partial(_)));
    let partial: BTreeMap<String, Arc<str>> =
        partial.map(|(_, record)| (record.urn.to_string(), record.id.clone())).collect();
    made.0.lock().unwrap().clear();
    run.settle(0).await?;
    let state = run.world.state().await;
    for (_, record) in state.iter() {
        let urn = record.urn.to_string();
        if partial.get(&urn).is_some_and(|id| *id != record.id) {
            return Err(format!("died at {dies}: `{urn}` was replaced"));
        }
    }
    let again = made.0.lock().unwrap();
    match again.iter().find(|urn| partial.contains_key(*urn)) {
        None => Ok(moments),
        Some(urn) => Err(format!("died at {dies}: `{urn}` was made again")),
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_10_what_is_there_in_part_is_resumed(
        specs in specs(1..=10),
        conditions in conditions(),
        dies in 1..120_u64,
    ) {
        let done = runtime().block_on(resumed(&specs, &conditions, dies));
        done.map_err(TestCaseError::fail)?;
    }
}

fn every_moment(mutants: Mutants) -> Result<(), String> {
    let conditions = Conditions { mutants, ..Conditions::default() };
    runtime().block_on(async {
        for at in 1.. {
            if resumed(&linked(|spec| spec.colour = 1), &conditions, at).await? < at {
                break;
            }
        }
        Ok(())
    })
}

#[test]
pub(crate) fn planted_partial_creations_are_replaced() {
    must_notice(Mutant::PartialReplaced, every_moment);
}
