//! [`Open`]: a listener that listens.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Weak},
    time::Duration,
};

use hyper::header::HeaderValue;
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::watch,
    time::sleep,
};

use super::{
    client::Client,
    config::{Attributes, Listener},
    lock::Current,
    metrics::Metric,
    routing::Routes,
    shared::Shared,
    workers::Workers,
};

/// How long to wait if no connection can be accepted: there are too many files.
const PAUSE: Duration = Duration::from_millis(20);

/// What a listener does, as it is now.
pub(super) struct Manner {
    pub(super) routes: Routes,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) attributes: Attributes,
}

/// A listener that listens. It stops when it is closed; its connections end with what they are at.
pub(super) struct Open {
    /// As it was asked for; port 0 if the system was to choose.
    pub(super) asked: SocketAddr,
    pub(super) name: String,
    pub(super) address: SocketAddr,
    /// Its port, as it is forwarded.
    pub(super) port: HeaderValue,
    pub(super) manner: Current<Manner>,
    /// Whether it closes. Each connection holds a receiver until it ends.
    pub(super) closing: watch::Sender<bool>,
}

/// Listens, but accepts nothing yet. Said in the words of the standard library: no runtime has it.
pub(super) fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    // The standard library lets an address be used again that connections were left at.
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Open {
    pub(super) fn new(listener: &Listener, address: SocketAddr, manner: Manner) -> Arc<Self> {
        Arc::new(Self {
            asked: listener.address,
            name: listener.name.clone(),
            address,
            port: HeaderValue::from(address.port()),
            manner: Current::new(manner),
            closing: watch::Sender::new(false),
        })
    }

    /// Whether a configuration means this one.
    pub(super) fn is(&self, listener: &Listener) -> bool {
        let named = listener.address.port() != 0 || self.name == listener.name;
        self.asked == listener.address && named
    }

    /// Begins to accept.
    pub(super) fn accept(
        self: &Arc<Self>,
        listener: std::net::TcpListener,
        shared: &Arc<Shared>,
        workers: &Arc<Workers>,
    ) {
        let (open, shared) = (Arc::clone(self), Arc::clone(shared));
        // The threads must not keep themselves alive.
        let threads = Arc::downgrade(workers);
        workers.first().spawn(async move {
            let mut closing = open.closing.subscribe();
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => {}
                () = open.accept_all(listener, &shared, &threads) => {}
            }
        });
    }

    async fn accept_all(
        self: &Arc<Self>,
        listener: std::net::TcpListener,
        shared: &Arc<Shared>,
        workers: &Weak<Workers>,
    ) {
        // Within its own runtime this fails for no listener.
        let Ok(listener) = TcpListener::from_std(listener) else { return };
        loop {
            let accepted = listener.accept().await;
            let Some(workers) = workers.upgrade() else { return };
            let Ok((stream, peer)) = accepted else {
                shared.count(Metric::RejectedConnections);
                sleep(PAUSE).await;
                continue;
            };
            if shared.clients.count() >= self.manner.get().attributes.max_connections {
                shared.count(Metric::RejectedConnections);
                continue;
            }
            shared.count(Metric::NewConnections);
            let (worker, handle) = workers.next();
            let client = Client::new(self, shared, peer, worker);
            hand_over(stream, client, handle);
        }
    }
}

/// Moves a connection to the thread that it will stay on.
fn hand_over(stream: TcpStream, client: Client, handle: &Handle) {
    let here = Handle::current().id() == handle.id();
    if here {
        handle.spawn(client.serve(stream));
        return;
    }
    // Both fail only for sockets that are gone.
    if let Ok(stream) = stream.into_std() {
        handle.spawn(async move {
            if let Ok(stream) = TcpStream::from_std(stream) {
                client.serve(stream).await;
            }
        });
    }
}
