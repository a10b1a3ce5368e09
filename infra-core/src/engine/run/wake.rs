//! Waiting for something to do.

use std::{
    future::Future,
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use futures_util::StreamExt as _;

use super::Run;
use crate::engine::{EngineError, lifecycle::Answer};

/// What woke the loop up.
pub(super) enum Woken {
    Appended(Result<u64, EngineError>),
    Answered(u32, Answer),
    /// Nobody answers just now, and the journal has entries to be written.
    Idle,
    Stop,
}

/// Waits until there is something to do: an answer, a written batch, one to be written, or the wish
/// to stop. Lets a virtual clock move on when nobody can do anything but wait.
pub(super) struct Wake<'r, 'a, 's>(pub(super) &'r mut Run<'a, 's>);

impl Future for Wake<'_, '_, '_> {
    type Output = Woken;

    fn poll(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Woken> {
        let run = &mut *self.0;
        loop {
            if run.session.engine.cancel.is_cancelled() && !run.stopping {
                return Poll::Ready(Woken::Stop);
            }
            if let Some(appending) = &mut run.appending
                && let Poll::Ready(result) = appending.as_mut().poll(context)
            {
                return Poll::Ready(Woken::Appended(result));
            }
            match run.calls.poll_next_unpin(context) {
                Poll::Ready(Some((slot, answer))) => {
                    return Poll::Ready(Woken::Answered(slot, answer));
                }
                Poll::Ready(None) | Poll::Pending => {}
            }
            if run.tells_steps {
                run.tell_notes();
            }
            if run.appending.is_none() && run.session.journal.has_pending() {
                return Poll::Ready(Woken::Idle);
            }
            let idle = run.appending.is_none() && !run.calls.is_empty();
            if !idle || !run.clock.advance_if_idle(run.calls.len()) {
                return Poll::Pending;
            }
        }
    }
}
