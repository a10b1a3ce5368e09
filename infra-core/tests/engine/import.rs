//! Taking over what exists.

use infra_core::{
    engine::EngineError,
    plan::{ChangeKind, PlanProblem},
    prelude::*,
    testing::Call,
};

use crate::{
    types::Thing,
    world::{World, program},
};

async fn existing() -> (World, String) {
    let world = World::default();
    world
        .up(&program(|stack| {
            Thing::named("old").size(7_i64).kind("x").create(stack);
        }))
        .await;
    let (_, id) = world.fake.things().remove(0);
    // Another stack's state: the thing is there, and ours knows nothing of it.
    let world = World { fake: world.fake, ..World::default() };
    world.fake.forget_calls();
    (world, id)
}

#[tokio::test]
async fn what_exists_is_taken_over_and_made_what_the_program_says() {
    let (world, id) = existing().await;
    let program = program(|stack| {
        Thing::named("mine").import_id(&id).size(8_i64).kind("x").create(stack);
    });
    let preview = world.preview(&program).await;
    assert_eq!(preview.changes[0].kind, ChangeKind::Import);
    world.up(&program).await;
    assert!(world.fake.called(Call::Allocate).is_empty());
    assert_eq!(world.fake.called(Call::Update), ["mine"]);
    assert!(world.preview(&program).await.is_empty());
}

#[tokio::test]
async fn what_would_have_to_be_replaced_is_not_taken_over() {
    let (world, id) = existing().await;
    let program = program(|stack| {
        Thing::named("mine").import_id(&id).size(7_i64).kind("y").create(stack);
    });
    let Err(EngineError::Plan(problems)) = world.try_up(&program).await else { panic!() };
    assert_eq!(
        problems,
        [PlanProblem::ImportDiffers {
            urn: program.nodes[0].urn.clone(),
            property: "kind".to_owned(),
            found: "\"x\"".to_owned(),
        }]
    );
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let world = World::default();
    let program = program(|stack| {
        Thing::named("mine").import_id("thing-00000009").create(stack);
    });
    let Err(EngineError::Plan(problems)) = world.try_up(&program).await else { panic!() };
    assert!(
        matches!(&problems[0], PlanProblem::ImportMissing { id, .. } if id == "thing-00000009")
    );
}
