//! What streams: requests to targets, answers to clients. Nothing is kept but what is on its way.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::{
    body::{Body as _, Bytes, Frame, Incoming, SizeHint},
    client::conn::http1::SendRequest,
};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::containers::balancer::{clock::Clock, connections::Running, target::Outstanding};

/// Why a body ends before its end.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum BodyError {
    /// Its sender broke off.
    #[error("the body broke off")]
    Broken(#[source] hyper::Error),
    /// Its sender sent nothing for too long.
    #[error("nothing came for {0:?}")]
    Stalled(Duration),
}

/// Ends a body of which nothing comes for too long. It costs a timer only once something has to be waited
/// for.
#[derive(Debug)]
struct Patience {
    limit: Duration,
    moved: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    fn new(limit: Duration) -> Self {
        Self { limit, moved: None, alarm: None }
    }

    /// Polls a body, for no longer than that.
    fn poll(
        &mut self,
        incoming: &mut Incoming,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(incoming).poll_frame(context) {
            self.moved = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(BodyError::Broken)));
        }
        let moved = *self.moved.get_or_insert_with(Instant::now);
        let end = moved + self.limit;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
        loop {
            ready!(alarm.as_mut().poll(context));
            if Instant::now() >= end {
                return Poll::Ready(Some(Err(BodyError::Stalled(self.limit))));
            }
            alarm.as_mut().reset(end);
        }
    }
}

/// What goes to a target.
#[derive(Debug)]
pub(in super::super) enum RequestBody {
    Empty,
    Streamed(Upload),
}

/// A body that comes from a client.
#[derive(Debug)]
pub(in super::super) struct Upload {
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

/// What goes to a client.
#[derive(Debug)]
pub(in super::super) struct Body {
    kind: Kind,
    running: Option<Running>,
}

#[derive(Debug)]
enum Kind {
    Full(Option<Bytes>),
    Streamed(Download),
}

/// A body that comes from a target. With its end its connection is free for the next request.
#[derive(Debug)]
struct Download {
    incoming: Incoming,
    patience: Patience,
    ended: bool,
    lease: Option<Lease>,
}

/// A connection to a target that a request has.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) sender: SendRequest<RequestBody>,
    pub(super) outstanding: Outstanding,
    pub(super) worker: usize,
}

impl Body {
    pub(super) fn full(bytes: Bytes) -> Self {
        Self { kind: Kind::Full((!bytes.is_empty()).then_some(bytes)), running: None }
    }

    pub(super) fn streamed(incoming: Incoming, limit: Duration, lease: Lease) -> Self {
        let patience = Patience::new(limit);
        let lease = Some(lease);
        let kind = Kind::Streamed(Download { incoming, patience, ended: false, lease });
        Self { kind, running: None }
    }

    /// The exchange ends when this does.
    pub(super) fn keep(&mut self, running: Running) {
        self.running = Some(running);
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if (self.ended || self.incoming.is_end_stream())
            && let Some(Lease { sender, outstanding, worker }) = self.lease.take()
        {
            outstanding.target().pool.put(worker, sender);
        }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.get_mut().kind {
            Kind::Full(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Kind::Streamed(download) => {
                let frame = ready!(download.patience.poll(&mut download.incoming, context));
                download.ended |= frame.is_none();
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Full(bytes) => bytes.is_none(),
            Kind::Streamed(download) => download.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Full(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Kind::Streamed(download) => download.incoming.size_hint(),
        }
    }
}
