//! The primary dies, hangs or is cut off; the agent dies; all of them do.

use std::time::Duration;

use backend_local::containers::cache::{Cache, CacheSpec, Place, State};
use tokio::time::{Instant, sleep};

use super::site::{
    Writer, gone, lost, name, ready, spec, started, tell, token, told, until, within,
};
use crate::fixture::Fixture;

/// How long a machine that is busy with other things may take until writes are back. How long it takes on
/// one that is not is in `docs/containers.md`.
const PATIENCE: Duration = Duration::from_secs(25);

/// Nothing comes in at an interface or goes out.
const CUT: &str = "table inet cut { chain i { type filter hook input priority -1; policy drop; iif lo accept; }; \
                   chain o { type filter hook output priority -1; policy drop; oif lo accept; }; }";
const UNCUT: &str = "delete table inet cut";

fn primary(cache: &Cache, spec: &CacheSpec) -> Place {
    let id = cache.status().borrow().primary.clone();
    let id = id.unwrap_or_else(|| panic!("no primary\n{}", told(cache)));
    spec.nodes.iter().find(|node| node.id == id).unwrap().clone()
}

/// Waits until writes are back after something that was done at a moment; returns how long they were not.
async fn back(cache: &Cache, writer: &Writer, since: Instant) -> Duration {
    // The first ones may have been on their way.
    sleep(Duration::from_millis(500)).await;
    let later = Instant::now();
    until(cache, "writes do not come back", || writer.writes_after(later) > 20).await;
    writer.outage(since)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_of_the_primary_does_not_become_of_the_data() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let spec = spec(&fixture, "sessions", 1, 3).await;
    let began = Instant::now();
    let cache = started(docker, &spec).await;
    println!("three nodes and three sentinels are ready after {:?}", began.elapsed());
    assert!(cache.status().borrow().redundant);
    let writer = Writer::start(&spec.primary);
    sleep(Duration::from_secs(1)).await;

    // Killed.
    let first = primary(&cache, &spec);
    assert_eq!(first.id, "001");
    let mut direct = token(&first).await;
    tell::<()>(&mut direct, &["SET", "only-here", "1"]).await.unwrap();
    let since = Instant::now();
    docker.kill(&name(&spec, &first.id)).await.unwrap();
    let killed = back(&cache, &writer, since).await;
    println!("primary killed: no writes for {killed:?}, key {:?}", writer.last());
    // How fast it is the lines above tell; that it comes back without anybody's help is the test.
    assert!(killed < PATIENCE, "{killed:?}\n{}", told(&cache));
    ready(&cache).await;
    println!("primary killed: full redundancy after {:?}", since.elapsed());
    let second = primary(&cache, &spec);
    assert_ne!(second.id, first.id);
    // What comes back has what the others have, not what it had.
    let mut writer_of = token(&spec.primary).await;
    tell::<()>(&mut writer_of, &["DEL", "only-here"]).await.unwrap();
    let mut direct = token(&first).await;
    let forgets = async {
        while tell::<Option<u64>>(&mut direct, &["GET", "only-here"]).await.unwrap().is_some() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    within(3, "that the old primary forgets", forgets).await;
    let role: Vec<redis::Value> = tell(&mut direct, &["ROLE"]).await.unwrap();
    assert!(format!("{role:?}").contains("slave"), "{role:?}");

    // Hung.
    let since = Instant::now();
    docker.pause(&name(&spec, &second.id)).await.unwrap();
    let hung = back(&cache, &writer, since).await;
    println!("primary hung: no writes for {hung:?}, key {:?}", writer.last());
    assert!(hung < PATIENCE, "{hung:?}\n{}", told(&cache));
    let events = told(&cache);
    // By whoever is first: the sentinels promote another one, or the agent gives it up.
    let ended = |line: &str| line.contains(&second.id) && line.contains("is ended");
    assert!(events.lines().any(ended), "{events}");
    ready(&cache).await;

    // Killed with all that is beside it: nothing answers there, nor refuses.
    let beside = primary(&cache, &spec);
    let since = Instant::now();
    docker.kill(&name(&spec, &beside.id)).await.unwrap();
    docker.exec(&beside.interface, &["nft", CUT], b"").await.unwrap();
    let zone = back(&cache, &writer, since).await;
    println!("primary killed and cut off: no writes for {zone:?}, key {:?}", writer.last());
    assert!(zone < PATIENCE, "{zone:?}\n{}", told(&cache));
    docker.exec(&beside.interface, &["nft", UNCUT], b"").await.unwrap();
    ready(&cache).await;

    // Cut off: the agent and the others do not reach it, and it takes itself for the primary.
    let third = primary(&cache, &spec);
    let since = Instant::now();
    docker.exec(&third.interface, &["nft", CUT], b"").await.unwrap();
    let cut_off = back(&cache, &writer, since).await;
    println!("primary cut off: no writes for {cut_off:?}, key {:?}", writer.last());
    assert!(cut_off < PATIENCE, "{cut_off:?}\n{}", told(&cache));
    assert_eq!(cache.status().borrow().state, State::Degraded);
    docker.exec(&third.interface, &["nft", UNCUT], b"").await.unwrap();
    ready(&cache).await;
    let fourth = primary(&cache, &spec);
    assert_ne!(fourth.id, third.id, "it comes back as a replica");

    let wrote = writer.end().await;
    let lost = lost(&spec.primary, &wrote.safe).await;
    println!(
        "{} writes acknowledged, {} of them by a replica, too: {lost:?} of those lost; {} failed",
        wrote.at.len(),
        wrote.safe.len(),
        wrote.failed
    );
    assert!(wrote.safe.len() > 100);
    assert_eq!(lost, [0_u64; 0], "{}", told(&cache));
    cache.remove().await.unwrap();
    gone(&fixture).await;
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_comes_back_finds_what_there_is() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let spec = spec(&fixture, "store", 2, 2).await;
    // Killed while it starts: what it has begun is gone on with.
    let began = Instant::now();
    let cache = Cache::start(docker, spec.clone()).unwrap();
    sleep(Duration::from_millis(1200)).await;
    drop(cache);
    let cache = started(docker, &spec).await;
    println!("two nodes and three sentinels are ready after {:?}", began.elapsed());
    let mut client = token(&spec.primary).await;
    tell::<()>(&mut client, &["SET", "kept", "1"]).await.unwrap();
    drop(cache);

    // The containers go on by themselves, and are found as they are.
    let starts = async || {
        let mut starts = vec![];
        for place in spec.nodes.iter().chain(&spec.sentinels) {
            starts.push(docker.see(&name(&spec, &place.id)).await.unwrap().unwrap().started_at);
        }
        starts
    };
    let before = starts().await;
    assert_eq!(tell::<u64>(&mut client, &["GET", "kept"]).await.unwrap(), 1);
    let began = Instant::now();
    let cache = started(docker, &spec).await;
    println!("an agent that comes back has looked after {:?}", began.elapsed());
    assert_eq!(starts().await, before);
    assert_eq!(tell::<u64>(&mut client, &["GET", "kept"]).await.unwrap(), 1, "nobody was cut off");
    drop(cache);

    // Without an agent the sentinels promote; it leads the endpoint there when it is back.
    sleep(Duration::from_secs(1)).await;
    docker.kill(&name(&spec, "001")).await.unwrap();
    sleep(Duration::from_secs(7)).await;
    let began = Instant::now();
    let cache = started(docker, &spec).await;
    println!("an agent that comes back after a failover has mended it after {:?}", began.elapsed());
    assert_eq!(primary(&cache, &spec).id, "002");
    let mut client = token(&spec.primary).await;
    assert_eq!(tell::<u64>(&mut client, &["GET", "kept"]).await.unwrap(), 1);

    // No sentinel answers. None may wake that was not told: they are ended, and start anew.
    for place in &spec.sentinels {
        docker.pause(&name(&spec, &place.id)).await.unwrap();
    }
    let writer = Writer::start(&spec.primary);
    sleep(Duration::from_millis(1500)).await;
    let since = Instant::now();
    docker.kill(&name(&spec, "002")).await.unwrap();
    let outage = back(&cache, &writer, since).await;
    println!("primary killed while no sentinel answers: no writes for {outage:?}");
    assert!(outage < Duration::from_secs(5), "{outage:?}\n{}", told(&cache));
    assert_eq!(primary(&cache, &spec).id, "001");
    let untold = told(&cache).lines().filter(|line| line.contains("can't be told")).count();
    assert_eq!(untold, 3, "{}", told(&cache));
    ready(&cache).await;
    let wrote = writer.end().await;
    assert_eq!(lost(&spec.primary, &wrote.safe).await, [0_u64; 0]);

    // All of them: it serves again, empty as AWS's does.
    for part in ["001", "002", "sentinel-001", "sentinel-002", "sentinel-reader", "primary"] {
        docker.kill(&name(&spec, part)).await.unwrap();
    }
    let began = Instant::now();
    until(&cache, "it does not come back", || cache.status().borrow().state != State::Ready).await;
    ready(&cache).await;
    println!("all killed: ready after {:?}", began.elapsed());
    let mut client = token(&spec.primary).await;
    assert_eq!(tell::<u64>(&mut client, &["DBSIZE"]).await.unwrap(), 0);
    cache.remove().await.unwrap();
    gone(&fixture).await;
    fixture.end().await;
}
