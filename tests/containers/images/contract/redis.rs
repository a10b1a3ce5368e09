//! Redis: who is let in, as whom it runs, TLS, replicas and sentinels.

use std::{process::Command, time::Duration};

use backend_local::containers::images::catalogue::REDIS;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    super::machine::official,
    server::{Server, here},
};
use crate::fixture::Fixture;

const HEALTH: [&str; 2] = ["redis-cli", "ping"];

/// What a server says to a command from this machine, which is none of its own addresses.
async fn ask(server: &Server, command: &str) -> String {
    let mut stream = TcpStream::connect((server.address, 6379)).await.unwrap();
    stream.write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
    let mut bytes = vec![0; 512];
    let read = stream.read(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes[..read]).trim().to_owned()
}

#[tokio::test]
async fn redis_lets_in_whom_its_settings_say_and_runs_as_its_own_user() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, REDIS, "INFRA_IMAGE_REDIS").await;
    let settings = tempfile::tempdir().unwrap();
    std::fs::write(settings.path().join("closed.conf"), "protected-mode yes\n").unwrap();
    std::fs::write(settings.path().join("open.conf"), "maxmemory 50mb\n").unwrap();
    // Without a word, by options alone, and by files.
    let plain = Server::start(&fixture, "plain", 30, &image, |spec| spec).await;
    let options = Server::start(&fixture, "options", 31, &image, |spec| {
        spec.command(["--requirepass", "secret", "--appendonly", "yes"])
    });
    let options = options.await;
    let by_file = async |id: &str, last, file: &str| {
        Server::start(&fixture, id, last, &image, |mut spec| {
            spec.mounts.push(here(settings.path(), "/etc/ours"));
            spec.command(["redis-server", file])
        })
        .await
    };
    let closed = by_file("closed", 32, "/etc/ours/closed.conf").await;
    let open = by_file("open", 33, "/etc/ours/open.conf").await;
    for server in [&plain, &options, &closed, &open] {
        server.wait_for(&HEALTH).await;
    }
    assert_eq!(ask(&plain, "PING").await, "+PONG");
    assert!(ask(&options, "PING").await.starts_with("-NOAUTH"));
    assert!(ask(&closed, "PING").await.starts_with("-DENIED"));
    assert!(ask(&open, "CONFIG GET maxmemory").await.contains("52428800"));
    // Its own user, whose folder it writes to.
    let running =
        options.run(&["sh", "-c", "stat -c '%u %U' /data /data/appendonlydir; pwd"]).await;
    assert_eq!(running, "999 redis\n999 redis\n/data");
    let users = "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; stat -c %U $p; done";
    let users = plain.run(&["sh", "-c", users]).await;
    assert!(
        users.lines().any(|line| line.starts_with("redis-server") && line.ends_with("redis")),
        "{users}"
    );
    assert!(plain.run(&["redis-server", "--version"]).await.contains("v=7."));
    plain.docker.stop(&plain.container, Duration::from_secs(10)).await.unwrap();
    assert_eq!(plain.end().await, 0, "it ends when it is told to");
    fixture.end().await;
}

#[tokio::test]
async fn redis_speaks_tls_to_clients_and_replicas() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, REDIS, "INFRA_IMAGE_REDIS").await;
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(' '))
        .args("-subj /CN=redis -keyout key.pem -out cert.pem".split(' '))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for file in ["", "key.pem", "cert.pem"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path().join(file), mode).unwrap();
    }
    let tls = "--port 0 --tls-port 6379 --tls-cert-file /tls/cert.pem --tls-key-file /tls/key.pem \
        --tls-ca-cert-file /tls/cert.pem --tls-auth-clients no --tls-replication yes \
        --requirepass secret --masterauth secret";
    let start = async |id: &str, last, more: Vec<String>| {
        Server::start(&fixture, id, last, &image, |mut spec| {
            spec.mounts.push(here(folder.path(), "/tls"));
            spec.command(tls.split_whitespace().map(str::to_owned).chain(more))
        })
        .await
    };
    let primary = start("primary", 34, vec![]).await;
    let of = format!("{} 6379", primary.address);
    let replica = start("replica", 35, vec!["--replicaof".to_owned(), of]).await;
    let cli =
        ["redis-cli", "--tls", "--cacert", "/tls/cert.pem", "--no-auth-warning", "-a", "secret"];
    let with = |words: &[&'static str]| [&cli[..], words].concat();
    primary.wait_for(&with(&["ping"])).await;
    assert_eq!(primary.run(&with(&["set", "key", "value"])).await, "OK");
    replica.wait_for(&["sh", "-c", &format!("{} get key | grep -qx value", cli.join(" "))]).await;
    assert!(!primary.succeeds(&["sh", "-c", "redis-cli -a secret ping | grep -q PONG"]).await);
    fixture.end().await;
}

#[tokio::test]
async fn redis_has_sentinels_that_promote_a_replica() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, REDIS, "INFRA_IMAGE_REDIS").await;
    let first = Server::start(&fixture, "first", 36, &image, |spec| spec).await;
    let of = first.address.to_string();
    let second = Server::start(&fixture, "second", 37, &image, |spec| {
        spec.command(["--replicaof", &of, "6379"])
    })
    .await;
    // Sentinels write to their file.
    let settings = format!(
        "sentinel monitor ours {of} 6379 1\nsentinel down-after-milliseconds ours 1000\n\
         sentinel failover-timeout ours 5000\n"
    );
    let script = "printf '%s' \"$SETTINGS\" >/data/s.conf && exec docker-entrypoint.sh redis-sentinel /data/s.conf";
    let sentinel = Server::start(&fixture, "sentinel", 38, &image, |mut spec| {
        spec.entrypoint = Some("sh".to_owned());
        spec.command(["-c", script]).env("SETTINGS", settings)
    })
    .await;
    second
        .wait_for(&["sh", "-c", "redis-cli info replication | grep -q master_link_status:up"])
        .await;
    sentinel.wait_for(&["sh", "-c", "redis-cli -p 26379 info sentinel | grep -q slaves=1"]).await;
    assert_eq!(ask(&first, "SET key value").await, "+OK");
    second.wait_for(&["sh", "-c", "redis-cli get key | grep -qx value"]).await;
    first.docker.kill(&first.container).await.unwrap();
    second.wait_for(&["sh", "-c", "redis-cli role | grep -qx master"]).await;
    assert_eq!(ask(&second, "SET key other").await, "+OK");
    let leads = "redis-cli -p 26379 sentinel get-master-addr-by-name ours";
    let second = format!("{leads} | grep -qxF {}", second.address);
    sentinel.wait_for(&["sh", "-c", &second]).await;
    fixture.end().await;
}
