//! Snapshots and points in time that are restored, and parameters.

use std::{collections::BTreeMap, time::Duration};

use backend_local::containers::{
    database::{BackupSpec, ClusterSpec, Database, DatabaseError, delete_snapshot, snapshots},
    docker::{Docker, Network, Owner, Spec},
    endpoint::NETWORK_IMAGE,
};
use infra_core::clock::{Clock as _, SystemClock};
use tokio::time::{Instant, sleep};

use super::world::{World, connect, number, on_writer, ready_with};

/// What there is of a snapshot in the middle of its making.
async fn left_half_made(docker: &Docker, spec: &ClusterSpec, id: &str) {
    let owner = |kind: &str, id: &str, part: &str| {
        let [account, kind, id, part] = [&*spec.account, kind, id, part].map(str::to_owned);
        Owner { account, kind, id, part }
    };
    let volume = docker.ensure_volume(&owner("rds-snapshot", id, "data")).await.unwrap();
    let maker = owner("rds", &spec.id, &format!("helper-snapshot-{id}"));
    let network = Network::Of(spec.nodes[0].interface.clone());
    let maker = Spec::new(maker, NETWORK_IMAGE, network).command(["sleep", "infinity"]);
    docker.run(&maker.volume(volume, "/copy")).await.unwrap();
}

#[tokio::test]
async fn what_was_deleted_is_restored() {
    let Some(world) = World::new().await else { return };
    let docker = &world.fixture.docker;
    let mut spec = world.spec("campus", 1, 1).await;
    spec.backup = Some(BackupSpec::default());
    let database = world.start(&spec);
    ready_with(&database, "n1").await;
    on_writer(&spec, "CREATE TABLE words (id INT PRIMARY KEY, word VARCHAR(20))").await;
    on_writer(&spec, "INSERT INTO words VALUES (1, 'one'), (2, 'two')").await;
    database
        .until(Duration::from_secs(30), |status| status.latest_restorable.is_some())
        .await
        .unwrap();

    // An agent was killed while it made it.
    left_half_made(docker, &spec, "before").await;
    let began = Instant::now();
    let snapshot = database.snapshot("before").await.unwrap();
    println!("a snapshot takes {:.1?}", began.elapsed());
    assert_eq!(snapshots(docker, &spec.account).await.unwrap(), [snapshot]);
    let again = database.snapshot("before").await.unwrap_err();
    assert!(matches!(again, DatabaseError::SnapshotThere { .. }), "{again}");

    on_writer(&spec, "INSERT INTO words VALUES (3, 'three')").await;
    sleep(Duration::from_millis(50)).await;
    let before = SystemClock.now();
    sleep(Duration::from_millis(50)).await;
    on_writer(&spec, "DELETE FROM words").await;
    on_writer(&spec, "INSERT INTO words VALUES (4, 'four')").await;
    // Whether the log of one file or of two: the moment is in the middle.
    database.back_up().await.unwrap();
    assert!(database.status().borrow().latest_restorable.unwrap() > before);

    let mut other = world.spec("restored", 2, 2).await;
    other.password = super::world::secret("another one");
    let future = before + 3_600_000;
    let refused =
        Database::restore_to(docker.clone(), "campus", future, other.clone(), world.timing);
    let refused = refused.await.unwrap_err();
    assert!(matches!(refused, DatabaseError::OutOfReach { .. }), "{refused}");
    let began = Instant::now();
    let restored =
        Database::restore_to(docker.clone(), "campus", before, other.clone(), world.timing);
    let restored = restored.await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
    ready_with(&restored, "n1").await;
    println!("a point in time is restored, with a replica, after {:.1?}", began.elapsed());
    for endpoint in [&other.writer, &other.reader] {
        let mut conn = connect(&other, endpoint).await.unwrap();
        assert_eq!(number(&mut conn, "SELECT COUNT(*) FROM words").await, 3);
        assert_eq!(number(&mut conn, "SELECT MAX(id) FROM words").await, 3);
    }
    restored.remove().await.unwrap();
    assert_eq!(world.left("restored").await, 0);

    // The cluster is gone, its snapshot is not.
    database.remove().await.unwrap();
    assert_eq!(world.left("campus").await, 0);
    let alone = world.spec("again", 3, 1).await;
    let again = Database::restore(docker.clone(), "before", alone.clone(), world.timing);
    let again = again.await.unwrap();
    ready_with(&again, "n1").await;
    let mut conn = connect(&alone, &alone.writer).await.unwrap();
    assert_eq!(number(&mut conn, "SELECT CAST(SUM(id) AS UNSIGNED) FROM words").await, 3);
    again.remove().await.unwrap();
    delete_snapshot(docker, &spec.account, "before").await.unwrap();
    assert!(snapshots(docker, &spec.account).await.unwrap().is_empty());
    let none = Database::restore(docker.clone(), "before", alone, world.timing).await.unwrap_err();
    assert!(matches!(none, DatabaseError::NoSnapshot { .. }), "{none}");
    world.fixture.end().await;
}

#[tokio::test]
async fn parameters_hold_at_once_or_after_a_restart_and_nodes_come_and_go() {
    let Some(world) = World::new().await else { return };
    let mut spec = world.spec("campus", 1, 1).await;
    let text = str::to_owned;
    spec.parameters = BTreeMap::from([(text("character_set_server"), text("utf8mb4"))]);
    let database = world.start(&spec);
    ready_with(&database, "n1").await;

    let mut wrong = spec.clone();
    wrong.parameters.insert(text("max_conections"), text("5"));
    let error = database.apply(wrong).await.unwrap_err().to_string();
    assert!(error.contains("`max_conections`") && error.contains("`max_connections`"), "{error}");

    // A node comes, which gets all data.
    on_writer(&spec, "CREATE TABLE words (id INT PRIMARY KEY)").await;
    on_writer(&spec, "INSERT INTO words VALUES (1)").await;
    spec.nodes.push(world.node("campus", 1, 2).await);
    spec.parameters.insert(text("long_query_time"), text("3.5"));
    spec.parameters.insert(text("thread_stack"), text("1310720"));
    spec.password = super::world::secret("another password");
    database.apply(spec.clone()).await.unwrap();
    let status = database
        .until(Duration::from_secs(90), |status| {
            status.full_redundancy && status.nodes.len() == 2 && status.nodes[0].pending_restart
        })
        .await
        .unwrap();
    assert!(!status.node("n2").unwrap().pending_restart, "it has just started");
    ready_with(&database, "n1").await;
    let mut conn = connect(&spec, &spec.writer).await.unwrap();
    assert_eq!(
        number(&mut conn, "SELECT CAST(@@global.long_query_time * 10 AS UNSIGNED)").await,
        35
    );
    assert_ne!(number(&mut conn, "SELECT @@thread_stack").await, 1_310_720);

    // One after the other; the writer is replaced before.
    let began = Instant::now();
    database.restart().await.unwrap();
    database
        .until(Duration::from_secs(90), |status| {
            !status.rolling
                && status.full_redundancy
                && status.nodes.iter().all(|node| !node.pending_restart)
        })
        .await
        .unwrap();
    println!("both nodes have other parameters after {:.1?}", began.elapsed());
    ready_with(&database, "n2").await;
    for endpoint in [&spec.writer, &spec.reader] {
        let mut conn = connect(&spec, endpoint).await.unwrap();
        assert_eq!(number(&mut conn, "SELECT @@thread_stack").await, 1_310_720);
    }

    // All die; whoever has all rows is the writer.
    let docker = &world.fixture.docker;
    on_writer(&spec, "INSERT INTO words VALUES (2)").await;
    docker.kill(&world.container(&spec, "n1")).await.unwrap();
    on_writer(&spec, "INSERT INTO words VALUES (3)").await;
    docker.kill(&world.container(&spec, "n2")).await.unwrap();
    let began = Instant::now();
    database.until(Duration::from_secs(60), |status| !status.full_redundancy).await.unwrap();
    ready_with(&database, "n2").await;
    println!("a cluster whose nodes had all died is whole after {:.1?}", began.elapsed());
    let mut conn = connect(&spec, &spec.reader).await.unwrap();
    assert_eq!(number(&mut conn, "SELECT COUNT(*) FROM words").await, 3);

    // A node goes.
    spec.nodes.retain(|node| node.id != "n2");
    database.apply(spec.clone()).await.unwrap();
    ready_with(&database, "n1").await;
    let mut conn = connect(&spec, &spec.writer).await.unwrap();
    assert_eq!(number(&mut conn, "SELECT COUNT(*) FROM words").await, 3);
    database.remove().await.unwrap();
    assert_eq!(world.left("campus").await, 0);
    world.fixture.end().await;
}
