//! [`Backend`]: a target in this process.
//!
//! | path | does |
//! |---|---|
//! | `/health` | answers the code that it was [told](Backend::be) |
//! | `/head` | answers its request's first line and header fields |
//! | `/slow/N` | answers after N milliseconds |
//! | `/upload` | answers how many bytes came |
//! | `/download/N` | answers N times 64 KiB |
//! | `/chunked` | answers in three chunks, with a header field for this hop |
//! | `/close` | answers, and ends the connection |
//! | `/nonsense` | speaks no HTTP |
//! | `/ws` | echoes what comes after the upgrade |
//! | any other | answers its name |

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use http_body_util::{BodyExt as _, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Frame, Incoming},
    header::{CONNECTION, UPGRADE},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncWriteExt as _, copy, split},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
    time::sleep,
};

type Answer = Response<BoxBody<Bytes, Infallible>>;

/// A target in this process. It dies when it is dropped.
pub(crate) struct Backend {
    pub(crate) address: SocketAddr,
    pub(crate) heard: Arc<Heard>,
    task: AbortHandle,
}

/// What a backend heard.
pub(crate) struct Heard {
    pub(crate) name: String,
    code: AtomicU16,
    /// Requests, those for its health not among them.
    pub(crate) requests: AtomicUsize,
    pub(crate) connections: AtomicUsize,
    pub(crate) checks: AtomicUsize,
    /// Whether it closes each connection after its answer, without saying so.
    pub(crate) closes: AtomicBool,
}

impl Backend {
    pub(crate) async fn start(name: &str) -> Self {
        Self::start_at(name, SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    pub(crate) async fn start_at(name: &str, address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Heard {
            name: name.to_owned(),
            code: AtomicU16::new(200),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            checks: AtomicUsize::new(0),
            closes: AtomicBool::new(false),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&heard))).abort_handle();
        Self { address, heard, task }
    }

    /// What `/health` answers from now on.
    pub(crate) fn be(&self, code: u16) {
        self.heard.code.store(code, SeqCst);
    }

    pub(crate) fn requests(&self) -> usize {
        self.heard.requests.load(SeqCst)
    }

    /// Ends it and all its connections at once, as when its process is killed.
    pub(crate) fn kill(&self) {
        self.task.abort();
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn accept(listener: TcpListener, heard: Arc<Heard>) {
    // It aborts all that it holds when it is dropped.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        heard.connections.fetch_add(1, SeqCst);
        connections.spawn(serve(stream, Arc::clone(&heard)));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, heard: Arc<Heard>) {
    stream.set_nodelay(true).unwrap();
    let mut first = [0; 14];
    if stream.peek(&mut first).await.is_ok() && first.starts_with(b"GET /nonsense") {
        let mut stream = stream;
        let _ = stream.write_all(b"what?\r\n\r\n").await;
        return;
    }
    let service = service_fn(|request| answer(request, Arc::clone(&heard)));
    let connection = hyper::server::conn::http1::Builder::new()
        .keep_alive(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            () = sleep(Duration::from_millis(5)), if heard.closes.load(SeqCst) => {
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

fn full(text: impl Into<Bytes>) -> Answer {
    Response::new(Full::new(text.into()).boxed())
}

async fn answer(request: Request<Incoming>, heard: Arc<Heard>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    if path == "/health" {
        heard.checks.fetch_add(1, SeqCst);
        let mut answer = full("");
        *answer.status_mut() = StatusCode::from_u16(heard.code.load(SeqCst)).unwrap();
        return Ok(answer);
    }
    heard.requests.fetch_add(1, SeqCst);
    let (first, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    let number = || rest.parse::<u64>().unwrap();
    Ok(match first {
        "head" => {
            let mut text = format!("{} {}\n", request.method(), request.uri());
            for (name, value) in request.headers() {
                text += &format!("{name}: {}\n", value.to_str().unwrap());
            }
            full(text)
        }
        "slow" => {
            sleep(Duration::from_millis(number())).await;
            full(heard.name.clone())
        }
        "upload" => full(upload(request).await),
        "download" => download(number()),
        "chunked" => {
            let mut answer = download(3);
            answer.headers_mut().insert("x-hop", "1".parse().unwrap());
            answer.headers_mut().insert(CONNECTION, "x-hop".parse().unwrap());
            answer
        }
        "close" => {
            let mut answer = full(heard.name.clone());
            answer.headers_mut().insert(CONNECTION, "close".parse().unwrap());
            answer
        }
        "code" => {
            let mut answer = full(heard.name.clone());
            *answer.status_mut() = StatusCode::from_u16(rest.parse().unwrap()).unwrap();
            answer
        }
        "ws" => echo(request),
        _ => full(heard.name.clone()),
    })
}

async fn upload(request: Request<Incoming>) -> String {
    let mut body = request.into_body();
    let mut count = 0;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => count += frame.data_ref().map_or(0, Bytes::len),
            Err(_) => return "broken".to_owned(),
        }
    }
    count.to_string()
}

fn download(pieces: u64) -> Answer {
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let frames = (0..pieces).map(move |_| Ok(Frame::data(piece.clone())));
    Response::new(StreamBody::new(futures_util::stream::iter(frames)).boxed())
}

fn echo(request: Request<Incoming>) -> Answer {
    let mut answer = full("");
    if request.headers().get(UPGRADE).is_none_or(|protocol| protocol != "websocket") {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        return answer;
    }
    tokio::spawn(async move {
        let upgraded = hyper::upgrade::on(request).await.unwrap();
        let (mut reader, mut writer) = split(TokioIo::new(upgraded));
        let _ = copy(&mut reader, &mut writer).await;
    });
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    answer.headers_mut().insert(CONNECTION, "upgrade".parse().unwrap());
    answer.headers_mut().insert(UPGRADE, "websocket".parse().unwrap());
    answer
}
