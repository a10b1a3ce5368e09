//! [`Clock`]: real time, as a balancer needs it.

use coarsetime::{Clock as System, Instant};

/// Real time: evenly, and as the system has it. A request reads it a dozen times, so it is only as exact as
/// the system's tick: a few milliseconds.
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
        self.start.elapsed().as_millis()
    }

    /// Seconds since 1970, as the system has them now: others look for what was counted by these.
    #[expect(clippy::unused_self, reason = "who has no clock does not ask for the time")]
    pub(super) fn unix_seconds(&self) -> u64 {
        System::now_since_epoch().as_secs()
    }
}
