//! [`Clock`]: real time, as a balancer needs it.

use infra_core::clock::{Clock as _, SystemClock};
use tokio::time::Instant;

/// Real time: evenly, and as the system has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Milliseconds since the start.
    pub(super) fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970, as the system has them now: others look for what was counted by these.
    pub(super) fn unix_seconds(&self) -> u64 {
        SystemClock.now() / 1000
    }
}
