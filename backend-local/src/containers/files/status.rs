//! How files fare: [`FilesStatus`], and the [`Event`]s that led to it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use infra_core::clock::{Clock as _, SystemClock};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

use super::FilesError;

/// How many events are kept.
const EVENTS: usize = 200;

/// What files are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesState {
    /// They can't be used yet.
    Starting,
    /// They can be used, and nothing is missing.
    Ready,
    /// They can be used; something is missing or being mended.
    Degraded,
    /// They can't be used.
    Failed,
}

/// How one server of files fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerStatus {
    /// Which one.
    pub id: String,
    /// Its availability zone.
    pub zone: String,
    /// Whether it serves.
    pub up: bool,
    /// How many files others have to bring up to date; `None` if it does not say.
    pub pending: Option<u64>,
}

/// How files fare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesStatus {
    /// What they are good for.
    pub state: FilesState,
    /// That in words.
    pub message: String,
    /// Whether every server serves, and none has to be brought up to date.
    pub full_redundancy: bool,
    /// Their servers.
    pub servers: Vec<ServerStatus>,
}

impl FilesStatus {
    /// They can't be used yet.
    #[must_use]
    pub fn starting(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { state: FilesState::Starting, message, full_redundancy: false, servers: vec![] }
    }

    /// How many files have to be brought up to date, by the server that counts most.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.servers.iter().filter_map(|server| server.pending).max().unwrap_or(0)
    }
}

/// Something that happened to files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When: milliseconds since 1970.
    pub at: u64,
    /// What.
    pub words: String,
}

/// What a manager says about its files. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    events: Arc<Mutex<VecDeque<Event>>>,
    status: watch::Sender<FilesStatus>,
}

impl Journal {
    pub(super) fn new() -> Self {
        let (status, _) = watch::channel(FilesStatus::starting("its servers are being looked for"));
        Self { events: Arc::default(), status }
    }

    /// Something happened. What has happened last is not told twice.
    pub(super) fn tell(&self, words: impl Into<String>) {
        let event = Event { at: SystemClock.now(), words: words.into() };
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.back().is_some_and(|last| last.words == event.words) {
            return;
        }
        events.push_back(event);
        if events.len() > EVENTS {
            events.pop_front();
        }
    }

    pub(super) fn events(&self) -> Vec<Event> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().cloned().collect()
    }

    /// It is so now.
    pub(super) fn set(&self, status: FilesStatus) {
        self.status.send_if_modified(|now| {
            let changed = *now != status;
            *now = status;
            changed
        });
    }

    pub(super) fn status(&self) -> watch::Receiver<FilesStatus> {
        self.status.subscribe()
    }

    pub(super) fn now(&self) -> FilesStatus {
        self.status.borrow().clone()
    }

    /// Waits until they fare so.
    pub(super) async fn wait(
        &self,
        id: &str,
        patience: Duration,
        good: impl Fn(&FilesStatus) -> bool,
    ) -> Result<(), FilesError> {
        let mut status = self.status();
        // The sender lives as long as this.
        if matches!(timeout(patience, status.wait_for(|it| good(it))).await, Ok(Ok(_))) {
            return Ok(());
        }
        let (id, message) = (id.to_owned(), self.now().message);
        Err(FilesError::NotReady { id, seconds: patience.as_secs(), message })
    }
}

/// A task that watches. It ends with this.
#[derive(Debug)]
pub(super) struct Watching(JoinHandle<()>);

/// How long a watcher that is to end may be in the middle of something.
const END: Duration = Duration::from_secs(10);

impl Watching {
    pub(super) fn new(task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(task))
    }

    /// Waits until it has ended, after it was told to: what it asks Docker for at this moment would
    /// be done after it otherwise.
    pub(super) async fn end(mut self) {
        if timeout(END, &mut self.0).await.is_err() {
            self.0.abort();
            // Broken off is what it is to be.
            let _broken_off = (&mut self.0).await;
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_not_told_twice_and_the_oldest_goes() {
        let journal = Journal::new();
        journal.tell("a");
        journal.tell("a");
        journal.tell("b");
        let words = |journal: &Journal| -> Vec<String> {
            journal.events().into_iter().map(|event| event.words).collect()
        };
        assert_eq!(words(&journal), ["a", "b"]);
        for number in 0..EVENTS {
            journal.tell(number.to_string());
        }
        assert_eq!(words(&journal).len(), EVENTS);
        assert_eq!(words(&journal)[0], "0");
    }

    #[test]
    fn those_who_watch_are_told_of_changes_alone() {
        let journal = Journal::new();
        let mut watching = journal.status();
        watching.mark_unchanged();
        journal.set(FilesStatus::starting("its servers are being looked for"));
        assert!(!watching.has_changed().unwrap());
        journal.set(FilesStatus::starting("one of three servers has started"));
        assert!(watching.has_changed().unwrap());
    }
}
