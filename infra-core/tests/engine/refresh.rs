//! Comparing state with the cloud.

use infra_core::{
    engine::{DriftKind, RefreshOutcome},
    graph::Program,
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
