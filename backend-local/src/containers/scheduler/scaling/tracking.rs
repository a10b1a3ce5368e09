//! Target tracking: keeps a figure near a value.
//!
//! AWS is quick to grow and slow to shrink: three datapoints in a row above the target are enough
//! to grow, and it takes fifteen in a row below nine tenths of it to shrink. What it grows or
//! shrinks to is in proportion: as many as would have had the figure at the target. That is at
//! least as many as the load needs, so that shrinking does not lead to growing again under the same
//! load.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How many datapoints above the target let it grow.
pub const OUT_DATAPOINTS: usize = 3;
/// How many below nine tenths of the target let it shrink.
pub const IN_DATAPOINTS: usize = 15;
/// Below which part of the target it shrinks.
const LOW: f64 = 0.9;

/// What is tracked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tracked {
    /// Percent of the processor that tasks reserve, on average. AWS:
    /// `ECSServiceAverageCPUUtilization`.
    Cpu,
    /// Percent of the memory that tasks reserve, on average. AWS:
    /// `ECSServiceAverageMemoryUtilization`.
    Memory,
    /// Requests for each target, in AWS's minute: what was counted in a period is multiplied by as
    /// many periods as a minute has. AWS: `ALBRequestCountPerTarget`.
    RequestsPerTarget,
}

/// Keeps a figure near a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetTracking {
    /// The figure.
    pub tracked: Tracked,
    /// The value.
    pub target: f64,
    /// How long it does not grow after it grew, unless by more than then. AWS: 300 s for tasks.
    pub out_cooldown: Duration,
    /// How long it does not shrink after it changed. AWS: 300 s for tasks.
    pub in_cooldown: Duration,
    /// Whether it never shrinks.
    pub disable_scale_in: bool,
}

impl TargetTracking {
    /// As AWS has it for tasks.
    #[must_use]
    pub fn new(tracked: Tracked, target: f64) -> Self {
        let cooldown = Duration::from_secs(300);
        let (out_cooldown, in_cooldown) = (cooldown, cooldown);
        Self { tracked, target, out_cooldown, in_cooldown, disable_scale_in: false }
    }

    /// How many the load needs, if the datapoints say that this is more or fewer than there are.
    pub(super) fn wants(&self, datapoints: &[f64], current: u32) -> Option<u32> {
        let above = last(datapoints, OUT_DATAPOINTS)?;
        if above.iter().all(|figure| *figure > self.target) {
            // The newest one: an earlier one was before what was added last.
            let wanted = self.needed(*datapoints.last()?, current);
            return Some(wanted.max(current.saturating_add(1)));
        }
        let below = last(datapoints, IN_DATAPOINTS).filter(|_| !self.disable_scale_in)?;
        if below.iter().all(|figure| *figure < self.target * LOW) {
            // The highest one: a load that comes and goes needs as much as at its worst.
            let worst = below.iter().copied().fold(0.0, f64::max);
            return Some(self.needed(worst, current).min(current));
        }
        None
    }

    /// As many as would have had the figure at the target.
    fn needed(&self, figure: f64, current: u32) -> u32 {
        let needed = f64::from(current) * figure / self.target;
        // A quotient that should be whole may come out a little above.
        let needed = (needed - 1e-9).ceil().max(0.0);
        if needed >= f64::from(u32::MAX) { u32::MAX } else { needed as u32 }
    }
}

fn last(datapoints: &[f64], count: usize) -> Option<&[f64]> {
    datapoints.len().checked_sub(count).map(|from| &datapoints[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_fast_and_shrinks_slowly() {
        let tracking = TargetTracking::new(Tracked::Cpu, 50.0);
        assert_eq!(tracking.wants(&[90.0; 2], 4), None);
        assert_eq!(tracking.wants(&[10.0, 90.0, 90.0, 90.0], 4), Some(8));
        assert_eq!(tracking.wants(&[90.0, 50.0, 90.0], 4), None);
        assert_eq!(tracking.wants(&[20.0; 14], 4), None);
        assert_eq!(tracking.wants(&[20.0; 15], 4), Some(2));
        assert_eq!(tracking.wants(&[46.0; 15], 4), None);
        let mut varying = [20.0; 15];
        varying[3] = 40.0;
        assert_eq!(tracking.wants(&varying, 4), Some(4));
        assert_eq!(tracking.wants(&[50.1; 3], 4), Some(5));
    }
}
