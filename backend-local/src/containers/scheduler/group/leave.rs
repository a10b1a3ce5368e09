//! How instances leave: which first, draining before they end.

use std::cmp::Reverse;

use super::{
    GroupAction, Member, TerminationPolicy,
    plan::{Leaving, Planner},
};

/// An hour, in milliseconds.
const HOUR: u64 = 60 * 60 * 1000;

impl Planner<'_> {
    /// The instance that scale-in ends first: not one that is protected; one that does not work
    /// yet; one of the fullest zone that has any, by the group's policies.
    pub(super) fn first_to_go(&self) -> Option<String> {
        let may: Vec<&Member> =
            self.staying().filter(|member| !self.is_protected(member)).collect();
        let crowd = |member: &Member| self.staying().filter(|it| it.zone == member.zone).count();
        let first = may.into_iter().min_by_key(|member| {
            let by_policy: Vec<(bool, Reverse<u64>, u64)> =
                self.spec.policies.iter().map(|policy| self.rank(*policy, member)).collect();
            (Reverse(!self.is_warm(member)), Reverse(crowd(member)), by_policy, member.id.clone())
        });
        first.map(|member| member.id.clone())
    }

    /// By a policy the least one goes first.
    fn rank(&self, policy: TerminationPolicy, member: &Member) -> (bool, Reverse<u64>, u64) {
        let current = member.template == self.spec.template;
        let launched = member.launched_at.0;
        let none = Reverse(0);
        match policy {
            TerminationPolicy::Default => (current, none, launched),
            TerminationPolicy::OldestLaunchTemplate => (current, none, 0),
            TerminationPolicy::OldestInstance => (false, none, launched),
            TerminationPolicy::NewestInstance => (false, Reverse(launched), 0),
            TerminationPolicy::ClosestToNextInstanceHour => {
                (false, Reverse(self.now.0.saturating_sub(launched) % HOUR), 0)
            }
        }
    }

    /// Lets an instance leave, or gives up a launch that nobody has seen.
    pub(super) fn leave(&mut self, id: &str, why: &str) {
        if self.kept.intents.remove(id).is_some() {
            self.members.retain(|member| member.id != id);
            return;
        }
        if self.kept.leaving.contains_key(id) {
            return;
        }
        let drains = self.spec.terminating.is_some();
        let leaving = Leaving { since: self.now, why: why.to_owned(), drains };
        self.kept.leaving.insert(id.to_owned(), leaving);
        self.say(format!("Terminating EC2 instance: {id}: {why}."));
    }

    /// What leaves drains until it has no tasks or the hook's time is over, and ends then.
    pub(super) fn let_go(&mut self) {
        let heartbeat = self.spec.terminating.map(|hook| hook.heartbeat);
        for (id, leaving) in self.kept.leaving.clone() {
            let Some(member) = self.members.iter().find(|it| it.id == id).cloned() else {
                continue;
            };
            if member.phase == super::Phase::Terminating {
                continue;
            }
            let until = leaving.since.plus(heartbeat.unwrap_or_default());
            if leaving.drains && member.busy && until > self.now {
                self.look_again(until);
                self.actions.push(GroupAction::Drain { instance: id });
            } else {
                self.actions.push(GroupAction::Terminate { instance: id });
            }
        }
    }
}
