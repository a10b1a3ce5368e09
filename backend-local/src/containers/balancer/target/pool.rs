//! [`Pool`]: connections to a target.
//!
//! Each worker has its own: a connection and those who speak through it stay on one thread.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::Ordering::Relaxed},
    time::Duration,
};

use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

use super::Target;
use crate::containers::balancer::{connections::Counted, lock::lock, upload::RequestBody};

/// How long a connection may have idled for a request that can't be sent again: its target may have
/// closed it meanwhile, and we would learn of that only from the request that was lost.
const FRESH: Duration = Duration::from_secs(1);

/// Connections to a target that idle, for each worker.
pub(in super::super) struct Pool(Vec<Mutex<Vec<Idle>>>);

struct Idle {
    sender: SendRequest<RequestBody>,
    since: Instant,
}

/// A connection that a request may be sent on.
pub(in super::super) struct Connection {
    pub(in super::super) sender: SendRequest<RequestBody>,
    /// It has carried requests before.
    pub(in super::super) reused: bool,
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Failure {
    /// It was refused, or broke.
    Refused,
    /// Nobody answered.
    Silent,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pool")
    }
}

impl Pool {
    pub(super) fn new(workers: usize) -> Self {
        Self((0..workers).map(|_| Mutex::default()).collect())
    }

    /// The connection that was used last. One for a request that can't be sent again was used just now.
    pub(in super::super) fn take(&self, worker: usize, repeatable: bool) -> Option<Connection> {
        let mut idle = lock(&self.0[worker]);
        let mut at = idle.len();
        while at > 0 {
            at -= 1;
            if idle[at].sender.is_closed() {
                idle.swap_remove(at);
            } else if !repeatable && idle[at].since.elapsed() > FRESH {
                return None;
            } else if idle[at].sender.is_ready() {
                let sender = idle.remove(at).sender;
                return Some(Connection { sender, reused: true });
            }
        }
        None
    }

    /// Keeps a connection for the next request.
    pub(in super::super) fn put(&self, worker: usize, sender: SendRequest<RequestBody>) {
        if !sender.is_closed() {
            lock(&self.0[worker]).push(Idle { sender, since: Instant::now() });
        }
    }

    /// Closes those of a worker.
    pub(in super::super) fn forget(&self, worker: usize) {
        lock(&self.0[worker]).clear();
    }

    /// Closes all.
    pub(super) fn clear(&self) {
        (0..self.0.len()).for_each(|worker| self.forget(worker));
    }

    /// Closes those that have idled for longer.
    pub(super) fn sweep(&self, patience: Duration) {
        for idle in &self.0 {
            lock(idle).retain(|idle| !idle.sender.is_closed() && idle.since.elapsed() <= patience);
        }
    }
}

impl Target {
    /// Connects. The connection lives on this thread, and ends with the target.
    pub(in super::super) async fn connect(
        self: &Arc<Self>,
        patience: Duration,
        counted: Counted,
    ) -> Result<Connection, Failure> {
        let stream = match timeout(patience, open(self.address)).await {
            Err(_) => return Err(Failure::Silent),
            Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => {
                return Err(Failure::Silent);
            }
            Ok(Err(_)) => return Err(Failure::Refused),
            Ok(Ok(stream)) => stream,
        };
        self.refusals.store(0, Relaxed);
        // One piece is written faster than several; bodies are copied into it for that.
        let made = Builder::new().writev(false).handshake(TokioIo::new(stream)).await;
        let (sender, connection) = made.map_err(|_| Failure::Refused)?;
        self.tasks.run(async move {
            let _counted = counted;
            // Whoever waits for an answer on it hears of its end.
            let _ = connection.with_upgrades().await;
        });
        Ok(Connection { sender, reused: false })
    }
}

async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
