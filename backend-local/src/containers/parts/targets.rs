//! [`Targets`]: who serves the requests of target groups: told by those who start tasks, heard by the
//! balancers, and the other way round how they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use tokio::sync::watch;

use crate::containers::balancer::{Metrics, TargetStatus};

/// The targets of each group, by its ARN.
pub(super) type Wanted = BTreeMap<String, BTreeSet<SocketAddr>>;

/// Who serves the requests of target groups, and how they are.
pub(super) struct Targets {
    wanted: watch::Sender<Wanted>,
    seen: Mutex<BTreeMap<(String, SocketAddr), TargetStatus>>,
    metrics: Mutex<BTreeMap<String, Metrics>>,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            wanted: watch::channel(Wanted::new()).0,
            seen: Mutex::default(),
            metrics: Mutex::default(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Targets {
    /// Says who serves: of all groups together.
    pub(super) fn serve(&self, wanted: Wanted) {
        self.wanted.send_if_modified(|current| {
            let changes = *current != wanted;
            if changes {
                *current = wanted;
            }
            changes
        });
    }

    /// Hears who serves.
    pub(super) fn heard(&self) -> watch::Receiver<Wanted> {
        self.wanted.subscribe()
    }

    /// Says how the targets of some groups are.
    pub(super) fn tell(
        &self,
        groups: &BTreeSet<String>,
        seen: Vec<(String, SocketAddr, TargetStatus)>,
    ) {
        let mut all = lock(&self.seen);
        all.retain(|(group, _), _| !groups.contains(group));
        all.extend(seen.into_iter().map(|(group, address, how)| ((group, address), how)));
    }

    /// How a target is; `None` if no balancer leads to it.
    pub(super) fn status(&self, group: &str, address: SocketAddr) -> Option<TargetStatus> {
        lock(&self.seen).get(&(group.to_owned(), address)).cloned()
    }

    /// What counts, by the ARN of its balancer.
    pub(super) fn metrics(&self) -> Vec<(String, Metrics)> {
        let all = lock(&self.metrics);
        all.iter().map(|(arn, metrics)| (arn.clone(), metrics.clone())).collect()
    }

    /// Where a balancer counts, by its ARN.
    pub(super) fn count(&self, balancer: &str, metrics: Option<Metrics>) {
        let mut all = lock(&self.metrics);
        match metrics {
            Some(metrics) => drop(all.insert(balancer.to_owned(), metrics)),
            None => drop(all.remove(balancer)),
        }
    }
}
