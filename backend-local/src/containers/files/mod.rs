//! Shared files: what tasks of a site have in common.
//!
//! | kind | is | survives |
//! |---|---|---|
//! | [`Gluster`] | three servers, one in each zone, each of which has all files | any one of them |
//! | [`Nfs`] | EFS's protocol by one server, behind an address in each zone | its own restart |
//! | [`SimpleFiles`] | a volume of Docker's | what its disk survives |
//!
//! [`Files`] is any of them: it gives what a task has to mount.

mod error;
mod folder;
mod gluster;
mod helper;
mod mount;
mod nfs;
mod simple;
mod status;
mod timing;

pub use error::FilesError;
pub use folder::Folder;
pub use gluster::{GLUSTER_IMAGE, Gluster, GlusterSpec, Server};
pub use mount::{
    Ensured, Host, KeptMount, Mount, MountState, MountStatus, Source, devices, unmount_below,
};
pub use nfs::{NFS_IMAGE, NFS_PORT, Nfs, NfsClient, NfsSpec};
pub use simple::SimpleFiles;
pub use status::{Event, FilesState, FilesStatus, ServerStatus};
pub use timing::Timing;

use super::docker::{Docker, DockerError, Labels, Mounted, Owner};

/// What kind of thing containers and volumes of shared files are for.
pub const KIND: &str = "files";

/// The image of instances, which mount files for their tasks.
pub const INSTANCE_IMAGE: &str = "moodle-infra/instance:1";

/// Whose shared files are, for helpers and what instances mount.
#[must_use]
pub fn owner(account: &str, id: &str) -> Owner {
    let [account, kind, id] = [account, KIND, id].map(str::to_owned);
    Owner { account, kind, id, part: String::new() }
}

/// Shared files of any kind.
#[derive(Debug)]
pub enum Files {
    /// On GlusterFS.
    Gluster(Gluster),
    /// By NFS.
    Nfs(Nfs),
    /// In a volume of Docker's.
    Simple(SimpleFiles),
}

impl Files {
    /// How they fare.
    #[must_use]
    pub fn status(&self) -> FilesStatus {
        match self {
            Self::Gluster(gluster) => gluster.status().borrow().clone(),
            Self::Nfs(nfs) => nfs.status().borrow().clone(),
            Self::Simple(simple) => simple.status(),
        }
    }

    /// What happened of late, the oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        match self {
            Self::Gluster(gluster) => gluster.events(),
            Self::Nfs(nfs) => nfs.events(),
            Self::Simple(_) => vec![],
        }
    }

    /// What a task on an instance in a zone has to mount to have a folder of them. Whatever has to
    /// be mounted or made for that is.
    ///
    /// # Errors
    /// If they can't be mounted here; says what to do.
    pub async fn mounted(
        &self,
        host: &Host,
        zone: &str,
        folder: &Folder,
        at: &str,
        read_only: bool,
    ) -> Result<Mounted, FilesError> {
        match self {
            Self::Gluster(gluster) => gluster.mounted(host, zone, folder, at, read_only).await,
            Self::Nfs(nfs) => nfs.mounted(zone, folder, at, read_only).await,
            Self::Simple(simple) => simple.mounted(folder, at, read_only).await,
        }
    }

    /// Keeps what an instance in a zone has mounted of them; `None` where instances mount nothing.
    #[must_use]
    pub fn keep(&self, host: &Host, zone: &str) -> Option<KeptMount> {
        match self {
            Self::Gluster(gluster) => Some(gluster.mount(host).keep(gluster.source(zone))),
            Self::Nfs(_) | Self::Simple(_) => None,
        }
    }

    /// Removes them. Whoever has them mounted unmounts them first ([`Mount::remove`]).
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn remove(self) -> Result<(), FilesError> {
        match self {
            Self::Gluster(gluster) => gluster.remove().await,
            Self::Nfs(nfs) => nfs.remove().await,
            Self::Simple(simple) => simple.remove().await,
        }
    }
}

/// Removes all containers and volumes that are for some files: also what a manager had asked for
/// that ended at that moment.
async fn clear(docker: &Docker, id: &str, labels: &Labels) -> Result<(), FilesError> {
    docker.remove_all(labels).await.map_err(|error| match error {
        DockerError::Api { what: volume, .. } if error.is_conflict() => {
            FilesError::InUse { id: id.to_owned(), volume }
        }
        error => FilesError::docker(id, "removing them")(error),
    })
}

/// Removes all that is for some files, whatever kind they are of, also where nobody manages them.
///
/// # Errors
/// If Docker refuses.
pub async fn remove_all(docker: &Docker, account: &str, id: &str) -> Result<(), FilesError> {
    clear(docker, id, &Labels::of_thing(account, KIND, id)).await
}
