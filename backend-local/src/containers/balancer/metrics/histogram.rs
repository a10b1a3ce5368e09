//! [`Histogram`]: durations, in steps of at most a sixteenth.

use std::time::Duration;

use serde::Serialize;

/// How many steps there are from a power of two to the next.
const STEPS: usize = 16;
/// Microseconds up to 2^36: nineteen hours.
const BUCKETS: usize = STEPS * 33;

/// How long targets took to begin their answers, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    /// How many answers there were.
    pub count: u64,
    /// On average.
    pub average: f64,
    /// Half took no longer.
    pub p50: f64,
    /// 95 of 100 took no longer.
    pub p95: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

/// Durations, in steps of at most a sixteenth.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    buckets: Box<[u32; BUCKETS]>,
    count: u64,
    sum: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: Box::new([0; BUCKETS]), count: 0, sum: 0, max: 0 }
    }
}

impl Histogram {
    /// Counts a duration.
    pub(super) fn record(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.buckets[bucket(micros)] += 1;
        self.count += 1;
        self.sum = self.sum.saturating_add(micros);
        self.max = self.max.max(micros);
    }

    /// What there is to say of them.
    #[expect(clippy::cast_precision_loss, reason = "hours in microseconds are exact")]
    pub(super) fn latency(&self) -> Latency {
        let seconds = |micros: u64| micros as f64 / 1e6;
        Latency {
            count: self.count,
            average: seconds(self.sum) / (self.count.max(1) as f64),
            p50: seconds(self.quantile(50)),
            p95: seconds(self.quantile(95)),
            p99: seconds(self.quantile(99)),
            max: seconds(self.max),
        }
    }

    /// What `percent` of them do not exceed by more than a step.
    fn quantile(&self, percent: u64) -> u64 {
        let rank = (self.count * percent).div_ceil(100);
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank && seen > 0 {
                return upper(index).min(self.max);
            }
        }
        0
    }
}

/// Where a value belongs: itself below sixteen, then sixteen buckets for each power of two.
fn bucket(value: u64) -> usize {
    let steps = STEPS as u64;
    if value < steps {
        return usize::try_from(value).unwrap_or_default();
    }
    let power = 63 - value.leading_zeros() as usize;
    let shift = power - 4;
    let within = usize::try_from((value >> shift) - steps).unwrap_or_default();
    ((shift + 1) * STEPS + within).min(BUCKETS - 1)
}

/// The largest value of a bucket.
fn upper(index: usize) -> u64 {
    if index < STEPS {
        return index as u64;
    }
    let (shift, within) = (index / STEPS - 1, (index % STEPS) as u64);
    ((STEPS as u64 + within + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, Duration, Histogram, bucket, upper};

    #[test]
    fn buckets_follow_each_other_without_gaps() {
        for index in 0..BUCKETS - 1 {
            assert_eq!(bucket(upper(index)), index);
            assert_eq!(bucket(upper(index) + 1), index + 1);
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn quantiles_are_off_by_no_more_than_a_step() {
        let mut histogram = Histogram::default();
        for millis in 1..=1000 {
            histogram.record(Duration::from_millis(millis));
        }
        let latency = histogram.latency();
        for (found, wanted) in
            [(latency.p50, 0.5), (latency.p95, 0.95), (latency.p99, 0.99), (latency.max, 1.0)]
        {
            assert!((wanted..=wanted * 1.0625).contains(&found), "{found} for {wanted}");
        }
        assert!((latency.average - 0.5005).abs() < 1e-9, "{}", latency.average);
    }

    #[test]
    fn nothing_took_no_time() {
        assert_eq!(Histogram::default().latency(), super::Latency::default());
    }
}
