//! [`Series`]: what a scope counts over time.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{
    histogram::Histogram,
    point::{COUNTED, Metric, Point},
};

/// How long a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A second; two minutes of them are kept.
    Second,
    /// A minute; three hours of them are kept.
    Minute,
}

impl Resolution {
    fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
        }
    }

    fn kept(self) -> usize {
        match self {
            Self::Second => 120,
            Self::Minute => 180,
        }
    }
}

/// What is looked at, not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Gauges {
    pub(in super::super) active_connections: u64,
    pub(in super::super) healthy: u64,
    pub(in super::super) unhealthy: u64,
}

/// What a scope counts over time.
#[derive(Debug)]
pub(in super::super) struct Series(Mutex<Counted>);

#[derive(Debug)]
struct Counted {
    seconds: Ring,
    minutes: Ring,
    total: Slot,
    gauges: Gauges,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    start: u64,
    counts: [u64; COUNTED],
    times: Option<Histogram>,
    gauges: Gauges,
}

#[derive(Debug)]
struct Ring {
    resolution: Resolution,
    /// The newest last; those in which nothing happened are not there.
    slots: VecDeque<Slot>,
}

impl Default for Series {
    fn default() -> Self {
        let ring = |resolution| Ring { resolution, slots: VecDeque::new() };
        Self(Mutex::new(Counted {
            seconds: ring(Resolution::Second),
            minutes: ring(Resolution::Minute),
            total: Slot::default(),
            gauges: Gauges::default(),
        }))
    }
}

impl Series {
    /// Counts once, at a time in seconds since 1970.
    pub(in super::super) fn count(&self, now: u64, metric: Metric) {
        self.record(now, &[metric], None);
    }

    /// Counts each of them once, and how long a target took.
    pub(in super::super) fn record(&self, now: u64, metrics: &[Metric], took: Option<Duration>) {
        self.with(|counted| {
            let gauges = counted.gauges;
            let slots = [
                counted.seconds.slot(now, gauges),
                counted.minutes.slot(now, gauges),
                &mut counted.total,
            ];
            for slot in slots {
                for metric in metrics {
                    if let Some(count) = slot.counts.get_mut(*metric as usize) {
                        *count += 1;
                    }
                }
                if let Some(took) = took {
                    slot.times.get_or_insert_default().record(took);
                }
            }
        });
    }

    /// Takes note of what is to be seen.
    pub(in super::super) fn look(&self, now: u64, gauges: Gauges) {
        self.with(|counted| {
            counted.gauges = gauges;
            counted.seconds.slot(now, gauges).gauges = gauges;
            counted.minutes.slot(now, gauges).gauges = gauges;
        });
    }

    pub(super) fn points(&self, resolution: Resolution, points: usize, now: u64) -> Vec<Point> {
        self.with(|counted| {
            let gauges = counted.gauges;
            let ring = match resolution {
                Resolution::Second => &mut counted.seconds,
                Resolution::Minute => &mut counted.minutes,
            };
            let last = ring.slot(now, gauges).start;
            let (width, points) = (resolution.seconds(), points.min(resolution.kept()) as u64);
            let starts = (0..points).rev().filter_map(|back| last.checked_sub(back * width));
            let mut kept = ring.slots.iter().peekable();
            let point = |start| {
                while kept.next_if(|slot| slot.start < start).is_some() {}
                match kept.peek() {
                    Some(slot) if slot.start == start => slot.point(),
                    _ => Slot { start, ..Slot::default() }.point(),
                }
            };
            starts.map(point).collect()
        })
    }

    pub(super) fn total(&self) -> Point {
        self.with(|counted| {
            counted.total.gauges = counted.gauges;
            counted.total.point()
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counted) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ring {
    /// The slot of a time. A clock that was set back counts into the newest.
    fn slot(&mut self, now: u64, gauges: Gauges) -> &mut Slot {
        let start = now - now % self.resolution.seconds();
        if self.slots.back().is_none_or(|newest| newest.start < start) {
            if self.slots.len() == self.resolution.kept() {
                self.slots.pop_front();
            }
            self.slots.push_back(Slot { start, gauges, ..Slot::default() });
        }
        let newest = self.slots.len() - 1;
        &mut self.slots[newest]
    }
}

impl Slot {
    fn point(&self) -> Point {
        let mut point = Point::new(self.start, self.counts, self.times.as_ref());
        point.active_connections = self.gauges.active_connections;
        point.healthy_hosts = self.gauges.healthy;
        point.unhealthy_hosts = self.gauges.unhealthy;
        point
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Gauges, Metric, Resolution, Series};

    #[test]
    fn seconds_and_minutes_count_the_same() {
        let series = Series::default();
        series.look(600, Gauges { healthy: 2, ..Gauges::default() });
        for now in [600, 600, 602, 660] {
            let took = Some(Duration::from_millis(10));
            series.record(now, &[Metric::RequestCount, Metric::Target2xx], took);
        }
        let requests = |resolution, points| {
            let points = series.points(resolution, points, 660);
            points.iter().map(|point| point.count(Metric::RequestCount)).collect::<Vec<_>>()
        };
        assert_eq!(requests(Resolution::Minute, 2), [3, 1]);
        assert_eq!(requests(Resolution::Second, 61)[..4], [2, 0, 1, 0]);
        let total = series.total();
        assert_eq!((total.count(Metric::Target2xx), total.response_time.count), (4, 4));
        let minute = &series.points(Resolution::Minute, 2, 660)[0];
        assert!((minute.value(Metric::RequestCountPerTarget) - 1.5).abs() < 1e-9);
    }

    #[test]
    fn no_more_is_kept_than_is_said() {
        let series = Series::default();
        for now in 0..1000 {
            series.count(now, Metric::RequestCount);
        }
        let points = series.points(Resolution::Second, 5000, 999);
        assert_eq!(points.len(), 120);
        assert!(points.iter().all(|point| point.count(Metric::RequestCount) == 1));
    }
}
