//! The status page and the metrics, at a port of 127.0.0.1.
//!
//! | path | has |
//! |---|---|
//! | `/` | the page: no build step, nothing from elsewhere |
//! | `/report.json` | how everything is, and what is where |
//! | `/series.json` | what was counted in the last two minutes, second by second |
//! | `/metrics` | what is counted, for Prometheus |
//!
//! It only tells. Whoever asks must name this machine: a page of somebody else's whose name leads
//! here (DNS rebinding) is refused.

mod html;
mod metrics;

use std::{
    convert::Infallible,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    net::Ipv4Addr,
    sync::Arc,
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::{net::TcpListener, time::sleep};

use super::{counted::Place, protocol::Report, run::Agent};

/// After which time it is tried again to listen.
const AGAIN: Duration = Duration::from_secs(2);

/// What the page shows.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    report: Report,
    places: Vec<Place>,
}

/// Answers until the process ends.
pub(super) async fn serve(agent: Arc<Agent>, port: u16) {
    let mut told = false;
    let listener = loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => break listener,
            Err(error) if !told => {
                agent.say(format_args!("there is no status page: port {port}: {error}"));
                told = true;
            }
            Err(_) => {}
        }
        sleep(AGAIN).await;
    };
    agent.has_page(format!("http://localhost:{port}/"));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, for a moment.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let agent = Arc::clone(&agent);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let answer = answer(&agent, port, &request);
                std::future::ready(Ok::<_, Infallible>(answer))
            });
            let connection = hyper::server::conn::http1::Builder::new();
            // Who hangs up before the answer does not want it.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Answer = Response<Full<Bytes>>;

fn answer(agent: &Agent, port: u16, request: &Request<Incoming>) -> Answer {
    let said = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let aimed = request.uri().authority().map(|authority| authority.as_str());
    if !is_own(said, port) || aimed.is_some_and(|host| !is_own(Some(host), port)) {
        let why = format!("this is http://localhost:{port}/ and goes by no other name\n");
        return told(StatusCode::MISDIRECTED_REQUEST, TEXT, why);
    }
    if request.method() != Method::GET {
        return told(StatusCode::METHOD_NOT_ALLOWED, TEXT, "this is only for reading\n".to_owned());
    }
    match request.uri().path() {
        "/" => {
            let nonce = nonce();
            let page = html::page(&shown(agent), &nonce);
            let mut answer = told(StatusCode::OK, "text/html; charset=utf-8", page);
            let policy = format!(
                "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; \
                 connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            );
            if let Ok(policy) = policy.parse() {
                answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
            }
            answer
        }
        "/report.json" => json(&shown(agent)),
        "/series.json" => json(&agent.series()),
        "/metrics" => {
            let text = metrics::text(&agent.report(), agent.samples());
            told(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
        }
        _ => told(StatusCode::NOT_FOUND, TEXT, "there is no such page\n".to_owned()),
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

fn shown(agent: &Agent) -> Shown {
    Shown { report: agent.report(), places: agent.places() }
}

fn json(what: &impl Serialize) -> Answer {
    match serde_json::to_string(what) {
        Ok(body) => told(StatusCode::OK, "application/json", body),
        Err(error) => told(StatusCode::INTERNAL_SERVER_ERROR, TEXT, error.to_string()),
    }
}

fn told(status: StatusCode, kind: &'static str, body: String) -> Answer {
    use hyper::header::HeaderValue;
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// Whether a name, with or without a port, is that of this machine.
fn is_own(host: Option<&str>, port: u16) -> bool {
    let Some(host) = host else { return false };
    let (name, its) = match host.rsplit_once(':') {
        Some((name, its)) => (name, Some(its)),
        None => (host, None),
    };
    let own = name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1";
    own && its.is_none_or(|its| its == port.to_string())
}

/// What tells our script from one that got into the page.
fn nonce() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for own in ["localhost", "localhost:8444", "LOCALHOST:8444", "127.0.0.1:8444"] {
            assert!(is_own(Some(own), 8444), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:8444",
            "localhost.evil.example:8444",
            "127.0.0.1.evil.example",
            "localhost:80",
            "localhost:08444",
            "user@localhost:8444",
            "[::1]:8444",
            "",
        ] {
            assert!(!is_own(Some(foreign), 8444), "{foreign}");
        }
        assert!(!is_own(None, 8444));
    }

    #[test]
    fn no_two_pages_have_the_same_nonce() {
        assert_ne!(nonce(), nonce());
        assert_eq!(nonce().len(), 32);
    }
}
