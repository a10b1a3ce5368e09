//! Deployments: how they begin, and when they are complete.

use std::collections::BTreeSet;

use super::{Deployment, Rollout, Scheduling, kept::Throttle, plan::Planner};

impl Planner<'_> {
    /// A revision that was not asked for before becomes the primary deployment.
    pub(super) fn adopt(&mut self, firing: &BTreeSet<String>) {
        let requested = (self.spec.revision.id.clone(), self.spec.forced);
        if self.kept.requested.as_ref() == Some(&requested) && !self.kept.deployments.is_empty() {
            return;
        }
        let alarms = self.spec.alarms.as_ref();
        self.kept.deployments_made += 1;
        let id = format!("ecs-svc/{}-{}", self.spec.id, self.kept.deployments_made);
        let deployment = Deployment {
            reason: format!("ECS deployment {id} in progress."),
            id,
            revision: self.spec.revision.clone(),
            rollout: Rollout::InProgress,
            created_at: self.now,
            updated_at: self.now,
            failed_tasks: 0,
            ran: false,
            rolls_back: false,
            watched: alarms.is_some_and(|it| !it.names.iter().any(|name| firing.contains(name))),
            well_since: None,
        };
        self.kept.requested = Some(requested);
        self.kept.deployments.insert(0, deployment);
        self.begin_anew();
    }

    /// What was noted of the primary deployment before means nothing for another one.
    pub(super) fn begin_anew(&mut self) {
        self.kept.throttle = Throttle::default();
        self.kept.moving.clear();
        self.kept.steady = false;
        self.kept.unplaced = None;
    }

    pub(super) fn deployment_mut(&mut self, id: &str) -> Option<&mut Deployment> {
        self.kept.deployments.iter_mut().find(|deployment| deployment.id == id)
    }

    /// How many tasks there shall be.
    pub(super) fn desired(&self) -> u32 {
        match self.spec.scheduling {
            Scheduling::Replica => self.spec.desired,
            Scheduling::Daemon => self.eligible(),
        }
    }

    /// Whether all tasks are those that there shall be, and healthy.
    fn is_well(&self) -> bool {
        let stays = |task| self.replaced(task).is_none() && self.is_healthy(task);
        let (mut healthy, mut others) = (0, 0);
        for task in self.live() {
            if stays(task) { healthy += 1 } else { others += 1 }
        }
        others == 0 && healthy == self.desired()
    }

    /// What is complete says so, and deployments without tasks are forgotten.
    pub(super) fn conclude(&mut self) {
        let well = self.is_well();
        let now = self.now;
        let bake = self.spec.alarms.as_ref().map(|alarms| alarms.bake);
        let primary = &mut self.kept.deployments[0];
        let since = if well { Some(*primary.well_since.get_or_insert(now)) } else { None };
        primary.well_since = since;
        let bakes = bake.filter(|_| primary.watched).unwrap_or_default();
        let done = since.map(|since| since.plus(bakes));
        if primary.rollout == Rollout::InProgress
            && let Some(done) = done
        {
            if done <= now { self.complete() } else { self.look_again(done) }
        }
        let has_tasks: BTreeSet<&String> =
            self.kept.known.values().map(|known| &known.deployment).collect();
        let mut first = true;
        self.kept
            .deployments
            .retain(|deployment| std::mem::take(&mut first) || has_tasks.contains(&deployment.id));
        if well && !self.kept.steady {
            self.say("has reached a steady state.");
        }
        self.kept.steady = well;
    }

    fn complete(&mut self) {
        let now = self.now;
        let primary = &mut self.kept.deployments[0];
        primary.rollout = Rollout::Completed;
        primary.reason = format!("ECS deployment {} completed.", primary.id);
        primary.updated_at = now;
        primary.failed_tasks = 0;
        self.kept.completed = Some(primary.clone());
        let id = primary.id.clone();
        self.say(format!("(deployment {id}) deployment completed."));
    }
}
