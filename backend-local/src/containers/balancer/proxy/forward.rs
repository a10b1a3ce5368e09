//! Finds a target that answers.

use std::{future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body as _, Incoming},
    client::conn::TrySendError,
    http::request::Parts,
    upgrade::OnUpgrade,
};
use tokio::time::Instant;

use super::{Body, Client, Refusal, body::Lease, head, upgrade::Wish};
use crate::containers::balancer::{
    config::Attributes,
    cookie,
    metrics::Metric,
    target::{Connection, Failure, Group, Outstanding},
    upload::{Fault, Progress, RequestBody},
};

/// How often a request is tried in all. Each try but the last found a connection that was no more.
const TRIES: usize = 16;

/// A request on its way.
struct Attempt<'a> {
    client: &'a Arc<Client>,
    attributes: &'a Attributes,
    group: &'a Arc<Group>,
    /// Its head, if it can be sent again: whatever happened to it, it changed nothing.
    head: Option<Parts>,
    /// Itself, as long as nothing of it was sent.
    request: Option<Request<RequestBody>>,
    progress: Option<Arc<Progress>>,
    /// Those who failed it.
    tried: Vec<SocketAddr>,
    /// What to say if there is nobody left.
    refusal: Refusal,
}

/// Why there is no answer.
enum Lost {
    /// Nothing of the request was sent.
    Unsent(Box<Request<RequestBody>>),
    /// The connection ended before the answer began.
    Broken,
    /// What came was no answer.
    Nonsense,
    /// Nothing came.
    Silent,
}

/// Passes a request on to a target of a group.
pub(super) async fn forward(
    client: &Arc<Client>,
    attributes: &Attributes,
    group: &Arc<Group>,
    mut parts: Parts,
    body: Incoming,
) -> Result<Response<Body>, Refusal> {
    let wish = Wish::of(&mut parts);
    let sticky = group.roster().stickiness;
    let had = sticky.and_then(|_| cookie::read(&parts.headers, cookie::TARGET)).map(str::to_owned);
    head::to_target(&mut parts, client, attributes);
    if let Some(wish) = &wish {
        wish.ask(&mut parts.headers);
    }
    let (body, progress) = if body.is_end_stream() {
        (RequestBody::Empty, None)
    } else {
        let progress = Progress::new(client.shared.clock);
        let body = RequestBody::streamed(body, attributes.idle_timeout, Arc::clone(&progress));
        (body, Some(progress))
    };
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let head = (safe && progress.is_none() && wish.is_none()).then(|| parts.clone());
    let request = Some(Request::from_parts(parts, body));
    let (tried, refusal) = (Vec::new(), Refusal::NO_TARGET);
    let attempt = Attempt { client, attributes, group, head, request, progress, tried, refusal };
    let (mut response, lease) = attempt.run(had.as_deref()).await?;
    if let Some(duration) = sticky {
        let ends = client.shared.clock.unix_seconds() + duration.as_secs();
        let token = &lease.outstanding.target().token;
        cookie::tell(response.headers_mut(), cookie::TARGET, token, ends);
    }
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        head::to_client(response.headers_mut());
        return Ok(response.map(|body| Body::streamed(body, attributes.idle_timeout, lease)));
    }
    let target = response.extensions_mut().remove::<OnUpgrade>();
    let (Some(wish), Some(target)) = (wish, target) else { return Err(Refusal::BAD_TARGET) };
    head::to_client(response.headers_mut());
    wish.ask(response.headers_mut());
    wish.grant(target, lease, client, attributes.idle_timeout);
    Ok(response.map(|_| Body::full(hyper::body::Bytes::new())))
}

impl Attempt<'_> {
    async fn run(mut self, had: Option<&str>) -> Result<(Response<Incoming>, Lease), Refusal> {
        for _ in 0..TRIES {
            // Looked up each time: who failed may be out by now.
            let now = self.client.shared.clock.millis();
            let roster = self.group.roster();
            let Some(target) = roster.pick(had, &self.tried, now) else { break };
            let outstanding = Outstanding::at(target);
            drop(roster);
            let Some(request) = self.request.take().or_else(|| self.again()) else { break };
            let Some(connection) = self.connect(&outstanding).await else {
                self.request = Some(request);
                continue;
            };
            if let Some(answered) = self.send(connection, request, outstanding).await? {
                return Ok(answered);
            }
        }
        if !self.tried.is_empty() {
            self.record(&[Metric::RequestCount], None);
        }
        Err(self.refusal)
    }

    /// The request again, if it can be sent again.
    fn again(&self) -> Option<Request<RequestBody>> {
        Some(Request::from_parts(self.head.clone()?, RequestBody::Empty))
    }

    async fn connect(&mut self, outstanding: &Outstanding) -> Option<Connection> {
        let (client, target) = (self.client, outstanding.target());
        if let Some(connection) = target.pool.take(client.worker, self.head.is_some()) {
            return Some(connection);
        }
        let counted = client.shared.targets.one();
        match target.connect(self.attributes.connect_timeout, counted).await {
            Ok(connection) => Some(connection),
            Err(failure) => {
                self.record(&[Metric::TargetConnectionErrors], None);
                self.group.refused(target);
                self.tried.push(target.address);
                self.refusal = match failure {
                    Failure::Refused => Refusal::BAD_TARGET,
                    Failure::Silent => Refusal::SILENT_TARGET,
                };
                None
            }
        }
    }

    /// Sends it. `None`: the connection was none, and it may be tried again.
    async fn send(
        &mut self,
        connection: Connection,
        request: Request<RequestBody>,
        outstanding: Outstanding,
    ) -> Result<Option<(Response<Incoming>, Lease)>, Refusal> {
        let Connection { mut sender, reused } = connection;
        let (worker, address) = (self.client.worker, outstanding.target().address);
        let sent = Instant::now();
        let lost = match self.wait(sender.try_send_request(request)).await {
            Ok(response) => {
                let metrics = [Metric::RequestCount, by_code(response.status())];
                self.record(&metrics, Some(sent.elapsed()));
                return Ok(Some((response, Lease { sender, outstanding, worker })));
            }
            Err(lost) => lost,
        };
        let fault = self.progress.as_ref().and_then(|progress| progress.fault());
        let refusal = match (fault, lost) {
            (Some(Fault::Stalled), _) | (Some(Fault::Awaited), Lost::Silent) => {
                Some(Refusal::SLOW_CLIENT)
            }
            (Some(Fault::Broken), _) => Some(Refusal::BAD_REQUEST),
            (_, Lost::Unsent(request)) => {
                self.request = Some(*request);
                None
            }
            (_, Lost::Broken) if self.head.is_some() => None,
            (_, Lost::Broken | Lost::Nonsense) => Some(Refusal::BAD_TARGET),
            (_, Lost::Silent) => Some(Refusal::SILENT_TARGET),
        };
        if let Some(refusal) = refusal {
            self.record(&[Metric::RequestCount], None);
            return Err(refusal);
        }
        self.refusal = Refusal::BAD_TARGET;
        if reused {
            // Its target closed it; the others that idled with it are likely to be closed, too.
            outstanding.target().pool.forget(worker);
        } else {
            self.tried.push(address);
        }
        Ok(None)
    }

    /// Waits for an answer, as long as something moves.
    async fn wait(
        &self,
        answer: impl Future<Output = Result<Response<Incoming>, TrySendError<Request<RequestBody>>>>,
    ) -> Result<Response<Incoming>, Lost> {
        let patience = self.attributes.idle_timeout;
        let mut answer = pin!(answer);
        let mut left = patience;
        loop {
            match self.client.alarms.within(left, answer.as_mut()).await {
                Some(Ok(response)) => return Ok(response),
                Some(Err(mut error)) => {
                    return Err(match error.take_message() {
                        Some(request) => Lost::Unsent(Box::new(request)),
                        None if error.error().is_parse() => Lost::Nonsense,
                        None => Lost::Broken,
                    });
                }
                None => {
                    let still = self.progress.as_ref().map_or(Duration::MAX, |it| it.still());
                    left = patience.saturating_sub(still);
                    if left.is_zero() {
                        return Err(Lost::Silent);
                    }
                }
            }
        }
    }

    fn record(&self, metrics: &[Metric], took: Option<Duration>) {
        let now = self.client.shared.clock.unix_seconds();
        self.group.series.record(now, metrics, took);
        self.client.shared.series.record(now, metrics, took);
    }
}

fn by_code(status: StatusCode) -> Metric {
    match status.as_u16() {
        500.. => Metric::Target5xx,
        400.. => Metric::Target4xx,
        300.. => Metric::Target3xx,
        _ => Metric::Target2xx,
    }
}
