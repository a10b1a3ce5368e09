//! Names that are kept: by AWS for what was deleted and can still be restored, by resources that
//! are called otherwise now.

use backend_local::sim::SimOptions;
use infra_core::{
    aws::{LogGroupName, kms::Key, logs::LogGroup, secretsmanager::Secret},
    dsl::ResourceOptions as _,
    engine::EngineError,
    graph::Program,
    prelude::*,
};
use infra_tests::{
    types::{self, Sign},
    world::{DAY, World, program},
};

fn secret(window: Days) -> Program {
    program(|stack| {
        Secret::named("database")
            .name("campus/database")
            .secret_string("hunter2")
            .recovery_window_in_days(window)
            .create(stack);
    })
}

#[tokio::test]
async fn a_deleted_secret_keeps_its_name_for_its_recovery_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let program = secret(Days(30));
    let mut world = World::on_disk(&path, 0);
    world.up(&program).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
    let said = world.refusals(&program).await.concat();
    assert!(said.contains("InvalidRequestException"), "{said}");
    assert!(said.contains("`name` \"campus/database\""), "{said}");
    assert!(said.contains("scheduled for deletion (days left: 30)"), "{said}");

    // The account remembers it, and lets go of it in time.
    world = world.reopened(&path, 29 * DAY);
    let said = world.refusals(&program).await.concat();
    // The deletion was some seconds into the first day.
    assert!(said.contains("(days left: 2)"), "{said}");
    world = world.reopened(&path, 31 * DAY);
    world.up(&program).await;
    world.assert_in_step("after the window").await;
    world = world.reopened(&path, 31 * DAY);
    world.assert_in_step("after the window, reopened").await;
    assert!(world.preview(&program).await.is_empty());
}

#[tokio::test]
async fn a_deleted_key_is_pending_for_its_window() {
    let world = World::default();
    let key = |days| {
        program(move |stack| {
            Key::named("data").pending_window_in_days(days).create(stack);
        })
    };
    world.up(&key(Days(30))).await;
    // Only deletion uses the window: the last one counts.
    world.up(&key(Days(7))).await;
    let outcome = world.destroy().await;
    assert!(outcome.took < 60_000, "nobody waits for a week: {}", outcome.took);
    assert!(world.objects().is_empty());
    // Another one is made at once, with another id.
    world.up(&key(Days(7))).await;
    world.assert_in_step("another key").await;
}

#[tokio::test]
async fn a_key_that_is_used_stays() {
    let world = World::default();
    world
        .up(&program(|stack| {
            let key = Key::named("data").create(stack);
            LogGroup::named("web").kms_key_id(&key).create(stack);
        }))
        .await;
    world.assert_deletions_are_guarded("a key").await;
}

#[tokio::test]
async fn a_secret_that_is_deleted_for_good_frees_its_name_at_once() {
    let world = World::default();
    let program = secret(Days(0));
    world.up(&program).await;
    world.destroy().await;
    world.up(&program).await;
    world.assert_in_step("for good").await;
}

/// A secret whose name the engine makes up, and a log group that is named after it.
fn nameless() -> Program {
    program(|stack| {
        let secret = Secret::named("database")
            .secret_string("hunter2")
            .recovery_window_in_days(Days(30))
            .create(stack);
        let name = secret.name().try_map(|name| LogGroupName::parse(&format!("/rotations/{name}")));
        LogGroup::named("rotations").log_group_name(name).create(stack);
    })
}

/// The name of the log group in the account.
fn log_group(world: &World) -> String {
    let ty = LogGroup::definition().name;
    let found = world.objects().into_iter().find(|object| object.ty.name == ty);
    found.unwrap().id.to_string()
}

#[tokio::test]
async fn a_made_up_name_is_not_that_of_something_that_was_deleted() {
    let world = World::default();
    let mut seen = vec![];
    for _ in 0..3 {
        world.up(&nameless()).await;
        world.assert_in_step("up").await;
        seen.push(log_group(&world));
        world.destroy().await;
    }
    let rest = seen[0].rsplit_once('-').unwrap().0;
    assert_eq!(rest, "/rotations/campus-test-database", "only the digits behind it differ");
    seen.dedup();
    assert_eq!(seen.len(), 3, "{seen:?}");
}

#[tokio::test]
async fn a_made_up_name_is_the_one_that_the_preview_showed() {
    let world = World::default();
    world.up(&nameless()).await;
    world.destroy().await;
    let preview = world.preview(&nameless()).await;
    let shown = &preview.properties("rotations")[0];
    assert_eq!(shown.name, "log_group_name");
    world.up(&nameless()).await;
    assert_eq!(shown.new.as_str(), Some(log_group(&world).as_str()));
}

#[tokio::test]
async fn what_is_called_as_something_was_gets_a_name_of_its_own() {
    let world = World::new(SimOptions { types: types::all(), ..SimOptions::default() });
    let door = |stack: &Stack| {
        Sign::named("door").create(stack);
    };
    world.up(&program(door)).await;
    let rename = |stack: &Stack| {
        Sign::named("gate").alias("door").create(stack);
    };
    let both = program(|stack| {
        rename(stack);
        door(stack);
    });
    // Which of them is the one that there is?
    let error = world.try_up(&both).await.unwrap_err();
    let EngineError::Plan(problems) = error else { panic!("{error}") };
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "`campus/test/test:t:Sign/gate` was called `campus/test/test:t:Sign/door` before, and the \
             program has a `campus/test/test:t:Sign/door` too"
        ]
    );
    world.up(&program(rename)).await;
    world.up(&both).await;
    world.assert_in_step("two signs").await;
    assert_eq!(world.preview(&both).await.changes, []);
    // Another generation of the one has a name of its own as well.
    let wooden = program(|stack| {
        Sign::named("gate").wood("oak").create(stack);
        Sign::named("door").wood("oak").create(stack);
    });
    world.up(&wooden).await;
    world.assert_in_step("two other signs").await;
}
