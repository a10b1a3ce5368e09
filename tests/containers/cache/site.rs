//! A group of a test, and who writes to it.

use std::{
    collections::BTreeMap,
    net::SocketAddrV4,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use backend_local::containers::{
    cache::{Auth, Cache, CacheSpec, Place, Timing},
    docker::{Docker, Labels},
};
use infra_core::Secret;
use redis::{RedisResult, aio::MultiplexedConnection};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use crate::fixture::Fixture;

/// How long a group may take to be there.
pub(super) const START: Duration = Duration::from_secs(40);

/// What clients log in with.
pub(super) const TOKEN: &str = "token-of-the-clients";

/// A group of so many nodes, with sentinels on its interfaces.
pub(super) async fn spec(fixture: &Fixture, id: &str, third: u8, nodes: u8) -> CacheSpec {
    let place = async |name: &str, last| {
        let address = fixture.address(third, last);
        let interface = fixture.interface(&format!("{id}-{name}"), address, &[]).await;
        Place { id: name.to_owned(), interface, address }
    };
    let mut all = vec![];
    for number in 1..=nodes {
        all.push(place(&format!("{number:03}"), 10 + number).await);
    }
    let (primary, reader) = (place("primary", 5).await, place("reader", 6).await);
    let mut at = all.clone();
    at.extend([reader.clone(), primary.clone()]);
    let sentinels = at.into_iter().take(if nodes > 1 { 3 } else { 0 });
    let sentinels = sentinels.map(|place| Place { id: format!("sentinel-{}", place.id), ..place });
    CacheSpec {
        account: fixture.account.clone(),
        id: id.to_owned(),
        image: "redis:7".to_owned(),
        nodes: all,
        sentinels: sentinels.collect(),
        primary,
        reader,
        port: 6379,
        memory: 64 << 20,
        parameters: BTreeMap::from([("maxmemory-policy".to_owned(), "noeviction".to_owned())]),
        tls: None,
        auth: Auth::Tokens(vec![Secret::new(TOKEN.to_owned())]),
        administration: Secret::new("password-of-the-agent".to_owned()),
        restore: None,
        timing: Timing::default(),
    }
}

pub(super) async fn started(docker: &Docker, spec: &CacheSpec) -> Cache {
    let cache = Cache::start(docker, spec.clone()).unwrap();
    ready(&cache).await;
    cache
}

pub(super) async fn ready(cache: &Cache) {
    if let Err(error) = cache.ready(START).await {
        panic!("{error}\n{}", told(cache));
    }
}

/// What happened, for whoever reads why a test failed.
pub(super) fn told(cache: &Cache) -> String {
    cache.events().iter().map(|event| format!("{} {}\n", event.at, event.words)).collect()
}

/// Waits until the status is so.
pub(super) async fn until(cache: &Cache, what: &str, fine: impl Fn() -> bool) {
    let began = Instant::now();
    while !fine() {
        assert!(began.elapsed() < START, "{what}\n{}", told(cache));
        sleep(Duration::from_millis(50)).await;
    }
}

pub(super) fn name(spec: &CacheSpec, part: &str) -> String {
    format!("infra-{}-elasticache-{}-{part}", spec.account, spec.id)
}

/// Logs in, as clients do.
pub(super) async fn client(place: &Place, login: &str) -> RedisResult<MultiplexedConnection> {
    let to = SocketAddrV4::new(place.address, 6379);
    let client = redis::Client::open(format!("redis://{login}@{to}"))?;
    let config = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(Some(Duration::from_secs(1)))
        .set_response_timeout(Some(Duration::from_secs(1)));
    client.get_multiplexed_async_connection_with_config(&config).await
}

/// One that logs in with the token, as soon as it can.
pub(super) async fn token(place: &Place) -> MultiplexedConnection {
    let began = Instant::now();
    loop {
        match client(place, &format!(":{TOKEN}")).await {
            Ok(client) => return client,
            Err(error) if began.elapsed() > Duration::from_secs(10) => panic!("{error}"),
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

pub(super) async fn tell<T: redis::FromRedisValue>(
    client: &mut MultiplexedConnection,
    words: &[&str],
) -> RedisResult<T> {
    let mut command = redis::Cmd::new();
    words.iter().for_each(|word| {
        command.arg(*word);
    });
    command.query_async(client).await
}

/// Writes without end through an endpoint.
pub(super) struct Writer {
    ends: Arc<AtomicBool>,
    wrote: Arc<Mutex<Wrote>>,
    task: JoinHandle<()>,
}

#[derive(Clone, Default)]
pub(super) struct Wrote {
    /// When each write was acknowledged.
    pub(super) at: Vec<Instant>,
    /// The keys that a replica had, too.
    pub(super) safe: Vec<u64>,
    /// How many were refused or lost their connection.
    pub(super) failed: usize,
}

impl Writer {
    pub(super) fn start(place: &Place) -> Self {
        let (ends, wrote): (Arc<AtomicBool>, Arc<Mutex<Wrote>>) = Default::default();
        let (place, ends_too, wrote_too) = (place.clone(), ends.clone(), wrote.clone());
        let task = tokio::spawn(async move {
            let (mut key, mut connection) = (0_u64, None);
            while !ends_too.load(Ordering::Relaxed) {
                key += 1;
                if write(&place, &mut connection, key, &wrote_too).await.is_err() {
                    connection = None;
                    wrote_too.lock().unwrap().failed += 1;
                }
                sleep(Duration::from_millis(10)).await;
            }
        });
        Self { ends, wrote, task }
    }

    /// How long nobody could write after a moment: until the first one that was acknowledged after the
    /// longest silence.
    pub(super) fn outage(&self, since: Instant) -> Duration {
        let wrote = self.wrote.lock().unwrap();
        let after: Vec<Instant> =
            [since].into_iter().chain(wrote.at.iter().copied().filter(|at| *at > since)).collect();
        after.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(since.elapsed())
    }

    pub(super) fn writes_after(&self, since: Instant) -> usize {
        self.wrote.lock().unwrap().at.iter().filter(|at| **at > since).count()
    }

    /// The last key that a replica has, too.
    pub(super) fn last(&self) -> Option<u64> {
        self.wrote.lock().unwrap().safe.last().copied()
    }

    pub(super) async fn end(self) -> Wrote {
        self.ends.store(true, Ordering::Relaxed);
        self.task.await.unwrap();
        self.wrote.lock().unwrap().clone()
    }
}

async fn write(
    place: &Place,
    connection: &mut Option<MultiplexedConnection>,
    key: u64,
    wrote: &Mutex<Wrote>,
) -> RedisResult<()> {
    if connection.is_none() {
        *connection = Some(client(place, &format!(":{TOKEN}")).await?);
    }
    let connection = connection.as_mut().unwrap();
    tell::<()>(connection, &["SET", &format!("key-{key}"), &key.to_string()]).await?;
    wrote.lock().unwrap().at.push(Instant::now());
    let replicas: u64 = tell(connection, &["WAIT", "1", "50"]).await?;
    if replicas > 0 {
        wrote.lock().unwrap().safe.push(key);
    }
    Ok(())
}

/// Which of these keys are gone.
pub(super) async fn lost(place: &Place, keys: &[u64]) -> Vec<u64> {
    let mut client = token(place).await;
    let mut lost = vec![];
    for some in keys.chunks(500) {
        let mut words = vec!["MGET".to_owned()];
        words.extend(some.iter().map(|key| format!("key-{key}")));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let values: Vec<Option<u64>> = tell(&mut client, &words).await.unwrap();
        let gone = values.iter().zip(some).filter(|(value, key)| **value != Some(**key));
        lost.extend(gone.map(|(_, key)| *key));
    }
    lost
}

/// That a group has gone, with its volumes.
pub(super) async fn gone(fixture: &Fixture) {
    let labels = Labels::of_kind(&fixture.account, "elasticache");
    assert_eq!(fixture.docker.find(&labels).await.unwrap(), []);
    assert_eq!(fixture.docker.volumes(&labels).await.unwrap(), []);
}

/// Waits for something that has to come.
pub(super) async fn within<T>(seconds: u64, what: &str, future: impl Future<Output = T>) -> T {
    let result = timeout(Duration::from_secs(seconds), future).await;
    result.unwrap_or_else(|_| panic!("{what} takes longer than {seconds} s"))
}
