//! What AWS allows a file system once in a while alone.

use std::path::Path;

use backend_local::sim::{Sim, SimOptions};
use infra_core::{
    aws::efs::{FileSystem, ThroughputMode},
    graph::Program,
};
use infra_tests::world::{World, program};

const HOUR: u64 = 60 * 60 * 1000;

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

/// An account on disk, opened in a certain hour.
fn account(path: &Path, hour: u64) -> SimOptions {
    SimOptions { account: Some(path.to_owned()), start: hour * HOUR, ..SimOptions::default() }
}

/// The same world, some hours after its beginning.
fn at_hour(world: World, path: &Path, hour: u64) -> World {
    drop(world.sim);
    let sim = Sim::open(account(path, hour)).unwrap();
    World { sim, store: world.store, ..World::default() }
}

#[tokio::test]
async fn throughput_goes_up_at_any_time_and_down_a_day_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let mut world = World::new(account(&path, 0));
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

    world = at_hour(world, &path, 23);
    let said = world.refusals(&elastic()).await.concat();
    // The change was some seconds into the first hour.
    assert!(said.contains("(hours left: 2)"), "{said}");
    world = at_hour(world, &path, 25);
    world.up(&provisioned(50.0)).await;
    world.assert_in_step("a day later").await;
    let said = world.refusals(&elastic()).await.concat();
    assert!(said.contains("TooManyRequests"), "going down is remembered: {said}");
    world = at_hour(world, &path, 50);
    world.up(&elastic()).await;
    world.assert_in_step("two days later").await;
}
