//! [`Clock`]: real time, as a balancer needs it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Real time: it runs on evenly, and is near the system's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
    unix: Duration,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "a balancer serves people, in their time")]
    pub(super) fn start() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), unix }
    }

    /// Milliseconds since the start.
    pub(super) fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970.
    pub(super) fn unix_seconds(&self) -> u64 {
        self.unix_seconds_at(Instant::now())
    }

    /// A moment, in seconds since 1970.
    pub(super) fn unix_seconds_at(&self, moment: Instant) -> u64 {
        (self.unix + moment.saturating_duration_since(self.start)).as_secs()
    }
}
