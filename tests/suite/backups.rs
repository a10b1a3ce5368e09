//! The lock of a vault: what nobody can change any more after a while, and what it wants of plans.

use infra_core::{
    aws::backup::{BackupRule, CopyAction, Lifecycle, Plan, Vault, VaultLock},
    graph::Program,
    prelude::*,
};
use infra_tests::world::{DAY, World, program};

fn locked(lock: Option<VaultLock>) -> Program {
    program(|stack| {
        Vault::named("campus").maybe_lock_configuration(lock.clone()).create(stack);
    })
}

fn for_days(least: u32) -> Option<VaultLock> {
    Some(VaultLock::new(Days(least)).changeable_for_days(Days(3)))
}

#[tokio::test]
async fn a_lock_can_be_changed_for_its_days_and_never_after() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let mut world = World::on_disk(&path, 0);
    world.up(&locked(for_days(7))).await;

    // Each change begins the days anew.
    world = world.reopened(&path, 2 * DAY);
    world.up(&locked(for_days(14))).await;
    world = world.reopened(&path, 4 * DAY);
    world.up(&locked(None)).await;
    world.up(&locked(for_days(14))).await;
    world.assert_in_step("within the days").await;

    world = world.reopened(&path, 8 * DAY);
    for other in [for_days(7), for_days(30), None] {
        let said = world.refusals(&locked(other)).await.concat();
        assert!(said.contains("InvalidRequestException"), "{said}");
        assert!(said.contains("`lock_configuration` could be changed for 3 days"), "{said}");
    }
    world.up(&locked(for_days(14))).await;
    world.assert_in_step("after the days").await;
}

#[tokio::test]
async fn a_lock_without_days_can_always_be_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let mut world = World::on_disk(&path, 0);
    world.up(&locked(Some(VaultLock::new(Days(7))))).await;
    world = world.reopened(&path, 400 * DAY);
    world.up(&locked(None)).await;
    world.assert_in_step("a year later").await;
}

/// What is said of a plan whose backups and their copies are kept for so long, in a vault where
/// everything is kept for 7 to 30 days.
#[track_caller]
fn said(kept: Option<Days>, copied: Option<Days>) -> Vec<String> {
    let lifecycle = |days: Option<Days>| days.map(Lifecycle::delete_after);
    let program = program(|stack| {
        let lock = VaultLock::new(Days(7)).max_retention_days(Days(30));
        let [near, far] = ["near", "far"]
            .map(|name| Vault::named(name).lock_configuration(lock.clone()).create(stack));
        let copy = CopyAction::new(far.backup_vault_arn()).maybe_lifecycle(lifecycle(copied));
        let rule = BackupRule::new("nightly", near.backup_vault_name(), "rate(1 day)")
            .maybe_lifecycle(lifecycle(kept))
            .copy_actions([copy]);
        Plan::named("nightly").backup_plan_name("nightly").rules([rule]).create(stack);
    });
    for problem in &program.problems {
        assert_eq!(problem.check.as_deref(), Some("backup-retention"), "{problem}");
    }
    program.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn backups_are_kept_as_long_as_their_vault_wants() {
    assert_eq!(said(Some(Days(7)), Some(Days(30))), Vec::<String>::new());
    let found = said(Some(Days(6)), Some(Days(31)));
    let [kept, copied] = &found[..] else { panic!("{found:#?}") };
    assert!(kept.contains("`rules[0].lifecycle` keeps backups for 6 d"), "{kept}");
    assert!(kept.contains("less than 7 d in the locked vault"), "{kept}");
    assert!(copied.contains("`rules[0].copy_actions[0].lifecycle` keeps backups for 31 d"));
    let found = said(None, Some(Days(30))).concat();
    assert!(found.contains("keeps backups for ever, which is more than 30 d"), "{found}");
}
