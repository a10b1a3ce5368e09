//! What may not be done without being allowed.

use infra_core::{
    engine::EngineError,
    plan::{PlanOptions, PlanProblem},
    prelude::*,
    testing::Call,
};

use crate::{
    types::{Store, Thing},
    world::{World, lose_all, program},
};

fn with_store() -> infra_core::graph::Program {
    program(|stack| {
        Store::named("data").create(stack);
        Thing::named("thing").create(stack);
    })
}

#[tokio::test]
async fn data_is_not_deleted_without_consent_and_nothing_is_touched() {
    let mut world = World::default();
    world.up(&with_store()).await;
    world.fake.forget_calls();
    let without = program(|stack| {
        Thing::named("other").create(stack);
    });
    let Err(EngineError::Consent(needed)) = world.try_up(&without).await else { panic!() };
    assert_eq!(needed[0].urn.name(), "data");
    let Err(EngineError::Consent(_)) = world.destroy(&PlanOptions::default()).await else {
        panic!()
    };
    assert_eq!(world.fake.calls(), [], "nothing was touched");

    world.options.plan = lose_all();
    world.up(&without).await;
    assert_eq!(world.fake.things().len(), 1);
}

#[tokio::test]
async fn a_replacement_of_what_holds_data_needs_consent_too() {
    let world = World::default();
    world.up(&with_store()).await;
    let replaced = program(|stack| {
        Store::named("data").kind("another").create(stack);
        Thing::named("thing").create(stack);
    });
    let preview = world.preview(&replaced).await;
    assert_eq!(preview.consent[0].urn.name(), "data");
    assert_eq!(preview.consent[0].reason, "it is replaced");
}

#[tokio::test]
async fn a_replacement_that_may_happen_needs_consent_at_plan_time() {
    let world = World::default();
    let build = |size: i64| {
        program(|stack| {
            let thing = Thing::named("thing").size(size).create(stack);
            Store::named("data").kind(thing.url()).create(stack);
        })
    };
    world.up(&build(1)).await;
    let preview = world.preview(&build(2)).await;
    assert_eq!(preview.consent[0].urn.name(), "data");
    assert!(preview.consent[0].reason.contains("may have to be replaced"));
}

#[tokio::test]
async fn the_guard_of_the_cloud_is_lifted_before_deletion() {
    let world = World::default();
    world.up(&with_store()).await;
    world.fake.forget_calls();
    world.destroy(&lose_all()).await.unwrap();
    assert_eq!(world.fake.called(Call::Update), ["data"], "`guarded` is set to false first");
    assert_eq!(world.fake.things(), []);
}

#[tokio::test]
async fn protection_stays_when_the_line_goes_and_all_protected_are_told() {
    let world = World::default();
    let protected = program(|stack| {
        Thing::named("a").protect(true).create(stack);
        Thing::named("b").protect(true).create(stack);
        Thing::named("c").create(stack);
    });
    world.up(&protected).await;
    let gone = program(|stack| {
        Thing::named("c").create(stack);
    });
    let Err(EngineError::Plan(problems)) = world.try_up(&gone).await else { panic!() };
    let names: Vec<&str> = problems
        .iter()
        .map(|problem| match problem {
            PlanProblem::Protected(urn) => urn.name(),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(names, ["a", "b"]);

    // Taking the option away does not unprotect; saying so does.
    let silent = program(|stack| {
        for name in ["a", "b", "c"] {
            Thing::named(name).create(stack);
        }
    });
    assert!(world.preview(&silent).await.is_empty());
    let open = program(|stack| {
        for name in ["a", "b", "c"] {
            Thing::named(name).protect(false).create(stack);
        }
    });
    world.up(&open).await;
    world.up(&gone).await;
    assert_eq!(world.fake.things().len(), 1);
}

#[tokio::test]
async fn what_is_to_be_retained_is_forgotten_and_left_alone() {
    let world = World::default();
    world
        .up(&program(|stack| {
            Thing::named("a").retain_on_delete().create(stack);
        }))
        .await;
    world.up(&program(|_| {})).await;
    assert!(world.state().await.is_empty());
    assert_eq!(world.fake.things().len(), 1);
}
