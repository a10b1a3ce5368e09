//! [`Client`]: a client's connection, from its first byte to its last.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{
    Request,
    body::Incoming,
    header::HeaderValue,
    rt::{Read, Write},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use super::{
    connections::{Activity, Counted, Watched},
    listener::Open,
    metrics::Metric,
    proxy,
    shared::Shared,
};

/// How long TLS may take to begin.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How much longer than the idle timeout nothing may move while an answer is under way: who is silent for
/// so long gets its own answer first.
const GRACE: Duration = Duration::from_secs(5);
/// How many header fields a request may have.
const FIELDS: usize = 200;
/// How long all of them may be together, as with AWS.
const HEAD: usize = 64 * 1024;

/// A client's connection.
pub(super) struct Client {
    pub(super) open: Arc<Open>,
    pub(super) shared: Arc<Shared>,
    pub(super) peer: SocketAddr,
    /// The peer's address, as it is forwarded.
    pub(super) address: HeaderValue,
    /// The thread that it stays on.
    pub(super) worker: usize,
    pub(super) secure: bool,
    pub(super) since: Instant,
    pub(super) activity: Arc<Activity>,
    closing: watch::Receiver<bool>,
    _counted: Counted,
}

impl Client {
    pub(super) fn new(
        open: &Arc<Open>,
        shared: &Arc<Shared>,
        peer: SocketAddr,
        worker: usize,
    ) -> Self {
        Self {
            open: Arc::clone(open),
            shared: Arc::clone(shared),
            peer,
            address: HeaderValue::try_from(peer.ip().to_canonical().to_string())
                .unwrap_or_else(|_| HeaderValue::from_static("unknown")),
            worker,
            secure: false,
            since: Instant::now(),
            activity: Activity::new(shared.clock),
            closing: open.closing.subscribe(),
            _counted: shared.clients.one(),
        }
    }

    /// Keeps the listener's end waiting as long as it lives, and counts as a connection.
    pub(super) fn token(&self) -> (watch::Receiver<bool>, Counted) {
        (self.closing.clone(), self.shared.clients.one())
    }

    /// Serves it to its end.
    pub(super) async fn serve(mut self, stream: TcpStream) {
        // Who is gone already is found out soon enough.
        let _ = stream.set_nodelay(true);
        let stream = Watched::new(stream, Arc::clone(&self.activity));
        let Some(tls) = self.open.manner.get().tls.clone() else {
            let builder = auto::Builder::new(TokioExecutor::new());
            return self.speak(TokioIo::new(stream), builder).await;
        };
        let accepted = timeout(HANDSHAKE, TlsAcceptor::from(tls).accept(stream)).await;
        let Ok(Ok(stream)) = accepted else {
            return self.shared.count(Metric::TlsErrors);
        };
        self.secure = true;
        let builder = auto::Builder::new(TokioExecutor::new());
        let builder = match stream.get_ref().1.alpn_protocol() {
            Some(b"h2") => builder.http2_only(),
            _ => builder.http1_only(),
        };
        self.speak(TokioIo::new(stream), builder).await;
    }

    async fn speak<I>(self, io: I, mut builder: auto::Builder<TokioExecutor>)
    where
        I: Read + Write + Unpin + Send + 'static,
    {
        // This keeps time itself: a timer for each head would cost each request one.
        builder.http1().header_read_timeout(None).max_headers(FIELDS).pipeline_flush(true);
        builder.http2().timer(TokioTimer::new()).max_header_list_size(HEAD as u32);
        let client = Arc::new(self);
        let answering = Arc::clone(&client);
        let service = service_fn(move |request: Request<Incoming>| {
            let client = Arc::clone(&answering);
            async move { Ok::<_, Infallible>(proxy::answer(&client, request).await) }
        });
        let connection = builder.serve_connection_with_upgrades(io, service);
        tokio::pin!(connection);
        let mut closing = client.closing.clone();
        let closing = closing.wait_for(|closing| *closing);
        tokio::pin!(closing);
        let mut closes = false;
        let alarm = sleep(client.patience());
        tokio::pin!(alarm);
        loop {
            tokio::select! {
                biased;
                // Its errors are the client's: it is gone, or speaks something else.
                _ = connection.as_mut() => return,
                _ = &mut closing, if !closes => {
                    closes = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = alarm.as_mut() => match client.verdict() {
                    Verdict::Wait(left) => alarm.as_mut().reset(Instant::now() + left),
                    Verdict::Close if !closes => {
                        closes = true;
                        connection.as_mut().graceful_shutdown();
                        alarm.as_mut().reset(Instant::now() + GRACE);
                    }
                    Verdict::Close | Verdict::Cut => return,
                },
            }
        }
    }

    fn patience(&self) -> Duration {
        self.open.manner.get().attributes.idle_timeout
    }

    /// What to do with a connection on which something should have happened.
    fn verdict(&self) -> Verdict {
        let patience = self.patience();
        let old = self.since.elapsed() >= self.open.manner.get().attributes.client_keep_alive;
        let (limit, passed, verdict) = match self.activity.idle() {
            // A client of HTTP/1.1 was told with its last answer; one of HTTP/2 is told so.
            Some(_) if old => return Verdict::Close,
            Some(idle) => (patience, Duration::from_millis(idle), Verdict::Close),
            None => {
                let still = Duration::from_millis(self.activity.still());
                (patience + GRACE, still, Verdict::Cut)
            }
        };
        match limit.checked_sub(passed) {
            Some(left) if !left.is_zero() => Verdict::Wait(left),
            _ => verdict,
        }
    }
}

enum Verdict {
    /// It has this long.
    Wait(Duration),
    /// It ends with what it is at.
    Close,
    /// It ends now.
    Cut,
}
