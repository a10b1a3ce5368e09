//! [`Status`] and [`Event`]: how a cache is, and what happened to it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use infra_core::clock::{Clock as _, SystemClock};

/// So many events are kept.
const KEPT: usize = 200;

/// How a cache is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has had no primary yet.
    Starting,
    /// All of it is there.
    Ready,
    /// It serves, and something is missing.
    Degraded,
    /// It does not serve.
    Failed,
}

/// How a cache is, for people and for those who wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How it is.
    pub state: State,
    /// What people are told.
    pub message: String,
    /// Whether every node that is wanted could take over.
    pub redundant: bool,
    /// The node that takes writes, by its name in the group.
    pub primary: Option<String>,
    /// Whether all that was wanted last has been done.
    pub settled: bool,
}

impl Status {
    pub(super) fn starting() -> Self {
        let message = "its containers start".to_owned();
        Self { state: State::Starting, message, redundant: false, primary: None, settled: false }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What.
    pub words: String,
}

/// The last events. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Events(Arc<Mutex<VecDeque<Event>>>);

impl Events {
    pub(super) fn note(&self, words: impl Into<String>) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() == KEPT {
            events.pop_front();
        }
        events.push_back(Event { at: SystemClock.now(), words: words.into() });
    }

    pub(super) fn all(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
