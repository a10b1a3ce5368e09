//! Clients: one request, a connection that stays, and a load.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use http_body_util::{BodyExt as _, Empty, combinators::BoxBody};
use hyper::{
    Method, Request, Response,
    body::{Body, Bytes},
    client::conn::http1::SendRequest,
    header::{HOST, HeaderMap},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet, time::timeout};

/// How long any answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The value of a cookie that it sets.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let mut pairs = set.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
        pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
    }

    pub(crate) async fn read<B>(response: Response<B>) -> Result<Self, B::Error>
    where
        B: Body,
        B::Error: std::fmt::Debug,
    {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Self { code: parts.status.as_u16(), headers: parts.headers, text })
    }
}

/// What a client sends.
pub(crate) type Sent = BoxBody<Bytes, std::convert::Infallible>;

pub(crate) fn empty() -> Sent {
    Empty::new().boxed()
}

/// A GET for a path, with header fields.
pub(crate) fn get(path: &str, fields: &[(&str, &str)]) -> Request<Sent> {
    with(Method::GET, path, fields, empty())
}

pub(crate) fn with(
    method: Method,
    path: &str,
    fields: &[(&str, &str)],
    body: Sent,
) -> Request<Sent> {
    let mut builder = Request::builder().method(method).uri(path);
    if !fields.iter().any(|(name, _)| *name == "host") {
        builder = builder.header(HOST, "site.example");
    }
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    builder.body(body).unwrap()
}

/// A connection that stays.
pub(crate) struct Line(SendRequest<Sent>);

impl Line {
    pub(crate) async fn open(address: SocketAddr) -> hyper::Result<Self> {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self::over(TokioIo::new(stream)).await
    }

    pub(crate) async fn over<I>(io: I) -> hyper::Result<Self>
    where
        I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    {
        let (sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        tokio::spawn(connection.with_upgrades());
        Ok(Self(sender))
    }

    pub(crate) async fn send(
        &mut self,
        request: Request<Sent>,
    ) -> hyper::Result<Response<hyper::body::Incoming>> {
        self.0.ready().await?;
        timeout(PATIENCE, self.0.send_request(request)).await.expect("an answer in time")
    }

    pub(crate) async fn ask(&mut self, request: Request<Sent>) -> hyper::Result<Answer> {
        Answer::read(self.send(request).await?).await
    }
}

/// One request on a connection of its own.
pub(crate) async fn ask(address: SocketAddr, request: Request<Sent>) -> Answer {
    Line::open(address).await.unwrap().ask(request).await.unwrap()
}

/// The same, for a path.
pub(crate) async fn ask_for(address: SocketAddr, path: &str) -> Answer {
    ask(address, get(path, &[])).await
}

/// Clients that ask one thing after another, until they are told to stop.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    clients: JoinSet<Outcome>,
}

/// What they saw.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Texts of answers that were good, each with how often it came.
    pub(crate) good: std::collections::BTreeMap<String, usize>,
    /// What else came.
    pub(crate) bad: Vec<String>,
}

impl Outcome {
    pub(crate) fn total(&self) -> usize {
        self.good.values().sum()
    }
}

impl Load {
    /// Starts clients, each with a connection that stays.
    pub(crate) fn start(
        address: SocketAddr,
        clients: usize,
        request: fn() -> Request<Sent>,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut set = JoinSet::new();
        for _ in 0..clients {
            set.spawn(client(address, Arc::clone(&stop), request));
        }
        Self { stop, clients: set }
    }

    pub(crate) async fn stop(mut self) -> Outcome {
        self.stop.store(true, SeqCst);
        let mut all = Outcome::default();
        while let Some(outcome) = self.clients.join_next().await {
            let outcome = outcome.unwrap();
            all.bad.extend(outcome.bad);
            for (text, count) in outcome.good {
                *all.good.entry(text).or_default() += count;
            }
        }
        all
    }
}

async fn client(
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    request: fn() -> Request<Sent>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut line = Line::open(address).await.unwrap();
    while !stop.load(SeqCst) {
        match line.ask(request()).await {
            Ok(answer) if answer.code == 200 => *outcome.good.entry(answer.text).or_default() += 1,
            Ok(answer) => outcome.bad.push(format!("{} {}", answer.code, answer.text)),
            Err(error) => {
                outcome.bad.push(format!("{error:?}"));
                line = Line::open(address).await.unwrap();
            }
        }
    }
    outcome
}
