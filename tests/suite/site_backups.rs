//! Copies of database and files: in which order, where to, and that they can be thrown away.

use infra_core::{
    aws::{
        backup::{Plan, RestoreTestingSelection, Selection, Vault},
        efs::FileSystem,
    },
    dsl::ResourceType,
    graph::Program,
};
use infra_tests::world::{World, of, program};
use moodle_infra::{BackupSettings, SettingsError};

use crate::moodle::plain_site;

fn site(settings: Option<BackupSettings>) -> Program {
    program(|stack| create(stack, settings.clone()).unwrap())
}

fn create(
    stack: &infra_core::Stack,
    settings: Option<BackupSettings>,
) -> Result<(), SettingsError> {
    plain_site(stack).backups(settings).create(stack).map(|_| ())
}

#[tokio::test]
async fn the_files_are_copied_an_hour_after_the_database() {
    let world = World::default();
    let program = site(Some(BackupSettings { hour: 3, ..BackupSettings::default() }));
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());

    let objects = world.objects();
    let mut found: Vec<(String, String)> = of::<Selection>(&objects)
        .into_iter()
        .map(|selection| {
            let plan = of::<Plan>(&objects)
                .into_iter()
                .find(|plan| *plan.id == *selection.text("backup_plan_id"))
                .unwrap();
            let rules = plan.named("rules").to_string();
            let schedule = rules.split("cron(").nth(1).unwrap().split(')').next().unwrap();
            (schedule.to_owned(), selection.named("resources").to_string())
        })
        .collect();
    found.sort();
    let [(database, cluster), (files, file_system)] = found.try_into().unwrap();
    assert_eq!((database.as_str(), files.as_str()), ("0 3 * * ? *", "0 4 * * ? *"));
    assert!(cluster.contains(":cluster:"), "{cluster}");
    assert!(file_system.contains(":file-system/"), "{file_system}");
    assert_eq!(of::<RestoreTestingSelection>(&objects).len(), 2);
    // Not twice.
    let [files] = of::<FileSystem>(&objects).try_into().unwrap();
    assert!(files.named("backup_policy").to_string().contains("DISABLED"));
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_copy_goes_to_another_region() {
    let world = World::default();
    let settings =
        BackupSettings { copy_to: Some("eu-west-1".to_owned()), ..BackupSettings::default() };
    let program = site(Some(settings));
    assert!(world.up(&program).await.is_success());
    let objects = world.objects();
    let mut regions: Vec<&str> = objects
        .iter()
        .filter(|it| it.ty.name == Vault::definition().name)
        .map(|vault| vault.scope.rsplit('/').next().unwrap())
        .collect();
    regions.sort_unstable();
    assert_eq!(regions, ["eu-central-1", "eu-west-1"]);
    let copies = objects
        .iter()
        .filter(|it| it.ty.name == Plan::definition().name)
        .filter(|plan| plan.named("rules").to_string().contains("backup:eu-west-1:"));
    assert_eq!(copies.count(), 2);
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn without_backups_aws_makes_its_own_of_the_files() {
    let world = World::default();
    assert!(world.up(&site(None)).await.is_success());
    let objects = world.objects();
    assert!(objects.iter().all(|it| it.ty.name != Vault::definition().name));
    let files = objects.iter().find(|it| it.ty.name == FileSystem::definition().name).unwrap();
    assert!(files.named("backup_policy").to_string().contains("ENABLED"));
}
