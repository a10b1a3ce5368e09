//! What the containers of tasks and instances say about themselves in their labels.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use serde::{Deserialize, Serialize};

use crate::containers::{
    docker::{Health as Seen, Labels, Listed, Seen as Container},
    scheduler::{
        ContainerSpec, ContainerState, Health, InstanceSpec, InstanceStatus, Moment, Room,
        TaskSpec, TaskState, TaskStatus,
    },
};

/// The kind of the containers of tasks.
pub(super) const TASK: &str = "task";
/// The kind of the containers of instances.
pub(super) const INSTANCE: &str = "instance";
/// The label with what follows, as JSON.
pub(super) const NOTE: &str = "infra.note";
/// The label with what a container was given of mounts: their folders and devices, as JSON.
pub(super) const MOUNTS: &str = "infra.mounts";

/// What a container of a task says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TaskNote {
    pub(super) owner: String,
    pub(super) deployment: String,
    pub(super) revision: String,
    pub(super) instance: String,
    pub(super) room: Room,
    pub(super) daemon: bool,
    pub(super) containers: Vec<ContainerSpec>,
    pub(super) grace: u64,
    pub(super) address: Ipv4Addr,
    pub(super) targets: Vec<(String, u16)>,
}

/// What a container of an instance says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InstanceNote {
    pub(super) group: String,
    pub(super) zone: String,
    pub(super) template: String,
    pub(super) launched_at: u64,
}

/// A task that has containers.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) note: TaskNote,
    /// By their names in the task.
    pub(super) containers: BTreeMap<String, Container>,
}

/// An instance that has a container.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) note: InstanceNote,
    pub(super) container: Listed,
}

fn note<T: for<'a> Deserialize<'a>>(labels: &Labels) -> Option<T> {
    serde_json::from_str(labels.0.get(NOTE)?).ok()
}

/// The tasks that some containers are.
pub(super) fn tasks(containers: Vec<Container>) -> Vec<Task> {
    let mut tasks: BTreeMap<String, Task> = BTreeMap::new();
    for container in containers {
        let (Some(owner), Some(note)) = (container.owner(), note::<TaskNote>(&container.labels))
        else {
            continue;
        };
        let task = tasks.entry(owner.id.clone()).or_insert_with(|| Task {
            id: owner.id.clone(),
            note,
            containers: BTreeMap::new(),
        });
        task.containers.insert(owner.part, container);
    }
    tasks.into_values().collect()
}

/// The instances that some containers are.
pub(super) fn instances(containers: Vec<Listed>) -> Vec<Instance> {
    let instances = containers.into_iter().filter_map(|container| {
        let (id, note) = (container.owner()?.id, note::<InstanceNote>(&container.labels)?);
        Some(Instance { id, note, container })
    });
    instances.collect()
}

fn state(container: &Container) -> ContainerState {
    match container.exit_code {
        Some(code) if !container.running => {
            ContainerState::Exited(i32::try_from(code).unwrap_or(i32::MAX))
        }
        _ => ContainerState::Runs(match container.health {
            Seen::Unknown | Seen::Starting => Health::Unknown,
            Seen::Healthy => Health::Healthy,
            Seen::Unhealthy => Health::Unhealthy,
        }),
    }
}

impl Task {
    /// Whether its start has not come to its end: a container is not there, or was never started.
    pub(super) fn is_half_made(&self) -> bool {
        let never_began = |it: &Container| !it.running && it.exit_code.is_none();
        self.containers.len() < self.note.containers.len()
            || self.containers.values().any(never_began)
    }

    /// How it is, as the scheduler sees it.
    pub(super) fn seen(
        &self,
        starting: bool,
        stopping: &BTreeSet<String>,
        started_at: Option<Moment>,
        target: Health,
    ) -> TaskState {
        let spec = TaskSpec { room: self.note.room, containers: self.note.containers.clone() };
        let states: BTreeMap<String, ContainerState> =
            self.containers.iter().map(|(name, it)| (name.clone(), state(it))).collect();
        let ended = spec.ended_by(&states);
        let any_runs = self.containers.values().any(|container| container.running);
        let status = if ended.is_some() && !any_runs {
            TaskStatus::Stopped
        } else if stopping.contains(&self.id) || ended.is_some() {
            TaskStatus::Stopping
        } else if starting || self.containers.len() < self.note.containers.len() {
            TaskStatus::Pending
        } else {
            TaskStatus::Running
        };
        let starved = self.containers.values().find_map(|container| container.error.clone());
        TaskState {
            id: self.id.clone(),
            owner: self.note.owner.clone(),
            deployment: self.note.deployment.clone(),
            revision: self.note.revision.clone(),
            instance: self.note.instance.clone(),
            room: self.note.room,
            daemon: self.note.daemon,
            status,
            container: spec.health(&states),
            target,
            started_at,
            exit_code: ended.map(|(_, code)| code),
            reason: ended.map(|_| {
                starved.unwrap_or_else(|| "Essential container in task exited".to_owned())
            }),
            protected_until: None,
        }
    }
}

impl Instance {
    /// How it is, as the scheduler sees it.
    pub(super) fn seen(&self, room: Room, provider: Option<String>, leaves: bool) -> InstanceSpec {
        let status = match (self.container.running && !self.container.paused, leaves) {
            (false, _) => InstanceStatus::Lost,
            (true, true) => InstanceStatus::Draining,
            (true, false) => InstanceStatus::Active,
        };
        InstanceSpec {
            id: self.id.clone(),
            zone: self.note.zone.clone(),
            room,
            status,
            provider,
            attributes: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::docker::Labels;

    fn container(running: bool, exit_code: Option<i64>) -> Container {
        let [id, name, image, started_at] = ["", "", "", ""].map(str::to_owned);
        Container {
            id,
            name,
            labels: Labels(Default::default()),
            image,
            running,
            paused: false,
            health: Seen::Unknown,
            check: vec![],
            exit_code,
            error: None,
            started_at,
            pid: None,
            shares: None,
        }
    }

    /// A task of two containers.
    fn task<const N: usize>(containers: [Container; N]) -> Task {
        let spec =
            |name: &str| ContainerSpec { name: name.to_owned(), essential: true, checked: false };
        let note = TaskNote {
            owner: "web".to_owned(),
            deployment: "1".to_owned(),
            revision: "web:1".to_owned(),
            instance: "i".to_owned(),
            room: Room::default(),
            daemon: false,
            containers: ["web", "log"].map(spec).to_vec(),
            grace: 30,
            address: Ipv4Addr::LOCALHOST,
            targets: vec![],
        };
        let containers = ["web", "log"].map(str::to_owned).into_iter().zip(containers).collect();
        Task { id: "web-1".to_owned(), note, containers }
    }

    #[test]
    fn a_start_that_ended_with_its_agent_is_half_made() {
        let (runs, made) = (container(true, None), container(false, None));
        let ended = container(false, Some(0));
        assert!(task([runs.clone()]).is_half_made(), "one is not there");
        assert!(task([runs.clone(), made]).is_half_made(), "one was never started");
        assert!(!task([runs.clone(), ended]).is_half_made());
        assert!(!task([runs.clone(), runs]).is_half_made());
    }
}
