//! [`Bucket`]: how often calls of one kind may be made, and how that changes when AWS refuses some.

use super::rates::Rate;

/// How long a call waits for its turn at most, in milliseconds. A longer wait is the engine's: it
/// tells people, can be interrupted, and looks at the lease before it begins the call.
pub(super) const PATIENCE: f64 = 20_000.0;
/// What is left of the rate at the least, however often AWS refuses.
const LEAST: f64 = 1.0 / 32.0;
/// How much of the full rate each further call brings back.
const GAIN: f64 = 1.0 / 64.0;
/// Refusals within this many milliseconds are of one burst of calls, and slow down once.
const BURST: u64 = 1_000;

/// Tokens: one for each call. Those who come when there is none take one of those to come, in the
/// order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    rate: &'static Rate,
    /// How much of the rate is used: all of it until AWS refuses a call.
    share: f64,
    /// What is there; below zero what is promised.
    tokens: f64,
    /// When that was.
    at: u64,
    slowed_at: Option<u64>,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(rate: &'static Rate, now: u64) -> Self {
        Self { rate, share: 1.0, tokens: rate.burst, at: now, slowed_at: None }
    }

    /// A token for a call: how many milliseconds from now it is there. An error says when to come
    /// again, where that is too long to wait for; then none is taken.
    pub(super) fn take(&mut self, now: u64) -> Result<u64, u64> {
        self.fill(now);
        let missing = (1.0 - self.tokens).max(0.0);
        let wait = missing / (self.rate.refill * self.share) * 1_000.0;
        if wait > PATIENCE {
            return Err(whole_millis(wait - PATIENCE));
        }
        self.tokens -= 1.0;
        self.share = (self.share + GAIN).min(1.0);
        Ok(whole_millis(wait))
    }

    /// AWS refused a call: others use the account too, or its rate is another one.
    pub(super) fn refused(&mut self, now: u64) {
        self.fill(now);
        let is_same_burst = self.slowed_at.is_some_and(|at| now.saturating_sub(at) < BURST);
        if !is_same_burst {
            self.share = (self.share / 2.0).max(LEAST);
            self.slowed_at = Some(now);
        }
        // Theirs is empty, whatever is in this one.
        self.tokens = self.tokens.min(0.0);
    }

    fn fill(&mut self, now: u64) {
        #[expect(clippy::cast_precision_loss, reason = "a run has fewer than 2^52 milliseconds")]
        let since = now.saturating_sub(self.at) as f64 / 1_000.0;
        let filled = self.tokens + since * self.rate.refill * self.share;
        self.tokens = filled.min(self.rate.burst);
        self.at = self.at.max(now);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a wait is positive, and bounded by the slowest rate"
)]
fn whole_millis(millis: f64) -> u64 {
    millis.ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::rates::Shared;

    /// Four at once, and then two a second.
    static RATE: Rate = Rate::new("x", &["*"], Shared::No, 4.0, 2.0);

    fn waits(bucket: &mut Bucket, now: u64, calls: usize) -> Vec<u64> {
        (0..calls).map(|_| bucket.take(now).unwrap()).collect()
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_turn() {
        let mut bucket = Bucket::full(&RATE, 1_000);
        assert_eq!(waits(&mut bucket, 1_000, 7), [0, 0, 0, 0, 500, 1_000, 1_500]);
        // The three that wait have theirs first.
        assert_eq!(waits(&mut bucket, 2_000, 1), [1_000]);
        // Full again, and not fuller than that.
        assert_eq!(waits(&mut bucket, 60_000, 5), [0, 0, 0, 0, 500]);
    }

    #[test]
    fn nobody_waits_for_ever() {
        let mut bucket = Bucket::full(&RATE, 0);
        let turns: Vec<_> = (0..60).map(|_| bucket.take(0)).collect();
        // 4 at once, and 40 within 20 seconds.
        assert_eq!(turns.iter().filter(|turn| turn.is_ok()).count(), 44);
        assert_eq!(turns[43], Ok(20_000));
        assert_eq!(turns[44], Err(500));
        // Nobody has taken a token by being sent away.
        assert_eq!(turns[59], Err(500));
        assert_eq!(bucket.take(500), Ok(20_000));
    }

    #[test]
    fn a_refusal_halves_the_rate_and_calls_that_go_bring_it_back() {
        let mut bucket = Bucket::full(&RATE, 0);
        bucket.refused(0);
        // One token a second now.
        assert_eq!(bucket.take(0), Ok(1_000));
        let mut now = 0;
        let mut calls = 0;
        while bucket.share < 1.0 {
            now += 1_000;
            bucket.take(now).unwrap();
            calls += 1;
        }
        assert_eq!(calls, 31, "each brings back a 64th");
        assert_eq!(waits(&mut bucket, now + 60_000, 5), [0, 0, 0, 0, 500]);
    }

    #[test]
    fn refusals_of_one_burst_count_once() {
        let mut bucket = Bucket::full(&RATE, 0);
        (0..10).for_each(|_| bucket.refused(10));
        assert!((bucket.share - 0.5).abs() < f64::EPSILON, "{}", bucket.share);
        bucket.refused(1_010);
        assert!((bucket.share - 0.25).abs() < f64::EPSILON, "{}", bucket.share);
        (2..100).for_each(|second| bucket.refused(second * 1_010));
        assert!((bucket.share - LEAST).abs() < f64::EPSILON, "{}", bucket.share);
    }
}
