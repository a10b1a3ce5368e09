//! For how long nobody was served.

use std::time::Duration;

use super::super::Record;

/// A time in which nobody was served. Times are since the load began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::containers::drill) struct Gap {
    pub(in crate::containers::drill) from: Duration,
    pub(in crate::containers::drill) to: Duration,
    /// Whether it was over before the end.
    pub(in crate::containers::drill) is_over: bool,
}

impl Gap {
    pub(in crate::containers::drill) fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

/// For each record, when somebody was served who came then or later; at the end, if nobody was.
/// Records are in the order in which they were due.
fn served(records: &[&Record], end: Duration) -> Vec<(Duration, bool)> {
    let mut next = (end, false);
    let mut all: Vec<_> = records
        .iter()
        .rev()
        .map(|record| {
            if record.failure.is_none() && (!next.1 || record.ended < next.0) {
                next = (record.ended, true);
            }
            next
        })
        .collect();
    all.reverse();
    all
}

/// The longest outage: from when a request was due that failed, until somebody was served who came
/// after it. Of a request that was under way at the event, what came before that does not count.
pub(in crate::containers::drill) fn longest_outage(
    records: &[&Record],
    event: Duration,
    end: Duration,
) -> Option<Gap> {
    longest(records, event, end, |record| record.failure.is_some())
}

/// The longest time that somebody would have waited who came at the worst moment, and had tried until
/// anybody was served. It knows of sites that hang, too, and not only of those that say so.
pub(in crate::containers::drill) fn longest_stall(
    records: &[&Record],
    event: Duration,
    end: Duration,
) -> Option<Gap> {
    longest(records, event, end, |_| true)
}

fn longest(
    records: &[&Record],
    event: Duration,
    end: Duration,
    begins: impl Fn(&Record) -> bool,
) -> Option<Gap> {
    let served = served(records, end);
    let gaps = records.iter().zip(served).filter(|(record, _)| begins(record));
    let gaps = gaps.map(|(record, (to, is_over))| {
        let is_under_way = record.due < event && event <= record.ended;
        Gap { from: if is_under_way { event } else { record.due }, to, is_over }
    });
    // Of the same length, the first.
    gaps.rev().max_by_key(Gap::length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::drill::{Failure, Kind};

    /// Requests by when they were due, how long they took in milliseconds, and whether they failed.
    fn records(all: &[(u64, u64, bool)]) -> Vec<Record> {
        let record = |(due, took, fails): &(u64, u64, bool)| {
            let due = Duration::from_millis(*due);
            let ended = due + Duration::from_millis(*took);
            let failure = fails.then_some(Failure::Connect);
            Record { due, sent: due, ended, kind: Kind::Read, browser: 0, failure }
        };
        all.iter().map(record).collect()
    }

    #[track_caller]
    fn check(all: &[(u64, u64, bool)], outage: Option<(u64, u64)>, stall: (u64, u64)) {
        let records = records(all);
        let records: Vec<&Record> = records.iter().collect();
        let end = Duration::from_secs(100);
        let told = |gap: Option<Gap>| {
            gap.map(|gap| (gap.from.as_millis() as u64, gap.length().as_millis() as u64))
        };
        assert_eq!(told(longest_outage(&records, Duration::ZERO, end)), outage);
        assert_eq!(told(longest_stall(&records, Duration::ZERO, end)), Some(stall));
    }

    #[test]
    fn without_failures_there_is_no_outage() {
        check(&[(0, 10, false), (50, 20, false)], None, (50, 20));
    }

    #[test]
    fn it_lasts_from_the_first_failure_to_the_next_who_is_served() {
        check(
            &[(0, 10, false), (1_000, 5, true), (1_500, 5, true), (3_000, 40, false)],
            Some((1_000, 2_040)),
            (1_000, 2_040),
        );
    }

    #[test]
    fn two_short_ones_are_not_a_long_one() {
        let all = [(1_000, 5, true), (1_100, 10, false), (2_000, 5, true), (2_300, 10, false)];
        check(&all, Some((2_000, 310)), (2_000, 310));
    }

    #[test]
    fn who_is_slow_does_not_hide_who_is_served_meanwhile() {
        // The first waits for a lock of its own for 17 s; everybody else is served.
        check(&[(0, 17_000, false), (100, 10, false), (200, 10, false)], None, (0, 110));
    }

    #[test]
    fn a_site_that_hangs_and_says_nothing_stalls() {
        // All are answered in the end, and nobody before.
        check(&[(0, 8_000, false), (1_000, 7_000, false), (2_000, 6_100, false)], None, (0, 8_000));
    }

    #[test]
    fn what_is_not_over_lasts_to_the_end() {
        let records = records(&[(0, 10, false), (1_000, 5, true)]);
        let records: Vec<&Record> = records.iter().collect();
        let gap = longest_outage(&records, Duration::ZERO, Duration::from_secs(5)).unwrap();
        assert_eq!((gap.length(), gap.is_over), (Duration::from_secs(4), false));
    }

    #[test]
    fn what_was_slow_before_the_event_is_no_matter_of_the_event() {
        // Under way for 2 s when it was killed, and half a second later somebody is served.
        let records = records(&[(0, 2_010, true), (2_400, 100, false)]);
        let records: Vec<&Record> = records.iter().collect();
        let (event, end) = (Duration::from_secs(2), Duration::from_secs(9));
        let gap = longest_outage(&records, event, end).unwrap();
        assert_eq!((gap.from, gap.length()), (event, Duration::from_millis(500)));
        let without = longest_outage(&records, Duration::from_secs(3), end).unwrap();
        assert_eq!(without.length(), Duration::from_millis(2_500));
    }
}
