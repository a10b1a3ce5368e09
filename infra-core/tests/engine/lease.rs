//! Invariant 11: two writers never interleave.

use std::sync::{Arc, Mutex};

use infra_core::{
    engine::EngineError,
    state::store::{Holder, StateStore, StoreError},
};

use crate::{
    types::Thing,
    world::{World, program},
};

fn things(count: usize) -> infra_core::graph::Program {
    program(|stack| {
        let mut last: Option<Thing> = None;
        for number in 0..count {
            let thing = Thing::named(format!("n{number}"));
            last = Some(match last {
                Some(before) => thing.on_ready(before.thing_id()).create(stack),
                None => thing.create(stack),
            });
        }
    })
}

#[tokio::test]
async fn a_second_run_is_refused_and_told_who_is_at_work() {
    let world = World::default();
    let holder = Holder { who: "ada, process 7".to_owned(), since: 0 };
    let lease = world.store.acquire(holder).await.unwrap();
    let error = world.try_up(&things(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "the stack is locked by ada, process 7");
    world.store.release(lease).await.unwrap();
    world.up(&things(1)).await;
}

#[tokio::test]
async fn looking_needs_no_lease() {
    let world = World::default();
    world.up(&things(1)).await;
    let _lease = world.store.acquire(Holder::default()).await.unwrap();
    assert!(world.preview(&things(1)).await.is_empty());
}

/// Takes the stack over in the middle of a run, and does something else there.
async fn taken_over() -> (Result<usize, EngineError>, usize) {
    let world = World::default();
    let store = world.store.clone();
    let taken = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&taken);
    world.fake.on_allocate(move |call, _| {
        if call == 3 {
            let store = store.clone();
            // In memory nothing waits.
            let take = async {
                store.break_lease().await.unwrap();
                store.acquire(Holder { who: "thief".to_owned(), since: 0 }).await.unwrap()
            };
            *keep.lock().unwrap() = futures_util::FutureExt::now_or_never(take);
        }
        None
    });
    let before = world.try_up(&things(6)).await.map(|outcome| outcome.done);
    assert!(taken.lock().unwrap().is_some());
    let recorded = world.state().await.len();
    (before, recorded)
}

#[tokio::test]
async fn invariant_11_who_lost_the_lease_writes_nothing_more() {
    let (result, recorded) = taken_over().await;
    assert!(matches!(result, Err(EngineError::Store(StoreError::Fenced))), "{result:?}");
    assert_eq!(recorded, 3, "two are done, the third is an intent");
}

#[tokio::test]
async fn a_failed_run_gives_the_lease_back() {
    let world = World::default();
    let wrong = program(|stack| {
        Thing::named("a").create(stack);
        Thing::named("a").create(stack);
    });
    assert!(world.try_up(&wrong).await.is_err());
    world.up(&things(1)).await;
}
