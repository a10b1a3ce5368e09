//! [`Second`]: what a chart shows, second by second.

use std::time::Duration;

use serde::Serialize;

use super::{super::Record, Latency};

/// The requests that were due within a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Second {
    /// Which: whole seconds since the event, before it below 0.
    pub at: i64,
    /// How many requests were due.
    pub requests: usize,
    /// How many of them failed.
    pub failed: usize,
    /// Half of them took no longer, in milliseconds.
    pub p50: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
}

/// All seconds from one moment to another, those without requests too.
pub(in crate::containers::drill) fn series(
    records: &[&Record],
    event: Duration,
    from: Duration,
    to: Duration,
) -> Vec<Second> {
    let place = |at: Duration| (at.as_secs_f64() - event.as_secs_f64()).floor() as i64;
    let (first, last) = (place(from), place(to));
    let seconds = (first..=last).map(|at| {
        let due: Vec<&Record> =
            records.iter().copied().filter(|record| place(record.due) == at).collect();
        let latency = Latency::of(due.iter().copied());
        let failed = due.iter().filter(|record| record.failure.is_some()).count();
        Second { at, requests: due.len(), failed, p50: latency.p50, p99: latency.p99 }
    });
    seconds.collect()
}
