//! What happens when something goes wrong.

use std::time::Duration;

use infra_core::{
    engine::{Outcome, StepError},
    handler::{Certainty, Found, HandlerError, Polled, Problem, Request},
    mutants::{Mutant, Mutants},
    state::Status,
    testing::{Call, Fake},
};

use crate::{
    types::{Named, Store, Thing},
    world::{World, failures, lose_all, program},
};

fn three() -> infra_core::graph::Program {
    program(|stack| {
        let a = Thing::named("a").create(stack);
        Thing::named("b").on(a.thing_id()).create(stack);
        Thing::named("c").create(stack);
    })
}

#[tokio::test]
async fn a_failed_step_stops_only_what_depends_on_it() {
    let world = World::default();
    world.fake.on_allocate(|_, request| {
        (request.owner.urn.name() == "a").then(|| Err(Fake::refusal(request, "no")))
    });
    let outcome = world.try_up(&three()).await.unwrap();
    assert_eq!(failures(&outcome)[0].0, "a");
    assert_eq!(outcome.skipped[0].name(), "b");
    let state = world.state().await;
    let there: Vec<&str> = state.iter().map(|(_, record)| record.urn.name()).collect();
    assert_eq!(there, ["c"], "the rest went on, and is recorded");
}

#[tokio::test]
async fn planted_the_first_failure_stops_everything() {
    let mut world = World::default();
    world.fake = world.fake.with_concurrency(1);
    world.mutants = Mutants::only(Mutant::FailureStopsAll);
    world.fake.on_allocate(|call, request| (call == 1).then(|| Err(Fake::refusal(request, "no"))));
    world.try_up(&three()).await.unwrap();
    assert_eq!(world.state().await.len(), 0, "the planted bug is noticed: c is not there");
}

#[tokio::test]
async fn a_definite_no_closes_the_intent() {
    let world = World::default();
    world.fake.on_allocate(|call, request| (call == 1).then(|| Err(Fake::refusal(request, "no"))));
    let program = program(|stack| {
        Thing::named("a").create(stack);
    });
    world.try_up(&program).await.unwrap();
    assert!(world.state().await.is_empty());
    world.up(&program).await;
}

/// Somebody else has what must be unique, and it is not what this one would be called.
fn taken(request: &Request, id: Option<&str>) -> HandlerError {
    let problem = Problem::AlreadyExists { id: id.map(str::to_owned) };
    HandlerError::refused(problem, request.ty.service(), "Fake", "Taken", "it is taken")
}

fn named() -> infra_core::graph::Program {
    program(|stack| {
        Named::named("a").name("mine").create(stack);
    })
}

#[tokio::test]
async fn what_is_taken_by_another_name_is_not_waited_for() {
    let world = World::default();
    world
        .fake
        .on_allocate(|call, request| (call < 100).then(|| Err(taken(request, Some("other")))));
    let outcome = world.try_up(&named()).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    let StepError::Foreign { id } = &failure.error else { panic!("{:?}", failure.error) };
    assert_eq!((id.as_str(), world.fake.called(Call::Allocate).len()), ("other", 1));
    assert!(world.state().await.is_empty());
}

#[tokio::test]
async fn what_is_there_and_never_found_is_given_up_in_time() {
    let world = World::default();
    world.fake.on_allocate(|call, request| (call < 10_000).then(|| Err(taken(request, None))));
    world
        .fake
        .on_find(|_, _| Some(Ok(Found::NotYetCertain { retry_after: Duration::from_secs(1) })));
    let outcome = world.try_up(&named()).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    assert!(failure.error.to_string().contains("Fake"), "{}", failure.error);
    assert!(world.fake.called(Call::Allocate).len() < 1_000);
}

#[tokio::test]
async fn planted_refusals_leave_their_intent() {
    let mut world = World::default();
    world.mutants = Mutants::only(Mutant::RefusalLeavesIntent);
    world.fake.on_allocate(|call, request| (call == 1).then(|| Err(Fake::refusal(request, "no"))));
    let program = program(|stack| {
        Thing::named("a").create(stack);
    });
    world.try_up(&program).await.unwrap();
    let state = world.state().await;
    assert_eq!(
        state.iter().next().unwrap().1.status,
        Status::Creating,
        "the planted bug is noticed"
    );
}

/// Invariant 10: what is there already is not made again.
async fn resumed(mutants: Mutants) -> Vec<String> {
    let mut world = World::default();
    world.mutants = mutants;
    world.fake.on_poll(|call, request| (call == 1).then(|| Err(Fake::refusal(request, "ill"))));
    let program = program(|stack| {
        Thing::named("a").create(stack);
    });
    world.try_up(&program).await.unwrap();
    let state = world.state().await;
    let (_, record) = state.iter().next().unwrap();
    assert!(matches!(record.status, Status::Partial(_)));
    world.try_up(&program).await.unwrap();
    world.fake.called(Call::Allocate)
}

#[tokio::test]
async fn invariant_10_a_partial_creation_is_resumed() {
    assert_eq!(resumed(Mutants::default()).await, ["a"]);
}

#[tokio::test]
async fn planted_a_partial_creation_is_replaced() {
    assert_eq!(resumed(Mutants::only(Mutant::PartialReplaced)).await.len(), 2);
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let world = World::default();
    world.fake.on_allocate(|call, _| {
        (call <= 3).then(|| {
            let problem = Problem::Throttled { retry_after: None };
            Err(HandlerError::refused(problem, "t", "Create", "Throttling", "slow down"))
        })
    });
    world
        .up(&program(|stack| {
            Thing::named("a").create(stack);
        }))
        .await;
    let times: Vec<u64> = world
        .fake
        .calls()
        .iter()
        .filter(|made| made.call == Call::Allocate)
        .map(|made| made.at)
        .collect();
    assert_eq!(times, [0, 200, 600, 1_400], "each time after twice as long");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for() {
    let world = World::default();
    let fake = world.fake.clone();
    world.fake.on_allocate(move |call, request| {
        if call > 1 {
            return None;
        }
        let mut error = HandlerError::lost("t", "Create", "connection reset");
        error.certainty = Certainty::Unknown;
        fake.plant(request);
        Some(Err(error))
    });
    world
        .up(&program(|stack| {
            Thing::named("a").create(stack);
        }))
        .await;
    assert_eq!(world.fake.called(Call::Allocate), ["a"], "it was found, not made twice");
    assert_eq!(world.fake.things().len(), 1);
}

/// What the answer of every creation is lost with: a failure of the service for good, or one that
/// may pass.
async fn every_answer_is_lost(problem: Problem) -> (World, Outcome) {
    let world = World::default();
    world.fake.on_allocate(move |_, _| {
        let mut error = HandlerError::lost("t", "Create", "the service failed");
        error.problem = problem.clone();
        Some(Err(error))
    });
    let program = program(|stack| {
        Thing::named("a").create(stack);
    });
    let outcome = world.try_up(&program).await.unwrap();
    (world, outcome)
}

#[tokio::test]
async fn a_failure_for_good_that_left_nothing_behind_is_told_once() {
    let (world, outcome) = every_answer_is_lost(Problem::Final).await;
    assert!(failures(&outcome)[0].1.contains("the service failed"));
    assert_eq!(world.fake.called(Call::Allocate), ["a"]);
    assert_eq!(world.state().await.len(), 0, "nothing came of it");
}

#[tokio::test]
async fn answers_that_are_always_lost_end_with_the_time_limit() {
    let (_, outcome) = every_answer_is_lost(Problem::Transient).await;
    assert!(failures(&outcome)[0].1.contains("the service failed"));
    let hour = 3_600_000;
    assert!((hour..hour + 60_000).contains(&outcome.took), "{}", outcome.took);
}

#[tokio::test]
async fn a_panic_in_a_handler_is_a_failure_of_its_resource() {
    let world = World::default();
    world.fake.on_configure(|call, _| if call == 1 { panic!("boom") } else { None });
    let outcome = world.try_up(&three()).await.unwrap();
    assert_eq!(outcome.failures.len(), 1);
    assert!(failures(&outcome)[0].1.contains("the handler panicked: boom"));
    world.up(&three()).await;
    assert_eq!(world.fake.things().len(), 3);
}

#[tokio::test]
async fn what_never_becomes_ready_is_given_up() {
    let world = World::default();
    world.fake.on_poll(|_, _| {
        Some(Ok(Polled::Pending { message: "still warming up".to_owned(), retry_after: None }))
    });
    let outcome = world
        .try_up(&program(|stack| {
            Thing::named("a").create(stack);
        }))
        .await
        .unwrap();
    let (_, said) = &failures(&outcome)[0];
    assert_eq!(said, "it was not ready in time (still warming up)");
    let hour = 3_600_000;
    assert!((hour..hour + 60_000).contains(&outcome.took), "{}", outcome.took);
}

#[tokio::test]
async fn a_failing_function_of_the_program_fails_its_resource_and_names_the_line() {
    let world = World::default();
    let line = line!() + 3;
    let program = program(|stack| {
        let a = Thing::named("a").create(stack);
        let url = a.url().try_map(|_| Err::<String, _>("not today"));
        Thing::named("b").kind(url).create(stack);
    });
    let outcome = world.try_up(&program).await.unwrap();
    assert_eq!(failures(&outcome)[0].1, "computing `kind` failed: not today");
    let infra_core::engine::StepError::Computation { source, .. } = &outcome.failures[0].error
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(source.at.line(), line);
}

#[tokio::test]
async fn a_protection_that_can_not_be_seen_yet_is_still_taken_away() {
    let world = World::default();
    let program = program(|stack| {
        Store::named("a").create(stack);
    });
    world.up(&program).await;
    world.fake.on_update(|call, _| {
        let unseen = || HandlerError::refused(Problem::NotFound, "t", "Modify", "NotFound", "none");
        (call == 1).then(|| Err(unseen()))
    });
    world.fake.forget_calls();
    world.destroy(&lose_all()).await.unwrap();
    let calls: Vec<Call> = world.fake.calls().into_iter().map(|made| made.call).collect();
    assert_eq!(calls, [Call::Update, Call::Update, Call::Delete]);
}
