//! What reaches targets, and what comes back.

use std::time::Duration;

use backend_local::containers::balancer::{Attributes, ForwardedFor};
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::{
    Method,
    body::{Bytes, Frame},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    asking::{Line, Sent, ask, ask_for, empty, get, with},
    backend::Backend,
    world::{config, group, start},
};

#[tokio::test(flavor = "multi_thread")]
async fn targets_see_who_asked_and_how() {
    let backend = Backend::start("a").await;
    let (_balancer, address) = start(config(vec![group("g", [&backend])])).await;
    let fields = [("x-forwarded-for", "9.9.9.9"), ("connection", "x-mine"), ("x-mine", "1")];
    let seen = ask(address, get("/head?q=1", &fields)).await.text;
    let port = address.port();
    for line in [
        "GET /head?q=1".to_owned(),
        format!("host: site.example:{port}"),
        "x-forwarded-for: 9.9.9.9, 127.0.0.1".to_owned(),
        "x-forwarded-proto: http".to_owned(),
        format!("x-forwarded-port: {port}"),
    ] {
        assert!(seen.lines().any(|found| found == line), "no `{line}` in {seen}");
    }
    assert!(seen.contains("\nx-amzn-trace-id: Root=1-"), "{seen}");
    assert!(!seen.contains("x-mine"), "{seen}");
    let traced = [("x-amzn-trace-id", "Root=1-2-3")];
    let seen = ask(address, get("/head", &traced)).await.text;
    assert!(seen.contains("\nx-amzn-trace-id: Self=1-") && seen.contains(";Root=1-2-3"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_change_what_targets_see() {
    let backend = Backend::start("a").await;
    let mut config = config(vec![group("g", [&backend])]);
    config.attributes = Attributes {
        drop_invalid_header_fields: true,
        forwarded_for: ForwardedFor::Remove,
        preserve_host: true,
        ..Attributes::default()
    };
    let (_balancer, address) = start(config).await;
    let fields = [("x-forwarded-for", "9.9.9.9"), ("x_bad", "1"), ("x-good", "1")];
    let seen = ask(address, get("/head", &fields)).await.text;
    assert!(seen.contains("host: site.example\n") && seen.contains("x-good"), "{seen}");
    assert!(!seen.contains("x-forwarded-for") && !seen.contains("x_bad"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_every_form_come_back() {
    let backend = Backend::start("name").await;
    let (_balancer, address) = start(config(vec![group("g", [&backend])])).await;
    let mut line = Line::open(address).await.unwrap();
    let chunked = line.ask(get("/chunked", &[])).await.unwrap();
    assert_eq!(chunked.text.len(), 3 * 64 * 1024);
    assert_eq!((chunked.header("x-hop"), chunked.header("connection")), (None, None));
    let head = line.ask(with(Method::HEAD, "/", &[], empty())).await.unwrap();
    assert_eq!((head.text.as_str(), head.header("content-length")), ("", Some("4")));
    let closed = line.ask(get("/close", &[])).await.unwrap();
    assert_eq!((closed.text.as_str(), closed.header("connection")), ("name", None));
    let none = line.ask(get("/code/204", &[])).await.unwrap();
    assert_eq!((none.code, none.text.as_str()), (204, ""));
    let trace = ask(address, with(Method::TRACE, "/", &[], empty())).await;
    assert_eq!((trace.code, trace.header("server")), (405, Some("awselb/2.0")));
    let many = vec!["1.1.1.1"; 31].join(",");
    let often = ask(address, get("/", &[("x-forwarded-for", &many)])).await;
    assert_eq!(often.code, 463);
    let nonsense = ask_for(address, "/nonsense").await;
    assert_eq!(nonsense.code, 502);
}

/// Bytes that are made as they are asked for.
fn bytes(pieces: usize) -> Sent {
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let frames = (0..pieces).map(move |_| Ok(Frame::data(piece.clone())));
    StreamBody::new(futures_util::stream::iter(frames)).boxed()
}

/// How much memory this process has come to at most, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_megabytes_pass_in_little_memory() {
    let backend = Backend::start("a").await;
    let (_balancer, address) = start(config(vec![group("g", [&backend])])).await;
    ask(address, with(Method::POST, "/upload", &[], bytes(16))).await;
    let before = peak();
    let up = ask(address, with(Method::POST, "/upload", &[], bytes(1600))).await;
    assert_eq!(up.text, (1600 * 64 * 1024).to_string());
    let mut line = Line::open(address).await.unwrap();
    let mut body = line.send(get("/download/1600", &[])).await.unwrap().into_body();
    let mut count = 0;
    while let Some(frame) = body.frame().await {
        count += frame.unwrap().into_data().unwrap().len();
    }
    assert_eq!(count, 1600 * 64 * 1024);
    let grown = peak() - before;
    // Both ends are in this process, too, and have their buffers; whoever gathered one body whole would
    // need more than 100 MiB.
    assert!(grown < 80 * 1024, "{grown} KiB more for two times 100 MiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_100_is_told_to_go_on() {
    let backend = Backend::start("a").await;
    let (_balancer, address) = start(config(vec![group("g", [&backend])])).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\
                Expect: 100-continue\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = [0; 25];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.starts_with("HTTP/1.1 200 OK\r\n") && rest.ends_with("\r\n5"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_is_carried_both_ways() {
    let backend = Backend::start("a").await;
    let (balancer, address) = start(config(vec![group("g", [&backend])])).await;
    let mut line = Line::open(address).await.unwrap();
    let fields = [("connection", "Upgrade"), ("upgrade", "websocket")];
    let answer = line.send(get("/ws", &fields)).await.unwrap();
    assert_eq!(answer.status(), 101);
    assert_eq!(answer.headers()["upgrade"], "websocket");
    let mut socket = hyper_util::rt::TokioIo::new(hyper::upgrade::on(answer).await.unwrap());
    for text in ["one", "two"] {
        socket.write_all(text.as_bytes()).await.unwrap();
        let mut back = [0; 3];
        socket.read_exact(&mut back).await.unwrap();
        assert_eq!(back, text.as_bytes());
    }
    // A new configuration does not end it.
    let again =
        backend_local::containers::balancer::LoadBalancer::apply(&balancer, balancer.config());
    again.await.unwrap();
    socket.write_all(b"six").await.unwrap();
    let mut back = [0; 3];
    socket.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, b"six");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_answered() {
    let backend = Backend::start("a").await;
    let mut config = config(vec![group("g", [&backend])]);
    config.attributes.idle_timeout = Duration::from_millis(300);
    let (_balancer, address) = start(config).await;
    assert_eq!(ask_for(address, "/slow/2000").await.code, 504);
    // An upload that stops.
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = [0; 12];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"HTTP/1.1 408");
    // A connection on which nothing is asked.
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut nothing = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), idle.read_to_end(&mut nothing)).await;
    assert_eq!(ended.unwrap().unwrap(), 0);
    // An upload that goes on for longer than that, slowly.
    let mut slow = TcpStream::connect(address).await.unwrap();
    let head = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n";
    slow.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        slow.write_all(b"x").await.unwrap();
    }
    slow.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"HTTP/1.1 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_a_target_closed_costs_no_request() {
    let backend = Backend::start("a").await;
    let (_balancer, address) = start(config(vec![group("g", [&backend])])).await;
    backend.heard.closes.store(true, std::sync::atomic::Ordering::SeqCst);
    let mut line = Line::open(address).await.unwrap();
    // It closes them at any moment, also while a request is under way to it.
    for round in 0..60 {
        let answer = line.ask(get("/", &[])).await.unwrap();
        assert_eq!(answer.code, 200, "round {round}: {}", answer.text);
        tokio::time::sleep(Duration::from_millis(round % 12)).await;
    }
    // What can't be sent again must find out before.
    for round in 0..5 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let post = with(Method::POST, "/upload", &[], Full::from("hello").boxed());
        let answer = line.ask(post).await.unwrap();
        assert_eq!((answer.code, answer.text.as_str()), (200, "5"), "round {round}");
    }
}
