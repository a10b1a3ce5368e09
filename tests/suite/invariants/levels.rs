//! Invariant 3: every step waits for what it needs, and for nothing else; a failure stops what
//! depends on it, and nothing else.

use std::{
    collections::BTreeSet,
    num::NonZeroUsize,
    sync::{Arc, atomic::Ordering},
};

use backend_local::sim::SimOptions;
use infra_core::{
    engine::{Engine, EngineOptions, UpOptions},
    graph::Graph,
    mutants::{Mutant, Mutants},
    state::{Status, store::MemoryStore},
    testing::Fake,
};
use infra_tests::{
    history::{Act, Conditions, History, Run, cases, plain, runtime},
    keys::OpenKey,
    spec::{Edit, Kind, Spec, build, specs},
    types,
    world::{World, program},
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::{
    network::production,
    planted::{boxes, linked, must_notice, up},
};

/// Plays a history without faults or crashes; nothing may have to be repeated, because everything
/// waits for exactly what it needs.
fn nothing_is_repeated(history: &History, mutants: Mutants) -> Result<(), String> {
    let conditions = Conditions { mutants, ..Conditions::default() };
    runtime().block_on(async {
        let mut run = Run::new(history, &conditions);
        for step in 0..=history.acts.len() {
            run.step(history, step, 0).await?;
        }
        repeated(&run.world)
    })
}

fn repeated(world: &World) -> Result<(), String> {
    match world.retries.load(Ordering::Relaxed) {
        0 => Ok(()),
        retries => Err(format!("{retries} calls were repeated")),
    }
}

/// One resource can't be made: what depends on it, and nothing else, is left.
fn a_failure_stops_little(specs: &[Spec], bad: usize, mutants: Mutants) -> Result<(), String> {
    let program = build(specs);
    if program.nodes.is_empty() {
        return Ok(());
    }
    let bad = (bad % program.nodes.len()) as u32;
    let graph = Graph::new(&program).map_err(|problem| problem.to_string())?;
    let mut stopped = BTreeSet::from([bad]);
    for node in &graph.order {
        if graph.dependencies(*node).any(|(other, _)| stopped.contains(&other)) {
            stopped.insert(*node);
        }
    }
    let fake = Fake::new(types::all()).with_concurrency(1);
    let urn = program.nodes[bad as usize].urn.clone();
    fake.on_allocate(move |_, request| {
        (request.owner.urn == urn).then(|| Err(Fake::refusal(request, "no")))
    });
    let engine = Engine::new(Arc::new(fake), Arc::new(MemoryStore::new()))
        .with_key(Arc::new(OpenKey))
        .with_options(EngineOptions::default().with_mutants(mutants));
    runtime().block_on(async {
        let outcome = engine.up(&program, &UpOptions::default()).await;
        let outcome = outcome.map_err(|error| format!("{error:?}"))?;
        let state = engine.open().await.map_err(|error| format!("{error:?}"))?.state;
        if outcome.failures.len() != 1 || outcome.skipped.len() != stopped.len() - 1 {
            return Err(format!("{:?} {:?}", outcome.failures, outcome.skipped));
        }
        for (node, this) in (0_u32..).zip(&program.nodes) {
            let done = state.find(&this.urn).map(|place| state.record(place).status);
            let wanted = (!stopped.contains(&node)).then_some(Status::Done);
            if done != wanted {
                return Err(format!("`{}` is {done:?}, not {wanted:?}", this.urn));
            }
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_03_nothing_is_repeated_when_nothing_fails(history in plain(14, 0..=5)) {
        nothing_is_repeated(&history, Mutants::default()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariant_03_a_failure_stops_only_what_depends_on_it(
        specs in specs(0..=24),
        bad in 0..24_usize,
    ) {
        a_failure_stops_little(&specs, bad, Mutants::default()).map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_the_first_failure_stops_everything() {
    must_notice(Mutant::FailureStopsAll, |mutants| a_failure_stops_little(&boxes(3), 0, mutants));
}

/// Rules without which everything comes right in the end, by trying again.
#[track_caller]
fn must_repeat(mutant: Mutant, first: Vec<Spec>, acts: Vec<Act>) {
    let history = History { first, acts };
    must_notice(mutant, |mutants| nothing_is_repeated(&history, mutants));
}

#[test]
pub(crate) fn planted_levels_are_ignored() {
    must_repeat(Mutant::LevelsIgnored, linked(|spec| spec.next = Some(0)), vec![]);
}

#[test]
pub(crate) fn planted_old_generations_go_early() {
    // The pipe moves over once the new box is ready, and the old box must not go before.
    let mut first = boxes(2);
    first.push(Spec { parent: Some(1), uses: vec![0], ..Spec::alone(2, Kind::Pipe) });
    must_repeat(Mutant::OldGoesEarly, first, vec![up(Edit::Relabel(0, 9))]);
}

/// A network in which no `depends_on` says that its NAT gateways and routes need the attached
/// internet gateway. `goes`: it is taken down as well, with the planted bug on this way alone.
fn network_without_words(goes: bool, mutants: Mutants) -> Result<(), String> {
    let program = program(production);
    runtime().block_on(async {
        let mut world = World::new(SimOptions::default());
        world.mutants = if goes { Mutants::default() } else { mutants };
        // One step at a time: what takes longest begins first, and comes too early.
        let mut options = EngineOptions::default().with_mutants(world.mutants);
        options.parallel = NonZeroUsize::new(1);
        let engine = world.engine().with_options(options);
        let outcome = engine.up(&program, &world.options).await;
        let outcome = outcome.map_err(|error| format!("{error:?}"))?;
        if !outcome.is_success() {
            return Err(format!("{:?}", outcome.failures));
        }
        world.mutants = mutants;
        if goes {
            world.destroy().await;
        }
        repeated(&world)
    })
}

#[test]
pub(crate) fn planted_orders_of_the_catalogue_are_not_kept() {
    for goes in [false, true] {
        must_notice(Mutant::NoImplicitEdges, |mutants| network_without_words(goes, mutants));
    }
}
