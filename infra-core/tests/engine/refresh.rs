//! Comparing state with the cloud.

use infra_core::{
    engine::{DriftKind, RefreshOutcome, UpOptions},
    graph::Program,
    plan::Pattern,
    testing::Call,
};

use crate::{
    types::Thing,
    world::{World, program},
};

fn one() -> Program {
    program(|stack| {
        Thing::named("a").create(stack);
    })
}

async fn refreshed(world: &World) -> RefreshOutcome {
    world.engine().refresh("campus", "test").await.unwrap()
}

#[tokio::test]
async fn what_was_just_made_may_not_be_visible_yet() {
    let world = World::default();
    world.up(&one()).await;
    world.fake.on_read(|call, _| (call <= 3).then_some(Ok(None)));
    assert_eq!(refreshed(&world).await.drift, []);
    assert!(world.preview(&one()).await.is_empty());
}

#[tokio::test]
async fn what_stays_away_is_gone() {
    let world = World::default();
    world.up(&one()).await;
    world.fake.on_read(|_, _| Some(Ok(None)));
    let outcome = refreshed(&world).await;
    let kinds: Vec<_> = outcome.drift.iter().map(|drift| &drift.kind).collect();
    assert_eq!((kinds, outcome.compared), (vec![&DriftKind::Gone], 1));
    assert!(world.state().await.is_empty());
}

#[tokio::test]
async fn what_a_preview_saw_is_not_asked_for_again() {
    let world = World::default();
    world.up(&one()).await;
    let options = UpOptions { refresh: true, ..UpOptions::default() };
    let engine = world.engine();
    let preview = engine.preview(&one(), &options).await.unwrap();
    assert_eq!(world.fake.called(Call::Read), ["a"]);
    world.fake.forget_calls();
    engine.up_after(&preview, &one(), &options).await.unwrap();
    assert_eq!(world.fake.called(Call::Read), [""; 0]);
    // Somebody else was at work in between.
    engine.protect(&Pattern::new("a"), true).await.unwrap();
    engine.up_after(&preview, &one(), &options).await.unwrap();
    assert_eq!(world.fake.called(Call::Read), ["a"]);
}

#[tokio::test]
async fn a_preview_tells_what_differs_and_mends_it_once() {
    let world = World::default();
    world.up(&one()).await;
    world.fake.on_read(|_, _| Some(Ok(None)));
    let options = UpOptions { refresh: true, ..UpOptions::default() };
    let engine = world.engine();
    let preview = engine.preview(&one(), &options).await.unwrap();
    let kinds: Vec<_> = preview.drift.iter().map(|drift| &drift.kind).collect();
    assert_eq!((kinds, preview.counts.create), (vec![&DriftKind::Gone], 1));
    // It wrote nothing down.
    assert_eq!(world.state().await.len(), 1);
    let outcome = engine.up_after(&preview, &one(), &options).await.unwrap();
    assert_eq!(outcome.counts.create, 1);
}
