//! [`Nfs`]: a file system of EFS: NFS 4.1 by one server (NFS-Ganesha), behind a mount target in each
//! zone.
//!
//! Tasks have it by Docker's volume driver `local`, which asks this machine's kernel to mount. Where
//! that has no client of NFS, no task can use it, and whoever asks is told before ([`NfsClient`]) what
//! else there is.

mod client;
mod spec;
mod watch;

use std::{sync::Arc, time::Duration};

use tokio::sync::watch as channel;

pub use client::NfsClient;
pub use spec::{NFS_IMAGE, NFS_PORT, NfsSpec};

use super::{
    Event, FilesError, FilesState, FilesStatus, Folder, Timing, clear,
    status::{Journal, Watching},
};
use crate::containers::docker::{
    Docker, DockerError, Labels, Mounted, bollard::models::VolumeCreateRequest,
};
use watch::Watcher;

/// A file system that is kept as it is to be, as long as this lives.
#[derive(Debug)]
pub struct Nfs {
    docker: Docker,
    specs: channel::Sender<Arc<NfsSpec>>,
    journal: Journal,
    watching: Watching,
}

impl Nfs {
    /// Has the server started, or found, and its mount targets led to it, in the background.
    ///
    /// # Errors
    /// If there can be no such file system.
    pub fn start(docker: &Docker, spec: NfsSpec, timing: Timing) -> Result<Self, FilesError> {
        spec.check()?;
        let journal = Journal::new();
        let (specs, wanted) = channel::channel(Arc::new(spec));
        let watcher = Watcher {
            docker: docker.clone(),
            timing,
            journal: journal.clone(),
            hangs: None,
            was_ready: false,
        };
        let watching = Watching::new(watcher.run(wanted));
        Ok(Self { docker: docker.clone(), specs, journal, watching })
    }

    /// How it is to be.
    #[must_use]
    pub fn spec(&self) -> Arc<NfsSpec> {
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

    /// Waits until it serves.
    ///
    /// # Errors
    /// If it does not in time; says how far it is.
    pub async fn usable(&self, patience: Duration) -> Result<(), FilesError> {
        let id = &self.spec().id;
        self.journal.wait(id, patience, |status| status.state == FilesState::Ready).await
    }

    /// Has it changed: its mount targets at once, its server by a short break. A mount target that is
    /// no longer meant goes.
    ///
    /// # Errors
    /// If a file system can't change to be so.
    pub fn apply(&self, spec: NfsSpec) -> Result<(), FilesError> {
        self.spec().check_change(&spec)?;
        self.specs.send_if_modified(|now| {
            let changed = **now != spec;
            *now = Arc::new(spec);
            changed
        });
        Ok(())
    }

    /// What a task in a zone has to mount to have a folder of it.
    ///
    /// # Errors
    /// If this machine can't mount NFS; says what else there is.
    pub async fn mounted(
        &self,
        zone: &str,
        folder: &Folder,
        at: &str,
        read_only: bool,
    ) -> Result<Mounted, FilesError> {
        let spec = self.spec();
        NfsClient::of_this_machine()?.check()?;
        self.make(folder).await?;
        let name = self.ensure_volume(&spec, zone, folder).await?;
        Ok(Mounted::Volume { name, at: at.to_owned(), read_only })
    }

    /// Makes a folder within it, unless it is there: on the server itself.
    ///
    /// # Errors
    /// If it can't be made.
    pub async fn make(&self, folder: &Folder) -> Result<(), FilesError> {
        let spec = self.spec();
        let make = folder.make(spec::EXPORT)?;
        let make: Vec<&str> = make.iter().map(String::as_str).collect();
        let made = self.docker.exec(&spec.container().name(), &make, b"").await;
        made.map(|_| ()).map_err(FilesError::docker(&spec.id, "making a folder"))
    }

    /// The volume of Docker's that is a folder of it, by the mount target of a zone.
    async fn ensure_volume(
        &self,
        spec: &NfsSpec,
        zone: &str,
        folder: &Folder,
    ) -> Result<String, FilesError> {
        let (target, folder) = (spec.target_of(zone)?, folder.relative()?);
        // A volume never changes: one of another address or folder has another name.
        let owner = spec.owner(format!("by-{}-{}", target.address, word(folder)));
        let name = owner.name();
        let request = VolumeCreateRequest {
            name: Some(name.clone()),
            driver: Some("local".to_owned()),
            driver_opts: Some(spec.driver_options(target, folder).into_iter().collect()),
            labels: Some(Labels::of(&owner).0),
            ..VolumeCreateRequest::default()
        };
        let made = self.docker.api().create_volume(request).await;
        let made = made.map_err(|source| DockerError::api("make the volume", &name, source));
        made.map(|_| name).map_err(FilesError::docker(&spec.id, "making a volume"))
    }

    /// Removes the server, its mount targets and the files.
    ///
    /// # Errors
    /// If Docker refuses: a task has them still.
    pub async fn remove(self) -> Result<(), FilesError> {
        let (docker, spec) = (self.docker.clone(), self.spec());
        self.leave().await;
        clear(&docker, &spec.id, &spec.labels()).await
    }

    /// Ends the watching, and leaves the server as it is.
    pub async fn leave(self) {
        let Self { specs, watching, .. } = self;
        drop(specs);
        watching.end().await;
    }
}

/// A word for a folder that no other one has: names of Docker's know no `/`.
fn word(folder: &str) -> String {
    use blake2::{Blake2s256, Digest as _};
    hex::encode(&Blake2s256::digest(folder)[..6])
}
