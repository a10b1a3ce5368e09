//! Step scaling: grows or shrinks by steps when an alarm says so.
//!
//! An alarm has its policy done when it comes to a state, and once a minute while it stays there. How
//! far its figure is beyond its threshold says which step.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::containers::scheduler::Moment;

/// What steps count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Adjustment {
    /// How many more or less.
    Change,
    /// How many there shall be.
    Exact,
    /// How many percent more or less.
    Percent,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// From how far above the alarm's threshold; minus infinity if not said.
    pub from: Option<f64>,
    /// Up to how far above it; infinity if not said.
    pub to: Option<f64>,
    /// By how much.
    pub by: i32,
}

/// How the figures that an alarm has of a minute are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aggregation {
    /// Their average.
    #[default]
    Average,
    /// The least of them.
    Minimum,
    /// The largest of them.
    Maximum,
}

/// Grows or shrinks by steps when an alarm says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepScaling {
    /// What steps count.
    pub adjustment: Adjustment,
    /// The steps.
    pub steps: Vec<Step>,
    /// How long it waits before it goes on. AWS: 300 s for tasks.
    pub cooldown: Duration,
    /// Of percent: how much it changes at least.
    pub least_change: u32,
    /// How its alarm's figures are put together.
    pub aggregation: Aggregation,
}

/// An alarm that is in a state in which it has a policy done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breach {
    /// The alarm.
    pub alarm: String,
    /// Since when it is in that state.
    pub since: Moment,
    /// Its figures of the last minute, the newest last; none if it goes by ones that are missing.
    pub figures: Vec<f64>,
    /// Its threshold.
    pub threshold: f64,
}

impl StepScaling {
    /// How many the step for an alarm leads to; `None` if there is none.
    pub(super) fn wants(&self, breach: &Breach, current: u32) -> Option<u32> {
        let beyond = self.aggregation.of(&breach.figures)? - breach.threshold;
        let by = self.step(beyond)?.by;
        let change = match self.adjustment {
            Adjustment::Exact => return Some(u32::try_from(by).unwrap_or(0)),
            Adjustment::Change => i64::from(by),
            Adjustment::Percent => self.percent(by, current),
        };
        let wanted = (i64::from(current) + change).max(0);
        Some(u32::try_from(wanted).unwrap_or(u32::MAX))
    }

    /// Above the threshold the lower bound belongs to a step, below it the upper one. At the
    /// threshold itself that is both, and steps that lead upwards come first.
    fn step(&self, beyond: f64) -> Option<&Step> {
        let upwards = |step: &&Step| {
            let (from, to) = step.bounds();
            from <= beyond && beyond < to
        };
        let downwards = |step: &&Step| {
            let (from, to) = step.bounds();
            from < beyond && beyond <= to
        };
        let up = self.steps.iter().find(upwards).filter(|_| beyond >= 0.0);
        up.or_else(|| self.steps.iter().find(downwards).filter(|_| beyond <= 0.0))
    }

    /// AWS: towards zero, but a fraction of one is one.
    fn percent(&self, percent: i32, current: u32) -> i64 {
        let hundredths = i64::from(current) * i64::from(percent);
        let change = hundredths / 100;
        let change = if change == 0 { hundredths.signum() } else { change };
        if change.unsigned_abs() < u64::from(self.least_change) {
            i64::from(percent.signum()) * i64::from(self.least_change)
        } else {
            change
        }
    }
}

impl Step {
    fn bounds(&self) -> (f64, f64) {
        (self.from.unwrap_or(f64::NEG_INFINITY), self.to.unwrap_or(f64::INFINITY))
    }
}

impl Aggregation {
    fn of(self, figures: &[f64]) -> Option<f64> {
        let all = figures.iter().copied();
        match self {
            Self::Average if figures.is_empty() => None,
            Self::Average => Some(all.sum::<f64>() / figures.len() as f64),
            Self::Minimum => all.reduce(f64::min),
            Self::Maximum => all.reduce(f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(from: Option<f64>, to: Option<f64>, by: i32) -> Step {
        Step { from, to, by }
    }

    fn scaling(adjustment: Adjustment, steps: Vec<Step>) -> StepScaling {
        let (cooldown, aggregation) = (Duration::ZERO, Aggregation::Average);
        StepScaling { adjustment, steps, cooldown, least_change: 0, aggregation }
    }

    /// What an alarm with the threshold 75 leads to.
    fn wants(scaling: &StepScaling, figures: &[f64], current: u32) -> Option<u32> {
        let (alarm, figures) = ("a".to_owned(), figures.to_vec());
        let breach = Breach { alarm, since: Moment(0), figures, threshold: 75.0 };
        scaling.wants(&breach, current)
    }

    #[test]
    fn steps_are_chosen_by_how_far_the_figure_is_off() {
        let steps = vec![
            step(Some(0.0), Some(10.0), 1),
            step(Some(10.0), None, 3),
            step(Some(-10.0), Some(0.0), -1),
        ];
        let mut scaling = scaling(Adjustment::Change, steps);
        let cases = [
            (75.0, Some(5)),
            (84.9, Some(5)),
            (85.0, Some(7)),
            (70.0, Some(3)),
            (65.0, None),
            (60.0, None),
        ];
        for (figure, expected) in cases {
            assert_eq!(wants(&scaling, &[figure], 4), expected, "{figure}");
        }
        scaling.adjustment = Adjustment::Exact;
        scaling.steps = vec![step(Some(0.0), None, 9)];
        assert_eq!(wants(&scaling, &[80.0], 4), Some(9));
        assert_eq!(wants(&scaling, &[80.0], 12), Some(9));
    }

    #[test]
    fn an_alarm_at_or_below_its_threshold_goes_down_at_the_threshold_too() {
        let scaling = scaling(Adjustment::Change, vec![step(None, Some(0.0), -1)]);
        assert_eq!(wants(&scaling, &[75.0], 4), Some(3));
        assert_eq!(wants(&scaling, &[75.1], 4), None);
    }

    #[test]
    fn a_percentage_is_rounded_towards_zero_and_is_one_at_least() {
        let steps = vec![step(Some(0.0), None, 10), step(None, Some(0.0), -50)];
        let mut scaling = scaling(Adjustment::Percent, steps);
        assert_eq!(wants(&scaling, &[80.0], 4), Some(5));
        assert_eq!(wants(&scaling, &[80.0], 25), Some(27));
        assert_eq!(wants(&scaling, &[0.0], 5), Some(3));
        scaling.least_change = 4;
        assert_eq!(wants(&scaling, &[80.0], 25), Some(29));
        assert_eq!(wants(&scaling, &[0.0], 3), Some(0));
    }

    #[test]
    fn figures_of_a_minute_are_put_together_as_the_policy_says() {
        let steps = vec![step(Some(0.0), Some(10.0), 1), step(Some(10.0), None, 3)];
        let mut scaling = scaling(Adjustment::Change, steps);
        let figures = [75.0, 90.0, 78.0];
        assert_eq!(wants(&scaling, &figures, 4), Some(5));
        scaling.aggregation = Aggregation::Maximum;
        assert_eq!(wants(&scaling, &figures, 4), Some(7));
        scaling.aggregation = Aggregation::Minimum;
        assert_eq!(wants(&scaling, &[75.0, 74.0], 4), None);
        assert_eq!(wants(&scaling, &[], 4), None);
    }
}
