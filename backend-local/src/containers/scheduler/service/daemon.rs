//! What stops and what starts of a service that has one task on every instance.

use super::{
    Rollout, Why,
    plan::{Planner, count},
};
use crate::containers::scheduler::{InstanceSpec, TaskState, TaskStatus, placement::Constraint};

impl Planner<'_> {
    /// The instances that shall have a task.
    fn homes(&self) -> impl Iterator<Item = &InstanceSpec> {
        self.fleet.instances.iter().filter(|instance| {
            let holds = |it: &Constraint| match it {
                Constraint::MemberOf(expression) => expression.holds(instance),
                Constraint::DistinctInstance => true,
                Constraint::Unreadable(_) => false,
            };
            instance.is_active() && self.spec.constraints.iter().all(holds)
        })
    }

    /// How many instances shall have a task.
    pub(super) fn eligible(&self) -> u32 {
        count(self.homes())
    }

    pub(super) fn roll_daemon(&mut self) {
        self.leave_instances();
        let homes: Vec<String> = self.homes().map(|instance| instance.id.clone()).collect();
        let least = self.spec.least(self.desired());
        let most = self.spec.most(self.desired());
        for home in homes {
            let here: Vec<&TaskState> = self.live().filter(|it| it.instance == home).collect();
            let (mut stays, others): (Vec<_>, Vec<_>) =
                here.into_iter().partition(|task| self.replaced(task).is_none());
            let well = stays.iter().any(|task| self.is_healthy(task));
            // Two where one shall be: a start was taken up that another one had replaced.
            stays.sort_by_key(|task| !self.is_healthy(task));
            let doubles: Vec<String> = stays.iter().skip(1).map(|it| it.id.clone()).collect();
            let missing = stays.is_empty();
            let others: Vec<(String, bool)> =
                others.into_iter().map(|task| (task.id.clone(), self.is_healthy(task))).collect();
            for id in doubles {
                self.stop(&id, Why::ScaledIn);
            }
            let surges = most > self.desired();
            for (id, healthy) in &others {
                let may = !*healthy || well || !surges && self.healthy() > least;
                if may {
                    self.stop_daemon(id);
                }
            }
            let alone = self.live().all(|task| task.instance != home);
            if missing && (alone || surges && count(self.live()) < most) {
                self.start_daemon(&home);
            }
        }
    }

    fn stop_daemon(&mut self, id: &str) {
        let why = self.fleet.task(id).and_then(|task| self.replaced(task));
        self.stop(id, why.unwrap_or(Why::Deployed));
    }

    /// On instances that drain, daemons are the last to go: others may need them.
    fn leave_instances(&mut self) {
        let homes: Vec<String> = self.homes().map(|instance| instance.id.clone()).collect();
        let idle = |task: &&TaskState| {
            !homes.contains(&task.instance)
                && !self.fleet.tasks.iter().any(|other| {
                    other.instance == task.instance
                        && !other.daemon
                        && other.status != TaskStatus::Stopped
                })
        };
        let leaves: Vec<String> = self.live().filter(idle).map(|task| task.id.clone()).collect();
        for id in leaves {
            self.stop(&id, Why::Drained);
        }
    }

    fn start_daemon(&mut self, home: &str) {
        if self.primary().rollout == Rollout::Failed || self.is_held_back() {
            return;
        }
        let room = self.primary().revision.task.room;
        if self.fleet.instance(home).is_some_and(|it| self.fleet.left(it).fits(room)) {
            self.start(home);
        }
    }
}
