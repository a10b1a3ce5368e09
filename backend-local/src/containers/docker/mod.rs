//! Docker, as the rest of the place needs it.
//!
//! Containers are started by testcontainers; its client of Docker's API does what testcontainers has no
//! words for: networks, fixed addresses, pauses, builds. What is started here outlives the process, and
//! is found again by its [`Labels`].

mod error;
mod events;
mod exec;
mod known;
mod labels;
mod look;
mod network;
mod run;
mod session;
mod spec;
mod stats;
mod volume;

use std::{sync::Arc, time::Duration};

pub use error::DockerError;
pub use exec::Executed;
pub use known::{Known, Listed};
pub use labels::{Labels, Owner};
pub use look::{Health, Seen};
pub use network::{ListedNetwork, NetworkSpec};
pub use session::Session;
pub use spec::{Mounted, Network, Spec};
pub use stats::Usage;

pub use testcontainers::{bollard, core::Healthcheck};

/// How long Docker may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to Docker. Clones share it.
#[derive(Clone)]
pub struct Docker {
    client: Arc<bollard::Docker>,
}

impl std::fmt::Debug for Docker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Docker").finish_non_exhaustive()
    }
}

impl Docker {
    /// Connects to the Docker that `DOCKER_HOST` names, else to the one of this machine.
    ///
    /// # Errors
    /// If there is none, or we may not use it; says what to do.
    pub async fn connect() -> Result<Self, DockerError> {
        let client = testcontainers::core::client::docker_client_instance().await;
        let client = client.map_err(|error| DockerError::not_there(&error))?;
        match tokio::time::timeout(PATIENCE, client.ping()).await {
            Ok(Ok(_)) => Ok(Self { client: Arc::new(client) }),
            Ok(Err(error)) => Err(DockerError::not_there(&error)),
            Err(_) => Err(DockerError::Silent { seconds: PATIENCE.as_secs() }),
        }
    }

    /// The client of Docker's API, for what has no method here.
    #[must_use]
    pub fn api(&self) -> &bollard::Docker {
        &self.client
    }

    /// Stops a container: the signal that its image names, and a kill after the grace period.
    ///
    /// # Errors
    /// If Docker refuses. That it has stopped, or is gone, is none.
    pub async fn stop(&self, container: &str, grace: Duration) -> Result<(), DockerError> {
        let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
        let options = bollard::query_parameters::StopContainerOptionsBuilder::new().t(seconds);
        // The client gives up after two minutes; some tasks may take longer to end.
        let stopped = self.client.stop_container(container, Some(options.build())).await;
        error::unless_missing("stop", container, stopped)
    }

    /// Kills a container at once.
    ///
    /// # Errors
    /// If Docker refuses. That it does not run is none.
    pub async fn kill(&self, container: &str) -> Result<(), DockerError> {
        let killed = self.client.kill_container(container, None).await;
        error::unless_missing("kill", container, killed)
    }

    /// Starts a container that has ended.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn start(&self, container: &str) -> Result<(), DockerError> {
        let started = self.client.start_container(container, None).await;
        started.map_err(|source| DockerError::api("start", container, source))
    }

    /// Freezes all processes of a container: it answers nothing and loses nothing.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn pause(&self, container: &str) -> Result<(), DockerError> {
        let paused = self.client.pause_container(container).await;
        paused.map_err(|source| DockerError::api("pause", container, source))
    }

    /// Lets a frozen container go on.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn unpause(&self, container: &str) -> Result<(), DockerError> {
        let unpaused = self.client.unpause_container(container).await;
        unpaused.map_err(|source| DockerError::api("unpause", container, source))
    }

    /// Removes a container, whatever it does, and the volumes that have no name.
    ///
    /// # Errors
    /// If Docker refuses. That it is gone is none.
    pub async fn remove(&self, container: &str) -> Result<(), DockerError> {
        let options = bollard::query_parameters::RemoveContainerOptionsBuilder::new();
        let options = options.force(true).v(true).build();
        let removed = self.client.remove_container(container, Some(options)).await;
        error::unless_missing("remove", container, removed)
    }
}
