//! Invariant 13: a run that is asked to stop ends cleanly.

use std::time::Duration;

use infra_core::{
    dsl::ResourceType,
    mutants::{Mutant, Mutants},
    state::Status,
    testing::Call,
};

use crate::{
    types::Thing,
    world::{World, program},
};

fn chain() -> infra_core::graph::Program {
    program(|stack| {
        let a = Thing::named("a").create(stack);
        let b = Thing::named("b").on_ready(a.thing_id()).create(stack);
        Thing::named("c").on_ready(b.thing_id()).create(stack);
    })
}

/// Stops at the n-th call of an operation. Returns the calls after that.
async fn stopped_at(world: &World, call: Call, number: usize) -> Vec<Call> {
    world.fake.takes(Call::Poll, Thing::definition(), Duration::from_secs(60));
    let cancel = world.cancel.clone();
    match call {
        Call::Allocate => world.fake.on_allocate(move |count, _| {
            if count == number {
                cancel.cancel();
            }
            None
        }),
        Call::Configure => world.fake.on_configure(move |count, _| {
            if count == number {
                cancel.cancel();
            }
            None
        }),
        other => panic!("{other:?}"),
    }
    let outcome = world.try_up(&chain()).await.unwrap();
    assert!(outcome.cancelled);
    world.fake.calls().into_iter().map(|made| made.call).collect()
}

#[tokio::test]
async fn invariant_13_what_mutates_finishes_and_nothing_new_begins() {
    let world = World::default();
    let calls = stopped_at(&world, Call::Allocate, 1).await;
    assert_eq!(calls, [Call::Allocate], "its id is recorded, and no further call is made");
    let state = world.state().await;
    let (_, record) = state.iter().next().unwrap();
    assert!(matches!(record.status, Status::Partial(_)) && !record.id.is_empty());
}

#[tokio::test]
async fn planted_cancellation_is_ignored() {
    let mut world = World::default();
    world.mutants = Mutants::only(Mutant::CancelIgnored);
    let calls = stopped_at(&world, Call::Allocate, 1).await;
    assert_ne!(calls, [Call::Allocate]);
}

#[tokio::test]
async fn waits_end_at_once_with_their_level_recorded() {
    let world = World::default();
    stopped_at(&world, Call::Configure, 1).await;
    let state = world.state().await;
    let (_, record) = state.iter().next().unwrap();
    assert_eq!(record.status, Status::Partial(infra_core::schema::Level::Configured));
}

#[tokio::test]
async fn the_next_run_goes_on_from_there() {
    let world = World::default();
    stopped_at(&world, Call::Allocate, 2).await;
    let next = World { fake: world.fake, store: world.store, ..World::default() };
    next.up(&chain()).await;
    assert_eq!(next.fake.called(Call::Allocate), ["a", "b", "c"], "each was made once");
    assert!(next.preview(&chain()).await.is_empty());
}

#[tokio::test]
async fn the_lease_is_given_back() {
    let world = World::default();
    stopped_at(&world, Call::Allocate, 1).await;
    let next = World { fake: world.fake, store: world.store, ..World::default() };
    next.up(&chain()).await;
}
