//! Invariant 12: secrets appear nowhere in clear.

use infra_core::{
    engine::EngineError,
    mutants::{Mutant, Mutants},
    prelude::*,
    state::seal::SealError,
};

use crate::{
    types::Thing,
    world::{World, program},
};

const CANARY: &str = "canary-3f9a";

fn secretive(canary: &'static str) -> infra_core::graph::Program {
    program(|stack| {
        let a = Thing::named("a").password(canary).token(format!("{canary}-token")).create(stack);
        let echo = a.password().map(|password| {
            password.map_or_else(String::new, |password| format!("echo {}", password.expose()))
        });
        Thing::named("b").kind(&echo).create(stack);
        stack.output("echo", echo);
    })
}

/// Everything that anybody could read afterwards.
async fn everything(world: &World, program: &infra_core::graph::Program) -> String {
    let preview = world.preview(program).await;
    let saved = world.engine().save_plan(program, &world.options).await.unwrap();
    let state = world.state().await;
    let mut text = String::from_utf8_lossy(&world.store.bytes()).into_owned();
    text.push_str(&world.heard.json());
    text.push_str(&format!("{preview:?} {program:?} {state:?}"));
    text.push_str(&serde_json::to_string(&saved).unwrap());
    text
}

#[tokio::test]
async fn invariant_12_no_canary_is_found_anywhere() {
    let world = World::default();
    let program = secretive(CANARY);
    let text = everything(&world, &program).await;
    assert!(!text.contains(CANARY));
    // A run that fails on the way leaves its journal.
    world.fake.on_configure(|call, request| {
        (call == 2).then(|| Err(infra_core::testing::Fake::refusal(request, "no")))
    });
    world.try_up(&program).await.unwrap();
    assert!(!everything(&world, &program).await.contains(CANARY));
    world.up(&program).await;
    assert!(!everything(&world, &program).await.contains(CANARY));
    assert!(world.preview(&program).await.is_empty(), "unchanged secrets are no change");
}

#[tokio::test]
async fn planted_secrets_in_clear() {
    let mut world = World::default();
    world.mutants = Mutants::only(Mutant::SecretsInClear);
    // The bug is noticed: the canary is in the store, or the store refuses it.
    let refused = world.try_up(&secretive(CANARY)).await.is_err();
    let found = String::from_utf8_lossy(&world.store.bytes()).contains(CANARY);
    assert!(refused || found);
}

#[tokio::test]
async fn handlers_get_them_open() {
    let world = World::default();
    world.up(&secretive(CANARY)).await;
    let things = world.fake.things();
    let inputs: Vec<_> = things.iter().filter_map(|(_, id)| world.fake.inputs(id)).collect();
    let kind = Thing::KIND.slot;
    let seen =
        inputs.iter().any(|inputs| inputs.get(kind).expose().as_str() == Some("echo canary-3f9a"));
    assert!(seen);
}

/// State has but a digest of it; the program is what knows it, also where later changes of it are
/// left alone.
#[tokio::test]
async fn an_interrupted_creation_is_resumed_with_the_program_s_secret() {
    let world = World::default();
    let once = |password: &'static str, kind: &'static str| {
        program(move |stack| {
            Thing::named("a")
                .password(password)
                .kind(kind)
                .ignore_changes(Thing::PASSWORD)
                .create(stack);
        })
    };
    let open = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
    let seen = std::sync::Arc::clone(&open);
    world.fake.on_configure(move |call, request| {
        let slot = request.ty.slot("password").unwrap();
        seen.lock().unwrap().push(format!("{:?}", request.inputs.get(slot).expose()));
        (call == 1).then(|| Err(infra_core::testing::Fake::refusal(request, "no")))
    });
    world.try_up(&once(CANARY, "x")).await.unwrap();
    world.up(&once(CANARY, "x")).await;
    let open = std::mem::take(&mut *open.lock().unwrap());
    assert_eq!(open.len(), 2);
    assert!(open.iter().all(|told| told.contains(CANARY)), "{open:?}");
    // What is left alone stays so.
    assert!(world.preview(&once("other", "x")).await.is_empty());
}

#[tokio::test]
async fn another_secret_is_one_update_and_shows_neither() {
    let world = World::default();
    world.up(&secretive("one")).await;
    let preview = world.preview(&secretive("two")).await;
    let names: Vec<&str> = preview.properties("a").iter().map(|change| change.name).collect();
    assert_eq!(names, ["password", "token"]);
}

#[tokio::test]
async fn without_a_key_secrets_are_refused_before_anything_is_touched() {
    let mut world = World::default();
    world.passphrase = None;
    let result = world.try_up(&secretive(CANARY)).await;
    assert!(matches!(result, Err(EngineError::Seal(SealError::NoKey))));
    assert_eq!(world.fake.calls(), []);
}

#[tokio::test]
async fn another_passphrase_is_told_and_nothing_is_lost() {
    let mut world = World::default();
    world.up(&secretive(CANARY)).await;
    world.passphrase = Some("wrong");
    let result = world.try_up(&secretive(CANARY)).await;
    assert!(matches!(result, Err(EngineError::Seal(SealError::WrongKey("passphrase")))));
    world.passphrase = Some("correct horse");
    assert!(world.preview(&secretive(CANARY)).await.is_empty());
}

#[tokio::test]
async fn a_program_without_secrets_needs_no_key() {
    let mut world = World::default();
    world.passphrase = None;
    world
        .up(&program(|stack| {
            Thing::named("a").create(stack);
        }))
        .await;
}

#[tokio::test]
async fn a_key_is_made_for_a_secret_that_is_only_computed_or_shown() {
    let computed = program(|stack| {
        let secret: Output<Secret<String>> = Output::plain("canary".to_owned()).into_secret();
        Thing::named("a")
            .kind(secret.map(|secret: Secret<String>| secret.expose().to_uppercase()))
            .create(stack);
    });
    World::default().up(&computed).await;
    let shown = program(|stack| {
        stack.output("a", Output::<String>::plain("canary".to_owned()).into_secret());
    });
    World::default().up(&shown).await;
}

#[tokio::test]
async fn outputs_are_shown_only_on_request() {
    let world = World::default();
    world.up(&secretive(CANARY)).await;
    let hidden = world.engine().outputs(false).await.unwrap();
    assert!(!format!("{hidden:?}").contains(CANARY));
    let shown = world.engine().outputs(true).await.unwrap();
    assert_eq!(shown[0].1.as_str(), Some("echo canary-3f9a"));
}
