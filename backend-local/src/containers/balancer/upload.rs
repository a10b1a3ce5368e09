//! [`RequestBody`]: what streams to a target.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use hyper::body::{Bytes, Frame, Incoming, SizeHint};

use super::{
    clock::Clock,
    patience::{BodyError, Patience},
};

/// What goes to a target.
#[derive(Debug)]
pub(super) enum RequestBody {
    Empty,
    Streamed(Upload),
}

/// A body that comes from a client.
#[derive(Debug)]
pub(super) struct Upload {
    incoming: Incoming,
    patience: Patience,
    progress: Arc<Progress>,
}

/// How far an upload is, for whoever waits for the answer.
#[derive(Debug)]
pub(super) struct Progress {
    clock: Clock,
    moved: AtomicU64,
    fault: AtomicU8,
}

/// Whose fault it is that an upload ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The client broke off.
    Broken = 1,
    /// The client sent nothing for too long.
    Stalled = 2,
    /// None yet, but it is the client that is waited for.
    Awaited = 3,
}

impl Progress {
    pub(super) fn new(clock: Clock) -> Arc<Self> {
        let moved = AtomicU64::new(clock.millis());
        Arc::new(Self { clock, moved, fault: AtomicU8::new(0) })
    }

    /// How long nothing has moved.
    pub(super) fn still(&self) -> Duration {
        Duration::from_millis(self.clock.millis().saturating_sub(self.moved.load(Relaxed)))
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        match self.fault.load(Relaxed) {
            1 => Some(Fault::Broken),
            2 => Some(Fault::Stalled),
            3 => Some(Fault::Awaited),
            _ => None,
        }
    }
}

impl RequestBody {
    pub(super) fn streamed(incoming: Incoming, limit: Duration, progress: Arc<Progress>) -> Self {
        Self::Streamed(Upload { incoming, patience: Patience::new(limit), progress })
    }
}

impl hyper::body::Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Self::Streamed(upload) = self.get_mut() else { return Poll::Ready(None) };
        let Upload { incoming, patience, progress } = upload;
        let polled = patience.poll(incoming, context);
        let fault = match &polled {
            Poll::Pending => Some(Fault::Awaited),
            Poll::Ready(Some(Err(BodyError::Broken(_)))) => Some(Fault::Broken),
            Poll::Ready(Some(Err(BodyError::Stalled(_)))) => Some(Fault::Stalled),
            Poll::Ready(_) => {
                progress.moved.store(progress.clock.millis(), Relaxed);
                None
            }
        };
        progress.fault.store(fault.map_or(0, |fault| fault as u8), Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Streamed(upload) => upload.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Streamed(upload) => upload.incoming.size_hint(),
        }
    }
}
