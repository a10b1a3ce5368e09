//! What AWS allows a file system once in a while alone.

use backend_local::sim::SimOptions;
use infra_core::{
    aws::efs::{
        FileSystem, FileSystemProtection, ReplicationConfiguration, Switch, ThroughputMode,
    },
    graph::{Graph, Program},
    schema::Level,
};
use infra_tests::world::{HOUR, World, program};

fn elastic() -> Program {
    program(|stack| {
        FileSystem::named("files").throughput_mode(ThroughputMode::Elastic).create(stack);
    })
}

fn provisioned(rate: f64) -> Program {
    program(|stack| {
        FileSystem::named("files")
            .throughput_mode(ThroughputMode::Provisioned)
            .provisioned_throughput_in_mibps(rate)
            .create(stack);
    })
}

#[tokio::test]
async fn throughput_goes_up_at_any_time_and_down_a_day_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let mut world = World::on_disk(&path, 0);
    world.up(&elastic()).await;
    // The first change has nothing before it.
    world.up(&provisioned(100.0)).await;
    world.up(&provisioned(200.0)).await;
    let said = world.refusals(&provisioned(50.0)).await.concat();
    assert!(said.contains("TooManyRequests"), "{said}");
    assert!(said.contains("`provisioned_throughput_in_mibps` 50"), "{said}");
    assert!(said.contains("(hours left: 24)"), "{said}");
    let said = world.refusals(&elastic()).await.concat();
    assert!(said.contains("`throughput_mode` elastic"), "{said}");

    world = world.reopened(&path, 23 * HOUR);
    let said = world.refusals(&elastic()).await.concat();
    // The change was some seconds into the first hour.
    assert!(said.contains("(hours left: 2)"), "{said}");
    world = world.reopened(&path, 25 * HOUR);
    world.up(&provisioned(50.0)).await;
    world.assert_in_step("a day later").await;
    let said = world.refusals(&elastic()).await.concat();
    assert!(said.contains("TooManyRequests"), "going down is remembered: {said}");
    world = world.reopened(&path, 50 * HOUR);
    world.up(&elastic()).await;
    world.assert_in_step("two days later").await;
}

/// One that is copied to another one, which allows to be overwritten.
fn copied(is_copied: bool) -> Program {
    program(|stack| {
        let overwrite = if is_copied { Switch::Disabled } else { Switch::Enabled };
        let protection = FileSystemProtection::new().replication_overwrite_protection(overwrite);
        let copy = FileSystem::named("copy").file_system_protection(protection).create(stack);
        let files = FileSystem::named("files");
        let files = if is_copied {
            files.replication_configuration(ReplicationConfiguration::to(copy.arn()))
        } else {
            files
        };
        files.create(stack);
    })
}

#[tokio::test]
async fn a_copy_is_opened_before_anything_is_copied_to_it() {
    let graph = Graph::new(&copied(true)).unwrap();
    let needs: Vec<Level> = graph.dependencies(1).map(|(_, edge)| edge.needs).collect();
    assert_eq!(needs, [Level::Ready], "AWS copies to nothing that may not be overwritten");
    let world = World::new(SimOptions::default());
    world.up(&copied(false)).await;
    world.up(&copied(true)).await;
    world.assert_in_step("opened, and copied to").await;
}
