//! [`Range`]: bounds, as the schedule has them now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::containers::scheduler::{
    Event, Moment,
    schedule::{ScheduleKept, Scheduled, due},
};

/// Bounds, as the schedule has them now: what an action sets stays until another one, or a change of
/// what they were given as.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Range {
    given: (u32, u32),
    now: (u32, u32),
    done: ScheduleKept,
    /// When each action was seen first.
    made: BTreeMap<String, Moment>,
}

impl Range {
    /// How few and how many there may be.
    pub(in super::super) fn now(&self) -> (u32, u32) {
        self.now
    }

    /// Does what is due, unless the schedule rests: then it is missed. Returns how many there shall
    /// be, if that was said.
    pub(in super::super) fn pass(
        &mut self,
        id: &str,
        given: (u32, u32),
        actions: &BTreeMap<String, Scheduled>,
        rests: bool,
        now: Moment,
    ) -> (Option<u32>, Vec<Event>) {
        if self.given != given {
            (self.given, self.now) = (given, given);
        }
        self.made.retain(|name, _| actions.contains_key(name));
        let mut timed = actions.clone();
        for (name, action) in &mut timed {
            action.made_at = *self.made.entry(name.clone()).or_insert(now);
        }
        let (due, kept, _) = due(&timed, &self.done, now);
        self.done = kept;
        let (mut desired, mut events) = (None, vec![]);
        for (name, bounds) in due.into_iter().filter(|_| !rests) {
            let (least, most) =
                (bounds.least.unwrap_or(self.now.0), bounds.most.unwrap_or(self.now.1));
            // The bound that was said wins over the one that was not.
            self.now = match (bounds.least, bounds.most) {
                (None, Some(_)) => (least.min(most), most),
                _ => (least, most.max(least)),
            };
            desired = bounds.desired.or(desired);
            let (least, most) = self.now;
            let message = format!(
                "({id}) Successfully set min capacity to {least} and max capacity to {most}. \
                 Reason: scheduled action {}.",
                named(&name)
            );
            events.push(Event { at: now, message });
        }
        (desired.map(|desired| desired.clamp(self.now.0, self.now.1)), events)
    }
}

/// By what an action is told from others: one that was changed is another.
pub(super) fn key(name: &str, schedule: &str, zone: &str) -> String {
    format!("{name}\n{schedule}\n{zone}")
}

fn named(key: &str) -> &str {
    key.split('\n').next().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::scheduler::schedule::Bounds;

    const MINUTE: u64 = 60_000;

    #[test]
    fn what_an_action_sets_stays_until_the_next() {
        let action = |schedule: &str, least, most| {
            let action = Scheduled {
                schedule: schedule.parse().unwrap(),
                zone: "UTC".to_owned(),
                made_at: Moment(0),
                from: None,
                until: None,
                bounds: Bounds { least, most, desired: None },
            };
            (key(schedule, schedule, "UTC"), action)
        };
        let actions = BTreeMap::from([
            action("cron(10 * * * ? *)", Some(8), None),
            action("cron(20 * * * ? *)", None, Some(4)),
        ]);
        let mut range = Range::default();
        let mut pass = |given, rests, minute| {
            let (_, events) = range.pass("web", given, &actions, rests, Moment(minute * MINUTE));
            (range.now(), events.len())
        };
        // What was before it was made is not made up for.
        assert_eq!(pass((2, 6), false, 25), ((2, 6), 0));
        assert_eq!(pass((2, 6), false, 70), ((8, 8), 1));
        assert_eq!(pass((2, 6), false, 75), ((8, 8), 0));
        assert_eq!(pass((2, 6), false, 80), ((4, 4), 1));
        assert_eq!(pass((3, 9), false, 81), ((3, 9), 0));
        // While it rests it is missed.
        assert_eq!(pass((3, 9), true, 131), ((3, 9), 0));
        assert_eq!(pass((3, 9), false, 135), ((3, 9), 0));
    }
}
