//! A listener's connections are accepted, and each is given to a thread.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    time::sleep,
};

use super::{client::Client, listener::Open, metrics::Metric, shared::Shared, workers::Workers};

/// How long to wait if no connection can be accepted: there are too many files.
const PAUSE: Duration = Duration::from_millis(20);

impl Open {
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
