//! [`Latency`]: how long requests took.

use std::time::Duration;

use serde::Serialize;

use super::super::Record;

/// How long requests took, all of them: a failed one took until it was known to have failed. Counted
/// from when they were due, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Latency {
    /// How many there were.
    pub requests: usize,
    /// Half of them took no longer.
    pub p50: f64,
    /// 95 of 100 took no longer.
    pub p95: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// None took longer.
    pub max: f64,
}

impl Latency {
    pub(in crate::containers::drill) fn of<'a>(
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Self {
        let mut took: Vec<Duration> = records.into_iter().map(Record::took).collect();
        took.sort_unstable();
        let rank = |share: f64| milliseconds(nearest(&took, share));
        Self {
            requests: took.len(),
            p50: rank(0.5),
            p95: rank(0.95),
            p99: rank(0.99),
            max: rank(1.0),
        }
    }
}

/// The smallest that so large a share is no larger than (nearest rank).
fn nearest(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or_default()
}

pub(in crate::containers::drill) fn milliseconds(time: Duration) -> f64 {
    // To a tenth: nobody reads more.
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_requests_that_there_were() {
        let took: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        let at = |share| nearest(&took, share).as_millis();
        assert_eq!([at(0.0), at(0.5), at(0.95), at(0.99), at(1.0)], [1, 100, 190, 198, 200]);
        assert_eq!(nearest(&took[..1], 0.99).as_millis(), 1);
        assert_eq!(nearest(&[], 0.99), Duration::ZERO);
        assert_eq!(milliseconds(Duration::from_micros(12_345)), 12.3);
    }
}
