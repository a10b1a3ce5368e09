//! Who gets in, and with what: TLS, tokens and users.

use backend_local::containers::{
    cache::{Auth, Cache, CacheError, CacheSpec, Tls, User},
    docker::Docker,
};
use infra_core::Secret;

use super::site::{TOKEN, client, gone, name, ready, spec, started, tell, token};
use crate::fixture::Fixture;

/// A certificate for a name, by an authority of its own. Made by the interface's openssl.
async fn certificate(docker: &Docker, interface: &str, server: &str) -> Tls {
    let script = format!(
        "set -e; cd /tmp; ec='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'; \
         openssl req -x509 $ec -keyout ca.key -out ca.pem -subj /CN=test -days 2 2>/dev/null; \
         openssl req $ec -keyout key.pem -out csr.pem -subj /CN={server} 2>/dev/null; \
         printf 'subjectAltName=DNS:{server}' >ext; \
         openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext \
           -out cert.pem 2>/dev/null; for f in cert key ca; do cat $f.pem; echo next; done"
    );
    let made = docker.exec(interface, &["sh", "-c", &script], b"").await.unwrap().text();
    let mut texts = made.split("next\n").map(str::to_owned);
    let mut next = || texts.next().unwrap().trim_end_matches("next").to_owned();
    let (certificate, key, authority) = (next(), Secret::new(next()), next());
    Tls { certificate, key, authority, name: server.to_owned() }
}

/// What the client of the image says, by TLS.
async fn by_tls(docker: &Docker, spec: &CacheSpec, words: &str) -> String {
    let address = spec.primary.address;
    let script = format!(
        "read -r REDISCLI_AUTH; export REDISCLI_AUTH; cat >/tmp/ca.pem; \
         redis-cli -h {address} --tls --cacert /tmp/ca.pem --sni cache.example {words} 2>&1; true"
    );
    let input = format!("{TOKEN}\n{}", spec.tls.as_ref().unwrap().authority);
    let at = name(spec, &spec.nodes[0].id);
    docker.exec(&at, &["sh", "-c", &script], input.as_bytes()).await.unwrap().text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_tls_there_is_no_other_way_in() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let mut spec = spec(&fixture, "sessions", 3, 2).await;
    let interface = spec.primary.interface.clone();
    spec.tls = Some(certificate(docker, &interface, "cache.example").await);
    let cache = started(docker, &spec).await;
    assert_eq!(by_tls(docker, &spec, "SET a 1").await, "OK");
    assert!(client(&spec.primary, &format!(":{TOKEN}")).await.is_err(), "without TLS");
    // Another one, while it runs; who has connected stays.
    let old = spec.tls.replace(certificate(docker, &interface, "cache.example").await).unwrap();
    cache.apply(spec.clone()).await.unwrap();
    ready(&cache).await;
    assert_eq!(by_tls(docker, &spec, "GET a").await, "1");
    let new = spec.tls.replace(old).unwrap();
    let said = by_tls(docker, &spec, "GET a").await;
    assert!(said.contains("certificate verify failed"), "{said}");
    spec.tls = Some(new);
    // The sentinels speak it, too.
    docker.kill(&name(&spec, "001")).await.unwrap();
    let mut status = cache.status();
    status.wait_for(|status| status.primary.as_deref() == Some("002")).await.unwrap();
    ready(&cache).await;
    assert_eq!(by_tls(docker, &spec, "GET a").await, "1");
    // A snapshot is taken by TLS.
    let snapshot = cache.snapshot("by-tls").await.unwrap();
    assert!(snapshot.bytes > 0);
    backend_local::containers::cache::remove_snapshot(docker, &spec.account, "by-tls")
        .await
        .unwrap();
    cache.remove().await.unwrap();
    gone(&fixture).await;
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_rotated_and_users_come_and_go() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let mut spec = spec(&fixture, "store", 4, 1).await;
    spec.parameters.insert("appendonly".to_owned(), "yes".to_owned());
    let error = Cache::start(docker, spec.clone()).unwrap_err();
    assert!(matches!(&error, CacheError::UnknownParameters { names } if names == "appendonly"));
    spec.parameters.remove("appendonly");
    let cache = started(docker, &spec).await;
    let logs_in = async |login: &str| client(&spec.primary, login).await.is_ok();
    assert!(logs_in(&format!(":{TOKEN}")).await);
    assert!(!logs_in(":wrong").await);
    // What AWS keeps to itself.
    let mut connection = token(&spec.primary).await;
    for words in [&["CONFIG", "GET", "*"][..], &["REPLICAOF", "NO", "ONE"], &["SHUTDOWN"]] {
        let error = tell::<redis::Value>(&mut connection, words).await.unwrap_err();
        assert_eq!(error.code(), Some("NOPERM"), "{error}");
    }

    // ROTATE: both count. SET: the new one alone.
    let tokens = |tokens: &[&str]| {
        Auth::Tokens(tokens.iter().map(|token| Secret::new((*token).to_owned())).collect())
    };
    for (auth, old, new) in
        [(tokens(&[TOKEN, "next-token"]), true, true), (tokens(&["next-token"]), false, true)]
    {
        let mut wanted = spec.clone();
        wanted.auth = auth;
        cache.apply(wanted).await.unwrap();
        ready(&cache).await;
        assert_eq!(logs_in(&format!(":{TOKEN}")).await, old);
        assert_eq!(logs_in(":next-token").await, new);
    }
    // Who has connected stays so.
    assert_eq!(tell::<String>(&mut connection, &["PING"]).await.unwrap(), "PONG");

    // A group of users.
    let user = |name: &str, access: &str, passwords: &[&str]| User {
        name: name.to_owned(),
        access: access.to_owned(),
        passwords: passwords.iter().map(|text| Secret::new((*text).to_owned())).collect(),
    };
    let mut wanted = spec.clone();
    wanted.parameters.insert("maxmemory-policy".to_owned(), "allkeys-lru".to_owned());
    wanted.auth = Auth::Users(vec![
        user("default", "off", &[]),
        user("moodle", "on ~muc_* +@all", &["one password", "two"]),
    ]);
    cache.apply(wanted.clone()).await.unwrap();
    ready(&cache).await;
    assert!(!logs_in(":next-token").await);
    let mut moodle = client(&spec.primary, "moodle:two").await.unwrap();
    tell::<()>(&mut moodle, &["SET", "muc_a", "1"]).await.unwrap();
    let error = tell::<()>(&mut moodle, &["SET", "other", "1"]).await.unwrap_err();
    assert_eq!(error.code(), Some("NOPERM"));
    let info: String = tell(&mut moodle, &["INFO", "memory"]).await.unwrap();
    assert!(info.contains("maxmemory_policy:allkeys-lru"), "{info}");
    assert!(info.contains(&format!("maxmemory:{}", (64 << 20) / 100 * 75)), "{info}");
    // One that goes is cut off.
    wanted.auth = Auth::Users(vec![user("default", "off", &[])]);
    cache.apply(wanted).await.unwrap();
    ready(&cache).await;
    assert!(tell::<String>(&mut moodle, &["PING"]).await.is_err());
    assert!(!logs_in("moodle:two").await);

    // Nothing of it is where people look.
    let seen = docker.api().inspect_container(&name(&spec, "001"), None).await.unwrap();
    let seen = format!("{seen:?} {:?} {:?}", cache.events(), spec);
    assert!(!seen.contains(TOKEN) && !seen.contains("password-of-the-agent"));
    let top = docker.exec(&name(&spec, "001"), &["sh", "-c", "cat /proc/*/cmdline"], b"").await;
    let top = top.unwrap().text();
    assert!(top.contains("redis-server") && !top.contains(TOKEN), "{top}");
    cache.remove().await.unwrap();
    gone(&fixture).await;
    fixture.end().await;
}
