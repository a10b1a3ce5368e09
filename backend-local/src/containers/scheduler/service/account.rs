//! What became of tasks since the last decision: each start, each first health and each end counts
//! once.

use super::{Why, kept::Known, plan::Planner};
use crate::containers::scheduler::{InstanceStatus, TaskState, TaskStatus};

impl Planner<'_> {
    pub(super) fn account(&mut self) {
        let own = |task: &&TaskState| task.owner == self.spec.id;
        let tasks: Vec<TaskState> = self.fleet.tasks.iter().filter(own).cloned().collect();
        for task in &tasks {
            self.kept.intents.remove(&task.id);
            self.kept.known.entry(task.id.clone()).or_insert_with(|| Known {
                deployment: task.deployment.clone(),
                healthy: false,
                failed: false,
                stopping: None,
                ended: false,
            });
            self.account_for(task);
        }
        let there = |id: &str| tasks.iter().any(|task| task.id == id);
        // What vanished has ended, unless that was counted.
        let gone: Vec<String> = self.kept.known.keys().filter(|id| !there(id)).cloned().collect();
        for id in gone {
            self.end(&id);
            self.kept.known.remove(&id);
        }
        self.kept.moving.retain(|id| tasks.iter().any(|task| task.id == *id && task.is_live()));
    }

    fn account_for(&mut self, task: &TaskState) {
        match task.status {
            TaskStatus::Stopped => {
                // That its instance is gone says nothing about its revision.
                if self.is_lost(task)
                    && let Some(known) = self.kept.known.get_mut(&task.id)
                {
                    known.stopping.get_or_insert(Why::InstanceLost);
                }
                self.end(&task.id);
            }
            TaskStatus::Stopping => {
                // Told so by somebody else; it is on its way all the same.
                if let Some(known) = self.kept.known.get_mut(&task.id) {
                    known.stopping.get_or_insert(Why::Unknown);
                }
            }
            TaskStatus::Pending | TaskStatus::Running => self.account_for_live(task),
        }
    }

    fn account_for_live(&mut self, task: &TaskState) {
        // It was told to stop and was not: what was right then may be wrong now.
        if let Some(known) = self.kept.known.get_mut(&task.id) {
            known.stopping = None;
        }
        if self.is_lost(task) {
            return self.stop(&task.id, Why::InstanceLost);
        }
        if self.kept.deployment(&task.deployment).is_none() {
            return self.stop(&task.id, Why::Unknown);
        }
        if task.status == TaskStatus::Running {
            self.ran(&task.deployment);
        }
        match task.healthy_from(self.pace.settle) {
            Some(from) if from <= self.now => self.well(task),
            Some(from) => self.look_again(from),
            None => {}
        }
        if let Some(from) = task.unhealthy_from(self.spec.grace) {
            self.look_again(from);
        }
    }

    fn is_lost(&self, task: &TaskState) -> bool {
        let instance = self.instance_of(task);
        instance.is_none_or(|instance| instance.status == InstanceStatus::Lost)
    }

    /// A task is healthy, maybe for the first time.
    fn well(&mut self, task: &TaskState) {
        let known = self.kept.known.get_mut(&task.id);
        let Some(known) = known.filter(|known| !known.healthy) else { return };
        known.healthy = true;
        self.kept.throttle.rounds = 0;
        let resets = self.spec.breaker.is_none_or(|breaker| breaker.reset_on_healthy_task);
        if let Some(deployment) = self.deployment_mut(&task.deployment).filter(|_| resets) {
            deployment.failed_tasks = 0;
        }
    }

    /// A task has ended: a failure, if nobody wanted it and it never was healthy.
    fn end(&mut self, id: &str) {
        let known = self.kept.known.get_mut(id).filter(|known| !known.ended);
        let Some(known) = known else { return };
        known.ended = true;
        if known.stopping.is_none() && !known.healthy {
            self.failed(id);
            self.hold_back();
        }
    }
}
