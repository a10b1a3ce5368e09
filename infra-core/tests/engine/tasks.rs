//! Tasks run once per change of their inputs, and a failed one stays due.

use infra_core::testing::{Call, Fake};

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
