//! [`Patience`]: how long what streams may stand still.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::{Body as _, Bytes, Frame, Incoming};
use tokio::time::{Instant, Sleep, sleep_until};

/// Why a body ends before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
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
pub(super) struct Patience {
    limit: Duration,
    moved: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, moved: None, alarm: None }
    }

    /// Polls a body, for no longer than that.
    pub(super) fn poll(
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
