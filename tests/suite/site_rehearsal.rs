//! Whether files and database agree: looked at when it is asked for, and not again.

use std::{sync::Arc, time::Duration};

use backend_local::sim::{End, SimOptions, Starting, Workload};
use infra_core::{aws::ecs::TaskDefinition, dsl::ResourceType, graph::Program, plan::ChangeKind};
use infra_tests::world::{World, program};
use moodle_infra::MoodleBuilder;

use crate::moodle::{changed, plain_site};

fn site(rehearse: Option<&str>, image: &str) -> Program {
    program(|stack| {
        let site = plain_site(stack).image(image);
        let site = rehearse.into_iter().fold(site, MoodleBuilder::rehearse::<&str>);
        site.create(stack).unwrap();
    })
}

const IMAGE: &str = "registry.example.org/moodle:1";

#[tokio::test]
async fn another_text_looks_again_and_nothing_else_does() {
    let world = World::default();
    assert!(world.up(&site(None, IMAGE)).await.is_success());
    let definitions = || {
        let all = world.objects().into_iter();
        all.filter(|it| it.ty.name == TaskDefinition::definition().name && it.id.contains("verify"))
            .count()
    };
    assert_eq!(definitions(), 0);

    let asked = site(Some("2026-11-29"), IMAGE);
    let changes = changed(&world.preview(&asked).await);
    assert_eq!(changes.get("RunTask verify"), Some(&ChangeKind::Run));
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(world.up(&asked).await.is_success());
    assert_eq!(definitions(), 1);
    assert!(world.preview(&asked).await.is_empty());

    // Another image is no reason to look again.
    let newer = site(Some("2026-11-29"), "registry.example.org/moodle:2");
    let changes = changed(&world.preview(&newer).await);
    assert!(changes.contains_key("Service moodle"), "{changes:?}");
    assert!(!changes.contains_key("RunTask verify"), "{changes:?}");
    assert!(world.up(&newer).await.is_success());
    let again = site(Some("2026-12-06"), "registry.example.org/moodle:2");
    let changes = changed(&world.preview(&again).await);
    assert_eq!(changes.into_keys().collect::<Vec<_>>(), ["RunTask verify"]);
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// The image, where the files that the database knows are not there.
struct Missing;

impl Workload for Missing {
    fn end(&self, starting: &Starting<'_>) -> Option<End> {
        let after = Duration::from_secs(60);
        (starting.command == ["verify"]).then_some(End::Exited { code: 1, after })
    }
}

#[tokio::test]
async fn files_that_are_missing_are_a_failure_and_the_site_runs() {
    let options = SimOptions { workload: Some(Arc::new(Missing)), ..SimOptions::default() };
    let world = World::new(options);
    let asked = site(Some("2026-11-29"), IMAGE);
    let outcome = world.engine().up(&asked, &world.options).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    assert_eq!(failure.urn.name(), "verify");
    // It is asked again, until it is true.
    let changes = changed(&world.preview(&asked).await);
    assert_eq!(changes.into_keys().collect::<Vec<_>>(), ["RunTask verify"]);
}

/// Snapshots that AWS makes have a colon in their names.
#[test]
fn a_site_is_made_of_a_snapshot_of_aws() {
    for snapshot in [
        "awsbackup:job-01234567-89ab-cdef-0123-456789abcdef",
        "rds:database-2026-11-29-02-00",
        "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:awsbackup:job-01234567",
    ] {
        let program = program(|stack| {
            plain_site(stack).restored_from(snapshot.parse().unwrap()).create(stack).unwrap();
        });
        let restored = program.all::<infra_core::aws::rds::DbCluster>().next().unwrap();
        assert!(format!("{:?}", restored.node.inputs).contains(snapshot));
    }
}
