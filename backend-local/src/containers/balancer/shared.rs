//! [`Shared`]: what all connections of a balancer share.

use std::sync::Arc;

use super::{
    clock::Clock,
    connections::Connections,
    metrics::{Metric, Series},
};

/// What all connections of a balancer share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) clock: Clock,
    pub(super) series: Arc<Series>,
    /// Those of clients.
    pub(super) clients: Connections,
    /// Those to targets.
    pub(super) targets: Connections,
}

impl Shared {
    pub(super) fn count(&self, metric: Metric) {
        self.series.count(self.clock.unix_seconds(), metric);
    }
}
