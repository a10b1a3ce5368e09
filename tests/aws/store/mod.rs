//! State in S3: the contract of stores, leases that run out, kills and faults, and the whole command
//! line on it.

mod cli;
mod key;
mod ladder;

use std::{
    collections::BTreeSet,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use backend_aws::{AwsOptions, S3Options, S3Store};
use infra_core::{
    clock::{Clock, Sleep, VirtualClock},
    state::store::{Holder, Lease, StateStore, StoreError},
    testing::stores::{conforms, text},
};

use infra_tests::http::{Message, ask, signed};

use crate::server::{Kind, Server};

const BUCKET: &str = "campus-state";

/// A time of the clocks that tests set; those of S3 are another matter.
const NOW: u64 = 1_000_000_000_000;
const LEASE: u64 = 180_000;
/// How long after the end of a lease somebody else may take over.
const AFTER: u64 = 90_000;

/// A server with a bucket.
fn server() -> Option<Server> {
    let server = Server::start(Kind::Moto)?;
    make_bucket(&server, BUCKET);
    Some(server)
}

fn make_bucket(server: &Server, bucket: &str) {
    let body = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>\
                </CreateBucketConfiguration>";
    ask("PUT", server.place(), &format!("/{bucket}"), &[signed("s3")], body);
}

/// The keys of a bucket, asked for without the SDK.
fn keys(server: &Server, prefix: &str) -> Vec<String> {
    let path = format!("/{BUCKET}?list-type=2&prefix={prefix}/");
    let told = ask("GET", server.place(), &path, &[signed("s3")], "");
    let parts = told.split("<Key>").skip(1);
    let keys = parts.filter_map(|part| part.split("</Key>").next());
    keys.map(|key| key.trim_start_matches(&format!("{prefix}/")).to_owned()).collect()
}

fn aws(url: &str) -> AwsOptions {
    AwsOptions {
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(url.to_owned()),
        credentials: Some(("testing".to_owned(), "testing".to_owned())),
        ..AwsOptions::default()
    }
}

/// A clock that is set by hand, and on which nobody wakes: a process that is frozen renews no lease.
#[derive(Clone, Debug)]
struct Hand {
    now: Arc<AtomicU64>,
    stopped: VirtualClock,
}

impl Hand {
    fn at(now: u64) -> Self {
        Self { now: Arc::new(now.into()), stopped: VirtualClock::default() }
    }

    fn set(&self, now: u64) {
        self.now.store(now, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> u64 {
        self.now.load(Ordering::SeqCst)
    }

    fn sleep_until(&self, at: u64) -> Sleep {
        self.stopped.sleep_until(at)
    }

    fn advance_if_idle(&self, _: usize) -> bool {
        false
    }
}

/// A store as a process has it that goes by a clock.
fn store_by(url: &str, prefix: &str, clock: &Hand) -> S3Store {
    let mut options = S3Options::new(BUCKET, prefix);
    options.clock = Arc::new(clock.clone());
    S3Store::new(aws(url), &options)
}

/// A store as a process has it whose clock stands at a time.
fn store(url: &str, prefix: &str, now: u64) -> S3Store {
    store_by(url, prefix, &Hand::at(now))
}

fn somebody(who: &str) -> Holder {
    Holder { who: who.to_owned(), since: 0 }
}

async fn append(store: &S3Store, lease: &Lease, number: u64) -> Result<(), StoreError> {
    store.append(lease, number, format!("{number}").into_bytes()).await
}

async fn checkpoint(store: &S3Store, lease: &Lease, serial: u64) -> Result<(), StoreError> {
    store.checkpoint(lease, serial, &mut |out| write!(out, "checkpoint {serial}")).await
}

fn is_fenced<T>(done: &Result<T, StoreError>) -> bool {
    matches!(done, Err(StoreError::Fenced))
}

#[tokio::test]
async fn the_store_conforms() {
    let Some(server) = server() else { return };
    conforms(&store(&server.url, "conforms", NOW)).await;
    // At the top of a bucket as well.
    conforms(&store(&server.url, "", NOW)).await;
}

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_can_do_nothing_more() {
    let Some(server) = server() else { return };
    let first = store(&server.url, "second", NOW);
    first.acquire(somebody("ada on moon")).await.unwrap();
    let at = |now| store(&server.url, "second", now);
    let early = at(NOW + LEASE + AFTER - 1).acquire(somebody("bob")).await.unwrap_err();
    assert_eq!(early.to_string(), "the stack is locked by ada on moon");
    let lease = at(NOW + LEASE + AFTER).acquire(somebody("bob")).await.unwrap();
    assert_eq!(lease.epoch, 2);
}

/// Frozen in the middle of a run, and somebody took over. Its clock may have gone on or not: either
/// way it writes nothing more.
#[tokio::test]
async fn a_holder_who_was_frozen_and_wakes_cannot_write() {
    let Some(server) = server() else { return };
    for (prefix, clock_stood) in [("stood", true), ("went", false)] {
        let clock = Hand::at(NOW);
        let frozen = store_by(&server.url, prefix, &clock);
        let lease = frozen.acquire(somebody("ada")).await.unwrap();
        append(&frozen, &lease, 0).await.unwrap();
        assert!(frozen.may_call(&lease));

        let other = store(&server.url, prefix, NOW + LEASE + AFTER);
        let taken = other.acquire(somebody("bob")).await.unwrap();
        assert_eq!(text(&other).await.1, "0");
        append(&other, &taken, 0).await.unwrap();

        if !clock_stood {
            clock.set(NOW + LEASE + AFTER + 1);
            assert!(!frozen.may_call(&lease));
            assert!(is_fenced(&frozen.hold(&lease).await));
        }
        assert!(is_fenced(&append(&frozen, &lease, 1).await), "{prefix}: sealed");
        assert!(is_fenced(&checkpoint(&frozen, &lease, 1).await), "{prefix}");
        assert!(is_fenced(&frozen.truncate(&lease, 0).await), "{prefix}");
        assert!(is_fenced(&frozen.release(lease.clone()).await), "{prefix}");
        assert_eq!(text(&other).await.1, "00", "{prefix}: nothing came between");
        // What the other one writes sweeps the old journal away, and the seal still holds.
        checkpoint(&other, &taken, 1).await.unwrap();
        assert_eq!(
            keys(&server, prefix),
            [
                "checkpoints/0000000001-0000000002-0000000001.json",
                "head.json",
                "journal/0000000001/0000000001"
            ]
        );
    }
}

/// Frozen, and nobody took over: the lease is made good again, and the run goes on.
#[tokio::test]
async fn a_holder_who_was_frozen_goes_on_if_nobody_took_over() {
    let Some(server) = server() else { return };
    let clock = Hand::at(NOW);
    let frozen = store_by(&server.url, "alone", &clock);
    let lease = frozen.acquire(somebody("ada")).await.unwrap();
    clock.set(NOW + LEASE - 60_001);
    assert!(frozen.may_call(&lease), "a call is over in a minute");
    clock.set(NOW + LEASE - 60_000);
    assert!(!frozen.may_call(&lease));
    frozen.hold(&lease).await.unwrap();
    assert!(frozen.may_call(&lease));
    // Longer than the lease: a write makes it good again as well.
    clock.set(NOW + 3 * LEASE);
    append(&frozen, &lease, 0).await.unwrap();
    assert!(frozen.may_call(&lease));
    let late = store(&server.url, "alone", NOW + 3 * LEASE + AFTER).acquire(somebody("bob")).await;
    assert!(matches!(late, Err(StoreError::Held { .. })), "{late:?}");
}

/// A run that waits for AWS for an hour writes nothing, and keeps its lease all the same.
#[tokio::test]
async fn a_lease_is_renewed_while_its_holder_lives() {
    let Some(server) = server() else { return };
    let mut options = S3Options::new(BUCKET, "renewed");
    options.lease = Duration::from_millis(400);
    options.call = Duration::from_millis(100);
    options.skew = Duration::ZERO;
    let other = S3Store::new(aws(&server.url), &options);
    let first = S3Store::new(aws(&server.url), &options);
    let lease = first.acquire(somebody("ada")).await.unwrap();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        let refused = other.acquire(somebody("bob")).await;
        assert!(matches!(refused, Err(StoreError::Held { .. })), "{refused:?}");
    }
    append(&first, &lease, 0).await.unwrap();
    // It dies, and after a while its lease is nobody's.
    drop(first);
    tokio::time::sleep(Duration::from_millis(600)).await;
    other.acquire(somebody("bob")).await.unwrap();
}

#[tokio::test]
async fn a_lease_can_be_taken_away_by_hand() {
    let Some(server) = server() else { return };
    let first = store(&server.url, "unlocked", NOW);
    assert_eq!(first.break_lease().await.unwrap(), None, "there is no state yet");
    let lease = first.acquire(somebody("ada")).await.unwrap();
    append(&first, &lease, 0).await.unwrap();
    let other = store(&server.url, "unlocked", NOW);
    assert_eq!(other.break_lease().await.unwrap(), Some(somebody("ada")));
    assert!(is_fenced(&append(&first, &lease, 1).await));
    other.acquire(somebody("bob")).await.unwrap();
    assert_eq!(text(&other).await.1, "0");
}

#[tokio::test]
async fn earlier_checkpoints_are_kept_and_what_no_longer_counts_goes() {
    let Some(server) = server() else { return };
    let store = store(&server.url, "kept", NOW);
    let lease = store.acquire(somebody("ada")).await.unwrap();
    for serial in 1..=8 {
        append(&store, &lease, serial - 1).await.unwrap();
        checkpoint(&store, &lease, serial).await.unwrap();
    }
    store.release(lease).await.unwrap();
    let history = store.history().await.unwrap();
    let name = |serial: u64| {
        format!("s3://{BUCKET}/kept/checkpoints/{serial:010}-0000000001-{serial:010}.json")
    };
    assert_eq!(history, [7, 6, 5, 4, 3].map(name));
    assert_eq!(keys(&server, "kept").len(), 7, "six checkpoints and the head");
    assert_eq!(text(&store).await, ("checkpoint 8".to_owned(), String::new()));
}

/// Whoever only looks holds no lease, and sees a checkpoint with its own journal all the same.
#[tokio::test]
async fn what_is_read_while_somebody_writes_belongs_together() {
    let Some(server) = server() else { return };
    let writer = store(&server.url, "read", NOW);
    let reader = store(&server.url, "read", NOW);
    let lease = writer.acquire(somebody("ada")).await.unwrap();
    let write = |serial: u64| {
        let (writer, lease) = (&writer, &lease);
        async move {
            append(writer, lease, serial).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            let text = (serial + 1).to_string();
            let write = &mut |out: &mut dyn Write| out.write_all(text.as_bytes());
            writer.checkpoint(lease, serial + 1, write).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let writes = async {
        for serial in 0..20 {
            write(serial).await;
        }
    };
    let mut seen = BTreeSet::new();
    let reads = async {
        loop {
            let (checkpoint, journal) = text(&reader).await;
            let expected = if checkpoint.is_empty() { "0" } else { &checkpoint };
            assert!(journal.is_empty() || journal == expected, "{checkpoint}, {journal}");
            seen.insert(checkpoint);
        }
    };
    tokio::select! {
        () = writes => {}
        () = reads => {}
    }
    assert!(seen.len() > 5, "{seen:?}");
}

#[tokio::test]
async fn objects_are_encrypted_with_the_key_that_is_named() {
    let Some(server) = server() else { return };
    let mut options = S3Options::new(BUCKET, "sealed");
    options.kms_key = Some("alias/state".to_owned());
    let store = S3Store::new(aws(&server.url), &options);
    let lease = store.acquire(somebody("ada")).await.unwrap();
    append(&store, &lease, 0).await.unwrap();
    checkpoint(&store, &lease, 1).await.unwrap();
    for key in keys(&server, "sealed") {
        let path = format!("/{BUCKET}/sealed/{key}");
        let told = ask("GET", server.place(), &path, &[signed("s3")], "").to_lowercase();
        assert!(told.contains("x-amz-server-side-encryption: aws:kms"), "{key}: {told}");
        assert!(told.contains("key-id: alias/state"), "{key}: {told}");
    }
}

#[tokio::test]
async fn what_can_not_be_used_is_told_with_the_fix() {
    let Some(server) = server() else { return };
    let store = S3Store::new(aws(&server.url), &S3Options::new("nowhere-state", "a"));
    let StoreError::Service { place, what, help, source } = store.load().await.unwrap_err() else {
        panic!("no bucket is an error of the service")
    };
    assert_eq!((place.as_str(), what), ("s3://nowhere-state/a/head.json", "read"));
    assert!(source.to_string().contains("bucket does not exist"), "{source}");
    assert!(help.unwrap().contains("aws s3 mb s3://nowhere-state"));
}

/// A server that answers everything in one way.
async fn answers(line: &'static str, headers: &'static [(&str, &str)], code: &str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let mut connection = tokio::io::BufReader::new(connection);
            let _asked = Message::read(&mut connection, true).await.unwrap();
            let headers = headers.iter().chain(&[("connection", "close")]);
            let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let (line, body) = (line.to_owned(), body.clone().into_bytes());
            let answer = Message { line, headers: headers.collect(), body };
            answer.write(connection.get_mut()).await.unwrap();
        }
    });
    url
}

/// What moto never says: in the words of S3's documentation.
#[tokio::test]
async fn a_bucket_elsewhere_and_one_that_is_denied_are_told_with_the_fix() {
    let moved = "HTTP/1.1 301 Moved Permanently";
    let region = &[("x-amz-bucket-region", "us-west-2")];
    let elsewhere = answers(moved, region, "PermanentRedirect").await;
    let denied = answers("HTTP/1.1 403 Forbidden", &[], "AccessDenied").await;
    for (url, said, fix) in [
        (&elsewhere, "the bucket is in us-west-2", "?region=<region>"),
        (&denied, "no", "allow s3:GetObject, s3:PutObject and s3:DeleteObject on"),
    ] {
        let wrong = store(url, "a", NOW).acquire(somebody("ada")).await.unwrap_err();
        let StoreError::Service { source, help: Some(help), .. } = wrong else {
            panic!("{wrong:?}")
        };
        assert_eq!(source.to_string(), said);
        assert!(help.contains(fix), "{help}");
    }
}

#[tokio::test]
async fn a_head_that_can_not_be_read_is_told() {
    let Some(server) = server() else { return };
    let lease = self::store(&server.url, "newer", NOW).acquire(somebody("ada")).await.unwrap();
    assert_eq!(lease.epoch, 1);
    let path = format!("/{BUCKET}/newer/head.json");
    for (body, said) in [
        ("{\"format\":9,\"epoch\":1}", "it has format 9, and this program reads up to 1"),
        ("{\"format\":", "EOF while parsing a value at line 1 column 10"),
    ] {
        ask("PUT", server.place(), &path, &[signed("s3")], body);
        let wrong = self::store(&server.url, "newer", NOW).load().await.unwrap_err();
        let StoreError::Service { source, help: Some(_), .. } = wrong else { panic!("{wrong:?}") };
        assert_eq!(source.to_string(), said);
    }
}
