//! Changing state by hand.

use infra_core::{plan::Pattern, prelude::*, urn::Urn};

use crate::{
    types::Thing,
    world::{World, program},
};

fn pair() -> infra_core::graph::Program {
    program(|stack| {
        let a = Thing::named("a").create(stack);
        Thing::named("b").on(a.thing_id()).create(stack);
    })
}

#[tokio::test]
async fn what_is_forgotten_is_left_alone() {
    let world = World::default();
    world.up(&pair()).await;
    let error = world.engine().forget(&Pattern::new("a")).await.unwrap_err();
    assert!(error.to_string().contains("`test:t:Thing/b` refers to it"), "{error}");
    world.engine().forget(&Pattern::new("b")).await.unwrap();
    assert_eq!(world.state().await.len(), 1);
    assert_eq!(world.fake.things().len(), 2);
    let error = world.engine().forget(&Pattern::new("nobody")).await.unwrap_err();
    assert_eq!(error.to_string(), "no resource of this stack matches `nobody`");
}

#[tokio::test]
async fn a_rename_in_state_is_no_change_of_the_program_that_follows_it() {
    let world = World::default();
    world.up(&pair()).await;
    let to = Urn::parse("campus/test/test:t:Thing/z").unwrap();
    world.engine().rename(&Pattern::new("b"), &to).await.unwrap();
    let renamed = program(|stack| {
        let a = Thing::named("a").create(stack);
        Thing::named("z").on(a.thing_id()).create(stack);
    });
    assert!(world.preview(&renamed).await.is_empty());
    let taken = Urn::parse("campus/test/test:t:Thing/a").unwrap();
    let error = world.engine().rename(&Pattern::new("z"), &taken).await.unwrap_err();
    assert!(error.to_string().contains("already"));
}

#[tokio::test]
async fn an_alias_renames_without_a_call() {
    let world = World::default();
    world.up(&pair()).await;
    world.fake.forget_calls();
    let renamed = program(|stack| {
        let a = Thing::named("first").alias("a").create(stack);
        Thing::named("b").on(a.thing_id()).create(stack);
    });
    world.up(&renamed).await;
    assert_eq!(world.fake.calls(), []);
    assert!(world.preview(&renamed).await.is_empty());
}

#[tokio::test]
async fn an_alias_of_a_component_renames_everything_in_it() {
    let world = World::default();
    world
        .up(&program(|stack| {
            Thing::named("a").create(&stack.component("old"));
        }))
        .await;
    world.fake.forget_calls();
    let renamed = program(|stack| {
        let options = ComponentOptions::default().alias("old");
        Thing::named("a").create(&stack.component_with("new", options));
    });
    world.up(&renamed).await;
    assert_eq!(world.fake.calls(), []);
}

#[tokio::test]
async fn an_exported_state_can_be_taken_back() {
    let world = World::default();
    world.up(&pair()).await;
    let state = world.state().await;
    world.store.set_checkpoint(b"not a state".to_vec());
    assert!(world.engine().open().await.is_err());
    world.engine().import_state("campus", "test", state).await.unwrap();
    assert!(world.preview(&pair()).await.is_empty());
}

#[tokio::test]
async fn another_stacks_state_is_refused() {
    let world = World::default();
    world.up(&pair()).await;
    let stack = Stack::new("campus", "other", Config::default()).unwrap();
    Thing::named("a").create(&stack);
    let error = world.try_up(&stack.finish()).await.unwrap_err();
    assert!(error.to_string().contains("stack `test`"), "{error}");
}

#[tokio::test]
async fn what_is_renamed_and_replaced_at_once_leaves_nothing_behind() {
    let world = World::default();
    let old = program(|stack| {
        Thing::named("a").kind("one").create(stack);
    });
    let new = program(|stack| {
        Thing::named("b").kind("two").alias("a").create(stack);
    });
    world.up(&old).await;
    world.up(&new).await;
    assert_eq!((world.state().await.len(), world.fake.things().len()), (1, 1));
    assert!(world.preview(&new).await.is_empty());
}
