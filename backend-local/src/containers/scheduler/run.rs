//! When a single task starts, and what became of it: ECS's RunTask.
//!
//! It is started once: its token is the id of the run, so that asking again finds what was started,
//! and a task that vanished is over, not started anew. The same contract holds as for services.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    Event, Fleet, Moment, TaskState, TaskStatus,
    placement::{Ask, Constraint, Strategy, place},
    service::{Revision, Waiting},
};

/// A single task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSpec {
    /// Its name, unique among services and runs: its token.
    pub id: String,
    /// What it is started from.
    pub revision: Revision,
    /// Which instances it goes to.
    pub strategies: Vec<Strategy>,
    /// Which instances it may go to.
    pub constraints: Vec<Constraint>,
    /// Whose instances it goes to; anybody's if nobody is named.
    pub provider: Option<String>,
    /// How long it may run.
    pub time_limit: Duration,
    /// How long it waits for room.
    pub patience: Duration,
}

/// How far a single task is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Run {
    /// It was not decided yet where it starts.
    #[default]
    New,
    /// There is no room for it. ECS: `PROVISIONING`.
    Waiting {
        /// Since when.
        since: Moment,
    },
    /// It starts.
    Starting {
        /// Where.
        instance: String,
        /// Whether its task was seen.
        seen: bool,
    },
    /// It runs.
    Running {
        /// Since when.
        since: Moment,
    },
    /// It was told to stop.
    Stopping {
        /// Why.
        reason: String,
    },
    /// It is over.
    Done {
        /// The code that it ended with; `None` if it did not come to run, or was lost.
        exit_code: Option<i32>,
        /// Why, in ECS's words.
        reason: String,
    },
}

impl Run {
    /// Its task has left nothing to be seen yet, but with who starts it: without that one it is to be
    /// started.
    pub fn unsee(&mut self) {
        if let Self::Starting { seen, .. } = self {
            *seen = false;
        }
    }
}

/// What is to be done about a single task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDecision {
    /// What to keep, durably, before anything is done.
    pub kept: Run,
    /// Where to start it, unless a task with its id is there.
    pub start: Option<String>,
    /// Whether to stop it.
    pub stop: bool,
    /// That it waits for room.
    pub waiting: Option<Waiting>,
    /// What people are told.
    pub events: Vec<Event>,
    /// When to decide again though nothing changes.
    pub again: Option<Moment>,
}

/// Decides what is to be done about a single task; `cancelled` if nobody wants it any more.
#[must_use]
pub fn plan_run(
    spec: &RunSpec,
    kept: &Run,
    fleet: &Fleet,
    cancelled: bool,
    now: Moment,
) -> RunDecision {
    let mut decision = RunDecision {
        kept: next(spec, kept, fleet.task(&spec.id), cancelled, now),
        start: None,
        stop: false,
        waiting: None,
        events: vec![],
        again: None,
    };
    match decision.kept.clone() {
        Run::New => find_place(spec, fleet, None, now, &mut decision),
        Run::Waiting { since } => find_place(spec, fleet, Some(since), now, &mut decision),
        Run::Starting { instance, seen: false } => {
            let room = spec.revision.task.room;
            let place = fleet.instance(&instance).filter(|it| it.is_active());
            if place.is_some_and(|it| fleet.left(it).fits(room)) {
                decision.start = Some(instance);
            } else {
                // Nobody has seen it, so that it was not started there.
                find_place(spec, fleet, None, now, &mut decision);
            }
        }
        Run::Running { since } => decision.again = Some(since.plus(spec.time_limit)),
        Run::Stopping { .. } => {
            decision.stop = fleet.task(&spec.id).is_some_and(TaskState::is_live);
        }
        Run::Starting { .. } | Run::Done { .. } => {}
    }
    if decision.kept != *kept {
        tell(spec, &mut decision, now);
    }
    decision
}

/// What a run has come to, from what is seen of its task.
fn next(spec: &RunSpec, kept: &Run, task: Option<&TaskState>, cancelled: bool, now: Moment) -> Run {
    if matches!(kept, Run::Done { .. }) {
        return kept.clone();
    }
    let done = |exit_code, reason: &str| Run::Done { exit_code, reason: reason.to_owned() };
    let Some(task) = task else {
        return match kept {
            Run::New | Run::Waiting { .. } | Run::Starting { seen: false, .. } if cancelled => {
                done(None, "Task stopped by user")
            }
            Run::New | Run::Waiting { .. } | Run::Starting { seen: false, .. } => kept.clone(),
            Run::Stopping { reason } => done(None, reason),
            Run::Starting { .. } | Run::Running { .. } | Run::Done { .. } => {
                done(None, "Task vanished from its container instance")
            }
        };
    };
    match task.status {
        TaskStatus::Stopped => {
            let own = match kept {
                Run::Stopping { reason } => Some(reason.as_str()),
                _ => task.reason.as_deref(),
            };
            done(task.exit_code, own.unwrap_or("Essential container in task exited"))
        }
        _ if matches!(kept, Run::Stopping { .. }) => kept.clone(),
        _ if cancelled => Run::Stopping { reason: "Task stopped by user".to_owned() },
        TaskStatus::Pending => Run::Starting { instance: task.instance.clone(), seen: true },
        TaskStatus::Running | TaskStatus::Stopping => {
            let since = task.started_at.unwrap_or(now);
            if now.since(since) >= spec.time_limit {
                let limit = spec.time_limit.as_secs();
                Run::Stopping { reason: format!("Task ran for longer than its limit of {limit} s") }
            } else {
                Run::Running { since }
            }
        }
    }
}

/// Decides where it starts, or that it waits.
fn find_place(
    spec: &RunSpec,
    fleet: &Fleet,
    since: Option<Moment>,
    now: Moment,
    decision: &mut RunDecision,
) {
    let ask = Ask {
        owner: &spec.id,
        token: &spec.id,
        room: spec.revision.task.room,
        provider: spec.provider.as_deref(),
        constraints: &spec.constraints,
        strategies: &spec.strategies,
    };
    let unplaced = match place(fleet, &ask, |_| true) {
        Ok(instance) => {
            decision.kept = Run::Starting { instance: instance.id.clone(), seen: false };
            decision.start = Some(instance.id.clone());
            return;
        }
        Err(unplaced) => unplaced,
    };
    let since = since.unwrap_or(now);
    let until = since.plus(spec.patience);
    let reason = unplaced.to_string();
    if until <= now {
        decision.kept = Run::Done { exit_code: None, reason };
        return;
    }
    decision.kept = Run::Waiting { since };
    decision.again = Some(until);
    let (provider, room) = (spec.provider.clone(), spec.revision.task.room);
    decision.waiting = Some(Waiting { provider, room, count: 1, distinct: false, reason });
}

fn tell(spec: &RunSpec, decision: &mut RunDecision, now: Moment) {
    let what = match &decision.kept {
        Run::New => return,
        Run::Waiting { .. } => {
            let reason = decision.waiting.as_ref().map_or("", |waiting| &waiting.reason);
            format!("waits because {reason}")
        }
        Run::Starting { instance, .. } => format!("starts on (container-instance {instance})."),
        Run::Running { .. } => "runs.".to_owned(),
        Run::Stopping { reason } => format!("is being stopped: {reason}."),
        Run::Done { exit_code: Some(code), reason } => {
            format!("stopped with exit code {code}: {reason}.")
        }
        Run::Done { exit_code: None, reason } => format!("stopped: {reason}."),
    };
    decision.events.push(Event { at: now, message: format!("(task {}) {what}", spec.id) });
}
