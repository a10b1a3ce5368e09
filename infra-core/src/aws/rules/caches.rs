//! Caches of several nodes use them.

use crate::{analysis::Outline, aws::elasticache::ReplicationGroup, graph::ProgramProblem};

/// `cache-failover`: where there is a second node, it takes over, and stands in another zone.
pub(super) fn cache_failover(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for cache in outline.all::<ReplicationGroup>() {
        let nodes = outline.get(&cache, ReplicationGroup::NUM_CACHE_CLUSTERS);
        let replicas = outline.get(&cache, ReplicationGroup::REPLICAS_PER_NODE_GROUP);
        if nodes.unwrap_or(1) < 2 && replicas.unwrap_or(0) < 1 {
            continue;
        }
        let switches = [
            (
                ReplicationGroup::AUTOMATIC_FAILOVER_ENABLED,
                "is off: there is a second node, and it would not take over by itself",
            ),
            (
                ReplicationGroup::MULTI_AZ_ENABLED,
                "is off: all nodes may stand in the same zone, and go with it",
            ),
        ];
        for (prop, message) in switches {
            if outline.get(&cache, prop) == Some(false) {
                found.push(outline.program().about(&cache, prop, message).help("set it to true"));
            }
        }
    }
    found
}
