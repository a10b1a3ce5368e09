//! [`TaskState`]: a task as it is seen. [`TaskSpec`]: what is known of it beforehand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Moment, Room};

/// What is known of the tasks of a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSpec {
    /// What a task takes of its instance.
    pub room: Room,
    /// Its containers.
    pub containers: Vec<ContainerSpec>,
}

/// What is known of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Its name.
    pub name: String,
    /// Whether the task ends with it.
    pub essential: bool,
    /// Whether it has a health check.
    pub checked: bool,
}

/// What a health check says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    /// There is none.
    #[default]
    Unchecked,
    /// It does not know yet.
    Unknown,
    /// It is well.
    Healthy,
    /// It is not.
    Unhealthy,
}

impl Health {
    /// Whether nothing speaks against it.
    #[must_use]
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Unchecked | Self::Healthy)
    }
}

/// A container as it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    /// It runs, and its check says this.
    Runs(Health),
    /// It ended with this code.
    Exited(i32),
}

impl TaskSpec {
    /// What the checks of its containers come to: the worst of those that are essential.
    #[must_use]
    pub fn health(&self, seen: &BTreeMap<String, ContainerState>) -> Health {
        let checked = self.containers.iter().filter(|it| it.essential && it.checked);
        let mut all = Health::Unchecked;
        for container in checked {
            all = match (all, seen.get(&container.name)) {
                (Health::Unhealthy, _) | (_, Some(ContainerState::Runs(Health::Unhealthy))) => {
                    Health::Unhealthy
                }
                (Health::Unchecked | Health::Healthy, Some(ContainerState::Runs(it))) => {
                    if it.is_fine() { Health::Healthy } else { Health::Unknown }
                }
                _ => Health::Unknown,
            };
        }
        all
    }

    /// The essential container whose end is the end of the task, and its exit code.
    #[must_use]
    pub fn ended_by<'a>(
        &'a self,
        seen: &BTreeMap<String, ContainerState>,
    ) -> Option<(&'a str, i32)> {
        let essential = self.containers.iter().filter(|it| it.essential);
        essential.into_iter().find_map(|container| match seen.get(&container.name) {
            Some(ContainerState::Exited(code)) => Some((container.name.as_str(), *code)),
            _ => None,
        })
    }
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskStatus {
    /// It starts.
    Pending,
    /// All its containers run.
    Running,
    /// It was told to stop: it drains, or its containers end.
    Stopping,
    /// None of its containers runs.
    Stopped,
}

/// A task as it is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskState {
    /// The token that it was started by.
    pub id: String,
    /// The service or the single run that it belongs to.
    pub owner: String,
    /// The deployment that it was started by; empty of a single run.
    pub deployment: String,
    /// The revision of its task definition.
    pub revision: String,
    /// The instance it runs on.
    pub instance: String,
    /// What it takes there.
    pub room: Room,
    /// Whether its service has one on every instance.
    pub daemon: bool,
    /// What it does.
    pub status: TaskStatus,
    /// What the checks of its containers say.
    pub container: Health,
    /// What the checks of its target groups say, together.
    pub target: Health,
    /// When all its containers ran.
    pub started_at: Option<Moment>,
    /// The exit code of the container that ended it.
    pub exit_code: Option<i32>,
    /// Why it stopped.
    pub reason: Option<String>,
    /// Until when it must not be stopped to scale in or to deploy.
    pub protected_until: Option<Moment>,
}

impl TaskState {
    /// One that was decided to start, and that nothing checks.
    #[must_use]
    pub fn pending(
        id: &str,
        owner: &str,
        deployment: &str,
        revision: &str,
        instance: &str,
        room: Room,
    ) -> Self {
        let [id, owner, deployment, revision, instance] =
            [id, owner, deployment, revision, instance].map(str::to_owned);
        Self {
            id,
            owner,
            deployment,
            revision,
            instance,
            room,
            daemon: false,
            status: TaskStatus::Pending,
            container: Health::Unchecked,
            target: Health::Unchecked,
            started_at: None,
            exit_code: None,
            reason: None,
            protected_until: None,
        }
    }

    /// Whether it starts or runs.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.status, TaskStatus::Pending | TaskStatus::Running)
    }

    /// Whether it is protected.
    #[must_use]
    pub fn is_protected(&self, now: Moment) -> bool {
        self.protected_until.is_some_and(|until| until > now)
    }

    /// When it counts as healthy if nothing changes: it runs, its checks say so, and without any
    /// check it has run for a while.
    #[must_use]
    pub fn healthy_from(&self, settle: std::time::Duration) -> Option<Moment> {
        let started = self.started_at.filter(|_| self.status == TaskStatus::Running)?;
        match (self.container, self.target) {
            (Health::Unchecked, Health::Unchecked) => Some(started.plus(settle)),
            (one, other) if one.is_fine() && other.is_fine() => Some(started),
            _ => None,
        }
    }

    /// From when on a check that says it is ill counts.
    #[must_use]
    pub fn unhealthy_from(&self, grace: std::time::Duration) -> Option<Moment> {
        let started = self.started_at.filter(|_| self.status == TaskStatus::Running)?;
        let ill = self.container == Health::Unhealthy || self.target == Health::Unhealthy;
        ill.then(|| started.plus(grace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_as_well_as_its_essential_containers() {
        let container = |name: &str, essential, checked| ContainerSpec {
            name: name.to_owned(),
            essential,
            checked,
        };
        let containers = vec![
            container("web", true, true),
            container("log", false, true),
            container("x", true, false),
        ];
        let spec = TaskSpec { containers, ..TaskSpec::default() };
        let seen = |web, log| BTreeMap::from([("web".to_owned(), web), ("log".to_owned(), log)]);
        let (well, ill) =
            (ContainerState::Runs(Health::Healthy), ContainerState::Runs(Health::Unhealthy));
        assert_eq!(spec.health(&seen(well, ill)), Health::Healthy);
        assert_eq!(spec.health(&seen(ill, well)), Health::Unhealthy);
        assert_eq!(spec.health(&BTreeMap::new()), Health::Unknown);
        assert_eq!(TaskSpec::default().health(&seen(ill, ill)), Health::Unchecked);
        let ended = ContainerState::Exited(3);
        assert_eq!(spec.ended_by(&seen(ended, well)), Some(("web", 3)));
        assert_eq!(spec.ended_by(&seen(well, ended)), None);
    }
}
