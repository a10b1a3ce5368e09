//! [`Alarms`]: timers that are used again.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Mutex,
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::lock::lock;

/// Timers of a connection's requests. One that is there already only moves on, where each request would
/// have to put its own into the runtime's list and take it out again.
#[derive(Debug, Default)]
pub(super) struct Alarms(Mutex<Vec<Pin<Box<Sleep>>>>);

impl Alarms {
    /// What comes within a limit; `None`: nothing came.
    pub(super) async fn within<F: Future>(&self, limit: Duration, coming: F) -> Option<F::Output> {
        let end = Instant::now() + limit;
        let known = lock(&self.0).pop();
        let mut alarm = match known {
            Some(mut alarm) => {
                alarm.as_mut().reset(end);
                alarm
            }
            None => Box::pin(sleep_until(end)),
        };
        let came = tokio::select! {
            biased;
            came = pin!(coming) => Some(came),
            () = alarm.as_mut() => None,
        };
        lock(&self.0).push(alarm);
        came
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::{Alarms, Duration, Instant};

    #[tokio::test]
    async fn a_timer_that_was_used_keeps_the_next_limit() {
        let alarms = Alarms::default();
        let (short, long) = (Duration::from_millis(30), Duration::from_secs(600));
        assert_eq!(alarms.within(long, async { 1 }).await, Some(1));
        for limit in [short, 3 * short, short] {
            let began = Instant::now();
            assert_eq!(alarms.within(limit, pending::<()>()).await, None);
            assert!(began.elapsed() >= limit);
        }
        assert_eq!(alarms.within(long, async { 2 }).await, Some(2));
    }
}
