//! What stops and what starts of a service with a number of tasks.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Rollout, Waiting, Why,
    plan::{Planner, count},
    providers,
};
use crate::containers::scheduler::{
    InstanceStatus, TaskState, TaskStatus,
    placement::{Ask, Constraint, Unplaced, place},
};

/// After how long people are told again why tasks wait, in AWS's time.
const REMIND: Duration = Duration::from_secs(600);

/// What keeps tasks from starting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocked {
    /// Nothing.
    No,
    /// There are as many as there may be.
    Maximum,
    /// No instance has room.
    Room,
}

impl Planner<'_> {
    pub(super) fn roll(&mut self) {
        self.stop_what_starts_in_vain();
        self.stop_surplus();
        self.stop_stand_ins();
        let wanted = self.desired().saturating_sub(count(self.staying()));
        if wanted == 0 {
            self.kept.unplaced = None;
            return;
        }
        if self.primary().rollout == Rollout::Failed || self.is_held_back() {
            return;
        }
        let (started, blocked) = self.start_some(wanted);
        self.make_room(wanted - started, blocked);
    }

    /// The tasks that are not to be replaced.
    pub(super) fn staying(&self) -> impl Iterator<Item = &TaskState> {
        self.live().filter(|task| self.replaced(task).is_none())
    }

    fn replaced_ones(&self) -> Vec<&TaskState> {
        self.live().filter(|task| self.replaced(task).is_some()).collect()
    }

    /// Tasks that do not run yet and are to be replaced already serve nobody.
    fn stop_what_starts_in_vain(&mut self) {
        let starts = self.replaced_ones().into_iter();
        let starts = starts.filter(|task| task.status == TaskStatus::Pending);
        let starts: Vec<_> =
            starts.filter_map(|task| Some((task.id.clone(), self.replaced(task)?))).collect();
        for (id, why) in starts {
            self.stop(&id, why);
        }
    }

    /// More tasks stay than there shall be. Those that are not healthy go first, so that no healthy
    /// one goes before all that are left are healthy.
    fn stop_surplus(&mut self) {
        let surplus = count(self.staying()).saturating_sub(self.desired());
        for _ in 0..surplus {
            let may = self.staying().filter(|task| !task.is_protected(self.now));
            let Some(id) = self.first_to_go(&may.collect::<Vec<_>>()) else { break };
            // What is protected and not healthy stays, and nobody is healthy in its place.
            if self.would_miss(&id, self.spec.least(self.desired())) {
                break;
            }
            self.stop(&id, Why::ScaledIn);
        }
        self.look_at_protected();
    }

    /// Each task that stays and is not healthy yet has a stand-in at most; the others go, those
    /// that are not healthy first. This leaves as many healthy tasks as there were or shall be.
    fn stop_stand_ins(&mut self) {
        let well = count(self.staying().filter(|task| self.is_healthy(task)));
        let keep = self.desired().saturating_sub(well);
        let surplus = count(self.replaced_ones().into_iter()).saturating_sub(keep);
        for _ in 0..surplus {
            let may = self.replaced_ones().into_iter().filter(|task| self.may_go(task));
            let Some(id) = self.first_to_go(&may.collect::<Vec<_>>()) else { break };
            if self.would_miss(&id, self.desired()) {
                break;
            }
            self.stop_replaced(&id);
        }
    }

    /// Whether fewer healthy tasks than so many would be left without this one.
    fn would_miss(&self, id: &str, least: u32) -> bool {
        self.fleet.task(id).is_some_and(|task| self.is_healthy(task)) && self.healthy() <= least
    }

    fn stop_replaced(&mut self, id: &str) {
        let why = self.fleet.task(id).and_then(|task| self.replaced(task));
        self.stop(id, why.unwrap_or(Why::Deployed));
    }

    /// Protection keeps tasks from scale-in and deployments, not from what their checks say.
    fn may_go(&self, task: &TaskState) -> bool {
        !task.is_protected(self.now) || self.is_ill(task)
    }

    fn look_at_protected(&mut self) {
        let ends = self.live().filter_map(|task| task.protected_until);
        if let Some(end) = ends.filter(|end| *end > self.now).min() {
            self.look_again(end);
        }
    }

    /// Starts as many as there may be and there is room for.
    fn start_some(&mut self, wanted: u32) -> (u32, Blocked) {
        let most = self.spec.most(self.desired());
        let may = wanted.min(most.saturating_sub(count(self.live())));
        for started in 0..may {
            match self.start_one() {
                Ok(()) => {}
                Err(unplaced) => {
                    self.wait_for_room(may - started, &unplaced);
                    return (started, Blocked::Room);
                }
            }
        }
        self.kept.unplaced = None;
        (may, if may < wanted { Blocked::Maximum } else { Blocked::No })
    }

    fn start_one(&mut self) -> Result<(), Unplaced> {
        let token = self.next_token();
        let ask = self.ask(&token, self.next_provider(None));
        let stays = |task: &TaskState| {
            let stopping = self.kept.known.get(&task.id).is_some_and(|it| it.stopping.is_some());
            !stopping && self.replaced(task).is_none()
        };
        let instance = place(&self.fleet, &ask, stays)?.id.clone();
        self.start(&instance);
        Ok(())
    }

    pub(super) fn ask<'b>(&'b self, token: &'b str, provider: Option<&'b str>) -> Ask<'b> {
        Ask {
            owner: &self.spec.id,
            token,
            room: self.primary().revision.task.room,
            provider,
            constraints: &self.spec.constraints,
            strategies: &self.spec.strategies,
        }
    }

    /// The capacity provider that the next task goes to, as if one task were gone.
    pub(super) fn next_provider(&self, gone: Option<&str>) -> Option<&str> {
        let mut tasks = BTreeMap::new();
        for task in self.staying().filter(|task| gone != Some(task.id.as_str())) {
            let provider = self.instance_of(task).and_then(|it| it.provider.as_deref());
            *tasks.entry(provider.unwrap_or_default()).or_insert(0) += 1;
        }
        providers::next(&self.spec.providers, &tasks)
    }

    fn wait_for_room(&mut self, count: u32, unplaced: &Unplaced) {
        let reason = unplaced.to_string();
        let provider = self.next_provider(None).map(str::to_owned);
        let room = self.primary().revision.task.room;
        let distinct = self.spec.constraints.contains(&Constraint::DistinctInstance);
        self.waiting.push(Waiting { provider, room, count, distinct, reason: reason.clone() });
        let told = self.kept.unplaced.as_ref();
        let remind = self.pace.scale(REMIND);
        if told.is_none_or(|(said, at)| {
            *said != reason && self.now.since(*at) >= remind / 10 || self.now.since(*at) >= remind
        }) {
            self.say(format!("was unable to place a task because {reason}"));
            self.kept.unplaced = Some((reason, self.now));
        }
    }

    /// Nothing more can start: stand-ins make room, those that are ill one by one, healthy ones as
    /// far as the minimum lets them.
    fn make_room(&mut self, wanted: u32, blocked: Blocked) {
        if blocked == Blocked::No || wanted == 0 {
            return;
        }
        if blocked == Blocked::Room {
            // What moves for the sake of balance alone stays where it is.
            self.kept.moving.clear();
            if self.room_is_coming() {
                return;
            }
        }
        let replaced = self.replaced_ones().into_iter();
        let ill = replaced.filter(|task| !self.is_healthy(task) && self.may_go(task));
        if let Some(id) = self.first_to_go(&ill.collect::<Vec<_>>()) {
            return self.stop_replaced(&id);
        }
        let least = self.spec.least(self.desired());
        for _ in 0..wanted.min(self.healthy().saturating_sub(least)) {
            let may = self.replaced_ones().into_iter().filter(|task| {
                let there = self.instance_of(task).map(|instance| instance.status);
                let helps = blocked == Blocked::Maximum || there == Some(InstanceStatus::Active);
                helps && self.may_go(task) && !self.kept.moving.contains(&task.id)
            });
            let Some(id) = self.first_to_go(&may.collect::<Vec<_>>()) else { break };
            self.stop_replaced(&id);
        }
    }

    /// Whether a task of the service is about to leave room behind.
    fn room_is_coming(&self) -> bool {
        self.fleet.tasks.iter().any(|task| {
            let told = self.kept.known.get(&task.id).is_some_and(|it| it.stopping.is_some());
            task.owner == self.spec.id
                && (task.status == TaskStatus::Stopping || task.is_live() && told)
                && self.instance_of(task).is_some_and(|instance| instance.is_active())
        })
    }
}
