//! A client's connection is served, from its first byte to its last.

use std::{convert::Infallible, sync::Arc, time::Duration};

use hyper::{
    Request,
    body::Incoming,
    rt::{Read, Write},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use super::{
    client::{Client, GRACE, Verdict},
    connections::Watched,
    metrics::Metric,
    proxy,
};

/// How long TLS may take to begin.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many header fields a request may have.
const FIELDS: usize = 200;
/// How long all of them may be together, as with AWS.
const HEAD: usize = 64 * 1024;

impl Client {
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
}
