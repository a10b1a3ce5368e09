//! A container that runs one command with some of this machine's folders or volumes, and goes.

use super::FilesError;
use crate::containers::{
    docker::{Docker, Executed, Mounted, Network, Owner, Spec},
    endpoint::NETWORK_IMAGE,
};

/// Runs a command, which must succeed, as root of a container without a network.
pub(super) async fn with_helper(
    docker: &Docker,
    owner: Owner,
    mounts: Vec<Mounted>,
    capability: Option<&str>,
    command: &[&str],
) -> Result<Executed, FilesError> {
    let (id, name) = (owner.id.clone(), owner.name());
    let failed = || FilesError::docker(&id, "running a helper");
    // One that did not live to go would have other folders.
    docker.remove(&name).await.map_err(failed())?;
    let mut spec = Spec::new(owner, NETWORK_IMAGE, Network::On("none".to_owned()));
    spec.mounts = mounts;
    spec.capabilities.extend(capability.map(str::to_owned));
    docker.run(&spec).await.map_err(failed())?;
    let done = docker.exec(&name, command, b"").await;
    docker.remove(&name).await.map_err(failed())?;
    done.map_err(failed())
}
