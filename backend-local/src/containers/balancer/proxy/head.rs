//! What becomes of header fields on the way to a target and back.

use std::iter;

use hyper::{
    HeaderMap, Method, Uri, Version,
    header::{
        CONNECTION, COOKIE, EXPECT, HOST, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE,
    },
    http::{request::Parts, uri::PathAndQuery},
};

use super::{Client, Refusal};
use crate::containers::balancer::{
    chance,
    config::{Attributes, ForwardedFor},
    routing::host,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const TRACE: HeaderName = HeaderName::from_static("x-amzn-trace-id");
/// What the name of a request follows in it.
const ROOT: &[u8] = b"Root=";
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// How many addresses `X-Forwarded-For` may hold.
const FORWARDED: usize = 30;

/// Refuses what AWS refuses.
pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    if parts.method == Method::TRACE || parts.method == Method::CONNECT {
        return Err(Refusal::METHOD);
    }
    if host(&parts.uri, &parts.headers).is_empty() && parts.version > Version::HTTP_10 {
        return Err(Refusal::BAD_REQUEST);
    }
    let forwarded = parts.headers.get_all(FORWARDED_FOR).iter();
    let addresses = forwarded.map(|field| field.as_bytes().split(|byte| *byte == b',').count());
    if addresses.sum::<usize>() > FORWARDED {
        return Err(Refusal::forwarded_too_often());
    }
    Ok(())
}

/// Makes a client's head one for a target.
pub(super) fn to_target(parts: &mut Parts, client: &Client, attributes: &Attributes) {
    parts.extensions.clear();
    if attributes.drop_invalid_header_fields {
        drop_invalid(&mut parts.headers);
    }
    set_host(parts, client, attributes);
    if parts.version >= Version::HTTP_2 {
        join_cookies(&mut parts.headers);
    }
    parts.version = Version::HTTP_11;
    let headers = &mut parts.headers;
    drop_hops(headers);
    // It is answered here, when the target takes the body.
    headers.remove(EXPECT);
    forwarded(headers, client, attributes);
    trace(headers, client);
}

/// Makes a target's head one for a client.
pub(super) fn to_client(headers: &mut HeaderMap) {
    drop_hops(headers);
}

/// Drops what is meant for the next hop only.
fn drop_hops(headers: &mut HeaderMap) {
    let connections: Vec<HeaderValue> = headers.get_all(CONNECTION).iter().cloned().collect();
    headers.remove(CONNECTION);
    for connection in &connections {
        let named = connection.to_str().unwrap_or_default().split(',');
        for name in named.map(str::trim) {
            // The usual ones follow anyway.
            let usual = ["close", "keep-alive", "upgrade"];
            if !usual.iter().any(|usual| name.eq_ignore_ascii_case(usual)) {
                headers.remove(name);
            }
        }
    }
    for name in [KEEP_ALIVE, PROXY_CONNECTION, TE, TRANSFER_ENCODING, UPGRADE] {
        headers.remove(name);
    }
}

fn drop_invalid(headers: &mut HeaderMap) {
    let valid = |name: &HeaderName| {
        name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let invalid: Vec<_> = headers.keys().filter(|name| !valid(name)).cloned().collect();
    for name in invalid {
        headers.remove(name);
    }
}

/// Targets get the host in `Host`, and the rest of the address in the first line.
fn set_host(parts: &mut Parts, client: &Client, attributes: &Attributes) {
    let usual = if client.secure { 443 } else { 80 };
    let port = client.open.address.port();
    let adds_port = !attributes.preserve_host && port != usual;
    let set = {
        let host = host(&parts.uri, &parts.headers);
        let bare = !host.is_empty() && !has_port(host);
        match (adds_port && bare, parts.uri.authority().is_some()) {
            (true, _) => Some(format!("{host}:{port}")),
            (false, true) => Some(host.to_owned()),
            (false, false) => None,
        }
    };
    if let Some(value) = set.and_then(|host| HeaderValue::try_from(host).ok()) {
        parts.headers.insert(HOST, value);
    }
    if parts.uri.authority().is_some() {
        let path = parts.uri.path_and_query().cloned();
        parts.uri = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    }
}

/// Whether a host names a port: the last colon is not one of an IPv6 address.
fn has_port(host: &str) -> bool {
    host.rfind(':').is_some_and(|colon| host.rfind(']').is_none_or(|bracket| colon > bracket))
}

/// In HTTP/2 each cookie may be a field of its own; in HTTP/1.1 there is one field.
fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(COOKIE).iter().nth(1).is_none() {
        return;
    }
    let all: Vec<_> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(joined) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
        headers.insert(COOKIE, joined);
    }
}

fn forwarded(headers: &mut HeaderMap, client: &Client, attributes: &Attributes) {
    match attributes.forwarded_for {
        ForwardedFor::Preserve => {}
        ForwardedFor::Remove => {
            headers.remove(FORWARDED_FOR);
        }
        ForwardedFor::Append => {
            let value = match attributes.forwarded_client_port {
                true => HeaderValue::try_from(client.peer.to_string()).ok(),
                false => Some(client.address.clone()),
            };
            let before: Vec<_> =
                headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes).collect();
            let value = match value {
                Some(value) if !before.is_empty() => {
                    let all = [before.as_slice(), &[value.as_bytes()]].concat();
                    HeaderValue::from_bytes(&all.join(&b", "[..])).ok()
                }
                value => value,
            };
            if let Some(value) = value {
                headers.insert(FORWARDED_FOR, value);
            }
        }
    }
    let protocol = HeaderValue::from_static(if client.secure { "https" } else { "http" });
    headers.insert(FORWARDED_PROTO, protocol);
    headers.insert(FORWARDED_PORT, client.open.port.clone());
}

/// Gives a request a name by which it is known everywhere; who has one gets another beside it.
fn trace(headers: &mut HeaderMap, client: &Client) {
    let root = root(client.shared.clock.unix_seconds());
    let before = headers.get(TRACE).map(HeaderValue::as_bytes).unwrap_or_default();
    let value = if before.is_empty() {
        HeaderValue::from_bytes(&root)
    } else if before.windows(ROOT.len()).any(|part| part == ROOT) {
        let rest = before.split(|byte| *byte == b';').filter(|it| !it.starts_with(b"Self="));
        let own = [b"Self=", &root[ROOT.len()..]].concat();
        let all: Vec<&[u8]> = iter::once(own.as_slice()).chain(rest).collect();
        HeaderValue::from_bytes(&all.join(&b';'))
    } else {
        HeaderValue::from_bytes(&[&root, &b";"[..], before].concat())
    };
    if let Ok(value) = value {
        headers.insert(TRACE, value);
    }
}

/// A name that no other request has: the time, and chance.
fn root(seconds: u64) -> [u8; 40] {
    let mut root = *b"Root=1-00000000-000000000000000000000000";
    let chance = u128::from(chance::number()) << 64 | u128::from(chance::number());
    hex::encode_to_slice(&seconds.to_be_bytes()[4..], &mut root[7..15])
        .and_then(|()| hex::encode_to_slice(&chance.to_be_bytes()[..12], &mut root[16..]))
        .expect("the places are as long as what comes there");
    root
}

#[cfg(test)]
mod tests {
    use super::{
        CONNECTION, COOKIE, HeaderMap, HeaderValue, drop_hops, has_port, join_cookies, root,
    };

    #[test]
    fn what_is_for_the_next_hop_stays_here() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Mine"),
            ("x-mine", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("content-type", "text/plain"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        // A second field names further ones.
        headers.append(CONNECTION, HeaderValue::from_static("x-other"));
        headers.insert("x-other", HeaderValue::from_static("1"));
        drop_hops(&mut headers);
        let left: Vec<_> = headers.keys().map(|name| name.as_str().to_owned()).collect();
        assert_eq!(left, ["content-type"]);
        assert!(!headers.contains_key(CONNECTION));
    }

    #[test]
    fn a_name_says_when_it_was_given_and_is_given_once() {
        let all = [root(0x5f00_00ff), root(0x5f00_00ff)];
        for root in &all {
            let root = std::str::from_utf8(root).unwrap();
            assert!(root.starts_with("Root=1-5f0000ff-"), "{root}");
            assert!(root[16..].bytes().all(|byte| byte.is_ascii_hexdigit()), "{root}");
        }
        assert_ne!(all[0], all[1]);
    }

    #[test]
    fn cookies_become_one_field() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1"));
        headers.append(COOKIE, HeaderValue::from_static("b=2"));
        join_cookies(&mut headers);
        let all: Vec<_> = headers.get_all(COOKIE).iter().collect();
        assert_eq!(all, ["a=1; b=2"]);
    }

    #[test]
    fn a_port_is_told_from_an_address() {
        for (host, wanted) in
            [("x.org", false), ("x.org:1", true), ("[::1]", false), ("[::1]:80", true)]
        {
            assert_eq!(has_port(host), wanted, "{host}");
        }
    }
}
