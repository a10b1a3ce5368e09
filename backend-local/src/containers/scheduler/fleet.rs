//! [`Fleet`]: the instances and tasks that are there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::task::{TaskState, TaskStatus};

/// What an instance has, or a task takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Units of processor: 1024 are one.
    pub cpu: u32,
    /// MiB of memory.
    pub memory: u32,
    /// Network interfaces for tasks.
    pub interfaces: u32,
}

impl Room {
    /// What is left when so much is taken.
    #[must_use]
    pub fn without(self, taken: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(taken.cpu),
            memory: self.memory.saturating_sub(taken.memory),
            interfaces: self.interfaces.saturating_sub(taken.interfaces),
        }
    }

    /// Whether something fits.
    #[must_use]
    pub fn fits(self, wanted: Self) -> bool {
        wanted.cpu <= self.cpu
            && wanted.memory <= self.memory
            && wanted.interfaces <= self.interfaces
    }
}

/// Whether tasks may go to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceStatus {
    /// They may.
    Active,
    /// No more; those that are there move.
    Draining,
    /// It is gone, or does not answer, and so are they.
    Lost,
}

/// A container instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceSpec {
    /// Its id.
    pub id: String,
    /// Its zone.
    pub zone: String,
    /// What it has for tasks.
    pub room: Room,
    /// Whether tasks may go there.
    pub status: InstanceStatus,
    /// The capacity provider that it belongs to.
    pub provider: Option<String>,
    /// Attributes beside `ecs.availability-zone`, such as `ecs.instance-type`.
    pub attributes: BTreeMap<String, String>,
}

impl InstanceSpec {
    /// Whether tasks may go there.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == InstanceStatus::Active
    }

    /// An attribute by its name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        match name {
            "ecs.availability-zone" => Some(&self.zone),
            name => self.attributes.get(name).map(String::as_str),
        }
    }
}

/// The instances and tasks that are there, of all services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    /// The instances.
    pub instances: Vec<InstanceSpec>,
    /// The tasks, those that stopped too until a decision has seen them.
    pub tasks: Vec<TaskState>,
}

impl Fleet {
    /// An instance by its id.
    #[must_use]
    pub fn instance(&self, id: &str) -> Option<&InstanceSpec> {
        self.instances.iter().find(|instance| instance.id == id)
    }

    /// A task by its id.
    #[must_use]
    pub fn task(&self, id: &str) -> Option<&TaskState> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// What an instance has left: what stops still takes its part.
    #[must_use]
    pub fn left(&self, instance: &InstanceSpec) -> Room {
        let there = self
            .tasks
            .iter()
            .filter(|task| task.instance == instance.id && task.status != TaskStatus::Stopped);
        there.fold(instance.room, |room, task| room.without(task.room))
    }
}
