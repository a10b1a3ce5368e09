//! Invariant 9: a process killed at any instant loses nothing.
//!
//! Histories of random programs are run with a bomb: at every moment at which a process could
//! die, one run dies, and the history goes on. At the end everything must be in step: no orphan,
//! no duplicate, nothing missing, every property in the account as the program says, and a second
//! run changes nothing.

use std::sync::{Arc, atomic::Ordering};

use backend_local::sim::{Faults, SimOptions};
use infra_core::{
    engine::{EngineError, Outcome, Preview},
    graph::Program,
    mutants::{Mutant, Mutants},
    plan::ChangeKind,
    value::Value,
};
use infra_tests::{
    crash::{Bomb, BombStore},
    spec::{Edit, Kind, Spec, build, edit, edited, specs},
    types,
    world::{PROJECT, STACK, World},
};
use proptest::{prelude::*, test_runner::TestCaseError};

/// What happens to a stack.
#[derive(Clone, Debug)]
enum Act {
    /// The program is edited and deployed.
    Up(Edit),
    /// Everything is deleted.
    Destroy,
    /// A preview is made.
    Preview,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![8 => edit().prop_map(Act::Up), 1 => Just(Act::Destroy), 1 => Just(Act::Preview)]
}

/// A first program and what happens to it.
#[derive(Clone, Debug)]
struct History {
    first: Vec<Spec>,
    acts: Vec<Act>,
}

fn history(nodes: usize, acts: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = History> {
    (specs(0..=nodes), prop::collection::vec(act(), acts))
        .prop_map(|(first, acts)| History { first, acts })
}

fn faults(seed: u64) -> impl Strategy<Value = Faults> {
    prop_oneof![
        1 => Just(Faults::default()),
        1 => (0..u64::MAX).prop_map(move |more| Faults {
            throttle: 0.1,
            unavailable: 0.05,
            lost: 0.1,
            lag_ms: 4_000,
            seed: seed ^ more,
            ..Faults::default()
        }),
    ]
}

/// The world of one run of a history.
struct Run {
    world: World,
    bomb: Arc<Bomb>,
    now: Vec<Spec>,
    before: Vec<Spec>,
}

impl Run {
    fn new(history: &History, faults: &Faults, mutants: Mutants) -> Self {
        let bomb = Arc::new(Bomb::default());
        let mut world = World::new(SimOptions {
            faults: faults.clone(),
            hook: Some(Arc::clone(&bomb) as _),
            types: types::all(),
            ..SimOptions::default()
        });
        world.mutants = mutants;
        Self { world, bomb, now: history.first.clone(), before: vec![] }
    }

    fn program(&self) -> Program {
        build(&self.now)
    }

    /// Does what an act says; `Err` is a failure of the engine, `Ok(None)` its death.
    async fn act(&mut self, act: &Act) -> Result<Option<Outcome>, EngineError> {
        match act {
            Act::Up(edit) => {
                let next = edited(&self.now, &self.before, edit);
                self.before = std::mem::replace(&mut self.now, next);
                self.up().await
            }
            Act::Destroy => {
                let engine = self.engine();
                let work = engine.destroy(PROJECT, STACK, &self.world.options.plan);
                self.bomb.drive(work).await.transpose()
            }
            Act::Preview => {
                let (engine, program) = (self.engine(), self.program());
                let work = engine.preview(&program, &self.world.options);
                self.bomb.drive(work).await.transpose().map(|_| None)
            }
        }
    }

    fn engine(&self) -> infra_core::engine::Engine {
        let store = BombStore { inner: self.world.store.clone(), bomb: Arc::clone(&self.bomb) };
        self.world.engine_on(Arc::new(store))
    }

    async fn up(&self) -> Result<Option<Outcome>, EngineError> {
        let (engine, program) = (self.engine(), self.program());
        self.bomb.drive(engine.up(&program, &self.world.options)).await.transpose()
    }

    /// Runs the whole history; the run of one act dies at a moment. Says how many moments that
    /// act had.
    async fn play(&mut self, history: &History, dies: Option<(usize, u64)>) -> Result<u64, String> {
        let mut moments = 0;
        for step in 0..=history.acts.len() {
            let at = dies.filter(|(act, _)| *act == step).map_or(0, |(_, at)| at);
            self.bomb.arm(at);
            let done = match step.checked_sub(1) {
                None => self.up().await,
                Some(act) => self.act(&history.acts[act]).await,
            };
            if at > 0 {
                moments = self.bomb.count();
            }
            self.bomb.arm(0);
            self.world.store.holder_died();
            match done {
                Ok(Some(outcome)) if !outcome.is_success() => {
                    let needs_more = outcome.needs_more();
                    if !needs_more {
                        return Err(format!("act {step}: {:?}", outcome.failures));
                    }
                }
                Ok(_) => {}
                Err(error) => return Err(format!("act {step}: {error:?}")),
            }
        }
        Ok(moments)
    }

    /// Brings the last program about, and holds everything against everything.
    async fn settle(&self, what: &str) -> Result<(), String> {
        for _ in 0..3 {
            let outcome = self.up().await.map_err(|error| format!("{what}: {error:?}"))?;
            let outcome = outcome.ok_or("died without a bomb")?;
            self.world.store.holder_died();
            if outcome.is_success() {
                break;
            }
            if !outcome.needs_more() {
                return Err(format!("{what}: {:?} {:?}", outcome.failures, outcome.skipped));
            }
        }
        self.world.check_in_step(what).await?;
        self.agrees(what).await?;
        let again = self.up().await.map_err(|error| format!("{what}: {error:?}"))?;
        self.world.store.holder_died();
        match again {
            Some(again) if again.done == 0 && again.is_success() => Ok(()),
            again => Err(format!("{what}: the second run was none: {again:?}")),
        }
    }

    /// The account has what the program says.
    async fn agrees(&self, what: &str) -> Result<(), String> {
        let (state, program) = (self.world.state().await, self.program());
        if state.len() != program.nodes.len() {
            return Err(format!("{what}: {} records, {} nodes", state.len(), program.nodes.len()));
        }
        let objects = self.world.objects();
        for node in &program.nodes {
            let place = state.find(&node.urn).ok_or(format!("{what}: no `{}`", node.urn))?;
            let record = state.record(place);
            let object = objects
                .iter()
                .find(|object| object.ty.name == record.ty.name() && object.id == record.id);
            let object = object.ok_or(format!("{what}: no object of `{}`", node.urn))?;
            for (slot, wanted) in node.inputs.iter() {
                if node.ty.prop(slot).initial_only || wanted.has_secret() {
                    continue;
                }
                let mut known = Value::Null;
                let world = |output: infra_core::value::OutputRef| {
                    let other = &program.nodes[output.node as usize].urn;
                    state
                        .find(other)
                        .map(|place| state.record(place).value(output.slot).clone())
                        .unwrap_or_default()
                };
                if let Ok(value) = infra_core::value::resolve(wanted, &world) {
                    known = value;
                }
                if known != *object.inputs.get(slot) {
                    let name = node.ty.prop(slot).name;
                    let found = object.inputs.get(slot);
                    return Err(format!("{what}: `{}`.{name} is {found}, not {known}", node.urn));
                }
            }
        }
        Ok(())
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Every moment of every act is the last one once.
fn sweep(history: &History, faults: &Faults, stride: u64, mutants: Mutants) -> Result<u64, String> {
    runtime().block_on(async {
        let mut crashes = 0;
        for act in 0..=history.acts.len() {
            let mut at = 1;
            loop {
                let what = format!("died in act {act} at moment {at}");
                let mut run = Run::new(history, faults, mutants);
                let moments = run.play(history, Some((act, at))).await;
                let moments = moments.map_err(|error| format!("{what}: {error}"))?;
                run.settle(&what).await?;
                if moments < at {
                    break;
                }
                crashes += 1;
                at += stride;
            }
        }
        Ok(crashes)
    })
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var_os("INFRA_SWEEP_CASES");
    let cases = cases.and_then(|text| text.to_str()?.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    }
}

fn failed(error: String) -> TestCaseError {
    TestCaseError::fail(error)
}

proptest! {
    #![proptest_config(cases(200))]

    /// Without any crash: whatever is done to a program, the account follows.
    #[test]
    fn invariant_9_histories_without_a_crash(history in history(12, 0..=6), faults in faults(1)) {
        let result = runtime().block_on(async {
            let mut run = Run::new(&history, &faults, Mutants::default());
            run.play(&history, None).await?;
            run.settle("no crash").await
        });
        result.map_err(failed)?;
    }
}

proptest! {
    #![proptest_config(cases(12))]

    /// Every moment of every act.
    #[test]
    fn invariant_9_a_crash_at_every_moment(history in history(6, 2..=4), faults in faults(2)) {
        sweep(&history, &faults, 1, Mutants::default()).map_err(failed)?;
    }
}

proptest! {
    #![proptest_config(cases(12))]

    /// Larger programs, some moments.
    #[test]
    fn invariant_9_crashes_in_larger_programs(history in history(24, 3..=6), faults in faults(3)) {
        sweep(&history, &faults, 37, Mutants::default()).map_err(failed)?;
    }
}

/// Plays histories without faults or crashes; nothing may have to be repeated, because everything
/// waits for exactly what it needs.
fn nothing_is_repeated(history: &History, mutants: Mutants) -> Result<(), String> {
    runtime().block_on(async {
        let mut run = Run::new(history, &Faults::default(), mutants);
        run.play(history, None).await?;
        match run.world.retries.load(Ordering::Relaxed) {
            0 => Ok(()),
            retries => Err(format!("{retries} calls were repeated")),
        }
    })
}

proptest! {
    #![proptest_config(cases(300))]

    /// Invariant 3: every edge waits for the level that it needs.
    #[test]
    fn invariant_3_nothing_is_repeated_when_nothing_fails(history in history(14, 0..=5)) {
        nothing_is_repeated(&history, Mutants::default()).map_err(failed)?;
    }
}

/// Rules without which everything comes right in the end, by trying again.
#[track_caller]
fn must_repeat(mutant: Mutant, first: Vec<Spec>, acts: Vec<Act>) {
    let history = History { first, acts };
    let whole = nothing_is_repeated(&history, Mutants::default());
    assert!(whole.is_ok(), "the history itself fails: {whole:?}");
    let harmed = nothing_is_repeated(&history, Mutants::only(mutant));
    assert!(harmed.is_err(), "{mutant:?}: taken out, and nothing notices");
}

#[test]
fn planted_levels_are_ignored() {
    must_repeat(Mutant::LevelsIgnored, linked(|spec| spec.next = Some(0)), vec![]);
}

#[test]
fn planted_old_generations_go_early() {
    // The pipe moves over once the new box is ready, and the old box must not go before.
    let mut first = boxes(2);
    first.push(Spec { parent: Some(1), uses: vec![0], ..Spec::alone(2, Kind::Pipe) });
    must_repeat(Mutant::OldGoesEarly, first, vec![up(Edit::Relabel(0, 9))]);
}

/// A planted bug must do harm in a history that is made for it.
#[track_caller]
fn must_find(mutant: Mutant, faults: &Faults, first: Vec<Spec>, acts: Vec<Act>) {
    let history = History { first, acts };
    let whole = sweep(&history, faults, 1, Mutants::default());
    assert!(whole.is_ok(), "the history itself fails: {whole:?}");
    let harmed = sweep(&history, faults, 1, Mutants::only(mutant));
    assert!(harmed.is_err(), "{mutant:?}: taken out, and nothing notices");
}

fn up(edit: Edit) -> Act {
    Act::Up(edit)
}

fn boxes(count: u8) -> Vec<Spec> {
    (0..count).map(|name| Spec::alone(name, Kind::Box)).collect()
}

/// Two boxes; the second refers to the first.
fn linked(link: impl FnOnce(&mut Spec)) -> Vec<Spec> {
    let mut specs = boxes(2);
    link(&mut specs[1]);
    specs
}

fn lag() -> Faults {
    Faults { lag_ms: 8_000, seed: 7, ..Faults::default() }
}

fn lost() -> Faults {
    Faults { lost: 0.3, lag_ms: 4_000, seed: 7, ..Faults::default() }
}

#[test]
fn planted_calls_before_their_intent_is_durable() {
    must_find(Mutant::CallBeforeSync, &Faults::default(), boxes(2), vec![]);
}

#[test]
fn planted_absence_is_believed_at_once() {
    must_find(Mutant::NoSettleTime, &lag(), boxes(2), vec![]);
}

#[test]
fn planted_missing_on_deletion_is_gone() {
    must_find(Mutant::MissingIsGone, &lag(), boxes(2), vec![Act::Destroy]);
}

#[test]
fn planted_tokens_are_used_twice() {
    let mut first = boxes(1);
    first.push(Spec { parent: Some(0), ..Spec::alone(1, Kind::Pipe) });
    let acts = vec![Act::Destroy, up(Edit::Resize(0, 1))];
    must_find(Mutant::TokenWithoutEpoch, &Faults::default(), first, acts);
}

#[test]
fn planted_open_deletions_are_not_settled() {
    let acts = vec![Act::Destroy, up(Edit::Resize(0, 1))];
    must_find(Mutant::DeletesNotSettled, &Faults::default(), boxes(1), acts);
}

#[test]
fn planted_open_updates_keep_their_inputs() {
    let acts = vec![up(Edit::Resize(0, 2)), up(Edit::Revert)];
    must_find(Mutant::OpenUpdateKeepsInputs, &Faults::default(), boxes(1), acts);
}

/// Kills a run at every moment, and looks at what a preview of another program says then.
fn previews(mutant: Mutant, first: Vec<Spec>, act: Act, then: &[Spec]) -> Vec<Preview> {
    let history = History { first, acts: vec![act] };
    runtime().block_on(async {
        let mut all = vec![];
        for at in 1.. {
            let mut run = Run::new(&history, &Faults::default(), Mutants::only(mutant));
            let moments = run.play(&history, Some((1, at))).await.unwrap();
            if moments < at {
                return all;
            }
            all.push(run.world.preview(&build(then)).await);
        }
        unreachable!("a run has an end")
    })
}

/// In how many moments of a replacement taking it back makes the old generation current again.
fn reinstated(mutant: Mutant) -> usize {
    let first = linked(|spec| spec.uses = vec![0]);
    let previews = previews(mutant, first.clone(), up(Edit::Relabel(0, 9)), &first);
    let back = previews.iter().filter(|preview| {
        preview.changes.iter().any(|change| change.kind == ChangeKind::Reinstate)
    });
    back.count()
}

#[test]
fn planted_replacements_are_not_taken_back() {
    assert!(reinstated(Mutant::OrderMatters) > 0, "nothing was reinstated");
    assert_eq!(reinstated(Mutant::NoReinstating), 0);
}

#[test]
fn planted_keys_are_not_freed() {
    let acts = vec![up(Edit::Rename(0, 9, false))];
    must_find(Mutant::KeysNotFreed, &Faults::default(), boxes(1), acts);
}

/// A deletion that did not happen may have detached something: a preview says so.
fn reattached(mutant: Mutant) -> bool {
    let first = linked(|spec| spec.attached_to = Some(0));
    let previews = previews(mutant, first.clone(), Act::Destroy, &first);
    let properties = previews.iter().map(|preview| preview.properties("n1"));
    properties.flatten().any(|change| {
        change.name == "attached_to" && !change.new.is_null() && !change.old.is_null()
    })
}

#[test]
fn planted_what_was_detached_stays_known() {
    assert!(reattached(Mutant::OrderMatters), "nothing was to be attached again");
    assert!(!reattached(Mutant::DetachedStaysKnown));
}

#[test]
fn planted_lost_answers_close_their_intent() {
    must_find(Mutant::LostAnswerCloses, &lost(), boxes(3), vec![]);
}

#[test]
fn planted_deleting_first_does_not_spread() {
    let first = linked(|spec| spec.parent = Some(0));
    let acts = vec![up(Edit::Reflavour(0, 1))];
    must_find(Mutant::NoContagion, &Faults::default(), first, acts);
}
