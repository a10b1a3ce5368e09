//! [`Gluster`]: a volume of GlusterFS of which each of three servers has all files.
//!
//! Servers are looked at every few seconds, each by itself: a command that asks all of them would
//! wait for one that hangs. What is seen leads to one step at a time, and each step may run again, so
//! that a manager that ended at any moment leaves nothing that the next one can't go on with.

mod cli;
mod decide;
mod look;
mod mend;
mod said;
mod server;
mod spec;
mod watch;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch as channel;

pub(super) use cli::TIME_IS_UP;
pub use spec::{GLUSTER_IMAGE, GlusterSpec, Server};

use super::{
    Event, FilesError, FilesState, FilesStatus, Folder, Host, Mount, Source, Timing, clear,
    mount::Turn,
    owner,
    status::{Journal, Watching},
};
use crate::containers::docker::{Docker, Mounted};
use watch::Watcher;

/// A volume that is kept as it is to be, as long as this lives.
#[derive(Debug)]
pub struct Gluster {
    docker: Docker,
    specs: channel::Sender<Arc<GlusterSpec>>,
    journal: Journal,
    watching: Watching,
    timing: Timing,
    /// Of each instance's folder.
    turns: Mutex<BTreeMap<String, Turn>>,
}

impl Gluster {
    /// Has the servers started, or found, and the volume made, in the background.
    ///
    /// # Errors
    /// If there can be no such volume.
    pub fn start(docker: &Docker, spec: GlusterSpec, timing: Timing) -> Result<Self, FilesError> {
        spec.check()?;
        let journal = Journal::new();
        let (specs, wanted) = channel::channel(Arc::new(spec));
        let watcher = Watcher::new(docker.clone(), timing, journal.clone());
        let watching = Watching::new(watcher.run(wanted));
        let (docker, turns) = (docker.clone(), Mutex::default());
        Ok(Self { docker, specs, journal, watching, timing, turns })
    }

    /// How it is to be.
    #[must_use]
    pub fn spec(&self) -> Arc<GlusterSpec> {
        Arc::clone(&self.specs.borrow())
    }

    /// How it fares.
    #[must_use]
    pub fn status(&self) -> channel::Receiver<FilesStatus> {
        self.journal.status()
    }

    /// What happened of late, the oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.journal.events()
    }

    /// Waits until files can be written.
    ///
    /// # Errors
    /// If they can't in time; says how far it is.
    pub async fn usable(&self, patience: Duration) -> Result<(), FilesError> {
        let good = |state| matches!(state, FilesState::Ready | FilesState::Degraded);
        self.journal.wait(&self.spec().id, patience, |status| good(status.state)).await
    }

    /// Waits until every server serves and none is behind.
    ///
    /// # Errors
    /// If that is not so in time; says how far it is.
    pub async fn whole(&self, patience: Duration) -> Result<(), FilesError> {
        self.journal.wait(&self.spec().id, patience, |status| status.full_redundancy).await
    }

    /// Has it changed: its options at once, its containers one after the other, while the other ones
    /// have all files.
    ///
    /// # Errors
    /// If a volume can't change to be so.
    pub fn apply(&self, spec: GlusterSpec) -> Result<(), FilesError> {
        self.spec().check_change(&spec)?;
        self.specs.send_if_modified(|now| {
            let changed = **now != spec;
            *now = Arc::new(spec);
            changed
        });
        Ok(())
    }

    /// What an instance in a zone mounts: it asks the server of its zone first, and the others if
    /// that one is away.
    #[must_use]
    pub fn source(&self, zone: &str) -> Source {
        let spec = self.spec();
        let mut servers = spec.servers.clone();
        servers.sort_by_key(|server| server.zone != zone);
        let servers = servers.into_iter().map(|server| server.address).collect();
        Source { volume: spec.volume.clone(), servers }
    }

    /// What a task on an instance in a zone has to mount to have a folder of the files, which the
    /// instance mounts first.
    ///
    /// # Errors
    /// If the instance can't mount them; says what to do.
    pub async fn mounted(
        &self,
        host: &Host,
        zone: &str,
        folder: &Folder,
        at: &str,
        read_only: bool,
    ) -> Result<Mounted, FilesError> {
        let mount = self.mount(host);
        let path = folder.below(mount.folder())?;
        mount.ensure_with(&self.source(zone), folder).await?;
        Ok(Mounted::Host { path, at: at.to_owned(), read_only, shared: false })
    }

    /// The files as an instance has them, or is to have them.
    #[must_use]
    pub fn mount(&self, host: &Host) -> Mount {
        let spec = self.spec();
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = Arc::clone(turns.entry(host.folder.clone()).or_default());
        Mount::new(&self.docker, host, &owner(&spec.account, &spec.id), self.timing, turn)
    }

    /// Removes servers and files. Whoever has them mounted unmounts them first.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn remove(self) -> Result<(), FilesError> {
        let (docker, spec) = (self.docker.clone(), self.spec());
        self.leave().await;
        clear(&docker, &spec.id, &spec.labels()).await
    }

    /// Ends the watching, and leaves the servers as they are.
    pub async fn leave(self) {
        let Self { specs, watching, .. } = self;
        drop(specs);
        watching.end().await;
    }
}
