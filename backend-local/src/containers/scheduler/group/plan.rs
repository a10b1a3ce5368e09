//! [`plan_group`]: one decision about a group of instances.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{GroupSpec, Member, Phase};
use crate::containers::scheduler::{Event, Moment, moment::sooner};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupAction {
    /// Launch an instance, unless one with this token is there.
    Launch {
        /// Its id.
        token: String,
        /// Where.
        zone: String,
        /// What from.
        template: String,
    },
    /// What waited for the hook waits no more: it goes into service.
    GoOn {
        /// The instance.
        instance: String,
    },
    /// No task goes to an instance any more, and those that are there move.
    Drain {
        /// The instance.
        instance: String,
    },
    /// End an instance. Not if it ends already.
    Terminate {
        /// The instance.
        instance: String,
    },
}

/// An instance that leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaving {
    pub(super) since: Moment,
    pub(super) why: String,
    pub(super) drains: bool,
}

/// What must be remembered of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupKept {
    /// How many instances there shall be; whoever scales the group sets it.
    pub desired: u32,
    /// Launches that were decided, and whose instance was not seen yet: their zones.
    pub(super) intents: BTreeMap<String, String>,
    pub(super) leaving: BTreeMap<String, Leaving>,
    /// The instance that leaves a crowded zone.
    pub(super) moving: Option<String>,
    pub(super) made: u64,
}

impl GroupKept {
    /// A group that has nothing yet.
    #[must_use]
    pub fn new(desired: u32) -> Self {
        Self { desired, ..Self::default() }
    }

    /// Whether an instance leaves: no task may go there.
    #[must_use]
    pub fn leaves(&self, id: &str) -> bool {
        self.leaving.contains_key(id)
    }
}

/// What is to be done, and what to keep before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDecision {
    /// What to keep, durably, before the first action.
    pub kept: GroupKept,
    /// What to do, in any order.
    pub actions: Vec<GroupAction>,
    /// What people are told.
    pub events: Vec<Event>,
    /// Whether all instances are as they shall be.
    pub steady: bool,
    /// When to decide again though nothing changes.
    pub again: Option<Moment>,
}

/// Decides what is to be done about a group. In the zones of `closed` nothing can be launched.
#[must_use]
pub fn plan_group(
    spec: &GroupSpec,
    kept: &GroupKept,
    members: &[Member],
    closed: &BTreeSet<String>,
    now: Moment,
) -> GroupDecision {
    let mut planner = Planner {
        spec,
        now,
        closed,
        members: members.to_vec(),
        kept: kept.clone(),
        actions: vec![],
        events: vec![],
        again: None,
    };
    planner.kept.desired = kept.desired.clamp(spec.least, spec.most.max(spec.least));
    planner.look_at_members();
    planner.take_up_launches();
    planner.balance();
    planner.resize();
    planner.let_go();
    planner.decision()
}

/// A decision in the making.
pub(super) struct Planner<'a> {
    pub(super) spec: &'a GroupSpec,
    pub(super) now: Moment,
    pub(super) closed: &'a BTreeSet<String>,
    /// What is there, and what was decided to launch.
    pub(super) members: Vec<Member>,
    pub(super) kept: GroupKept,
    pub(super) actions: Vec<GroupAction>,
    pub(super) events: Vec<Event>,
    pub(super) again: Option<Moment>,
}

impl Planner<'_> {
    pub(super) fn say(&mut self, message: String) {
        let message = format!("(group {}) {message}", self.spec.id);
        self.events.push(Event { at: self.now, message });
    }

    pub(super) fn look_again(&mut self, at: Moment) {
        if at > self.now {
            self.again = sooner(self.again, Some(at));
        }
    }

    /// The instances that start or work and were not told to leave.
    pub(super) fn live(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| {
            member.phase != Phase::Terminating && !self.kept.leaving.contains_key(&member.id)
        })
    }

    pub(super) fn is_warm(&self, member: &Member) -> bool {
        let from = member.since.plus(self.spec.warmup);
        member.phase == Phase::InService && member.healthy && from <= self.now
    }

    pub(super) fn is_ill(&self, member: &Member) -> bool {
        let from = member.since.plus(self.spec.grace);
        member.phase == Phase::InService && !member.healthy && from <= self.now
    }

    pub(super) fn is_protected(&self, member: &Member) -> bool {
        member.protected || self.spec.protects_busy && member.busy
    }

    fn is_old(&self, member: &Member) -> bool {
        let aged = |life| self.now.since(member.launched_at) >= life;
        self.spec.lifetime.is_some_and(aged)
    }

    fn is_outdated(&self, member: &Member) -> bool {
        self.spec.refresh.is_some() && member.template != self.spec.template
    }

    /// Why an instance is to be replaced; `None` if it stays.
    pub(super) fn replaced(&self, member: &Member) -> Option<&'static str> {
        if self.is_ill(member) {
            Some("an instance was taken out of service in response to a health check failure")
        } else if self.is_outdated(member) {
            Some("an instance was taken out of service in response to an instance refresh")
        } else if self.is_old(member) {
            Some("an instance was taken out of service in response to a max instance lifetime")
        } else if self.kept.moving.as_ref() == Some(&member.id) {
            Some("an instance was taken out of service for availability zone rebalancing")
        } else {
            None
        }
    }

    pub(super) fn staying(&self) -> impl Iterator<Item = &Member> {
        self.live().filter(|member| self.replaced(member).is_none())
    }

    pub(super) fn replaced_ones(&self) -> Vec<&Member> {
        self.live().filter(|member| self.replaced(member).is_some()).collect()
    }

    /// What is over is forgotten, hooks of those that start run out, and checks count from when on.
    fn look_at_members(&mut self) {
        let there: BTreeSet<String> = self.members.iter().map(|it| it.id.clone()).collect();
        self.kept.leaving.retain(|id, _| there.contains(id));
        self.kept.intents.retain(|id, _| !there.contains(id));
        self.kept.moving = self.kept.moving.take().filter(|id| there.contains(id));
        for member in self.members.clone() {
            match member.phase {
                Phase::Waiting => self.wait(&member),
                Phase::InService => {
                    self.look_again(member.since.plus(self.spec.grace));
                    self.look_again(member.since.plus(self.spec.warmup));
                    if let Some(life) = self.spec.lifetime {
                        self.look_again(member.launched_at.plus(life));
                    }
                }
                Phase::Pending | Phase::Terminating => {}
            }
        }
    }

    /// An instance waits for the hook of those that start.
    fn wait(&mut self, member: &Member) {
        let over = self.spec.launching.map(|hook| (member.since.plus(hook.heartbeat), hook));
        match over {
            Some((until, _)) if until > self.now => self.look_again(until),
            Some((_, hook)) if hook.gives_up => {
                self.leave(&member.id, "nobody completed its lifecycle action in time");
            }
            _ => self.actions.push(GroupAction::GoOn { instance: member.id.clone() }),
        }
    }

    /// Launches that were decided before and that nobody has seen. They stand if there may be so
    /// many.
    fn take_up_launches(&mut self) {
        for (token, zone) in std::mem::take(&mut self.kept.intents) {
            let open = !self.closed.contains(&zone) && self.spec.zones.contains(&zone);
            if open && count(self.live()) < self.most() {
                self.expect(token, zone);
            }
        }
    }

    /// Notes a launch as if its instance were there.
    fn expect(&mut self, token: String, zone: String) {
        self.members.push(Member {
            id: token.clone(),
            zone: zone.clone(),
            template: self.spec.template.clone(),
            phase: Phase::Pending,
            since: self.now,
            launched_at: self.now,
            healthy: true,
            protected: false,
            busy: false,
        });
        self.kept.intents.insert(token, zone);
    }

    /// Launches and lets go until there are as many as there shall be.
    fn resize(&mut self) {
        let desired = self.kept.desired;
        let staying = count(self.staying());
        for _ in desired..staying {
            let Some(id) = self.first_to_go() else { break };
            let why = format!(
                "an instance was taken out of service in response to a difference between desired \
                 and actual capacity, shrinking the capacity from {staying} to {desired}"
            );
            self.leave(&id, &why);
        }
        let warm = count(self.staying().filter(|it| self.is_warm(it)));
        self.let_stand_ins_go(desired.saturating_sub(warm), u32::MAX);
        let wanted = desired.saturating_sub(count(self.staying()));
        let may = wanted.min(self.most().saturating_sub(count(self.live())));
        let mut launched = 0;
        while launched < may {
            let Some(zone) = self.thinnest_zone() else { break };
            self.kept.made += 1;
            let token = format!("{}-{}", self.spec.id, self.kept.made);
            self.say(format!("Launching a new EC2 instance: {token} in {zone}."));
            self.expect(token, zone);
            launched += 1;
        }
        if launched == may && may < wanted {
            let warm = count(self.live().filter(|it| self.is_warm(it)));
            let ill = self.replaced_ones().iter().filter(|it| !self.is_warm(it)).count();
            let ill = u32::try_from(ill).unwrap_or(u32::MAX);
            // One may always go, or nothing would ever be replaced.
            let usual = if ill == 0 && count(self.live()) == warm { 1 } else { 0 };
            let may = ill + warm.saturating_sub(self.least()).max(usual);
            self.let_stand_ins_go(0, may.min(wanted - launched));
        }
    }

    /// Lets all but so many stand-ins go, at most so many: ill ones first.
    fn let_stand_ins_go(&mut self, keep: u32, most: u32) {
        let surplus = count(self.replaced_ones().into_iter()).saturating_sub(keep).min(most);
        for _ in 0..surplus {
            let all = self.replaced_ones();
            let first = all.iter().min_by_key(|it| (self.is_warm(it), it.launched_at, &it.id));
            let Some((id, why)) = first.and_then(|it| Some((it.id.clone(), self.replaced(it)?)))
            else {
                break;
            };
            self.leave(&id, why);
        }
    }

    /// How many instances are left at least when some are replaced.
    fn least(&self) -> u32 {
        let percent = self.spec.refresh.map(|it| it.least_healthy_percent);
        let percent = percent.unwrap_or(self.spec.least_healthy_percent);
        share(self.kept.desired, percent).1
    }

    /// How many there are at most then. A zone that is crowded may have one too many.
    fn most(&self) -> u32 {
        let percent = self.spec.refresh.map(|it| it.most_healthy_percent);
        let percent = percent.unwrap_or(self.spec.most_healthy_percent).max(100);
        let most = share(self.kept.desired, percent).0;
        most.max(self.kept.desired + u32::from(self.kept.moving.is_some()))
    }

    fn decision(mut self) -> GroupDecision {
        for (token, zone) in &self.kept.intents {
            let (token, zone) = (token.clone(), zone.clone());
            let template = self.spec.template.clone();
            self.actions.push(GroupAction::Launch { token, zone, template });
        }
        let steady = self.kept.leaving.is_empty()
            && self.replaced_ones().is_empty()
            && count(self.staying()) == self.kept.desired
            && self.staying().all(|member| self.is_warm(member));
        let Self { kept, actions, events, again, .. } = self;
        GroupDecision { kept, actions, events, steady, again }
    }
}

/// So many percent, rounded down and up.
fn share(number: u32, percent: u32) -> (u32, u32) {
    let all = u64::from(number) * u64::from(percent);
    let clip = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    (clip(all / 100), clip(all.div_ceil(100)))
}

pub(super) fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}
