//! Step scaling: grows or shrinks by steps when an alarm says so.

use std::time::Duration;

use serde::{Deserialize, Serialize};

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
    /// The threshold of its alarm.
    pub threshold: f64,
}

impl StepScaling {
    /// How many the step for a figure leads to; `None` if there is none.
    pub(super) fn wants(&self, figure: f64, current: u32) -> Option<u32> {
        let beyond = figure - self.threshold;
        // Above the threshold the lower bound belongs to the step, below it the upper one.
        let step = self.steps.iter().find(|step| {
            let from = step.from.unwrap_or(f64::NEG_INFINITY);
            let to = step.to.unwrap_or(f64::INFINITY);
            if beyond >= 0.0 {
                from <= beyond && beyond < to
            } else {
                from < beyond && beyond <= to
            }
        })?;
        let change = match self.adjustment {
            Adjustment::Exact => return Some(u32::try_from(step.by).unwrap_or(0)),
            Adjustment::Change => i64::from(step.by),
            Adjustment::Percent => self.percent(step.by, current),
        };
        let wanted = (i64::from(current) + change).max(0);
        Some(u32::try_from(wanted).unwrap_or(u32::MAX))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_how_far_the_figure_is_off() {
        let step = |from, to, by| Step { from, to, by };
        let mut scaling = StepScaling {
            adjustment: Adjustment::Change,
            steps: vec![
                step(Some(0.0), Some(10.0), 1),
                step(Some(10.0), None, 3),
                step(Some(-10.0), Some(0.0), -1),
            ],
            cooldown: Duration::ZERO,
            least_change: 0,
            threshold: 75.0,
        };
        assert_eq!(scaling.wants(75.0, 4), Some(5));
        assert_eq!(scaling.wants(84.9, 4), Some(5));
        assert_eq!(scaling.wants(85.0, 4), Some(7));
        assert_eq!(scaling.wants(70.0, 4), Some(3));
        assert_eq!(scaling.wants(60.0, 4), None);
        scaling.adjustment = Adjustment::Percent;
        scaling.steps = vec![step(Some(0.0), None, 10), step(None, Some(0.0), -50)];
        assert_eq!(scaling.wants(80.0, 4), Some(5));
        assert_eq!(scaling.wants(80.0, 25), Some(27));
        scaling.least_change = 4;
        assert_eq!(scaling.wants(80.0, 25), Some(29));
        assert_eq!(scaling.wants(0.0, 3), Some(0));
    }
}
