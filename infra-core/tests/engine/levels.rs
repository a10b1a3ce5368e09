//! Invariant 3: dependents start at the level that they need.

use std::time::Duration;

use infra_core::{
    dsl::ResourceType,
    prelude::*,
    testing::{Call, Made},
};

use crate::{
    types::Thing,
    world::{World, program},
};

/// When an operation on a resource was called.
fn when(calls: &[Made], call: Call, name: &str) -> u64 {
    let found = calls.iter().find(|made| made.call == call && made.urn.name() == name);
    found.unwrap_or_else(|| panic!("{call:?} {name}")).at
}

#[tokio::test]
async fn who_needs_an_id_starts_early_and_who_needs_more_starts_late() {
    let world = World::default();
    world.fake.takes(Call::Configure, Thing::definition(), Duration::from_secs(5));
    world.fake.takes(Call::Poll, Thing::definition(), Duration::from_secs(20));
    let program = program(|stack| {
        let base = Thing::named("base").create(stack);
        Thing::named("by-id").on(base.thing_id()).create(stack);
        Thing::named("by-url").kind(base.url()).create(stack);
        Thing::named("by-need").on_ready(base.thing_id()).create(stack);
        Thing::named("by-word").depends_on(&base).create(stack);
    });
    world.up(&program).await;
    let calls = world.fake.calls();
    assert_eq!(when(&calls, Call::Allocate, "base"), 0);
    assert_eq!(when(&calls, Call::Allocate, "by-id"), 0, "an id is enough");
    for name in ["by-url", "by-need", "by-word"] {
        assert_eq!(when(&calls, Call::Allocate, name), 25_000, "{name} waits until base is ready");
    }
}

#[tokio::test]
async fn deletion_goes_the_other_way_round() {
    let world = World::default();
    let chain = program(|stack| {
        let a = Thing::named("a").create(stack);
        let b = Thing::named("b").on(a.thing_id()).create(stack);
        Thing::named("c").on(b.thing_id()).create(stack);
    });
    world.up(&chain).await;
    world.up(&program(|_| {})).await;
    assert_eq!(world.fake.called(Call::Delete), ["c", "b", "a"]);
    assert!(world.state().await.is_empty());
}

#[tokio::test]
async fn who_waits_by_word_alone_follows_a_replacement_in_the_same_run() {
    let world = World::default();
    let kind = |kind: &'static str| {
        program(move |stack| {
            let base = Thing::named("base").kind(kind).create(stack);
            Thing::named("by-word").depends_on(&base).create(stack);
        })
    };
    world.up(&kind("one")).await;
    world.up(&kind("two")).await;
    assert!(world.preview(&kind("two")).await.is_empty());
    assert_eq!(world.fake.called(Call::Update), [""; 0], "only state says anything else of it");
}

#[tokio::test]
async fn the_longest_way_goes_first_when_not_everything_can_go_at_once() {
    let mut world = World::default();
    world.fake = world.fake.with_concurrency(1);
    let program = program(|stack| {
        Thing::named("short").create(stack);
        let a = Thing::named("a").create(stack);
        let b = Thing::named("b").on_ready(a.thing_id()).create(stack);
        Thing::named("c").on_ready(b.thing_id()).create(stack);
    });
    world.up(&program).await;
    assert_eq!(world.fake.called(Call::Allocate)[0], "a");
}

#[tokio::test]
async fn the_critical_path_is_told() {
    let world = World::default();
    world.fake.takes(Call::Poll, Thing::definition(), Duration::from_secs(10));
    let program = program(|stack| {
        Thing::named("aside").create(stack);
        let a = Thing::named("a").create(stack);
        Thing::named("b").on_ready(a.thing_id()).create(stack);
    });
    let outcome = world.up(&program).await;
    let path: Vec<&str> = outcome.critical_path.iter().map(|step| step.urn.name()).collect();
    assert_eq!((path, outcome.took), (vec!["a", "b"], 20_000));
}
