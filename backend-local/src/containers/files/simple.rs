//! [`SimpleFiles`]: the simple profile: a volume of Docker's that all tasks share. It is as lasting as
//! this machine's disk, and nothing can be cut or killed.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{FilesError, FilesState, FilesStatus, Folder, KIND, clear, helper::with_helper};
use crate::containers::docker::{Docker, DockerError, Labels, Mounted, Owner};

/// A volume of Docker's that all tasks share.
#[derive(Clone, Debug)]
pub struct SimpleFiles {
    docker: Docker,
    owner: Owner,
    /// Held by who has a helper: tasks that start together want the same one.
    helping: Arc<Mutex<()>>,
}

impl SimpleFiles {
    /// Makes the volume, or finds it.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn start(docker: &Docker, account: &str, id: &str) -> Result<Self, FilesError> {
        let [account, kind, id] = [account, KIND, id].map(str::to_owned);
        let owner = Owner { account, kind, id, part: String::new() };
        docker
            .ensure_volume(&owner)
            .await
            .map_err(FilesError::docker(&owner.id, "making a volume"))?;
        Ok(Self { docker: docker.clone(), owner, helping: Arc::default() })
    }

    /// How they fare: a volume is always there.
    #[must_use]
    pub fn status(&self) -> FilesStatus {
        FilesStatus {
            state: FilesState::Ready,
            message: "a volume of Docker's keeps them, on this machine alone".to_owned(),
            full_redundancy: true,
            servers: vec![],
        }
    }

    /// What a task has to mount to have a folder of them.
    ///
    /// # Errors
    /// If the folder can't be made.
    pub async fn mounted(
        &self,
        folder: &Folder,
        at: &str,
        read_only: bool,
    ) -> Result<Mounted, FilesError> {
        let (name, at) = (self.owner.name(), at.to_owned());
        let inside = "/files";
        let volume =
            Mounted::Volume { name: name.clone(), at: inside.to_owned(), read_only: false };
        let make = folder.make(inside)?;
        let make: Vec<&str> = make.iter().map(String::as_str).collect();
        let part = format!("folder-{}", folder.relative()?);
        let owner = Owner { part, ..self.owner.clone() };
        let helping = self.helping.lock().await;
        with_helper(&self.docker, owner, vec![volume], None, &make).await?;
        drop(helping);
        if folder.relative()?.is_empty() {
            return Ok(Mounted::Volume { name, at, read_only });
        }
        // Docker can't mount a part of a volume before its API 1.45; it can bind the folder that the
        // volume is.
        let failed = |source| DockerError::api("look at the volume", &name, source);
        let volume = self.docker.api().inspect_volume(&name).await.map_err(failed);
        let volume = volume.map_err(FilesError::docker(&self.owner.id, "looking at the volume"))?;
        let path = folder.below(&volume.mountpoint)?;
        Ok(Mounted::Host { path, at, read_only, shared: false })
    }

    /// Removes the files.
    ///
    /// # Errors
    /// If Docker refuses: a task has them still.
    pub async fn remove(self) -> Result<(), FilesError> {
        let Owner { account, kind, id, .. } = &self.owner;
        clear(&self.docker, id, &Labels::of_thing(account, kind, id)).await
    }
}
