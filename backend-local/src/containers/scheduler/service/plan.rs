//! [`plan`]: one decision, step by step.

use std::collections::BTreeSet;

use super::{
    Action, Decision, Deployment, Kept, Rollout, Scheduling, ServiceSpec, Waiting, Why,
    kept::Intent,
};
use crate::containers::scheduler::{
    Event, Fleet, InstanceSpec, Moment, Pace, Room, TaskState, TaskStatus, moment::sooner,
};

/// Decides what is to be done about a service. `firing` are the alarms that are off.
#[must_use]
pub fn plan(
    spec: &ServiceSpec,
    kept: &Kept,
    fleet: &Fleet,
    firing: &BTreeSet<String>,
    pace: &Pace,
    now: Moment,
) -> Decision {
    let mut planner = Planner {
        spec,
        pace,
        now,
        fleet: fleet.clone(),
        kept: kept.clone(),
        stops: vec![],
        events: vec![],
        waiting: vec![],
        fresh: vec![],
        again: None,
    };
    planner.adopt(firing);
    planner.account();
    planner.judge(firing);
    planner.take_up_starts();
    match spec.scheduling {
        Scheduling::Replica => {
            planner.rebalance();
            planner.roll();
        }
        Scheduling::Daemon => planner.roll_daemon(),
    }
    planner.conclude();
    planner.decision()
}

/// A decision in the making.
pub(super) struct Planner<'a> {
    pub(super) spec: &'a ServiceSpec,
    pub(super) pace: &'a Pace,
    pub(super) now: Moment,
    /// What is there, and what was decided to start.
    pub(super) fleet: Fleet,
    pub(super) kept: Kept,
    pub(super) stops: Vec<(String, Why)>,
    pub(super) events: Vec<Event>,
    pub(super) waiting: Vec<Waiting>,
    /// Starts that this decision adds.
    pub(super) fresh: Vec<String>,
    pub(super) again: Option<Moment>,
}

/// A task that was decided to start, as it will be seen.
pub(super) fn pending(
    spec: &ServiceSpec,
    token: &str,
    deployment: &str,
    revision: &str,
    instance: &str,
    room: Room,
) -> TaskState {
    TaskState {
        daemon: spec.scheduling == Scheduling::Daemon,
        ..TaskState::pending(token, &spec.id, deployment, revision, instance, room)
    }
}

impl Planner<'_> {
    pub(super) fn say(&mut self, message: impl AsRef<str>) {
        let message = format!("(service {}) {}", self.spec.id, message.as_ref());
        self.events.push(Event { at: self.now, message });
    }

    pub(super) fn look_again(&mut self, at: Moment) {
        if at > self.now {
            self.again = sooner(self.again, Some(at));
        }
    }

    /// The id of the deployment that tasks are started for.
    pub(super) fn primary(&self) -> &Deployment {
        self.kept.deployments.first().expect("`adopt` has made a deployment")
    }

    /// The tasks that start or run, that were not told to stop, and whose instance is there.
    pub(super) fn live(&self) -> impl Iterator<Item = &TaskState> {
        self.fleet
            .tasks
            .iter()
            .filter(|task| task.owner == self.spec.id && task.is_live() && !self.is_stopping(task))
    }

    fn is_stopping(&self, task: &TaskState) -> bool {
        self.kept.known.get(&task.id).is_some_and(|known| known.stopping.is_some())
    }

    pub(super) fn instance_of(&self, task: &TaskState) -> Option<&InstanceSpec> {
        self.fleet.instance(&task.instance)
    }

    pub(super) fn is_healthy(&self, task: &TaskState) -> bool {
        task.healthy_from(self.pace.settle).is_some_and(|from| from <= self.now)
    }

    pub(super) fn is_ill(&self, task: &TaskState) -> bool {
        task.unhealthy_from(self.spec.grace).is_some_and(|from| from <= self.now)
    }

    /// Why a task is to be replaced; `None` if it stays.
    pub(super) fn replaced(&self, task: &TaskState) -> Option<Why> {
        if self.is_ill(task) {
            Some(Why::Unhealthy)
        } else if self.instance_of(task).is_none_or(|instance| !instance.is_active()) {
            Some(Why::Drained)
        } else if task.deployment != self.primary().id {
            Some(Why::Deployed)
        } else {
            self.kept.moving.contains(&task.id).then_some(Why::Rebalanced)
        }
    }

    pub(super) fn healthy(&self) -> u32 {
        count(self.live().filter(|task| self.is_healthy(task)))
    }

    /// Stops a task, or gives up a start that nobody has seen.
    pub(super) fn stop(&mut self, id: &str, why: Why) {
        if self.kept.intents.remove(id).is_some() {
            self.fleet.tasks.retain(|task| task.id != id);
            self.fresh.retain(|token| token != id);
            return;
        }
        let Some(known) = self.kept.known.get_mut(id).filter(|known| known.stopping.is_none())
        else {
            return;
        };
        known.stopping = Some(why);
        let told = known.failed;
        self.stops.push((id.to_owned(), why));
        if why == Why::Unhealthy && !told {
            self.say(format!("(task {id}) failed health checks."));
            self.failed(id);
        }
    }

    /// Decides to start a task.
    pub(super) fn start(&mut self, instance: &str) {
        let primary = self.primary();
        let (deployment, revision) = (primary.id.clone(), primary.revision.clone());
        let token = self.next_token();
        self.kept.tasks_made += 1;
        let room = revision.task.room;
        let task = pending(self.spec, &token, &deployment, &revision.id, instance, room);
        self.fleet.tasks.push(task);
        let intent = Intent { deployment, instance: instance.to_owned() };
        self.kept.intents.insert(token.clone(), intent);
        self.fresh.push(token);
    }

    /// The token that the next start has. None is given twice: how many there were is kept before a
    /// task is started.
    pub(super) fn next_token(&self) -> String {
        format!("{}-{}", self.spec.id, self.kept.tasks_made + 1)
    }

    /// Starts that were decided before and that nobody has seen: whoever should have acted died, or
    /// is about to. They stand if they still make sense, and if there may be so many: what was to
    /// stop before may not have.
    fn take_up_starts(&mut self) {
        let most = self.spec.most(self.desired());
        for (token, intent) in std::mem::take(&mut self.kept.intents) {
            let primary = self.primary();
            let wanted = intent.deployment == primary.id && primary.rollout != Rollout::Failed;
            let room = primary.revision.task.room;
            let instance = self.fleet.instance(&intent.instance);
            let fits = instance.is_some_and(|it| it.is_active() && self.fleet.left(it).fits(room));
            if wanted && fits && count(self.live()) < most {
                let (id, revision) = (primary.id.clone(), primary.revision.id.clone());
                let task = pending(self.spec, &token, &id, &revision, &intent.instance, room);
                self.fleet.tasks.push(task);
                self.kept.intents.insert(token, intent);
            }
        }
    }

    fn decision(mut self) -> Decision {
        self.tell();
        let starts = self.kept.intents.iter().map(|(token, intent)| {
            let revision = self.kept.deployment(&intent.deployment);
            Action::Start {
                token: token.clone(),
                deployment: intent.deployment.clone(),
                revision: revision.map(|it| it.revision.id.clone()).unwrap_or_default(),
                instance: intent.instance.clone(),
            }
        });
        let stops =
            self.stops.iter().map(|(task, why)| Action::Stop { task: task.clone(), why: *why });
        let actions = stops.chain(starts).collect();
        let ended = self
            .fleet
            .tasks
            .iter()
            .filter(|task| task.owner == self.spec.id && task.status == TaskStatus::Stopped);
        let forget = ended.map(|task| task.id.clone()).collect();
        let steady = self.kept.steady;
        let Self { kept, events, waiting, again, .. } = self;
        Decision { kept, actions, events, waiting, forget, steady, again }
    }

    /// What was started and stopped, in ECS's words.
    fn tell(&mut self) {
        let list = |ids: &mut dyn Iterator<Item = &String>| {
            ids.map(|id| format!("(task {id})")).collect::<Vec<_>>().join(" ")
        };
        if !self.fresh.is_empty() {
            let (count, ids) = (self.fresh.len(), list(&mut self.fresh.iter()));
            self.say(format!("has started {count} tasks: {ids}."));
        }
        if !self.stops.is_empty() {
            let ids = list(&mut self.stops.iter().map(|(id, _)| id));
            self.say(format!("has stopped {} running tasks: {ids}.", self.stops.len()));
        }
    }
}

/// How many there are.
pub(super) fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}
