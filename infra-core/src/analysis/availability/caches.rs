//! Caches: a node that answers, and replicas that take over.

use std::collections::BTreeSet;

use super::{Failure, FailureKind, Loss, Sites, recovery};
use crate::{
    analysis::Outline,
    aws::elasticache::{ReplicationGroup, SubnetGroup},
    graph::NodeView,
};

/// A cache, with what each of its shards has.
pub(super) struct Cache<'a> {
    group: NodeView<'a, ReplicationGroup>,
    /// How many nodes.
    nodes: u32,
    /// Whether a replica takes over by itself.
    fails_over: bool,
    /// Whether its nodes stand in different zones.
    apart: bool,
    pub(super) zones: BTreeSet<String>,
}

pub(super) fn all<'a>(outline: &Outline<'a>, not_told: &mut Vec<String>) -> Vec<Cache<'a>> {
    let mut all = vec![];
    for group in outline.all::<ReplicationGroup>() {
        let subnets =
            outline.links::<_, _, SubnetGroup>(&group, ReplicationGroup::CACHE_SUBNET_GROUP_NAME);
        let zones = subnets.first().and_then(|it| outline.zones_of(it, SubnetGroup::SUBNET_IDS));
        if zones.is_none() {
            let name = group.node.urn.short();
            not_told.push(format!("`{name}`: the program does not say in which zones it stands"));
        }
        let replicas = outline.get(&group, ReplicationGroup::REPLICAS_PER_NODE_GROUP);
        let nodes = outline.get(&group, ReplicationGroup::NUM_CACHE_CLUSTERS);
        let on = |prop| outline.get(&group, prop) == Some(true);
        all.push(Cache {
            nodes: nodes.or_else(|| replicas.map(|replicas| replicas + 1)).unwrap_or(1),
            fails_over: on(ReplicationGroup::AUTOMATIC_FAILOVER_ENABLED),
            apart: on(ReplicationGroup::MULTI_AZ_ENABLED),
            zones: zones.unwrap_or_default(),
            group,
        });
    }
    all
}

impl Cache<'_> {
    /// What the loss of so many nodes comes to, the one that answers among them.
    fn without(&self, lost: u32) -> Loss {
        let left = self.nodes.saturating_sub(lost);
        let recovery = (left > 0 && self.fails_over).then_some(recovery::PRIMARY);
        Loss { interrupts: true, ..Loss::of(self.group.node, "nodes", lost, left, recovery) }
    }

    /// The one that answers may stand in any zone.
    pub(super) fn without_zone(&self, zone: &str) -> Option<Loss> {
        if !self.zones.contains(zone) {
            return None;
        }
        let zones = super::tasks::count(&self.zones);
        let together = if self.apart { self.nodes.div_ceil(zones) } else { self.nodes };
        Some(self.without(together))
    }
}

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let of = |cache: &Cache<'_>| {
        let mut loss = cache.without(1);
        if cache.nodes == 1 {
            loss.recovery = Some(recovery::EMPTY_NODE);
        }
        let what = format!("the node of {} that answers", cache.group.node.urn.short());
        Failure { kind: FailureKind::CachePrimary, what, losses: vec![loss] }
    };
    let replica = |cache: &Cache<'_>| {
        let loss =
            Loss { interrupts: false, recovery: Some(recovery::REPLICA), ..cache.without(1) };
        let what = format!("a replica of {}", cache.group.node.urn.short());
        Failure { kind: FailureKind::CachePrimary, what, losses: vec![loss] }
    };
    let several = sites.caches.iter().filter(|cache| cache.nodes > 1);
    sites.caches.iter().map(of).chain(several.map(replica)).collect()
}
