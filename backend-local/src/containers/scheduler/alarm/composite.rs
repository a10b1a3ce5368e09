//! [`CompositeAlarm`]: an alarm of alarms, that another alarm may keep quiet.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Actions, AlarmDecision, AlarmKept, Rule, State, evaluate::changed};
use crate::containers::scheduler::{Moment, Pace};

/// An alarm that goes off by the states of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeAlarm {
    /// Its name.
    pub id: String,
    /// When it goes off.
    pub rule: Rule,
    /// What it does.
    pub actions: Actions,
    /// What keeps it from doing anything.
    pub suppressor: Option<Suppressor>,
}

/// An alarm that keeps another one from doing anything while it is off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressor {
    /// The alarm.
    pub alarm: String,
    /// How long the other one waits for it to go off.
    pub wait: Duration,
    /// How long the other one still waits after it.
    pub extension: Duration,
}

/// What must be remembered of a composite alarm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeKept {
    /// Its state.
    pub alarm: AlarmKept,
    /// Actions that wait whether they are suppressed: of the state it is in.
    held: bool,
    /// When the suppressor was seen to be off last.
    suppressed_at: Option<Moment>,
}

/// Decides what state a composite alarm is in, from those of the others.
#[must_use]
pub fn plan_composite(
    alarm: &CompositeAlarm,
    kept: &CompositeKept,
    states: &BTreeMap<String, State>,
    pace: &Pace,
    now: Moment,
) -> (CompositeKept, AlarmDecision) {
    let state = if alarm.rule.holds(states) { State::Alarm } else { State::Ok };
    let mut kept = kept.clone();
    let mut decision = AlarmDecision { kept: kept.alarm.clone(), actions: vec![], events: vec![] };
    if state != kept.alarm.state {
        let reason = format!(
            "{} {}",
            alarm.rule,
            if state == State::Alarm { "holds" } else { "does not hold" }
        );
        decision = changed(&alarm.id, state, reason, &alarm.actions, now);
        kept.alarm = decision.kept.clone();
        kept.held = alarm.suppressor.is_some();
    } else if kept.held {
        decision.actions = alarm.actions.of(state).to_vec();
    }
    let Some(suppressor) = alarm.suppressor.as_ref().filter(|_| kept.held) else {
        kept.held = false;
        return (kept, decision);
    };
    if states.get(&suppressor.alarm) == Some(&State::Alarm) {
        kept.suppressed_at = Some(now);
    }
    let waits = kept.alarm.since.plus(pace.scale(suppressor.wait));
    let extends = kept.suppressed_at.map(|at| at.plus(pace.scale(suppressor.extension)));
    // While the suppressor is off it waits, whatever the extension is.
    let off = kept.suppressed_at == Some(now);
    if off || now < extends.unwrap_or(waits) {
        decision.actions.clear();
    } else {
        kept.held = false;
        kept.suppressed_at = None;
    }
    (kept, decision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppressor_keeps_it_quiet() {
        let alarm = CompositeAlarm {
            id: "site".to_owned(),
            rule: "ALARM(a)".parse().unwrap(),
            actions: Actions {
                enabled: true,
                alarm: vec!["tell".to_owned()],
                ok: vec![],
                insufficient_data: vec![],
            },
            suppressor: Some(Suppressor {
                alarm: "work".to_owned(),
                wait: Duration::from_secs(3),
                extension: Duration::from_secs(2),
            }),
        };
        let run = |a: std::ops::Range<u64>, work: std::ops::Range<u64>| {
            let (mut kept, mut told) = (CompositeKept::default(), vec![]);
            for second in 0..30 {
                let state = |range: &std::ops::Range<u64>| {
                    if range.contains(&second) { State::Alarm } else { State::Ok }
                };
                let states = BTreeMap::from([
                    ("a".to_owned(), state(&a)),
                    ("work".to_owned(), state(&work)),
                ]);
                let now = Moment(second * 1_000);
                let (next, decision) = plan_composite(&alarm, &kept, &states, &Pace::AWS, now);
                kept = next;
                told.extend(decision.actions.iter().map(|_| second));
            }
            told
        };
        // It waits for the suppressor, which does not come.
        assert_eq!(run(5..30, 0..0), [8]);
        // It comes in time, and goes while the alarm is still off.
        assert_eq!(run(5..30, 7..12), [13]);
        // The alarm ends before the suppressor does.
        assert!(run(5..10, 7..20).is_empty());
    }
}
