//! [`MetricStore`]: figures as they come, as long as anybody looks back.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::Statistic;
use crate::containers::scheduler::Moment;

/// A metric: namespace, name and of what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MetricId {
    /// Where it belongs: `AWS/ApplicationELB`.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Of what it is, by name and value.
    pub dimensions: BTreeMap<String, String>,
}

/// A metric, by periods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricStat {
    /// The metric.
    pub metric: MetricId,
    /// How the figures of a period are put together.
    pub statistic: Statistic,
    /// The length of a period.
    pub period: Duration,
}

/// Figures as they came. It is kept in memory alone: an agent that starts anew does not know what
/// was.
#[derive(Clone, Debug)]
pub struct MetricStore {
    retention: Duration,
    figures: BTreeMap<MetricId, VecDeque<(Moment, f64)>>,
}

impl MetricStore {
    /// A store that forgets figures after a while.
    #[must_use]
    pub fn new(retention: Duration) -> Self {
        Self { retention, figures: BTreeMap::new() }
    }

    /// Takes a figure. Those that come late find their place; what is no number is not taken.
    pub fn put(&mut self, metric: &MetricId, at: Moment, figure: f64) {
        if !figure.is_finite() {
            return;
        }
        let Some(figures) = self.figures.get_mut(metric) else {
            self.figures.insert(metric.clone(), VecDeque::from([(at, figure)]));
            return;
        };
        let place = figures.partition_point(|(other, _)| *other <= at);
        figures.insert(place, (at, figure));
    }

    /// Forgets what is too old.
    pub fn forget(&mut self, now: Moment) {
        let oldest = now.minus(self.retention);
        self.figures.retain(|_, figures| {
            let old = figures.partition_point(|(at, _)| *at < oldest);
            figures.drain(..old);
            !figures.is_empty()
        });
    }

    /// The metrics that there are figures of.
    pub fn metrics(&self) -> impl Iterator<Item = &MetricId> {
        self.figures.keys()
    }

    /// The figures of the last so many whole periods that are over, the oldest first; `None` for
    /// those that had none.
    #[must_use]
    pub fn datapoints(&self, stat: &MetricStat, count: usize, now: Moment) -> Vec<Option<f64>> {
        let period = u64::try_from(stat.period.as_millis()).unwrap_or(u64::MAX).max(1);
        let end = now.0 - now.0 % period;
        let back = |periods: usize| end.checked_sub(period.checked_mul(periods as u64)?);
        let points = (0..count).rev().map(|ago| {
            let (from, to) = (back(ago + 1)?, back(ago)?);
            stat.statistic.of(&self.between(&stat.metric, Moment(from), Moment(to)))
        });
        points.collect()
    }

    /// The figures from a moment on and before another one.
    fn between(&self, metric: &MetricId, from: Moment, to: Moment) -> Vec<f64> {
        let Some(figures) = self.figures.get(metric) else { return vec![] };
        let first = figures.partition_point(|(at, _)| *at < from);
        let end = figures.partition_point(|(at, _)| *at < to);
        figures.range(first..end).map(|(_, figure)| *figure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_put_together_by_periods() {
        let mut store = MetricStore::new(Duration::from_secs(100));
        let metric = MetricId { name: "x".to_owned(), ..MetricId::default() };
        for (second, figure) in [(1, 1.0), (15, 5.0), (12, 3.0), (31, 9.0), (35, f64::NAN)] {
            store.put(&metric, Moment(second * 1000), figure);
        }
        let period = Duration::from_secs(10);
        let stat = MetricStat { metric, statistic: Statistic::Average, period };
        let points = store.datapoints(&stat, 5, Moment(45_000));
        // Until 40 s; that of 40 s itself belongs to the next one.
        assert_eq!(points[1..], [Some(1.0), Some(4.0), None, Some(9.0)]);
        store.forget(Moment(112_000));
        assert_eq!(store.datapoints(&stat, 4, Moment(45_000))[1], Some(4.0));
        assert_eq!(store.datapoints(&stat, 4, Moment(45_000))[0], None);
        store.forget(Moment(1_000_000));
        assert_eq!(store.metrics().count(), 0);
    }
}
