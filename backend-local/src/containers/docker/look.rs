//! What Docker says of containers and networks.

use super::{
    Docker, DockerError, Labels, Owner,
    bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum, HealthStatusEnum},
};

/// How healthy a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nobody looks.
    Unknown,
    /// It has not been healthy yet.
    Starting,
    /// It is.
    Healthy,
    /// It is not.
    Unhealthy,
}

/// A container as Docker has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Its image, as it was named.
    pub image: String,
    /// Whether it runs. What is paused does.
    pub running: bool,
    /// Whether it is frozen.
    pub paused: bool,
    /// How healthy it is.
    pub health: Health,
    /// What asks it, as Docker has it: `CMD-SHELL`, `curl …`.
    pub check: Vec<String>,
    /// What it ended with, if it has.
    pub exit_code: Option<i64>,
    /// Why it could not be started, or that memory ran out.
    pub error: Option<String>,
    /// When it was started last, as Docker says it (RFC 3339).
    pub started_at: String,
    /// Its process on this machine, if it runs.
    pub pid: Option<i64>,
    /// The container whose network it shares, by name or id.
    pub shares: Option<String>,
}

impl Seen {
    /// Whose it is; `None` if it is none of ours.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        self.labels.owner()
    }
}

impl Docker {
    /// A container by its name or id; `None` if there is none.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn see(&self, container: &str) -> Result<Option<Seen>, DockerError> {
        let seen = self.api().inspect_container(container, None).await;
        match seen.map_err(|source| DockerError::api("look at", container, source)) {
            Ok(seen) => Ok(Some(told(seen))),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn told(seen: ContainerInspectResponse) -> Seen {
    let state = seen.state.unwrap_or_default();
    let config = seen.config.unwrap_or_default();
    let running = state.running.unwrap_or(false);
    let ended = state.status == Some(ContainerStateStatusEnum::EXITED)
        || state.status == Some(ContainerStateStatusEnum::DEAD);
    let health = state.health.and_then(|health| health.status);
    let error = state.error.filter(|error| !error.is_empty());
    let starved = state.oom_killed.unwrap_or(false).then(|| "it ran out of memory".to_owned());
    Seen {
        id: seen.id.unwrap_or_default(),
        name: seen.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        labels: Labels(config.labels.unwrap_or_default()),
        image: config.image.unwrap_or_default(),
        running,
        paused: state.paused.unwrap_or(false),
        health: match health {
            Some(HealthStatusEnum::STARTING) => Health::Starting,
            Some(HealthStatusEnum::HEALTHY) => Health::Healthy,
            Some(HealthStatusEnum::UNHEALTHY) => Health::Unhealthy,
            Some(HealthStatusEnum::NONE | HealthStatusEnum::EMPTY) | None => Health::Unknown,
        },
        check: config.healthcheck.and_then(|check| check.test).unwrap_or_default(),
        exit_code: ended.then_some(state.exit_code).flatten(),
        error: error.or(starved),
        started_at: state.started_at.unwrap_or_default(),
        pid: state.pid.filter(|pid| running && *pid > 0),
        shares: seen
            .host_config
            .and_then(|host| host.network_mode)
            .and_then(|mode| mode.strip_prefix("container:").map(str::to_owned)),
    }
}
