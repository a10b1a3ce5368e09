//! [`MetricAlarm`]: compares a figure with a threshold, period by period.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Actions, Formula, MetricStat, MetricStore, State};
use crate::containers::scheduler::{Event, Moment, Pace};

/// How many periods more than it needs an alarm looks back for figures that are missing.
const FURTHER: usize = 2;

/// An alarm that goes off when a figure passes a threshold for some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricAlarm {
    /// Its name.
    pub id: String,
    /// What it looks at.
    pub figure: Figure,
    /// How it compares.
    pub comparison: Comparison,
    /// With what.
    pub threshold: f64,
    /// How many periods it looks at.
    pub evaluation_periods: u32,
    /// How many of them must pass the threshold.
    pub datapoints_to_alarm: u32,
    /// What a period without figures counts as.
    pub missing: Missing,
    /// What it does.
    pub actions: Actions,
}

/// What an alarm looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Figure {
    /// One metric.
    Metric(MetricStat),
    /// Metrics and formulas by id, and the one that it looks at.
    Queries {
        /// All of them.
        queries: BTreeMap<String, Query>,
        /// The one that it looks at.
        returns: String,
    },
}

/// A metric, or what a formula makes of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// A metric.
    Metric(MetricStat),
    /// A formula.
    Formula(Formula),
}

/// How a figure is compared with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// It is at the threshold or above.
    AtLeast,
    /// It is above.
    Above,
    /// It is below.
    Below,
    /// It is at the threshold or below.
    AtMost,
}

/// What a period without figures counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// As one that passes the threshold.
    Breaching,
    /// As one that does not.
    NotBreaching,
    /// The alarm stays as it is.
    Ignore,
    /// The alarm does not know.
    Missing,
}

/// What must be remembered of an alarm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmKept {
    /// Its state.
    pub state: State,
    /// Since when.
    pub since: Moment,
    /// Why, in CloudWatch's words.
    pub reason: String,
}

/// What became of an alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmDecision {
    /// What to keep before anything is done.
    pub kept: AlarmKept,
    /// What is done about it, by ARN.
    pub actions: Vec<String>,
    /// What people are told.
    pub events: Vec<Event>,
}

impl Comparison {
    fn passes(self, figure: f64, threshold: f64) -> bool {
        match self {
            Self::AtLeast => figure >= threshold,
            Self::Above => figure > threshold,
            Self::Below => figure < threshold,
            Self::AtMost => figure <= threshold,
        }
    }
}

impl Figure {
    /// The last so many datapoints, the oldest first. Periods are AWS's, at the pace of this place.
    #[must_use]
    pub fn datapoints(
        &self,
        store: &MetricStore,
        count: usize,
        pace: &Pace,
        now: Moment,
    ) -> Vec<Option<f64>> {
        let of = |stat: &MetricStat| {
            let stat = MetricStat { period: pace.scale(stat.period), ..stat.clone() };
            store.datapoints(&stat, count, now)
        };
        match self {
            Self::Metric(stat) => of(stat),
            Self::Queries { queries, returns } => {
                let mut known: BTreeMap<String, Vec<Option<f64>>> = BTreeMap::new();
                for (id, query) in queries {
                    if let Query::Metric(stat) = query {
                        known.insert(id.clone(), of(stat));
                    }
                }
                // Formulas may use each other: each round settles those whose parts are known.
                for _ in 0..queries.len() {
                    for (id, query) in queries {
                        let Query::Formula(formula) = query else { continue };
                        if formula.uses().iter().all(|used| known.contains_key(*used)) {
                            let points = (0..count).map(|place| formula.of(&at(&known, place)));
                            let points = points.collect();
                            known.insert(id.clone(), points);
                        }
                    }
                }
                known.remove(returns).unwrap_or_else(|| vec![None; count])
            }
        }
    }

    /// The longest of its periods, in AWS's time.
    #[must_use]
    pub fn period(&self) -> Duration {
        match self {
            Self::Metric(stat) => stat.period,
            Self::Queries { queries, .. } => {
                let periods = queries.values().filter_map(|query| match query {
                    Query::Metric(stat) => Some(stat.period),
                    Query::Formula(_) => None,
                });
                periods.max().unwrap_or(Duration::from_secs(60))
            }
        }
    }
}

fn at(known: &BTreeMap<String, Vec<Option<f64>>>, place: usize) -> BTreeMap<String, Option<f64>> {
    known.iter().map(|(id, points)| (id.clone(), points[place])).collect()
}

/// Decides what state an alarm is in.
#[must_use]
pub fn plan_alarm(
    alarm: &MetricAlarm,
    kept: &AlarmKept,
    store: &MetricStore,
    pace: &Pace,
    now: Moment,
) -> AlarmDecision {
    let count = alarm.evaluation_periods.max(1) as usize;
    let points = alarm.figure.datapoints(store, count + FURTHER, pace, now);
    let state = alarm.state(&points).unwrap_or(kept.state);
    if state == kept.state {
        return AlarmDecision { kept: kept.clone(), actions: vec![], events: vec![] };
    }
    let reason = alarm.reason(&points, state);
    changed(&alarm.id, state, reason, &alarm.actions, now)
}

/// An alarm comes to a state.
pub(super) fn changed(
    id: &str,
    state: State,
    reason: String,
    actions: &Actions,
    now: Moment,
) -> AlarmDecision {
    let message = format!("(alarm {id}) is {} now: {reason}", state.as_str());
    AlarmDecision {
        kept: AlarmKept { state, since: now, reason },
        actions: actions.of(state).to_vec(),
        events: vec![Event { at: now, message }],
    }
}

impl MetricAlarm {
    /// The figures of its last minute that are there, the newest last: one, unless its periods are
    /// shorter than that. As far back as it looks itself.
    #[must_use]
    pub fn latest(&self, store: &MetricStore, pace: &Pace, now: Moment) -> Vec<f64> {
        let count = self.evaluation_periods.max(1) as usize + FURTHER;
        let points = self.figure.datapoints(store, count, pace, now);
        let mut real: Vec<f64> = points.into_iter().flatten().collect();
        let period = self.figure.period().as_secs().max(1);
        let minute = usize::try_from(60 / period).unwrap_or(1).max(1);
        real.drain(..real.len().saturating_sub(minute));
        real
    }

    fn passes(&self, figure: f64) -> bool {
        self.comparison.passes(figure, self.threshold)
    }

    /// What the last datapoints say; `None` if the alarm stays as it is. Figures that are missing
    /// matter only where there are too few others, further back too.
    fn state(&self, points: &[Option<f64>]) -> Option<State> {
        let evaluated = self.evaluation_periods.max(1) as usize;
        let to_alarm = (self.datapoints_to_alarm.max(1) as usize).min(evaluated);
        let real: Vec<f64> = points.iter().copied().flatten().collect();
        let last = &real[real.len().saturating_sub(evaluated)..];
        let passing = last.iter().filter(|figure| self.passes(**figure)).count();
        let missing = evaluated - last.len();
        let verdict = |alarm: bool| Some(if alarm { State::Alarm } else { State::Ok });
        if missing == 0 || passing >= to_alarm {
            return verdict(passing >= to_alarm);
        }
        match self.missing {
            Missing::Breaching => verdict(passing + missing >= to_alarm),
            Missing::NotBreaching => Some(State::Ok),
            // Those that are there decide whatever the others would have been.
            _ if passing + missing < to_alarm => Some(State::Ok),
            _ if passing == 0 && !last.is_empty() => Some(State::Ok),
            Missing::Ignore => None,
            Missing::Missing if last.is_empty() => Some(State::InsufficientData),
            Missing::Missing => {
                // One that passes, long enough ago, and nothing since that does not.
                let first = points.iter().position(Option::is_some)?;
                let since = &points[first..];
                let all = since.iter().flatten().all(|figure| self.passes(*figure));
                (all && since.len() >= to_alarm).then_some(State::Alarm)
            }
        }
    }

    fn reason(&self, points: &[Option<f64>], state: State) -> String {
        let real: Vec<f64> = points.iter().copied().flatten().collect();
        let evaluated = self.evaluation_periods.max(1) as usize;
        let last = &real[real.len().saturating_sub(evaluated)..];
        let passing = last.iter().filter(|figure| self.passes(**figure)).count();
        if state == State::InsufficientData {
            return format!("Insufficient Data: {evaluated} datapoints were unknown.");
        }
        let how = match self.comparison {
            Comparison::AtLeast => "greater than or equal to",
            Comparison::Above => "greater than",
            Comparison::Below => "less than",
            Comparison::AtMost => "less than or equal to",
        };
        format!(
            "Threshold Crossed: {passing} out of the last {evaluated} datapoints {last:?} was \
             {how} the threshold ({})",
            self.threshold
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::scheduler::alarm::{MetricId, Statistic};

    /// In the manner of the tables of CloudWatch's documentation, «how alarm state is evaluated when
    /// data is missing»: X passes the threshold, 0 does not, - is missing; `=` stays.
    #[test]
    fn missing_figures_are_treated_as_documented() {
        let cases = [
            // Three of three.
            (3, "0 - X - X", "O O O O"),
            (3, "- - - - 0", "O O O O"),
            (3, "- - - - -", "I = A O"),
            (3, "0 X X - X", "A A A A"),
            (3, "- - X - -", "A = A O"),
            (3, "- - - - X", "= = A O"),
            // Two of three.
            (2, "0 - X - X", "A A A A"),
            (2, "0 0 X 0 X", "A A A A"),
            (2, "- - - - 0", "O O A O"),
            (2, "- - - X -", "A = A O"),
        ];
        let treatments =
            [Missing::Missing, Missing::Ignore, Missing::Breaching, Missing::NotBreaching];
        for (to_alarm, points, expected) in cases {
            let points: Vec<Option<f64>> = points
                .split(' ')
                .map(|point| match point {
                    "X" => Some(9.0),
                    "0" => Some(0.0),
                    _ => None,
                })
                .collect();
            for (missing, expected) in treatments.into_iter().zip(expected.split(' ')) {
                let alarm = alarm(to_alarm, missing);
                let state = match alarm.state(&points) {
                    None => "=",
                    Some(State::Ok) => "O",
                    Some(State::Alarm) => "A",
                    Some(State::InsufficientData) => "I",
                };
                assert_eq!(state, expected, "{to_alarm} of 3, {points:?}, {missing:?}");
            }
        }
    }

    fn metric() -> MetricId {
        MetricId { name: "x".to_owned(), ..MetricId::default() }
    }

    fn alarm(datapoints_to_alarm: u32, missing: Missing) -> MetricAlarm {
        let period = Duration::from_secs(60);
        let stat = MetricStat { metric: metric(), statistic: Statistic::Average, period };
        MetricAlarm {
            id: "x".to_owned(),
            figure: Figure::Metric(stat),
            comparison: Comparison::Above,
            threshold: 5.0,
            evaluation_periods: 3,
            datapoints_to_alarm,
            missing,
            actions: Actions {
                enabled: true,
                alarm: vec!["a".to_owned()],
                ok: vec!["o".to_owned()],
                insufficient_data: vec![],
            },
        }
    }

    #[test]
    fn a_change_of_state_acts_once() {
        let (alarm, pace) = (alarm(3, Missing::Missing), Pace::LOCAL);
        let mut store = MetricStore::new(Duration::from_secs(3600));
        let mut kept = AlarmKept::default();
        let mut done = vec![];
        for second in 0..40 {
            let now = Moment(1_000_000 + second * 1_000);
            store.put(&metric(), now, if (10..20).contains(&second) { 9.0 } else { 1.0 });
            let decision = plan_alarm(&alarm, &kept, &store, &pace, now);
            kept = decision.kept;
            done.extend(decision.actions.into_iter().map(|action| (second, action)));
        }
        // Periods of a minute are 2 s here: three of them pass until it is off.
        let expected = [(2, "o"), (16, "a"), (22, "o")];
        let done: Vec<(u64, &str)> = done.iter().map(|(at, it)| (*at, it.as_str())).collect();
        assert_eq!(done, expected);
    }

    #[test]
    fn the_newest_figure_that_is_there_is_the_latest() {
        let pace = Pace::AWS;
        let mut alarm = alarm(3, Missing::Missing);
        let mut store = MetricStore::new(Duration::from_secs(3600));
        for (second, figure) in [(90, 7.0), (130, 8.0), (170, 10.0)] {
            store.put(&metric(), Moment(second * 1000), figure);
        }
        assert_eq!(alarm.latest(&store, &pace, Moment(180_000)), [9.0]);
        // A minute without any, and an hour.
        assert_eq!(alarm.latest(&store, &pace, Moment(240_000)), [9.0]);
        assert_eq!(alarm.latest(&store, &pace, Moment(3_600_000)), [0.0; 0]);
        // Shorter periods are all of the minute's.
        let Figure::Metric(stat) = &mut alarm.figure else { panic!("it is one metric") };
        stat.period = Duration::from_secs(20);
        assert_eq!(alarm.latest(&store, &pace, Moment(180_000)), [7.0, 8.0, 10.0]);
    }

    #[test]
    fn formulas_may_use_formulas() {
        let mut store = MetricStore::new(Duration::from_secs(3600));
        store.put(&metric(), Moment(500), 4.0);
        let period = Duration::from_secs(60);
        let stat = MetricStat { metric: metric(), statistic: Statistic::Sum, period };
        let queries = BTreeMap::from([
            ("a".to_owned(), Query::Formula("b * 2".parse().unwrap())),
            ("b".to_owned(), Query::Formula("m + 1".parse().unwrap())),
            ("m".to_owned(), Query::Metric(stat)),
        ]);
        let figure = Figure::Queries { queries, returns: "a".to_owned() };
        assert_eq!(figure.period(), period);
        assert_eq!(figure.datapoints(&store, 1, &Pace::LOCAL, Moment(2_500)), [Some(10.0)]);
    }
}
