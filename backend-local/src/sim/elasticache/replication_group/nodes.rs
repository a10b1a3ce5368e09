//! How many nodes a cache has, where they lie, and what they are called.

use std::collections::BTreeSet;

use infra_core::{
    aws::elasticache::{ClusterMode, ReplicationGroup},
    dsl::Prop,
    value::{PropertiesBuilder, Value},
};

use super::{OLD_CLASSES, family, given, refused};
use crate::sim::{
    elasticache::{
        engine::{COMBINATION, INVALID},
        subnet_group,
    },
    identity::digits,
    refusal::Refusal,
    special::{Asked, of, tell},
    zones::short_name,
};

/// AWS: "Nodes per cluster per instance type (cluster mode enabled)", adjustable.
const MOST_NODES: u32 = 90;
const MOST_REPLICAS: u32 = 5;

/// How many shards there are, and how many nodes each has.
#[derive(Clone, Copy)]
struct Size {
    shards: u32,
    each: u32,
}

impl Size {
    fn of(asked: &Asked<'_>) -> Self {
        let get = |prop: Prop<ReplicationGroup, u32>| asked.get(prop);
        match get(ReplicationGroup::NUM_CACHE_CLUSTERS) {
            Some(each) => Self { shards: 1, each },
            None => Self {
                shards: get(ReplicationGroup::NUM_NODE_GROUPS).unwrap_or(1),
                each: 1 + get(ReplicationGroup::REPLICAS_PER_NODE_GROUP).unwrap_or(0),
            },
        }
    }
}

fn mode(asked: &Asked<'_>) -> ClusterMode {
    asked.get(ReplicationGroup::CLUSTER_MODE).unwrap_or(ClusterMode::Disabled)
}

pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let size = Size::of(asked);
    check_size(asked, size)?;
    check_mode(asked, size)?;
    check_failover(asked, size)?;
    check_zones(asked, size)
}

fn check_size(asked: &Asked<'_>, size: Size) -> Result<(), Refusal> {
    let out_of = |property: &str, number: u32, least: u32, most: u32| {
        let message = format!("`{property}` {number} must be between {least} and {most}");
        refused(property, INVALID, message)
    };
    if given(asked, ReplicationGroup::NUM_CACHE_CLUSTERS) {
        let most = MOST_REPLICAS + 1;
        return match size.each {
            each if (1..=most).contains(&each) => Ok(()),
            each => out_of("num_cache_clusters", each, 1, most),
        };
    }
    if !(1..=MOST_NODES).contains(&size.shards) {
        return out_of("num_node_groups", size.shards, 1, MOST_NODES);
    }
    if size.each > MOST_REPLICAS + 1 {
        return out_of("replicas_per_node_group", size.each - 1, 0, MOST_REPLICAS);
    }
    let nodes = size.shards * size.each;
    if nodes > MOST_NODES {
        let message = format!(
            "`num_node_groups` {} with {} nodes each are {nodes}; {MOST_NODES} are allowed",
            size.shards, size.each
        );
        return refused("num_node_groups", "NodeQuotaForClusterExceeded", message);
    }
    Ok(())
}

fn check_mode(asked: &Asked<'_>, size: Size) -> Result<(), Refusal> {
    let mode = mode(asked);
    if mode == ClusterMode::Enabled && given(asked, ReplicationGroup::NUM_CACHE_CLUSTERS) {
        let message = "`num_cache_clusters` is for one shard; with the `cluster_mode` enabled give \
                       `num_node_groups` and `replicas_per_node_group`";
        return refused("num_cache_clusters", COMBINATION, message);
    }
    if mode != ClusterMode::Enabled && size.shards > 1 {
        let message = format!("`num_node_groups` {} needs the `cluster_mode` enabled", size.shards);
        return refused("num_node_groups", COMBINATION, message);
    }
    let had = asked.old.and_then(|old| of(old, ReplicationGroup::CLUSTER_MODE));
    let message = match (had, mode) {
        (None, ClusterMode::Compatible) => {
            "`cluster_mode` compatible is the way from disabled to enabled; a new cache is one of \
             both"
        }
        (Some(ClusterMode::Disabled), ClusterMode::Enabled) => {
            "`cluster_mode` goes from disabled to compatible first, and to enabled once all clients \
             can use it"
        }
        (Some(ClusterMode::Enabled), ClusterMode::Disabled | ClusterMode::Compatible) => {
            "`cluster_mode` enabled stays; only a new cache can have another one"
        }
        _ => return Ok(()),
    };
    refused("cluster_mode", COMBINATION, message)
}

fn check_failover(asked: &Asked<'_>, size: Size) -> Result<(), Refusal> {
    let failover = asked.get(ReplicationGroup::AUTOMATIC_FAILOVER_ENABLED) == Some(true);
    let several_zones = asked.get(ReplicationGroup::MULTI_AZ_ENABLED) == Some(true);
    let property = "automatic_failover_enabled";
    if mode(asked) != ClusterMode::Disabled && !failover {
        let message = format!("`{property}` can't be false unless the `cluster_mode` is disabled");
        return refused(property, COMBINATION, message);
    }
    if several_zones && !failover {
        let message = format!("`multi_az_enabled` needs `{property}`");
        return refused("multi_az_enabled", COMBINATION, message);
    }
    let one_shard = mode(asked) != ClusterMode::Enabled;
    if failover && one_shard && size.each < 2 {
        let message =
            format!("`{property}` needs a replica that takes over: give two nodes at least");
        return refused(property, COMBINATION, message);
    }
    if several_zones && size.each < 2 {
        let message = "`multi_az_enabled` needs a replica in another zone: give each shard one";
        return refused("multi_az_enabled", COMBINATION, message);
    }
    let old = family(asked).filter(|family| OLD_CLASSES.contains(&family.as_str()));
    match old.filter(|_| failover) {
        Some(old) => {
            let message = format!("`{property}`: nodes of the class cache.{old} can't take over");
            refused(property, COMBINATION, message)
        }
        None => Ok(()),
    }
}

fn check_zones(asked: &Asked<'_>, size: Size) -> Result<(), Refusal> {
    let covered: BTreeSet<&str> = covered(asked);
    let several = asked.get(ReplicationGroup::MULTI_AZ_ENABLED) == Some(true);
    if several && covered.len() < 2 {
        let there = covered.iter().next().copied().unwrap_or("no zone");
        let message = format!(
            "`multi_az_enabled` needs subnets in two zones; those of `cache_subnet_group_name` lie \
             in {there} alone"
        );
        return refused("multi_az_enabled", COMBINATION, message);
    }
    let property = "preferred_cache_cluster_azs";
    let wanted = asked.get(ReplicationGroup::PREFERRED_CACHE_CLUSTER_AZS).unwrap_or_default();
    if wanted.is_empty() {
        return Ok(());
    }
    if !given(asked, ReplicationGroup::NUM_CACHE_CLUSTERS) || wanted.len() != size.each as usize {
        let message = format!(
            "`{property}` names {} zones; it has one for each of `num_cache_clusters`",
            wanted.len()
        );
        return refused(property, COMBINATION, message);
    }
    if let Some(zone) = wanted.iter().find(|zone| !covered.contains(zone.as_str())) {
        let covered: Vec<&str> = covered.into_iter().collect();
        let message = format!(
            "`{property}` {zone}: no subnet of `cache_subnet_group_name` lies there; they cover {}",
            covered.join(", ")
        );
        return refused(property, INVALID, message);
    }
    if several && wanted.iter().all(|zone| *zone == wanted[0]) {
        let message = format!(
            "`{property}` are all {}; with `multi_az_enabled` a replica lies in another zone",
            wanted[0]
        );
        return refused(property, COMBINATION, message);
    }
    Ok(())
}

/// The zones that the cache's subnets lie in.
fn covered<'a>(asked: &Asked<'a>) -> BTreeSet<&'a str> {
    let group = asked.referenced(ReplicationGroup::CACHE_SUBNET_GROUP_NAME);
    group.map(|group| subnet_group::zones(asked.world, group)).unwrap_or_default()
}

/// What its nodes and hosts are called, and where the nodes lie.
pub(super) fn tell_nodes(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    let (size, id) = (Size::of(asked), asked.id);
    let of_shard = |shard: u32| {
        (1..=size.each).map(move |node| match mode(asked) {
            ClusterMode::Enabled => format!("{id}-{shard:04}-{node:03}"),
            ClusterMode::Disabled | ClusterMode::Compatible => format!("{id}-{node:03}"),
        })
    };
    let members: Vec<String> = (1..=size.shards).flat_map(of_shard).collect();
    tell_zones(asked, members.len(), outputs);
    tell(outputs, ReplicationGroup::MEMBER_CLUSTERS, members);
    tell_endpoints(asked, outputs);
}

/// Nodes stay where they are; new ones go where they are asked to, else where the fewest are.
fn tell_zones(asked: &Asked<'_>, nodes: usize, outputs: &mut PropertiesBuilder) {
    let slot = ReplicationGroup::MEMBER_AVAILABILITY_ZONES;
    let wanted = asked.get(ReplicationGroup::PREFERRED_CACHE_CLUSTER_AZS).unwrap_or_default();
    let mut zones = asked.old.and_then(|old| of(old, slot)).unwrap_or_default();
    zones.truncate(nodes);
    let covered = covered(asked);
    while zones.len() < nodes {
        let emptiest = || {
            let there = |zone: &&&str| zones.iter().filter(|other| other == *zone).count();
            covered.iter().min_by_key(there).map(|zone| (*zone).to_owned())
        };
        let Some(zone) = wanted.get(zones.len()).cloned().or_else(emptiest) else { break };
        zones.push(zone);
    }
    tell(outputs, slot, zones);
}

fn tell_endpoints(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    let (id, hash) = (asked.id, digits(asked.scope, 0, 6));
    let domain = format!("{}.cache.amazonaws.com", short_name(asked.region()));
    let encrypted = asked.get(ReplicationGroup::TRANSIT_ENCRYPTION_ENABLED) == Some(true);
    let [primary, reader, configuration] = if encrypted {
        ["master", "replica", "clustercfg"].map(|role| format!("{role}.{id}.{hash}.{domain}"))
    } else {
        let forms = [("", "ng.0001"), ("-ro", "ng.0001"), ("", "clustercfg")];
        forms.map(|(suffix, role)| format!("{id}{suffix}.{hash}.{role}.{domain}"))
    };
    let mode = mode(asked);
    let mut set = |prop: Prop<ReplicationGroup, String>, there: bool, host: String| {
        outputs.set(prop.slot, if there { host.into() } else { Value::Null });
    };
    set(ReplicationGroup::PRIMARY_ENDPOINT, mode != ClusterMode::Enabled, primary);
    set(ReplicationGroup::READER_ENDPOINT, mode != ClusterMode::Enabled, reader);
    set(ReplicationGroup::CONFIGURATION_ENDPOINT, mode != ClusterMode::Disabled, configuration);
}
