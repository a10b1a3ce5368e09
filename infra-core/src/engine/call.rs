//! Calls of handlers as futures that own what they need.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{
    FutureExt,
    future::{Either, select},
};

use super::{
    leased::Leave,
    lifecycle::{Answer, Phase},
};
use crate::handler::{Context, DynHandler, HandlerError, Request};

/// A call of a handler, after a delay. When the run is to stop, the delay ends at once and calls
/// that change nothing are broken off; a call that changes something is never, unless its lease
/// has run out.
pub(super) async fn call(
    handler: Arc<dyn DynHandler>,
    context: Context,
    request: Arc<Request>,
    phase: Phase,
    after: u64,
    leave: Option<Leave>,
) -> Answer {
    if after > 0 {
        let wake = context.clock.sleep_until(context.clock.now().saturating_add(after));
        let stop = std::pin::pin!(context.cancel.cancelled());
        if let Either::Right(_) = select(wake, stop).await {
            return Answer::Interrupted;
        }
    }
    let made = AssertUnwindSafe(make(&*handler, &context, &request, phase)).catch_unwind();
    let made = std::pin::pin!(made);
    let answer = if phase.mutates() {
        match leave {
            Some(leave) => match leave.over(made).await {
                Ok(answer) => answer,
                Err(error) => return Answer::Unleased(error),
            },
            None => made.await,
        }
    } else {
        let stop = std::pin::pin!(context.cancel.cancelled());
        match select(made, stop).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => return Answer::Interrupted,
        }
    };
    answer.unwrap_or_else(|panic| Answer::Panicked(panic_text(&*panic)))
}

async fn make(
    handler: &dyn DynHandler,
    context: &Context,
    request: &Request,
    phase: Phase,
) -> Answer {
    match phase {
        Phase::KeyCheck | Phase::Find => {
            answer(handler.find(context, request).await, Answer::Found)
        }
        Phase::Allocate => answer(handler.allocate(context, request).await, Answer::Allocated),
        Phase::Configure => answer(handler.configure(context, request).await, Answer::Progress),
        Phase::Update | Phase::Unprotect => {
            answer(handler.update(context, request).await, Answer::Progress)
        }
        Phase::Poll(level) => answer(handler.poll(context, request, level).await, Answer::Polled),
        Phase::Delete => answer(handler.delete(context, request).await, Answer::Deleted),
        Phase::Gone => answer(handler.read(context, request).await, Answer::Observed),
        Phase::Read => answer(handler.lookup(context, request).await, Answer::Outputs),
        Phase::Run => answer(handler.run(context, request).await, Answer::Outputs),
    }
}

fn answer<T>(result: Result<T, HandlerError>, good: impl FnOnce(T) -> Answer) -> Answer {
    result.map_or_else(Answer::Failed, good)
}

/// The words of a panic.
pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
