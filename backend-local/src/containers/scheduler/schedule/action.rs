//! Scheduled actions: what bounds become, and when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::containers::scheduler::{Moment, moment::sooner};

/// What bounds become; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// How few there may be from then on.
    pub least: Option<u32>,
    /// How many there may be from then on.
    pub most: Option<u32>,
    /// How many there shall be then.
    pub desired: Option<u32>,
}

/// A scheduled action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// When.
    pub schedule: Schedule,
    /// By the clocks of which zone.
    pub zone: String,
    /// When it was made: nothing before is made up for.
    pub made_at: Moment,
    /// From when, if not at once.
    pub from: Option<Moment>,
    /// Until when, if not for ever.
    pub until: Option<Moment>,
    /// What bounds become.
    pub bounds: Bounds,
}

impl Scheduled {
    /// Its first time after a moment.
    #[must_use]
    pub fn next(&self, after: Moment) -> Option<Moment> {
        let began = self.from.unwrap_or(self.made_at);
        // Its beginning is a time of its own.
        let after = after.max(self.made_at).max(Moment(began.0.saturating_sub(1)));
        let next = self.schedule.next(&self.zone, began, after)?;
        self.until.is_none_or(|until| next <= until).then_some(next)
    }
}

/// What must be remembered of scheduled actions: up to when each was done, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleKept {
    done_until: BTreeMap<String, Moment>,
}

/// The actions whose time has come since they were last asked for, in the order of their times, and
/// when the next one is. Of one that was missed several times, as no agent ran, the last time
/// counts.
#[must_use]
pub fn due(
    actions: &BTreeMap<String, Scheduled>,
    kept: &ScheduleKept,
    now: Moment,
) -> (Vec<(String, Bounds)>, ScheduleKept, Option<Moment>) {
    let mut kept = kept.clone();
    kept.done_until.retain(|name, _| actions.contains_key(name));
    let (mut times, mut again) = (vec![], None);
    for (name, action) in actions {
        let since = kept.done_until.get(name).copied().unwrap_or(action.made_at);
        let mut next = action.next(since);
        let mut last = None;
        while let Some(time) = next.filter(|time| *time <= now) {
            last = Some(time);
            next = action.next(time);
        }
        if let Some(time) = last {
            kept.done_until.insert(name.clone(), time);
            times.push((time, name.clone(), action.bounds));
        }
        again = sooner(again, next);
    }
    times.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    let due = times.into_iter().map(|(_, name, bounds)| (name, bounds)).collect();
    (due, kept, again)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn what_was_missed_is_done_once_in_order() {
        let action = |schedule: &str, least| Scheduled {
            schedule: schedule.parse().unwrap(),
            zone: "UTC".to_owned(),
            made_at: Moment(0),
            from: None,
            until: Some(Moment(60 * MINUTE)),
            bounds: Bounds { least: Some(least), ..Bounds::default() },
        };
        let actions = BTreeMap::from([
            ("a".to_owned(), action("rate(7 minutes)", 1)),
            ("b".to_owned(), action("rate(5 minutes)", 2)),
        ]);
        let kept = ScheduleKept::default();
        let (done, kept, again) = due(&actions, &kept, Moment(4 * MINUTE));
        assert_eq!((done.len(), again), (0, Some(Moment(5 * MINUTE))));
        let (done, kept, again) = due(&actions, &kept, Moment(20 * MINUTE));
        let names: Vec<&str> = done.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((&names[..], again), (&["a", "b"][..], Some(Moment(21 * MINUTE))));
        assert!(due(&actions, &kept, Moment(20 * MINUTE)).0.is_empty());
        assert_eq!(due(&actions, &kept, Moment(100 * MINUTE)).2, None);
    }
}
