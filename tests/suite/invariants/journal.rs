//! Invariant 8: an operation is in the journal before it starts, under a token of its own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use backend_local::sim::Sim;
use infra_core::{
    engine::Engine,
    handler::{BoxFuture, Request},
    mutants::{Mutant, Mutants},
    state::{Status, store::MemoryStore},
    testing::Call,
};
use infra_tests::{
    history::{Conditions, History, Run, cases, conditions, history, runtime},
    spec::{Spec, build},
    through::Watch,
    world::World,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// Holds each call against what the store would tell if the process died now.
struct Auditor {
    engine: Engine,
    sim: Sim,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Which run it is.
    run: usize,
    /// The run and the resource that a token was made for.
    tokens: BTreeMap<Arc<str>, (usize, String)>,
    wrong: Vec<String>,
}

impl Auditor {
    /// Whether the journal says of a call that it may be under way.
    async fn is_written(&self, call: Call, request: &Request) -> bool {
        let state = self.engine.open().await.unwrap().state;
        let mut records = state.iter().map(|(_, record)| record);
        records.any(|record| {
            let this = record.token == request.owner.intent;
            let known = record.id == request.id && !record.id.is_empty();
            this && match call {
                Call::Allocate => record.status == Status::Creating,
                Call::Configure => known && matches!(record.status, Status::Partial(_)),
                Call::Update => known && !matches!(record.status, Status::Creating | Status::Done),
                Call::Delete => known && record.status == Status::Deleting,
                _ => true,
            }
        })
    }

    /// A token is for one creation. One that has certainly made nothing is taken again for the same
    /// resource: should the call of then arrive after all, it makes what this one would.
    fn check_token(&self, request: &Request) {
        let intent = &request.owner.intent;
        let made = self.sim.with_world(|world| {
            let mut owners = world.live().filter_map(|object| object.owner.as_ref());
            owners.any(|owner| owner.intent == *intent)
        });
        let mut seen = self.seen.lock().unwrap();
        let (run, urn) = (seen.run, request.owner.urn.to_string());
        let first = seen.tokens.entry(intent.clone()).or_insert((run, urn.clone()));
        if first.1 != urn || (first.0 != run && made) {
            let wrong = format!("the token of `{urn}` was that of `{}` before", first.1);
            seen.wrong.push(wrong);
        }
    }
}

impl Watch for Auditor {
    fn called<'a>(&'a self, call: Call, request: &'a Request) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if call == Call::Allocate {
                self.check_token(request);
            }
            let mutates =
                matches!(call, Call::Allocate | Call::Configure | Call::Update | Call::Delete);
            // A level reached goes with the next batch; what is looked for is the intent.
            let late = call == Call::Configure;
            if mutates && !late && !self.is_written(call, request).await {
                let wrong = format!("{call:?} of `{}` is not in the journal", request.owner.urn);
                self.seen.lock().unwrap().wrong.push(wrong);
            }
        })
    }
}

async fn audited(history: &History, conditions: &Conditions, dies: u64) -> Result<(), String> {
    let run = Run::new(history, conditions);
    let (engine, sim) = (run.world.engine(), run.world.sim.clone());
    let auditor = Arc::new(Auditor { engine, sim, seen: Mutex::default() });
    let mut run = run.watched(Arc::clone(&auditor) as Arc<dyn Watch>);
    for step in 0..=history.acts.len() {
        auditor.seen.lock().unwrap().run = step;
        run.step(history, step, if step == 1 { dies } else { 0 }).await?;
        let wrong = std::mem::take(&mut auditor.seen.lock().unwrap().wrong);
        if !wrong.is_empty() {
            return Err(format!("act {step}: {wrong:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_08_intents_are_durable_and_tokens_used_once(
        history in history(8, 1..=4),
        conditions in conditions(),
        dies in 1..80_u64,
    ) {
        let conditions = Conditions { death: Default::default(), ..conditions };
        let done = runtime().block_on(audited(&history, &conditions, dies));
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
fn calls_before_their_intent_and_tokens_used_twice_are_seen() {
    let history = History { first: boxes(2), acts: vec![] };
    let early =
        Conditions { mutants: Mutants::only(Mutant::CallBeforeSync), ..Conditions::default() };
    assert!(runtime().block_on(audited(&history, &early, 0)).is_err());
}

/// Somebody else has the key of one of two boxes: its creation is refused for good, and a run that
/// ended by itself has left nothing open.
fn nothing_is_open(mutants: Mutants) -> Result<(), String> {
    let history = History { first: boxes(2), acts: vec![] };
    runtime().block_on(async {
        let run = Run::new(&history, &Conditions { mutants, ..Conditions::default() });
        let theirs: Vec<Spec> = boxes(1);
        let elsewhere = run.world.engine_on(Arc::new(MemoryStore::new()));
        let made = elsewhere.up(&build(&theirs), &run.world.options).await;
        made.map_err(|error| format!("{error:?}"))?;
        let outcome = run.up().await.map_err(|stop| format!("{stop:?}"))?;
        assert_eq!(outcome.failures.len(), 1, "{outcome:?}");
        let open = open(&run.world).await;
        if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
    })
}

async fn open(world: &World) -> Vec<String> {
    let state = world.state().await;
    let open = state.iter().filter(|(_, record)| record.status == Status::Creating);
    open.map(|(_, record)| record.urn.to_string()).collect()
}

#[test]
pub(crate) fn planted_refusals_leave_their_intent() {
    must_notice(Mutant::RefusalLeavesIntent, nothing_is_open);
}
