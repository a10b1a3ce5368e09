//! [`Client`]: a client's connection.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hyper::header::HeaderValue;
use tokio::{sync::watch, time::Instant};

use super::{
    alarms::Alarms,
    connections::{Activity, Counted},
    listener::Open,
    shared::Shared,
};

/// How much longer than the idle timeout nothing may move while an answer is under way: who is silent for
/// so long gets its own answer first.
pub(super) const GRACE: Duration = Duration::from_secs(5);

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
    pub(super) alarms: Alarms,
    pub(super) closing: watch::Receiver<bool>,
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
            alarms: Alarms::default(),
            closing: open.closing.subscribe(),
            _counted: shared.clients.one(),
        }
    }

    /// Keeps the listener's end waiting as long as it lives, and counts as a connection.
    pub(super) fn token(&self) -> (watch::Receiver<bool>, Counted) {
        (self.closing.clone(), self.shared.clients.one())
    }

    pub(super) fn patience(&self) -> Duration {
        self.open.manner.get().attributes.idle_timeout
    }

    /// What to do with a connection on which something should have happened.
    pub(super) fn verdict(&self) -> Verdict {
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

/// What to do with a connection on which nothing happens.
pub(super) enum Verdict {
    /// It has this long.
    Wait(Duration),
    /// It ends with what it is at.
    Close,
    /// It ends now.
    Cut,
}
