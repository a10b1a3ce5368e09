//! [`Cloudflare`]: asks the API of one account. <https://developers.cloudflare.com/api/>

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request as HttpRequest, Response,
    body::{Bytes, Incoming},
    header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER},
};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use infra_core::{
    dsl::Provider,
    handler::{Certainty, HandlerError, Problem},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde::Deserialize;
use serde_json::Value;

use super::{Factory, backend::ZONES, codes, options::VARIABLE};
use crate::{
    client::Client,
    error::{Answer, Error},
};

/// Where the API is.
const HOME: &str = "https://api.cloudflare.com/client/v4";
/// A connection is there within this time, or there is none.
const CONNECT: Duration = Duration::from_secs(5);
/// One call comes to an answer within this time: it bounds when a call that was begun under a lease
/// can still do something.
const CALL: Duration = Duration::from_secs(60);
/// How many things a page of a list has. All lists bear so many.
const PAGE: usize = 50;

/// What has a meaning in an address, or may have.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A permission of a token, as the page names it where tokens are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs(pub(crate) &'static str);

/// One call.
#[derive(Debug)]
pub(crate) struct Ask {
    service: &'static str,
    /// The method and the path, as the API's documentation has them.
    operation: &'static str,
    needs: Needs,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Ask {
    /// A call by its operation, `GET /zones/{zone_id}/dns_records/{id}`, with what stands in the
    /// place of the words in braces.
    pub(crate) fn new(
        service: &'static str,
        needs: Needs,
        operation: &'static str,
        parts: &[&str],
    ) -> Self {
        let (_, template) = operation.split_once(' ').expect("the method stands before the path");
        let mut pieces = template.split('{');
        let mut path = pieces.next().unwrap_or_default().to_owned();
        for (piece, part) in pieces.zip(parts) {
            path.extend(utf8_percent_encode(part, RESERVED));
            path.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
        }
        Self { service, operation, needs, path, query: vec![], body: None }
    }

    /// The same with an argument.
    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The same with a body.
    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn method(&self) -> Method {
        let (method, _) = self.operation.split_once(' ').unwrap_or_default();
        Method::from_bytes(method.as_bytes()).unwrap_or_default()
    }

    /// A failure of the call.
    pub(crate) fn failed(
        &self,
        problem: Problem,
        certainty: Certainty,
        code: &str,
        message: impl Into<String>,
    ) -> HandlerError {
        let refused =
            HandlerError::refused(problem, self.service, self.operation, code, message.into());
        HandlerError { certainty, ..refused }
    }

    /// An answer that lacks what it must have.
    pub(crate) fn incomplete(&self, what: &str) -> Error {
        let message = format!("the answer has no {what}");
        self.failed(Problem::Final, Certainty::Unknown, "", message).into()
    }
}

/// What all answers have in common.
#[derive(Debug, Deserialize)]
struct Envelope {
    success: bool,
    #[serde(default)]
    errors: Vec<Said>,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    result_info: Option<Pages>,
}

/// What is wrong.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) code: u32,
    #[serde(default)]
    pub(super) message: String,
    /// What led to it; the last one knows most.
    #[serde(default)]
    pub(super) error_chain: Vec<Self>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Pages {
    #[serde(default)]
    total_pages: Option<u64>,
}

/// The API token, which nothing shows.
struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

type Http = legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Asks the API of one account.
#[derive(Debug)]
pub(crate) struct Cloudflare {
    /// The client, or why there is none.
    http: Result<Http, String>,
    base: String,
    token: Option<Token>,
    withheld: bool,
    /// The account that it must be, if the program says one.
    pub(crate) account: Option<Arc<str>>,
    /// The domains of zones, which never change.
    zones: Mutex<BTreeMap<String, Arc<str>>>,
}

impl Client for Cloudflare {
    type Factory = Factory;

    async fn of(factory: &Factory, provider: &Provider) -> Arc<Self> {
        factory.of(provider)
    }

    fn is_elsewhere(factory: &Factory) -> bool {
        factory.options.endpoint.is_some()
    }
}

/// A client that trusts the authorities of the machine.
fn http(secure: bool) -> Result<Http, String> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT));
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let trusted = if secure {
        let said = |error| format!("the authorities that this machine trusts: {error}");
        config.with_native_roots().map_err(said)?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(trusted.with_no_client_auth())
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(legacy::Client::builder(TokioExecutor::new()).build(connector))
}

impl Cloudflare {
    pub(super) fn new(factory: &Factory, account: Option<Arc<str>>) -> Self {
        let options = &factory.options;
        let base = options.endpoint.as_deref().unwrap_or(HOME).trim_end_matches('/').to_owned();
        Self {
            http: http(base.starts_with("https:")),
            base,
            token: options.token.clone().map(Token),
            withheld: factory.withheld,
            account,
            zones: Mutex::default(),
        }
    }

    /// Why nothing can be asked: what is wrong, and what to do.
    pub(crate) fn unusable(&self) -> Option<(String, String)> {
        if self.withheld {
            return Some((
                "a server stands in for AWS, and none for Cloudflare".to_owned(),
                "name one: `--endpoint-url cloudflare=URL`".to_owned(),
            ));
        }
        if self.token.is_none() {
            return Some((
                "there is no API token of Cloudflare".to_owned(),
                format!(
                    "make one on https://dash.cloudflare.com/profile/api-tokens and set {VARIABLE}"
                ),
            ));
        }
        let why = self.http.as_ref().err()?;
        Some((why.clone(), "install the package ca-certificates".to_owned()))
    }

    /// Makes a call, and says its `result`.
    pub(crate) async fn call(&self, ask: &Ask) -> Answer<Value> {
        Ok(self.envelope(ask, None).await?.result)
    }

    /// All things of a list, page by page.
    pub(crate) async fn all(&self, ask: &Ask) -> Answer<Vec<Value>> {
        let mut all = vec![];
        for page in 1.. {
            let envelope = self.envelope(ask, Some(page)).await?;
            let Value::Array(things) = envelope.result else { return Err(ask.incomplete("list")) };
            all.extend(things);
            let pages = envelope.result_info.and_then(|info| info.total_pages);
            if pages.is_none_or(|pages| pages <= page) {
                break;
            }
        }
        Ok(all)
    }

    /// The domain of a zone.
    pub(crate) async fn domain(&self, zone: &str) -> Answer<Arc<str>> {
        if let Some(known) = self.zones.lock().expect("nobody panics with it").get(zone) {
            return Ok(Arc::clone(known));
        }
        let ask = Ask::new("zones", ZONES, "GET /zones/{zone_id}", &[zone]);
        let told = self.call(&ask).await?;
        let domain: Arc<str> = told["name"].as_str().ok_or_else(|| ask.incomplete("name"))?.into();
        let mut known = self.zones.lock().expect("nobody panics with it");
        Ok(Arc::clone(known.entry(zone.to_owned()).or_insert(domain)))
    }

    async fn envelope(&self, ask: &Ask, page: Option<u64>) -> Answer<Envelope> {
        if let Some((why, help)) = self.unusable() {
            let message = format!("{why}; {help}");
            return Err(ask.failed(Problem::Denied, Certainty::NotExecuted, "", message).into());
        }
        let response = self.send(ask, page).await?;
        let status = response.status().as_u16();
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_owned)
        };
        let request_id = header("cf-ray");
        let after = header(RETRY_AFTER.as_str()).and_then(|after| after.parse().ok());
        let body = response.into_body().collect().await;
        let lost = |error: hyper::Error| {
            let lost = HandlerError::lost(ask.service, ask.operation, "the answer was cut off");
            HandlerError { source: Some(Box::new(error)), ..lost }
        };
        let body = body.map_err(lost)?.to_bytes();
        let envelope: Option<Envelope> = serde_json::from_slice(&body).ok();
        match envelope {
            Some(envelope) if envelope.success && status < 300 => Ok(envelope),
            told => {
                let said = told.map(|told| told.errors).unwrap_or_default();
                let error = codes::error(ask, ask.needs, ask.service, status, &said);
                let problem = match error.problem {
                    Problem::Throttled { .. } => {
                        Problem::Throttled { retry_after: after.map(Duration::from_secs) }
                    }
                    problem => problem,
                };
                Err(HandlerError { problem, request_id, ..error }.into())
            }
        }
    }

    async fn send(&self, ask: &Ask, page: Option<u64>) -> Answer<Response<Incoming>> {
        let unknown = |why: String| ask.failed(Problem::Final, Certainty::NotExecuted, "", why);
        let http = self.http.as_ref().map_err(|why| unknown(why.clone()))?;
        let mut url = format!("{}{}", self.base, ask.path);
        let paged = page.map(|page| [("page", page.to_string()), ("per_page", PAGE.to_string())]);
        let query = ask.query.iter().cloned().chain(paged.into_iter().flatten());
        for (place, (name, value)) in query.enumerate() {
            url.push(if place == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(&value, RESERVED));
        }
        let mut request = HttpRequest::builder().method(ask.method()).uri(&url);
        if let Some(Token(token)) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match &ask.body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Full::new(Bytes::from(body.to_string()))
            }
            None => Full::default(),
        };
        // The source would name the header that is wrong, which may be the token.
        let request = request.body(body);
        let request = request
            .map_err(|_| unknown(format!("no request can be made of {url} and the token")))?;
        let answered = tokio::time::timeout(CALL, http.request(request)).await;
        match answered {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                let message = if error.is_connect() {
                    format!("{} can't be reached", self.base)
                } else {
                    "the connection was cut off".to_owned()
                };
                // Without a connection nothing was asked.
                let certainty =
                    if error.is_connect() { Certainty::NotExecuted } else { Certainty::Unknown };
                let failed = ask.failed(Problem::Transient, certainty, "", message);
                Err(HandlerError { source: Some(Box::new(error)), ..failed }.into())
            }
            Err(_) => {
                let message = format!("no answer within {} s", CALL.as_secs());
                Err(HandlerError::lost(ask.service, ask.operation, message).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudflareOptions;

    const NEEDS: Needs = Needs("Zone / DNS / Edit");

    #[test]
    fn parts_stand_in_their_places() {
        let operation = "PUT /zones/{zone_id}/rulesets/phases/{phase}/entrypoint";
        let ask = Ask::new("rulesets", NEEDS, operation, &["0a/b", "http_ratelimit"]);
        assert_eq!(ask.path, "/zones/0a%2Fb/rulesets/phases/http_ratelimit/entrypoint");
        assert_eq!(ask.method(), Method::PUT);
    }

    #[test]
    fn nothing_shows_the_token() {
        let options = CloudflareOptions { token: Some("hush".to_owned()), ..Default::default() };
        let factory = Factory::new(options, false);
        let cloudflare = Cloudflare::new(&factory, None);
        assert!(!format!("{factory:?} {cloudflare:?}").contains("hush"));
    }
}
