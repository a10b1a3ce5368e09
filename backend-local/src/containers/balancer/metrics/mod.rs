//! What a balancer counts, under CloudWatch's names.
//!
//! | type | is |
//! |---|---|
//! | [`Metric`] | a name of CloudWatch's |
//! | [`Point`] | what was counted in a second or a minute |
//! | [`Metrics`] | reads them |
//!
//! A scope (the balancer, a target group) has a `Series`: a ring of seconds, one of minutes, and what
//! was counted since the start.

mod histogram;
mod point;
mod series;

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

pub(super) use self::series::{Gauges, Series};
pub use self::{
    histogram::Latency,
    point::{Metric, Point},
    series::Resolution,
};
use super::clock::Clock;

/// What was counted, oldest first; the last point is of the time that still runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MetricsSnapshot {
    /// By the balancer.
    pub balancer: Vec<Point>,
    /// By its groups, by name.
    pub groups: BTreeMap<String, Vec<Point>>,
}

/// What was counted since the start, for exporters whose counters never fall.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MetricsTotal {
    /// By the balancer.
    pub balancer: Point,
    /// By its groups, by name.
    pub groups: BTreeMap<String, Point>,
}

/// Where series are found.
pub(super) type Scopes = BTreeMap<String, Arc<Series>>;

/// Reads the metrics of a balancer.
#[derive(Clone)]
pub struct Metrics {
    pub(super) clock: Clock,
    pub(super) balancer: Arc<Series>,
    pub(super) groups: Arc<std::sync::RwLock<Scopes>>,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// The last points, the one that still runs included.
    #[must_use]
    pub fn snapshot(&self, resolution: Resolution, points: usize) -> MetricsSnapshot {
        let now = self.clock.unix_seconds();
        let read = |series: &Arc<Series>| series.points(resolution, points, now);
        let groups = super::lock::read(&self.groups);
        MetricsSnapshot {
            balancer: read(&self.balancer),
            groups: groups.iter().map(|(name, series)| (name.clone(), read(series))).collect(),
        }
    }

    /// What was counted since the start; gauges as they are now.
    #[must_use]
    pub fn total(&self) -> MetricsTotal {
        let groups = super::lock::read(&self.groups);
        MetricsTotal {
            balancer: self.balancer.total(),
            groups: groups.iter().map(|(name, series)| (name.clone(), series.total())).collect(),
        }
    }
}
