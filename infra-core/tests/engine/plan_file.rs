//! Saved plans.

use infra_core::{engine::EngineError, testing::Call};

use crate::{
    types::{Look, Thing},
    world::{World, program},
};

fn sized(size: i64) -> infra_core::graph::Program {
    program(|stack| {
        let look = Look::lookup("newest").what("x").create(stack);
        Thing::named("a").size(size).kind(look.found()).password("hush").create(stack);
    })
}

async fn saved(
    world: &World,
    program: &infra_core::graph::Program,
) -> infra_core::engine::SavedPlan {
    let plan = world.engine().save_plan(program, &world.options).await.unwrap();
    serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap()
}

#[tokio::test]
async fn a_saved_plan_is_carried_out_with_what_was_looked_up_then() {
    let world = World::default();
    let plan = saved(&world, &sized(1)).await;
    let looked = world.fake.called(Call::Lookup).len();
    let outcome = world.engine().up_saved(&sized(1), &plan).await.unwrap();
    assert!(outcome.is_success());
    assert_eq!(world.fake.called(Call::Lookup).len(), looked, "nothing is looked up again");
}

#[track_caller]
fn stale(result: Result<infra_core::engine::Outcome, EngineError>) -> String {
    match result {
        Err(EngineError::StalePlan(difference)) => difference,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn another_program_is_refused_by_its_first_difference() {
    let world = World::default();
    let plan = saved(&world, &sized(1)).await;
    let difference = stale(world.engine().up_saved(&sized(2), &plan).await);
    assert_eq!(difference, "the program says something else of `campus/test/test:t:Thing/a`");
    assert_eq!(world.fake.called(Call::Allocate), [""; 0]);
}

#[tokio::test]
async fn a_state_that_moved_on_is_refused() {
    let world = World::default();
    world.up(&sized(1)).await;
    let plan = saved(&world, &sized(2)).await;
    world.up(&sized(3)).await;
    let difference = stale(world.engine().up_saved(&sized(2), &plan).await);
    assert_eq!(difference, "the state has moved on from 1 to 2");
}
