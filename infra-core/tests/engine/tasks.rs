//! Tasks run once per change of their inputs, and a failed one stays due.

use std::sync::{Arc, Mutex};

use infra_core::{
    plan::PlanOptions,
    testing::{Call, Fake},
};

use crate::{
    types::{Job, Thing},
    world::{World, failures, program},
};

fn migrated(what: &'static str) -> infra_core::graph::Program {
    program(|stack| {
        let job = Job::named("migrate").what(what).create(stack);
        Thing::named("app").kind(job.result()).create(stack);
    })
}

#[tokio::test]
async fn a_task_runs_once_per_change() {
    let world = World::default();
    world.up(&migrated("v1")).await;
    world.up(&migrated("v1")).await;
    assert_eq!(world.fake.called(Call::Run).len(), 1);
    world.up(&migrated("v2")).await;
    assert_eq!(world.fake.called(Call::Run).len(), 2);
    assert!(world.preview(&migrated("v2")).await.is_empty());
}

#[tokio::test]
async fn a_failed_task_stays_due_and_holds_up_what_depends_on_it() {
    let world = World::default();
    world.fake.on_run(|call, request| (call <= 2).then(|| Err(Fake::refusal(request, "no table"))));
    for _ in 0..2 {
        let outcome = world.try_up(&migrated("v1")).await.unwrap();
        assert_eq!(failures(&outcome)[0].0, "migrate");
        assert_eq!(outcome.skipped[0].name(), "app");
    }
    world.up(&migrated("v1")).await;
    assert_eq!(world.fake.called(Call::Run).len(), 3);

    world.fake.on_run(|call, request| (call == 4).then(|| Err(Fake::refusal(request, "no table"))));
    world.try_up(&migrated("v2")).await.unwrap();
    assert!(!world.preview(&migrated("v2")).await.is_empty(), "it is due still");
    world.up(&migrated("v2")).await;
    assert_eq!(world.fake.called(Call::Run).len(), 5);
}

#[tokio::test]
async fn a_task_that_goes_from_the_program_is_forgotten_without_a_call() {
    let world = World::default();
    world
        .up(&program(|stack| {
            Job::named("migrate").what("v1").create(stack);
        }))
        .await;
    world.up(&program(|_| {})).await;
    assert!(world.fake.called(Call::Delete).is_empty());
    assert!(world.state().await.is_empty());
}

/// The tokens of all runs, the first of which dies.
fn dying(world: &World) -> Arc<Mutex<Vec<String>>> {
    let tokens: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&tokens);
    world.fake.on_run(move |call, request| {
        seen.lock().unwrap().push(request.run_token(0));
        assert!(call > 1, "the process dies");
        None
    });
    tokens
}

/// A migration beside something else, which comes about in the same run.
fn beside(what: &'static str) -> infra_core::graph::Program {
    program(|stack| {
        Job::named("migrate").what(what).create(stack);
        Thing::named("other").create(stack);
    })
}

#[tokio::test]
async fn an_interrupted_first_run_is_gone_on_with_by_its_token() {
    let world = World::default();
    let tokens = dying(&world);
    assert!(!world.try_up(&beside("v1")).await.unwrap().is_success());
    assert!(!world.preview(&beside("v1")).await.is_empty(), "it is due still");
    world.up(&beside("v1")).await;
    let seen = tokens.lock().unwrap().clone();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1], "the cloud knows it again");
    assert!(world.preview(&beside("v1")).await.is_empty());
    world.up(&beside("v2")).await;
    assert_ne!(tokens.lock().unwrap()[2], seen[1], "another run has another token");
    world.up(&beside("v1")).await;
    assert_ne!(tokens.lock().unwrap()[3], seen[1], "even where its inputs were there before");
}

#[tokio::test]
async fn an_interrupted_first_run_is_another_one_with_other_inputs() {
    let world = World::default();
    let tokens = dying(&world);
    world.try_up(&beside("v1")).await.unwrap();
    world.up(&beside("v2")).await;
    let seen = tokens.lock().unwrap().clone();
    assert_ne!(seen[0], seen[1]);
    assert!(world.preview(&beside("v2")).await.is_empty(), "the new inputs are recorded");
    assert!(!world.preview(&beside("v1")).await.is_empty());
}

#[tokio::test]
async fn an_interrupted_later_run_is_gone_on_with_by_its_token() {
    let world = World::default();
    let tokens: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&tokens);
    world.fake.on_run(move |call, request| {
        seen.lock().unwrap().push(request.run_token(0));
        assert!(call != 2, "the process dies");
        None
    });
    world.up(&beside("v1")).await;
    world.try_up(&beside("v2")).await.unwrap();
    world.up(&beside("v2")).await;
    let seen = tokens.lock().unwrap().clone();
    assert_ne!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    assert!(world.preview(&beside("v2")).await.is_empty());
}

#[tokio::test]
async fn an_interrupted_run_is_forgotten_with_its_task() {
    for destroyed in [false, true] {
        let world = World::default();
        dying(&world);
        world.try_up(&beside("v1")).await.unwrap();
        if destroyed {
            world.destroy(&PlanOptions::default()).await.unwrap();
        } else {
            world.up(&program(|_| {})).await;
        }
        assert!(world.state().await.is_empty());
        assert_eq!(world.fake.called(Call::Run).len(), 1);
    }
}
