//! The circuit breaker and the alarms of deployments: what fails ends, and may be taken back.
//!
//! ECS counts in two stages: as long as no task ran, each that does not come to run; then each that
//! its checks find ill. The step from one to the other sets the count back. Here a task that ends
//! by itself before it was healthy counts in both: one that starts and ends at once is as bad.

use std::collections::BTreeSet;

use super::{Rollout, plan::Planner};

impl Planner<'_> {
    /// A task failed; each counts once.
    pub(super) fn failed(&mut self, task: &str) {
        let known = self.kept.known.get_mut(task).filter(|known| !known.failed);
        let Some(known) = known else { return };
        known.failed = true;
        let deployment = known.deployment.clone();
        if let Some(deployment) = self.deployment_mut(&deployment)
            && deployment.rollout == Rollout::InProgress
        {
            deployment.failed_tasks = deployment.failed_tasks.saturating_add(1);
        }
    }

    /// A task of a deployment runs.
    pub(super) fn ran(&mut self, deployment: &str) {
        if let Some(deployment) = self.deployment_mut(deployment).filter(|it| !it.ran) {
            deployment.ran = true;
            deployment.failed_tasks = 0;
        }
    }

    /// Ends the primary deployment if it fails.
    pub(super) fn judge(&mut self, firing: &BTreeSet<String>) {
        let primary = self.primary();
        // A deployment that takes back another one has nothing behind it.
        if primary.rollout != Rollout::InProgress || primary.rolls_back {
            return;
        }
        let desired = self.desired();
        let broken = |threshold: u32| primary.failed_tasks >= threshold;
        if let Some(breaker) = self.spec.breaker.filter(|it| broken(it.threshold.of(desired))) {
            return self.fail(
                "ECS deployment circuit breaker",
                "tasks failed to start.",
                breaker.rollback,
            );
        }
        let alarms = self.spec.alarms.as_ref().filter(|_| primary.watched);
        let Some(alarms) = alarms else { return };
        let rollback = alarms.rollback;
        if let Some(name) = alarms.names.iter().find(|name| firing.contains(*name)) {
            let what = format!("alarm detected ({name}).");
            self.fail("ECS deployment alarms", &what, rollback);
        }
    }

    fn fail(&mut self, who: &str, what: &str, rollback: bool) {
        let now = self.now;
        let primary = &mut self.kept.deployments[0];
        primary.rollout = Rollout::Failed;
        primary.reason = format!("{who}: {what}");
        primary.updated_at = now;
        let id = primary.id.clone();
        self.say(format!("(deployment {id}) deployment failed: {what}"));
        if let Some(before) = self.kept.completed.clone().filter(|it| rollback && it.id != id) {
            let mut before = before;
            before.rollout = Rollout::InProgress;
            before.reason = format!("{who}: rolling back to deploymentId {}.", before.id);
            before.updated_at = now;
            (before.rolls_back, before.well_since) = (true, None);
            self.kept.deployments.retain(|deployment| deployment.id != before.id);
            self.say(format!("rolling back to deployment {}.", before.id));
            self.kept.deployments.insert(0, before);
            self.begin_anew();
        }
    }
}
