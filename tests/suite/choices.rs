//! Properties that exclude each other, or of which one must be given.

use backend_local::sim::SimOptions;
use infra_core::{engine::EngineError, graph::Program};
use infra_tests::{
    types::{self, Box, Lock, LockBuilder},
    world::{World, program},
};

fn world() -> World {
    World::new(SimOptions { types: types::all(), ..SimOptions::default() })
}

fn lock(build: fn(LockBuilder) -> LockBuilder) -> Program {
    program(|stack| {
        build(Lock::named("lock")).create(stack);
    })
}

/// What is said of a program before anything is done.
async fn refusal(program: &Program) -> Vec<String> {
    let world = world();
    let Err(EngineError::Program(problems)) = world.try_up(program).await else {
        panic!("the program was taken");
    };
    assert!(world.objects().is_empty());
    problems.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn one_of_them_is_taken() {
    let world = world();
    world.up(&lock(|lock| lock.key("iron").barred(true))).await;
    world.up(&lock(|lock| lock.word("sesame").open(true))).await;
    world.assert_in_step("one of them").await;
}

#[tokio::test]
async fn none_of_them_is_refused_where_one_is_needed() {
    assert_eq!(
        refusal(&lock(|lock| lock)).await,
        ["campus/test/test:t:Lock/lock: `key` is absent: it or `word` must be given"]
    );
}

#[tokio::test]
async fn two_of_them_are_refused_and_no_says_nothing() {
    assert_eq!(
        refusal(&lock(|lock| lock.key("iron").word("sesame"))).await,
        [
            "campus/test/test:t:Lock/lock: `key` \"iron\" and `word` exclude each other; give one of them"
        ]
    );
    assert_eq!(
        refusal(&lock(|lock| lock.key("iron").barred(true).open(true))).await,
        [
            "campus/test/test:t:Lock/lock: `barred` true and `open` exclude each other; give one of them"
        ]
    );
    world().up(&lock(|lock| lock.key("iron").barred(true).open(false))).await;
}

#[tokio::test]
async fn what_an_output_turns_out_to_be_counts() {
    let world = world();
    let program = program(|stack| {
        let chest = Box::named("chest").label("chest").create(stack);
        let word = chest.url().map(|url| url.starts_with("nowhere").then_some(url));
        Lock::named("lock").maybe_word(word).create(stack);
    });
    let said = world.refusals(&program).await;
    assert_eq!(said, ["`key` is absent: it or `word` must be given"]);
    assert_eq!(world.objects().len(), 1, "nothing was asked of the account for the lock");
}
