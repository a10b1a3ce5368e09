//! [`Signals`]: what others go by: the alarms that are off, and the scaling policies that they have done.

use std::collections::{BTreeMap, BTreeSet};

use crate::containers::scheduler::{
    alarm::{AlarmKept, MetricAlarm, State},
    scaling::Breach,
};

/// What others go by.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::containers::parts) struct Signals {
    /// The alarms that are off, by name: deployments go by it.
    pub(in crate::containers::parts) firing: BTreeSet<String>,
    /// The alarms that have a scaling policy done, by the policy's ARN.
    pub(in crate::containers::parts) breaches: BTreeMap<String, Vec<Breach>>,
}

impl Signals {
    /// Takes what an alarm has done in the state that it is in, by its figures of the last minute.
    pub(super) fn take(&mut self, alarm: &MetricAlarm, kept: &AlarmKept, figures: &[f64]) {
        for policy in policies(alarm, kept.state) {
            let breach = Breach {
                alarm: alarm.id.clone(),
                since: kept.since,
                figures: figures.to_vec(),
                threshold: alarm.threshold,
            };
            self.breaches.entry(policy.clone()).or_default().push(breach);
        }
    }

    /// Takes the states of all alarms.
    pub(super) fn of(mut self, states: BTreeMap<String, State>) -> Self {
        let off = states.into_iter().filter(|(_, state)| *state == State::Alarm);
        self.firing = off.map(|(name, _)| name).collect();
        self
    }
}

/// The scaling policies that an alarm has done in a state.
pub(super) fn policies(alarm: &MetricAlarm, state: State) -> impl Iterator<Item = &String> {
    alarm.actions.of(state).iter().filter(|arn| Action::of(arn) == Action::Policy)
}

/// What an alarm does, by the ARN of what it does it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// It tells a topic.
    Topic,
    /// It has a scaling policy done.
    Policy,
    /// It calls a function.
    Function,
}

impl Action {
    pub(super) fn of(arn: &str) -> Self {
        match arn.split(':').nth(2) {
            Some("sns") => Self::Topic,
            Some("autoscaling") => Self::Policy,
            _ => Self::Function,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::containers::scheduler::{
        Moment,
        alarm::{Actions, Comparison, Figure, MetricId, MetricStat, Missing, Statistic},
    };

    const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:operators";
    const GROW: &str = "arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:1:resource/a";
    const REST: &str = "arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:2:resource/a";

    fn alarm(name: &str) -> MetricAlarm {
        let (metric, period) = (MetricId::default(), Duration::from_secs(60));
        let own = |arns: &[&str]| arns.iter().map(|arn| (*arn).to_owned()).collect();
        MetricAlarm {
            id: name.to_owned(),
            figure: Figure::Metric(MetricStat { metric, statistic: Statistic::Average, period }),
            comparison: Comparison::Above,
            threshold: 60.0,
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            missing: Missing::Missing,
            actions: Actions {
                enabled: true,
                alarm: own(&[TOPIC, GROW]),
                ok: own(&[REST]),
                insufficient_data: vec![],
            },
        }
    }

    fn signals(alarms: &[MetricAlarm], state: State) -> Signals {
        let kept = AlarmKept { state, since: Moment(7), reason: String::new() };
        let mut signals = Signals::default();
        for alarm in alarms {
            signals.take(alarm, &kept, &[90.0]);
        }
        signals.of(alarms.iter().map(|alarm| (alarm.id.clone(), state)).collect())
    }

    #[test]
    fn an_alarm_has_the_policies_of_its_state_done() {
        let both = [alarm("a"), alarm("b")];
        let off = signals(&both, State::Alarm);
        assert_eq!(off.firing, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert_eq!(off.breaches.keys().collect::<Vec<_>>(), [GROW]);
        let breach = |alarm: &str| Breach {
            alarm: alarm.to_owned(),
            since: Moment(7),
            figures: vec![90.0],
            threshold: 60.0,
        };
        assert_eq!(off.breaches[GROW], [breach("a"), breach("b")]);
        let well = signals(&both, State::Ok);
        assert_eq!((well.firing.len(), well.breaches.len()), (0, 1));
        assert_eq!(well.breaches[REST].len(), 2);
        assert_eq!(signals(&both, State::InsufficientData), Signals::default());
    }

    #[test]
    fn an_alarm_without_actions_has_nothing_done() {
        let mut quiet = alarm("a");
        quiet.actions.enabled = false;
        let signals = signals(&[quiet], State::Alarm);
        assert_eq!((signals.firing.len(), signals.breaches.len()), (1, 0));
    }
}
