//! Databases and caches.

use super::{Sheet, length};
use crate::{
    aws::{
        applicationautoscaling::{ScalableDimension, ScalableTarget},
        elasticache::{Engine, ReplicationGroup},
        rds::{DbCluster, DbInstance, StorageType},
        secretsmanager::Secret,
    },
    graph::NodeView,
};

pub(super) fn count(sheet: &mut Sheet<'_>) {
    for machine in sheet.outline.all::<DbInstance>() {
        database(sheet, &machine);
    }
    for cluster in sheet.outline.all::<DbCluster>() {
        if sheet.outline.get(&cluster, DbCluster::MANAGE_MASTER_USER_PASSWORD) == Some(true) {
            sheet.fixed(cluster.node, "the secret of its first user", "secret", 1.0);
        }
        readers(sheet, &cluster);
    }
    for cache in sheet.outline.all::<ReplicationGroup>() {
        nodes(sheet, &cache);
    }
    for secret in sheet.outline.all::<Secret>() {
        let copies = sheet.outline.value(&secret, Secret::REPLICA_REGIONS).items().len();
        let count = length(copies + 1);
        sheet.fixed(secret.node, &format!("secret {}", secret.node.urn.name()), "secret", count);
    }
}

fn database<'a>(sheet: &mut Sheet<'a>, machine: &NodeView<'a, DbInstance>) {
    let outline = sheet.outline;
    let clusters = outline.links::<_, _, DbCluster>(machine, DbInstance::DB_CLUSTER_IDENTIFIER);
    let cluster = clusters.first();
    let storage = cluster.and_then(|cluster| outline.get(cluster, DbCluster::STORAGE_TYPE));
    let (node, name) = (machine.node, machine.node.urn.short());
    if storage == Some(StorageType::AuroraIopt1) {
        return sheet.not_told(format!("{name}: no prices of aurora-iopt1 are known here"));
    }
    let Some(class) = outline.get(machine, DbInstance::DB_INSTANCE_CLASS) else {
        return sheet.not_told(format!("{name}: its class is not known"));
    };
    if class != "db.serverless" {
        let what = format!("machine {} {class}", node.urn.name());
        return sheet.fixed(node, &what, &format!("aurora/{class}"), 1.0);
    }
    let bounds = cluster
        .and_then(|cluster| outline.get(cluster, DbCluster::SERVERLESS_V2_SCALING_CONFIGURATION));
    match bounds {
        Some(bounds) => {
            let bounds = (bounds.min_capacity, bounds.max_capacity);
            let what = format!("capacity units of {}", node.urn.name());
            sheet.add(node, &what, "aurora/acu", bounds, 1.0);
        }
        None => sheet.not_told(format!("{name}: its capacity is not known")),
    }
}

/// Readers that scaling adds to those of the program.
fn readers<'a>(sheet: &mut Sheet<'a>, cluster: &NodeView<'a, DbCluster>) {
    let targets = sheet.outline.referring(ScalableTarget::RESOURCE_ID, cluster.node);
    for target in targets {
        let dimension = sheet.outline.get(&target, ScalableTarget::SCALABLE_DIMENSION);
        if dimension == Some(ScalableDimension::RdsClusterReadReplicaCount) {
            sheet.not_told(format!("readers that scaling adds to {}", cluster.node.urn.short()));
        }
    }
}

fn nodes<'a>(sheet: &mut Sheet<'a>, cache: &NodeView<'a, ReplicationGroup>) {
    let outline = sheet.outline;
    let number = |prop| outline.get(cache, prop);
    let shards = number(ReplicationGroup::NUM_NODE_GROUPS).unwrap_or(1);
    let each = number(ReplicationGroup::REPLICAS_PER_NODE_GROUP).map_or(1, |replicas| replicas + 1);
    let count = number(ReplicationGroup::NUM_CACHE_CLUSTERS).unwrap_or(shards * each);
    let Some(ty) = outline.get(cache, ReplicationGroup::CACHE_NODE_TYPE) else { return };
    let engine = match outline.get(cache, ReplicationGroup::ENGINE) {
        Some(Engine::Redis) => "redis",
        _ => "valkey",
    };
    let what = format!("nodes {ty} with {engine}");
    sheet.fixed(cache.node, &what, &format!("{engine}/{ty}"), f64::from(count));
}
