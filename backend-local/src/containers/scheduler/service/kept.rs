//! [`Kept`]: what the scheduler must remember of a service.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Revision, Why};
use crate::containers::scheduler::{Moment, Room, TaskState};

/// How far a deployment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rollout {
    /// Tasks are being replaced. ECS: `IN_PROGRESS`.
    InProgress,
    /// All are. ECS: `COMPLETED`.
    Completed,
    /// They can't be. ECS: `FAILED`.
    Failed,
}

/// A deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Its id: `ecs-svc/web-3`.
    pub id: String,
    /// What its tasks are started from.
    pub revision: Revision,
    /// How far it is.
    pub rollout: Rollout,
    /// Why, in ECS's words.
    pub reason: String,
    /// When it began.
    pub created_at: Moment,
    /// When it came to what it is.
    pub updated_at: Moment,
    /// How many of its tasks failed since one was healthy.
    pub failed_tasks: u32,
    /// Whether one of its tasks ever ran.
    pub(super) ran: bool,
    /// Whether it takes back another one; nothing takes it back in turn.
    pub(super) rolls_back: bool,
    /// Whether alarms count: not those that were off before it began.
    pub(super) watched: bool,
    /// Since when all its tasks are healthy.
    pub(super) well_since: Option<Moment>,
}

/// A start that was decided, and whose task was not seen yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Intent {
    pub(super) deployment: String,
    pub(super) instance: String,
}

/// What was noted of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) deployment: String,
    /// Whether it ever was.
    pub(super) healthy: bool,
    /// Whether it was counted as a failure.
    pub(super) failed: bool,
    /// Why it was told to stop. Of a task that starts or runs the decision at hand says so; one
    /// that was not carried out, since who acts died, is made anew.
    pub(super) stopping: Option<Why>,
    /// Whether its end was counted.
    pub(super) ended: bool,
}

/// How starts are held back after failures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Throttle {
    pub(super) rounds: u32,
    pub(super) until: Moment,
}

/// What the scheduler must remember of a service. What else it needs it sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What was asked for last: a revision's id and how often it was forced. Not always what the
    /// primary deployment has: it may have been taken back.
    pub(super) requested: Option<(String, u64)>,
    /// The deployments that have tasks, the primary one first.
    pub deployments: Vec<Deployment>,
    /// The last one that was completed.
    pub completed: Option<Deployment>,
    pub(super) intents: BTreeMap<String, Intent>,
    pub(super) known: BTreeMap<String, Known>,
    pub(super) throttle: Throttle,
    /// Tasks that leave a crowded zone.
    pub(super) moving: BTreeSet<String>,
    pub(super) steady: bool,
    /// Why tasks could not be placed when people were last told, and when that was.
    pub(super) unplaced: Option<(String, Moment)>,
    pub(super) tasks_made: u64,
    pub(super) deployments_made: u64,
}

impl Kept {
    /// The deployment that tasks are started for.
    #[must_use]
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.first()
    }

    /// Another revision was asked for in between and taken back: if the primary deployment has this
    /// one, it is what was asked for last, and needs no deployment.
    pub fn requested_is(&mut self, revision: &str, forced: u64) {
        if self.primary().is_some_and(|primary| primary.revision.id == revision) {
            self.requested = Some((revision.to_owned(), forced));
        }
    }

    /// A task that starts has left nothing to be seen yet, but with who starts it: without that one it
    /// was decided, and is to be started.
    pub fn unsee(&mut self, starting: &TaskState) {
        let stops = |known: &Known| known.stopping.is_some();
        if self.known.get(&starting.id).is_none_or(stops) {
            return;
        }
        if let Some(Known { deployment, .. }) = self.known.remove(&starting.id) {
            let intent = Intent { deployment, instance: starting.instance.clone() };
            self.intents.insert(starting.id.clone(), intent);
        }
    }

    pub(super) fn deployment(&self, id: &str) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.id == id)
    }

    pub(super) fn room_of(&self, id: &str) -> Option<Room> {
        self.deployment(id).map(|deployment| deployment.revision.task.room)
    }
}
