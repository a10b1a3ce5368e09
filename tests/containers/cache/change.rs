//! Snapshots and what is made of them; nodes that come and go; handing over.

use backend_local::containers::cache::{CacheError, remove_snapshot, snapshots};
use tokio::time::Instant;

use super::site::{Writer, gone, lost, name, ready, spec, started, tell, token, told, within};
use crate::fixture::Fixture;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_made_of_a_snapshot_and_its_nodes_come_and_go() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let all = spec(&fixture, "sessions", 5, 3).await;
    let mut one = all.clone();
    one.nodes.truncate(1);
    one.sentinels.clear();
    let cache = started(docker, &one).await;
    let mut client = token(&all.primary).await;
    for key in 0..1000 {
        let text = "x".repeat(100);
        tell::<()>(&mut client, &["SET", &format!("key-{key}"), &text]).await.unwrap();
    }
    let began = Instant::now();
    let snapshot = cache.snapshot("before-the-exam").await.unwrap();
    println!("a snapshot of {} bytes takes {:?}", snapshot.bytes, began.elapsed());
    let again = cache.snapshot("before-the-exam").await;
    assert!(matches!(again, Err(CacheError::SnapshotThere(_))), "{again:?}");
    tell::<()>(&mut client, &["SET", "later", "1"]).await.unwrap();
    cache.remove().await.unwrap();
    gone(&fixture).await;
    assert_eq!(snapshots(docker, &all.account).await.unwrap(), ["before-the-exam"]);

    // Another group of it, with a replica.
    let mut two = all.clone();
    two.restore = Some("before-the-exam".to_owned());
    two.nodes.truncate(2);
    let began = Instant::now();
    let cache = started(docker, &two).await;
    println!("a group of two made of it is ready after {:?}", began.elapsed());
    let mut client = token(&all.reader).await;
    assert_eq!(tell::<u64>(&mut client, &["DBSIZE"]).await.unwrap(), 1000);
    let error = tell::<()>(&mut client, &["SET", "a", "1"]).await.unwrap_err();
    assert_eq!(error.code(), Some("READONLY"), "the reader leads to a replica");
    assert!(cache.events().iter().any(|event| event.words.contains("data of the snapshot")));

    // One more; then the primary goes: it hands over.
    let writer = Writer::start(&all.primary);
    let mut three = two.clone();
    three.nodes = all.nodes.clone();
    cache.apply(three.clone()).await.unwrap();
    ready(&cache).await;
    assert!(cache.status().borrow().redundant);
    let mut last = three.clone();
    last.nodes.remove(0);
    let since = Instant::now();
    cache.apply(last.clone()).await.unwrap();
    ready(&cache).await;
    let outage = writer.outage(since);
    println!("the primary is taken away: no writes for {outage:?}");
    assert!(outage.as_millis() < 2000, "{outage:?}\n{}", told(&cache));
    assert_eq!(docker.see(&name(&all, "001")).await.unwrap(), None);
    let primary = cache.status().borrow().primary.clone().unwrap();

    // On request, too.
    let since = Instant::now();
    within(5, "handing over", cache.fail_over()).await.unwrap();
    ready(&cache).await;
    println!("handed over on request: no writes for {:?}", writer.outage(since));
    assert_ne!(cache.status().borrow().primary, Some(primary));
    let wrote = writer.end().await;
    assert_eq!(lost(&all.primary, &wrote.safe).await, [0_u64; 0]);
    let all_written: Vec<u64> = wrote.safe.clone();
    assert!(all_written.len() > 50);

    // A single one that ends is there again; what it had is gone, the snapshot included.
    cache.remove().await.unwrap();
    gone(&fixture).await;
    let mut none = two.clone();
    none.restore = Some("never-taken".to_owned());
    let cache = backend_local::containers::cache::Cache::start(docker, none).unwrap();
    let mut status = cache.status();
    let said = within(20, "an error", status.wait_for(|s| s.message.contains("never-taken")));
    said.await.unwrap();
    cache.remove().await.unwrap();
    remove_snapshot(docker, &all.account, "before-the-exam").await.unwrap();
    assert_eq!(snapshots(docker, &all.account).await.unwrap(), [""; 0]);
    gone(&fixture).await;
    fixture.end().await;
}
