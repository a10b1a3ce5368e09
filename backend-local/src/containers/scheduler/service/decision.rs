//! [`Decision`]: what is to be done.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Kept;
use crate::containers::scheduler::{Event, Moment, Room};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Start a task, unless one with this token is there.
    Start {
        /// The id of the task.
        token: String,
        /// The deployment that it belongs to.
        deployment: String,
        /// The revision that it is started from.
        revision: String,
        /// Where.
        instance: String,
    },
    /// Stop a task: take it out of its target groups, let it finish, end it. Not if it stops
    /// already.
    Stop {
        /// The task.
        task: String,
        /// Why.
        why: Why,
    },
}

/// Why a task is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// There are too many.
    ScaledIn,
    /// A deployment replaces it.
    Deployed,
    /// Its checks say that it is ill.
    Unhealthy,
    /// Its instance drains.
    Drained,
    /// Its instance is gone.
    InstanceLost,
    /// Zones have unequal numbers of tasks.
    Rebalanced,
    /// It belongs to no deployment that is known.
    Unknown,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ScaledIn | Self::Deployed => "Scaling activity initiated by deployment",
            Self::Unhealthy => "Task failed health checks",
            Self::Drained => "Container instance draining",
            Self::InstanceLost => "Host EC2 instance terminated",
            Self::Rebalanced => "Availability Zone rebalancing",
            Self::Unknown => "Task is not part of any deployment of its service",
        })
    }
}

/// Tasks that wait for room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Whose instances they wait for.
    pub provider: Option<String>,
    /// What each of them takes.
    pub room: Room,
    /// How many.
    pub count: u32,
    /// Whether each needs an instance of its own.
    pub distinct: bool,
    /// Why none of the instances will do.
    pub reason: String,
}

/// What is to be done, and what to keep before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What to keep, durably, before the first action.
    pub kept: Kept,
    /// What to do, in any order.
    pub actions: Vec<Action>,
    /// What people are told.
    pub events: Vec<Event>,
    /// Tasks that wait for room, which capacity providers go by.
    pub waiting: Vec<Waiting>,
    /// Tasks that stopped and were counted: what is left of them can go.
    pub forget: Vec<String>,
    /// Whether all is as it shall be.
    pub steady: bool,
    /// When to decide again though nothing changes.
    pub again: Option<Moment>,
}
