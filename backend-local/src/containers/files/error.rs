//! [`FilesError`]: why shared files can't be had, and what to do about it.

use std::net::Ipv4Addr;

use crate::containers::{docker::DockerError, endpoint::EndpointError};

/// Why shared files can't be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// Docker refuses.
    #[error("the files {id}: {doing} fails")]
    Docker {
        /// The files.
        id: String,
        /// What was being done.
        doing: &'static str,
        /// What Docker said.
        source: DockerError,
    },
    /// What was asked for can't be.
    #[error("the files {id} can't be as asked: {reason}")]
    Spec {
        /// The files.
        id: String,
        /// Why not, and what can.
        reason: String,
    },
    /// A command of GlusterFS failed.
    #[error("`gluster {command}` on the server {node} fails: {said}")]
    Gluster {
        /// The server.
        node: String,
        /// The command.
        command: String,
        /// What it said.
        said: String,
    },
    /// A command did not end in time.
    #[error("`{command}` on {node} does not end within {seconds} s: a server of the files hangs")]
    Slow {
        /// Where it ran.
        node: String,
        /// The command.
        command: String,
        /// How long was waited.
        seconds: u64,
    },
    /// A brick has files of another volume.
    #[error(
        "the brick of the server {node} is part of another volume ({found}, not {wanted}): remove \
         the Docker volume {volume} if its files are not needed, and it is filled by the others"
    )]
    OtherVolume {
        /// The server.
        node: String,
        /// The id of the volume that it is part of.
        found: String,
        /// The one that it should be of.
        wanted: String,
        /// Docker's volume.
        volume: String,
    },
    /// Servers do not come together.
    #[error("the servers of the files {id} don't come together within {seconds} s: {waits_for}")]
    Apart {
        /// The files.
        id: String,
        /// How long was waited.
        seconds: u64,
        /// What was waited for.
        waits_for: String,
    },
    /// What a container mounts does not appear on this machine.
    #[error(
        "{folder} lies on {mount}, which is no shared mount: what an instance mounts there would not be \
         seen by its tasks. Run `mount --make-rshared {mount}` as root (it lasts until the next \
         start of this machine), or use the simple profile of files, a volume of Docker's"
    )]
    NotShared {
        /// The folder.
        folder: String,
        /// The mount that it lies on.
        mount: String,
    },
    /// There is no table of mounts.
    #[error(
        "the mounts of this machine can't be read ({path}): files of GlusterFS need Docker on this \
         machine itself, which runs Linux; use the simple profile of files, a volume of Docker's"
    )]
    NoMounts {
        /// What can't be read.
        path: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// An instance can't mount the files.
    #[error("the instance {instance} can't mount {what} at {folder}: {said}")]
    Mount {
        /// The instance.
        instance: String,
        /// What.
        what: String,
        /// Where.
        folder: String,
        /// What `mount` said.
        said: String,
    },
    /// An instance has mounted the files, and this machine does not see it.
    #[error(
        "the instance {instance} has mounted its files at {folder}, but this machine does not see \
         them: the instance has to have {parent} of this machine bound `rshared`, and Docker has to \
         run on this machine itself, not in a virtual one (use the simple profile of files there)"
    )]
    Unseen {
        /// The instance.
        instance: String,
        /// Where.
        folder: String,
        /// The folder that has to be bound.
        parent: String,
    },
    /// A mount is still there.
    #[error("{folder} is still mounted: run `umount --lazy {folder}` as root")]
    StillMounted {
        /// Where.
        folder: String,
    },
    /// A folder of this machine can't be made or removed.
    #[error("the folder {path} can't be {doing}")]
    Folder {
        /// The folder.
        path: String,
        /// What was done.
        doing: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// A folder within the files has no usable name.
    #[error("`{0}` is no folder within files: it is a path like `/moodledata` without `..`")]
    NoFolder(String),
    /// The kernel can't mount NFS.
    #[error(
        "this machine can't mount NFS: {reason}; use files of GlusterFS (mounted by FUSE), or the \
         simple profile, a volume of Docker's"
    )]
    NoNfs {
        /// Why not.
        reason: String,
    },
    /// An endpoint of a file system can't be led to its server.
    #[error("the mount target {address} of the files {id} can't be led to the server")]
    Target {
        /// The files.
        id: String,
        /// Its address.
        address: Ipv4Addr,
        /// Why not.
        source: EndpointError,
    },
    /// A task has them still.
    #[error(
        "the Docker volume {volume} of the files {id} can't be removed: a container has it still; \
         `docker ps --all --filter volume={volume}` names it"
    )]
    InUse {
        /// The files.
        id: String,
        /// Docker's volume.
        volume: String,
    },
    /// They are not usable in time.
    #[error("the files {id} are not usable within {seconds} s: {message}")]
    NotReady {
        /// The files.
        id: String,
        /// How long was waited.
        seconds: u64,
        /// How far they are.
        message: String,
    },
}

impl FilesError {
    /// For `map_err` on what Docker does.
    pub(super) fn docker(id: &str, doing: &'static str) -> impl FnOnce(DockerError) -> Self {
        let id = id.to_owned();
        move |source| Self::Docker { id, doing, source }
    }

    /// It with all that lies below it, in one line for people.
    #[must_use]
    pub fn in_full(&self) -> String {
        infra_core::engine::full_message(self)
    }
}
