//! [`Context`]: what handlers get beside their request.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use tokio::sync::{Notify, mpsc};

use crate::clock::Clock;

/// Asks a run to stop. Clones share it.
///
/// Once: no new step begins, mutating calls in flight finish, waits end at once with their level
/// recorded. The process that asks twice exits; recovery does the rest.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<CancelState>);

#[derive(Debug, Default)]
struct CancelState {
    asked: AtomicU8,
    notify: Notify,
}

impl Cancel {
    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.asked.store(1, Ordering::Release);
        self.0.notify.notify_waiters();
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.asked.load(Ordering::Acquire) > 0
    }

    /// Ends when somebody asks.
    pub async fn cancelled(&self) {
        loop {
            let notified = self.0.notify.notified();
            if self.is_cancelled() {
                return;
            }
            notified.await;
        }
    }
}

/// Something that a handler tells people while it works: what it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The step that it belongs to.
    pub step: u32,
    /// The words.
    pub message: String,
}

/// What handlers get beside their request.
#[derive(Clone, Debug)]
pub struct Context {
    /// The time to go by. Handlers sleep on it and on nothing else.
    pub clock: Arc<dyn Clock>,
    /// Whether the run is to stop.
    pub cancel: Cancel,
    pub(crate) step: u32,
    pub(crate) notes: Option<mpsc::UnboundedSender<Note>>,
}

impl Context {
    /// A context outside of a run: for tests and for tools that call handlers by themselves.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, cancel: Cancel::default(), step: 0, notes: None }
    }

    /// Tells people something about the step.
    pub fn note(&self, message: impl Into<String>) {
        if let Some(notes) = &self.notes {
            // A closed channel means that nobody listens any more.
            let _ = notes.send(Note { step: self.step, message: message.into() });
        }
    }
}
