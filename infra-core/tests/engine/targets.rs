//! Runs that are limited to a part of the stack.

use infra_core::{
    engine::EngineError,
    graph::Program,
    mutants::{Mutant, Mutants},
    plan::{ChangeKind, Pattern, PlanProblem},
    testing::Call,
};

use crate::{
    types::Thing,
    world::{World, program},
};

/// Four in a row, each referring to the one before, and one apart.
fn chain(size: i64, kind: &'static str) -> Program {
    program(|stack| {
        let a = Thing::named("a").size(size).kind(kind).create(stack);
        let b = Thing::named("b").size(size).on(&a).create(stack);
        let c = Thing::named("c").size(size).on(&b).create(stack);
        Thing::named("d").size(size).on(&c).create(stack);
        Thing::named("apart").size(size).create(stack);
    })
}

/// The lines of a checkpoint, by the name of the resource.
fn records(world: &World) -> Vec<(String, String)> {
    let text = String::from_utf8(world.store.bytes()).unwrap();
    let named = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line.trim_end_matches(',')).ok()?;
        let urn = value["urn"].as_str()?;
        Some((
            urn.rsplit('/').next().unwrap_or(urn).to_owned(),
            line.trim_end_matches(',').to_owned(),
        ))
    };
    text.lines().filter_map(named).collect()
}

#[tokio::test]
async fn invariant_15_a_target_brings_what_it_needs_and_nothing_else() {
    let mut world = World::default();
    world.targets(&["c"]);
    world.up(&chain(1, "x")).await;
    assert_eq!(world.fake.called(Call::Allocate), ["a", "b", "c"]);
}

#[tokio::test]
async fn planted_targets_do_not_bring_what_they_need() {
    let mut world = World::default();
    world.targets(&["c"]);
    world.mutants = Mutants::only(Mutant::TargetsAlone);
    let outcome = world.try_up(&chain(1, "x")).await;
    assert!(outcome.is_err() || !outcome.unwrap().is_success());
}

#[tokio::test]
async fn invariant_15_what_is_not_targeted_stays_byte_for_byte() {
    let mut world = World::default();
    world.up(&chain(1, "x")).await;
    let before = records(&world);
    world.targets(&["b"]);
    world.fake.forget_calls();
    world.up(&chain(2, "x")).await;
    // `a` is to change as well and `b` refers to it.
    assert_eq!(world.fake.called(Call::Update), ["a", "b"]);
    let after = records(&world);
    assert_eq!(before.len(), 5);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old == new, !["a", "b"].contains(&old.0.as_str()), "{}", old.0);
    }
}

#[tokio::test]
async fn invariant_15_dependents_that_must_follow_a_replacement_come_along() {
    let mut world = World::default();
    world.up(&chain(1, "x")).await;
    world.targets(&["a"]);
    let preview = world.preview(&chain(1, "y")).await;
    let kinds: Vec<_> =
        preview.changes.iter().map(|change| (change.urn.name(), change.kind)).collect();
    assert_eq!(kinds, [("a", ChangeKind::CreateThenDelete), ("b", ChangeKind::Update)]);
    world.up(&chain(1, "y")).await;
    world.options.plan.targets.clear();
    assert!(world.preview(&chain(1, "y")).await.is_empty());
}

#[tokio::test]
async fn invariant_15_leaving_out_what_is_needed_is_refused() {
    let mut world = World::default();
    world.options.plan.excludes = vec![Pattern::new("b")];
    let program = chain(1, "x");
    let Err(EngineError::Plan(problems)) = world.try_up(&program).await else { panic!() };
    let [needed, by] = [1, 2].map(|node| program.nodes[node].urn.clone());
    assert_eq!(problems, [PlanProblem::ExcludedNeeded { needed, by }]);
    world.options.plan.excludes = vec![Pattern::new("d")];
    world.up(&program).await;
    assert_eq!(world.fake.called(Call::Allocate), ["a", "apart", "b", "c"]);
}

#[tokio::test]
async fn what_left_the_program_goes_only_if_it_is_targeted() {
    let mut world = World::default();
    world.up(&chain(1, "x")).await;
    let rest = program(|stack| {
        Thing::named("a").kind("x").create(stack);
    });
    world.targets(&["a", "apart"]);
    world.up(&rest).await;
    assert_eq!(world.fake.called(Call::Delete), ["apart"]);
}

#[tokio::test]
async fn a_target_that_matches_nothing_is_told() {
    let mut world = World::default();
    world.targets(&["nowhere*"]);
    let Err(EngineError::Plan(problems)) = world.try_up(&chain(1, "x")).await else { panic!() };
    assert_eq!(problems, [PlanProblem::NothingMatches("nowhere*".to_owned())]);
}
