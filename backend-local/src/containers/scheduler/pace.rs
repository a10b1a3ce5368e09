//! [`Pace`]: how fast AWS's clocks run here.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How fast AWS's clocks run here: how long it takes until what lasts a minute on AWS is over.
///
/// Periods of metrics, cooldowns, warm-ups and back-off go by it. What depends on programs and not
/// on AWS does not: grace periods, stop timeouts, time limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// How long a minute of AWS lasts.
    pub minute: Duration,
    /// How long a task without any health check must have run before it counts as healthy. AWS
    /// counts it at once, so that one that ends a second later is taken for good.
    pub settle: Duration,
}

impl Pace {
    /// As AWS has it.
    pub const AWS: Self = Self { minute: Duration::from_secs(60), settle: Duration::ZERO };

    /// Thirty times as fast: load that comes is answered after 6 s, load that goes after 30 s.
    pub const LOCAL: Self =
        Self { minute: Duration::from_secs(2), settle: Duration::from_millis(500) };

    /// What a time of AWS lasts here.
    #[must_use]
    pub fn scale(&self, time: Duration) -> Duration {
        let scaled = time.as_millis() * self.minute.as_millis() / 60_000;
        Duration::from_millis(u64::try_from(scaled).unwrap_or(u64::MAX))
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::LOCAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_pace_is_thirty_times_as_fast() {
        assert_eq!(Pace::LOCAL.scale(Duration::from_secs(300)), Duration::from_secs(10));
        assert_eq!(Pace::AWS.scale(Duration::from_secs(300)), Duration::from_secs(300));
    }
}
