//! What streams to clients. Nothing is kept but what is on its way.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::{
    body::{Body as _, Bytes, Frame, Incoming, SizeHint},
    client::conn::http1::SendRequest,
};

use crate::containers::balancer::{
    connections::Running,
    patience::{BodyError, Patience},
    target::Outstanding,
    upload::RequestBody,
};

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
