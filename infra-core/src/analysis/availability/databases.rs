//! Databases: a machine that writes, others that take over, and pages that lie in three zones.

use std::collections::BTreeSet;

use super::{Failure, FailureKind, Loss, Sites, recovery};
use crate::{
    analysis::Outline,
    aws::rds::{DbCluster, DbInstance, DbSubnetGroup},
    graph::NodeView,
};

/// Copies of each page, and how many of them writing needs. Source: "Overview of Amazon Aurora
/// storage".
const COPIES: u32 = 6;
const WRITING_COPIES: u32 = 4;

/// A cluster with the zones of its machines, the one that writes first.
pub(super) struct Cluster<'a> {
    cluster: NodeView<'a, DbCluster>,
    machines: Vec<String>,
}

pub(super) fn all<'a>(outline: &Outline<'a>, not_told: &mut Vec<String>) -> Vec<Cluster<'a>> {
    let mut all = vec![];
    for cluster in outline.all::<DbCluster>() {
        let mut machines: Vec<NodeView<'a, DbInstance>> =
            outline.referring(DbInstance::DB_CLUSTER_IDENTIFIER, cluster.node).collect();
        machines.sort_by_key(|it| outline.get(it, DbInstance::PROMOTION_TIER));
        let zones = possible(outline, &cluster);
        // Where no zone is said AWS deals machines to the zones of the subnets.
        let placed: Option<Vec<String>> = machines
            .iter()
            .enumerate()
            .map(|(place, machine)| {
                let dealt = zones.iter().nth(place % zones.len().max(1)).cloned();
                outline.get(machine, DbInstance::AVAILABILITY_ZONE).or(dealt)
            })
            .collect();
        let Some(placed) = placed else {
            let name = cluster.node.urn.short();
            not_told.push(format!("`{name}`: the program does not say in which zones it stands"));
            continue;
        };
        all.push(Cluster { cluster, machines: placed });
    }
    all
}

/// The zones of the subnets of a cluster.
fn possible<'a>(outline: &Outline<'a>, cluster: &NodeView<'a, DbCluster>) -> BTreeSet<String> {
    let groups = outline.links::<_, _, DbSubnetGroup>(cluster, DbCluster::DB_SUBNET_GROUP_NAME);
    let zones = groups.iter().filter_map(|it| outline.zones_of(it, DbSubnetGroup::SUBNET_IDS));
    zones.flatten().collect()
}

impl Cluster<'_> {
    pub(super) fn zones(&self) -> BTreeSet<String> {
        self.machines.iter().cloned().collect()
    }

    /// What the loss of some machines comes to; the first of all is the one that writes.
    fn without(&self, lost: impl Fn(usize, &str) -> bool) -> Option<Loss> {
        let gone: Vec<usize> = self
            .machines
            .iter()
            .enumerate()
            .filter(|(place, zone)| lost(*place, zone))
            .map(|(place, _)| place)
            .collect();
        let writes = gone.first() == Some(&0);
        let count = |machines: usize| u32::try_from(machines).unwrap_or(u32::MAX);
        let left = count(self.machines.len() - gone.len());
        let recovery = if writes { recovery::WRITER } else { recovery::READER };
        let recovery = (left > 0).then_some(recovery);
        (!gone.is_empty()).then(|| Loss {
            interrupts: writes,
            ..Loss::of(self.cluster.node, "machines", count(gone.len()), left, recovery)
        })
    }

    pub(super) fn without_zone(&self, zone: &str) -> Option<Loss> {
        self.without(|_, other| other == zone)
    }
}

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let mut failures = vec![];
    for cluster in &sites.databases {
        let node = cluster.cluster.node;
        let name = node.urn.short();
        failures.extend(cluster.without(|place, _| place == 0).map(|loss| {
            let recovery = loss.recovery.clone().or(Some(recovery::MACHINE));
            let what = format!("the machine of {name} that writes");
            let losses = vec![Loss { recovery, ..loss }];
            Failure { kind: FailureKind::DatabaseWriter, what, losses }
        }));
        let recovery = Some(recovery::PAGES);
        let pages = Loss {
            needed: WRITING_COPIES,
            ..Loss::of(node, "copies of each page", 1, COPIES - 1, recovery)
        };
        let what = format!("a storage node of {name}");
        failures.push(Failure { kind: FailureKind::StorageNode, what, losses: vec![pages] });
    }
    failures
}
