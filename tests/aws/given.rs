//! What cases name and no program can make, because the catalogue has no type for it.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// Buses of events.
const BUSES: [&str; 2] = ["campus", "college"];

/// Makes it on a new server.
pub(crate) fn make(host: &str) {
    for bus in BUSES {
        call(host, "events", "AWSEvents.CreateEventBus", &format!("{{\"Name\":\"{bus}\"}}"));
    }
}

/// A call as the SDKs make it, which nobody checks the signature of.
fn call(host: &str, service: &str, target: &str, body: &str) {
    let length = body.len();
    let scope = format!("testing/20270101/eu-central-1/{service}/aws4_request");
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX-Amz-Target: {target}\r\n\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {length}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n\
         \r\n{body}"
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(" 200 "), "{target} came to {answer}");
}
