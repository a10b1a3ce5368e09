//! Docker by testcontainers, on the API of an old engine too: fixed addresses that containers share,
//! and endpoints that lead elsewhere.

use std::{net::SocketAddrV4, time::Duration};

use backend_local::containers::{
    docker::{
        Docker, Healthcheck, Known, Labels, Network, Seen, Spec,
        bollard::query_parameters::AttachContainerOptionsBuilder,
    },
    endpoint::{Endpoint, NETWORK_IMAGE},
};
use futures_util::StreamExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

use crate::fixture::Fixture;

/// A server that says its name to whoever connects, and then what it is told.
fn echo(fixture: &Fixture, id: &str, interface: &str) -> Spec {
    let owner = fixture.owner("echo", id, "");
    // HAProxy's own echo: a peer that answers requests.
    let config = format!(
        "defaults\n mode http\n timeout client 1m\n timeout server 1m\n timeout connect 1s\n\
         frontend f\n bind :8080\n http-request return status 200 content-type text/plain string {id}\n"
    );
    let script = "printf '%s' \"$CONFIG\" >/tmp/c && exec haproxy -W -db -f /tmp/c";
    Spec::new(owner, NETWORK_IMAGE, Network::Of(interface.to_owned()))
        .command(["sh", "-c", script])
        .env("CONFIG", config)
}

async fn ask(stream: &mut TcpStream) -> Option<String> {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.ok()?;
    let mut bytes = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(3), stream.read(&mut bytes)).await.ok()?;
    let read = read.ok().filter(|read| *read > 0)?;
    Some(String::from_utf8_lossy(&bytes[..read]).lines().last()?.to_owned())
}

async fn connected(endpoint: &Endpoint) -> TcpStream {
    let started = Instant::now();
    loop {
        let mut stream = TcpStream::connect(endpoint.address()).await.unwrap();
        if ask(&mut stream).await.is_some() {
            return stream;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "nobody answers");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Two of them, by the names `one` and `two`.
async fn nodes(fixture: &Fixture) -> Vec<SocketAddrV4> {
    let mut nodes = vec![];
    for (id, last) in [("one", 11), ("two", 12)] {
        let address = fixture.address(1, last);
        let interface = fixture.interface(id, address, &[]).await;
        fixture.docker.run(&echo(fixture, id, &interface)).await.unwrap();
        nodes.push(SocketAddrV4::new(address, 8080));
    }
    nodes
}

#[tokio::test]
async fn an_endpoint_leads_elsewhere_and_cuts_who_was_led_before() {
    let Some(fixture) = Fixture::new().await else { return };
    let (docker, nodes) = (&fixture.docker, nodes(&fixture).await);
    let address = fixture.address(2, 5);
    let interface = fixture.interface("endpoint", address, &["db.cluster.example"]).await;
    let owner = fixture.owner("endpoint", "writer", "");
    let endpoint = Endpoint::start(docker, owner.clone(), &interface, address, 3306).await.unwrap();
    assert_eq!(endpoint.target().await.unwrap(), None);

    endpoint.lead_to(Some(nodes[0])).await.unwrap();
    assert_eq!(endpoint.target().await.unwrap(), Some(nodes[0]));
    let mut stream = connected(&endpoint).await;
    assert_eq!(ask(&mut stream).await.as_deref(), Some("one"));
    assert_eq!(endpoint.connections().await.unwrap(), 1);

    endpoint.lead_to(Some(nodes[1])).await.unwrap();
    assert_eq!(ask(&mut stream).await, None, "the connection to the old one is cut");
    let mut stream = connected(&endpoint).await;
    assert_eq!(ask(&mut stream).await.as_deref(), Some("two"));
    // Told the same again, it cuts nobody.
    endpoint.lead_to(Some(nodes[1])).await.unwrap();
    assert_eq!(ask(&mut stream).await.as_deref(), Some("two"));
    // Started again, it is the same container with the same target.
    let again = Endpoint::start(docker, owner, &interface, address, 3306).await.unwrap();
    assert_eq!(again.target().await.unwrap(), Some(nodes[1]));

    endpoint.lead_to(None).await.unwrap();
    assert_eq!(ask(&mut stream).await, None);
    // By its name, from another container.
    endpoint.lead_to(Some(nodes[0])).await.unwrap();
    let one = docker.find(&Labels::of_thing(&fixture.account, "eni", "one")).await.unwrap();
    let asked = docker.exec(&one[0].id, &["getent", "hosts", "db.cluster.example"], b"").await;
    assert!(asked.unwrap().text().starts_with(&address.to_string()));
    fixture.end().await;
}

#[tokio::test]
async fn who_waits_for_a_node_that_is_gone_gets_to_the_next_one() {
    let Some(fixture) = Fixture::new().await else { return };
    let (docker, nodes) = (&fixture.docker, nodes(&fixture).await);
    let address = fixture.address(2, 5);
    let interface = fixture.interface("endpoint", address, &[]).await;
    let owner = fixture.owner("endpoint", "writer", "");
    let endpoint = Endpoint::start(docker, owner, &interface, address, 3306).await.unwrap();
    endpoint.lead_to(Some(nodes[0])).await.unwrap();
    drop(connected(&endpoint).await);

    docker.kill(&fixture.owner("echo", "one", "").name()).await.unwrap();
    let waits = async {
        let mut stream = TcpStream::connect(endpoint.address()).await.unwrap();
        ask(&mut stream).await
    };
    let led = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        endpoint.lead_to(Some(nodes[1])).await.unwrap();
    };
    let (answer, ()) = tokio::join!(waits, led);
    assert_eq!(answer.as_deref(), Some("two"));
    fixture.end().await;
}

#[tokio::test]
async fn a_container_is_not_taken_for_one_whose_name_begins_alike() {
    let Some(fixture) = Fixture::new().await else { return };
    let interface = fixture.interface("one", fixture.address(1, 11), &[]).await;
    let spec = |part: &str| {
        let owner = fixture.owner("sleeper", "one", part);
        Spec::new(owner, NETWORK_IMAGE, Network::Of(interface.clone())).command(["sleep", "60"])
    };
    let long = fixture.docker.run(&spec("a")).await.unwrap();
    let short = fixture.docker.run(&spec("")).await.unwrap();
    assert_ne!(long, short);
    assert_eq!(fixture.docker.run(&spec("")).await.unwrap(), short);
    assert_eq!(fixture.docker.run(&spec("a")).await.unwrap(), long);
    fixture.end().await;
}

#[tokio::test]
async fn a_volume_that_a_container_has_is_not_said_to_be_removed() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let interface = fixture.interface("one", fixture.address(1, 11), &[]).await;
    let volume = docker.ensure_volume(&fixture.owner("kept", "one", "")).await.unwrap();
    let spec = Spec::new(fixture.owner("has", "one", ""), NETWORK_IMAGE, Network::Of(interface));
    let id = docker.run(&spec.command(["sleep", "60"]).volume(volume.clone(), "/x")).await.unwrap();
    let error = docker.remove_volume(&volume).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    docker.remove(&id).await.unwrap();
    docker.remove_volume(&volume).await.unwrap();
    docker.remove_volume(&volume).await.unwrap();
    fixture.end().await;
}

#[tokio::test]
async fn a_session_is_asked_again_and_again() {
    let Some(fixture) = Fixture::new().await else { return };
    let interface = fixture.interface("one", fixture.address(1, 11), &[]).await;
    // It reads one line of what it is given, and ends.
    let script = ["sh", "-c", "read -r line; echo \"$line\"; test \"$line\" = good"];
    let mut session = fixture.docker.session(&interface, &script).await.unwrap();
    let long = format!("good\n{}\n\n", "passed over ".repeat(20_000));
    for (input, code, said) in
        [(long.as_str(), 0, "good"), ("bad\n", 1, "bad"), ("good\n", 0, "good")]
    {
        let done = session.ask(input).await.unwrap();
        assert_eq!((done.code, done.text().as_str()), (code, said));
    }
    session.run("good\n").await.unwrap();
    let error = session.run("worse\n").await.unwrap_err().to_string();
    assert!(error.ends_with("ended with 1: worse"), "{error}");
    fixture.docker.kill(&interface).await.unwrap();
    let error = session.ask("good\n").await.unwrap_err().to_string();
    assert!(error.contains(&interface), "{error}");
    fixture.end().await;
}

#[tokio::test]
async fn who_serves_a_command_outlives_those_who_ask() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let (owner, network) = (fixture.owner("eni", "one", ""), Network::On(fixture.network.clone()));
    let command = ["sh", "-c", "read -r line; echo \"$line$1\"", "sh", "!"];
    let spec = Spec::new(owner, NETWORK_IMAGE, network).serves("echo begins", &command);
    let name = spec.owner.name();
    docker.run_at(&spec, &fixture.network, fixture.address(1, 11), &[]).await.unwrap();
    for _ in 0..2 {
        let mut session = docker.served_session(&name, &command).await.unwrap().unwrap();
        for said in ["one", "two"] {
            let done = session.ask(&format!("{said}\n")).await.unwrap();
            assert_eq!((done.code, done.text()), (0, format!("{said}!")));
        }
    }
    // Somebody ends with half a sentence: there is another way.
    let options = AttachContainerOptionsBuilder::new().stream(true).stdin(true).build();
    let mut half = docker.api().attach_container(&name, Some(options)).await.unwrap();
    half.input.write_all(b"cat <<end\nhalf").await.unwrap();
    half.input.flush().await.unwrap();
    drop(half);
    assert!(docker.served_session(&name, &command).await.unwrap().is_none());
    let mut session = docker.session(&name, &command).await.unwrap();
    assert_eq!(session.ask("three\n").await.unwrap().text(), "three!");
    // A start of the container is a new beginning.
    docker.kill(&name).await.unwrap();
    docker.start(&name).await.unwrap();
    let mut session = docker.served_session(&name, &command).await.unwrap().unwrap();
    assert_eq!(session.ask("four\n").await.unwrap().text(), "four!");
    // Who runs something else does not answer.
    let other = fixture.interface("two", fixture.address(1, 12), &[]).await;
    assert!(docker.served_session(&other, &command).await.unwrap().is_none());
    fixture.end().await;
}

#[tokio::test]
async fn a_command_reads_what_it_is_given_and_tells_what_it_came_to() {
    let Some(fixture) = Fixture::new().await else { return };
    let interface = fixture.interface("one", fixture.address(1, 11), &[]).await;
    let done = fixture.docker.try_exec(&interface, &["sh", "-c", "cat; exit 3"], b"words").await;
    let done = done.unwrap();
    assert_eq!((done.code, done.text().as_str()), (3, "words"));
    let error = fixture.docker.exec(&interface, &["sh", "-c", "echo why >&2; exit 2"], b"").await;
    let error = error.unwrap_err().to_string();
    assert!(error.ends_with("ended with 2: why"), "{error}");
    fixture.end().await;
}

#[tokio::test]
async fn an_end_that_is_told_of_is_seen_at_once() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = fixture.docker.clone();
    let interface = fixture.interface("one", fixture.address(1, 11), &[]).await;
    let labels = Labels::of_thing(&fixture.account, "sleeper", "one");
    let owner = fixture.owner("sleeper", "one", "");
    let spec = Spec::new(owner, NETWORK_IMAGE, Network::Of(interface)).command(["sleep", "60"]);
    let mut ends = std::pin::pin!(docker.ends(&labels));
    let mut known = Known::default();
    for _ in 0..5 {
        let id = docker.run(&spec).await.unwrap();
        let seen = docker.find_again(&labels, &mut known).await.unwrap();
        assert!(seen[0].running);
        let (told, killed) = tokio::join!(ends.next(), docker.kill(&id));
        killed.unwrap();
        assert_eq!(told.unwrap().unwrap(), id);
        known.forget(&id);
        let seen = docker.find_again(&labels, &mut known).await.unwrap();
        assert!(!seen[0].running);
    }
    fixture.end().await;
}

#[tokio::test]
async fn who_looks_again_sees_what_has_changed_since() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let interface = fixture.interface("one", fixture.address(1, 11), &[]).await;
    let owner = fixture.owner("sleeper", "one", "");
    let checked = Healthcheck::cmd(["test", "-e", "/tmp/well"])
        .with_interval(Duration::from_millis(200))
        .with_retries(1);
    let mut spec = Spec::new(owner, NETWORK_IMAGE, Network::Of(interface)).command(["sleep", "60"]);
    spec.health = Some(checked);
    let id = docker.run(&spec).await.unwrap();
    let labels = Labels::of_thing(&fixture.account, "sleeper", "one");
    let mut known = Known::default();
    for (what, step) in [
        ("it is unwell", vec![]),
        ("it becomes well", vec!["touch", "/tmp/well"]),
        ("nothing", vec![]),
        ("it falls ill", vec!["rm", "/tmp/well"]),
    ] {
        if !step.is_empty() {
            docker.exec(&id, &step, b"").await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_same(docker, &labels, &mut known, what).await;
    }
    docker.pause(&id).await.unwrap();
    assert_same(docker, &labels, &mut known, "it is frozen").await;
    docker.unpause(&id).await.unwrap();
    assert_same(docker, &labels, &mut known, "it goes on").await;
    docker.kill(&id).await.unwrap();
    let seen = assert_same(docker, &labels, &mut known, "it is killed").await;
    assert_eq!(seen[0].exit_code, Some(137));
    docker.start(&id).await.unwrap();
    assert_same(docker, &labels, &mut known, "it starts anew").await;
    docker.remove(&id).await.unwrap();
    assert!(assert_same(docker, &labels, &mut known, "it is gone").await.is_empty());
    fixture.end().await;
}

async fn assert_same(docker: &Docker, labels: &Labels, known: &mut Known, what: &str) -> Vec<Seen> {
    let again = docker.find_again(labels, known).await.unwrap();
    assert_eq!(again, docker.find(labels).await.unwrap(), "{what}");
    again
}
