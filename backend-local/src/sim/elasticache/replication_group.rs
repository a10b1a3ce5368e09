//! What is special about a cache: what goes together, and where its nodes lie.

mod encryption;
mod logs;
mod nodes;
mod version;

use infra_core::{
    aws::elasticache,
    dsl::{Prop, ResourceType},
    schema::TypeDef,
    types::{Days, Minutes, PropertyType},
    value::PropertiesBuilder,
};

use super::engine::{self, COMBINATION, INVALID};
use crate::sim::{
    network::check_groups,
    refusal::{Codes, Refusal},
    special::{Asked, Special},
    windows::Windows,
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ReplicationGroup];

const CODES: Codes = Codes {
    not_found: "ReplicationGroupNotFoundFault",
    not_ready: "InvalidReplicationGroupState",
    exists: "ReplicationGroupAlreadyExists",
    in_use: "InvalidReplicationGroupState",
    quota: "ClusterQuotaForCustomerExceeded",
};
const WINDOWS: Windows<elasticache::ReplicationGroup> = Windows {
    daily: elasticache::ReplicationGroup::SNAPSHOT_WINDOW,
    weekly: elasticache::ReplicationGroup::PREFERRED_MAINTENANCE_WINDOW,
    least: Minutes(60),
    code: INVALID,
};
/// For how many days snapshots are kept at most.
const LONGEST: u32 = 35;
/// The classes whose nodes have disks for what is seldom read.
const TIERED: &str = "r6gd";
/// Classes from before encryption and failover.
pub(super) const OLD_CLASSES: [&str; 4] = ["t1", "m1", "m2", "c1"];

struct ReplicationGroup;

impl Special for ReplicationGroup {
    fn ty(&self) -> &'static TypeDef {
        elasticache::ReplicationGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Nodes per Region", adjustable; one group has one at least.
        Some(300)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        engine::check_name("replication_group_id", asked.id)?;
        check_class(asked)?;
        let version = version::check(asked)?;
        nodes::check(asked)?;
        check_network(asked)?;
        encryption::check(asked, version)?;
        check_snapshots(asked)?;
        WINDOWS.check(asked)?;
        logs::check(asked, version)?;
        check_topic(asked)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        version::tell_chosen(asked, outputs);
        encryption::tell_mode(asked, outputs);
        WINDOWS.choose(asked, outputs);
        nodes::tell_nodes(asked, outputs);
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

fn given<R, T: PropertyType>(asked: &Asked<'_>, prop: Prop<R, T>) -> bool {
    asked.inputs.has(prop.slot)
}

/// The family of a node's class: `r7g` of `cache.r7g.large`.
fn family(asked: &Asked<'_>) -> Option<String> {
    let class = asked.get(elasticache::ReplicationGroup::CACHE_NODE_TYPE)?;
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    match class.split('.').collect::<Vec<_>>()[..] {
        ["cache", family, size] if plain(family) && plain(size) => Some(family.to_owned()),
        _ => None,
    }
}

fn check_class(asked: &Asked<'_>) -> Result<(), Refusal> {
    let class = asked.get(elasticache::ReplicationGroup::CACHE_NODE_TYPE).unwrap_or_default();
    let Some(family) = family(asked) else {
        let message = format!(
            "`cache_node_type` {class} does not exist; they look like cache.r7g.large or \
             cache.t4g.micro"
        );
        return refused("cache_node_type", INVALID, message);
    };
    let tiers = asked.get(elasticache::ReplicationGroup::DATA_TIERING_ENABLED) == Some(true);
    match (tiers, family == TIERED) {
        (true, false) => {
            let message = format!("`data_tiering_enabled` needs a class of cache.{TIERED}");
            refused("data_tiering_enabled", COMBINATION, message)
        }
        (false, true) => {
            let message = format!(
                "`cache_node_type` {class} needs `data_tiering_enabled`: its nodes have disks"
            );
            refused("cache_node_type", COMBINATION, message)
        }
        _ => Ok(()),
    }
}

/// The groups are of the VPC that the subnets lie in.
fn check_network(asked: &Asked<'_>) -> Result<(), Refusal> {
    let groups = asked.get(elasticache::ReplicationGroup::SECURITY_GROUP_IDS).unwrap_or_default();
    if groups.is_empty() {
        let message = "`security_group_ids` is empty; give one at least";
        return refused("security_group_ids", INVALID, message);
    }
    let subnets = asked.referenced(elasticache::ReplicationGroup::CACHE_SUBNET_GROUP_NAME);
    let Some(subnets) = subnets else { return Ok(()) };
    check_groups(asked, "security_group_ids", &groups, subnets.text("vpc_id"), COMBINATION)
}

fn check_snapshots(asked: &Asked<'_>) -> Result<(), Refusal> {
    if let Some(Days(days)) = asked.get(elasticache::ReplicationGroup::SNAPSHOT_RETENTION_LIMIT)
        && days > LONGEST
    {
        let message = format!("`snapshot_retention_limit` {days} must be between 0 and {LONGEST}");
        return refused("snapshot_retention_limit", INVALID, message);
    }
    let files = asked.get(elasticache::ReplicationGroup::SNAPSHOT_ARNS).unwrap_or_default();
    if let Some(file) = files.iter().find(|file| !file.starts_with("arn:aws:s3:::")) {
        let message = format!(
            "`snapshot_arns` {file} is no file in S3; they look like \
             arn:aws:s3:::bucket/folder/dump.rdb"
        );
        return refused("snapshot_arns", INVALID, message);
    }
    let last = asked.get(elasticache::ReplicationGroup::FINAL_SNAPSHOT_IDENTIFIER);
    let name = asked.get(elasticache::ReplicationGroup::SNAPSHOT_NAME);
    let names = [("final_snapshot_identifier", last), ("snapshot_name", name)];
    names.into_iter().try_for_each(|(property, name)| match name {
        Some(name) => engine::check_name(property, &name),
        None => Ok(()),
    })
}

/// A topic hears of its own region alone.
fn check_topic(asked: &Asked<'_>) -> Result<(), Refusal> {
    let topic = asked.get(elasticache::ReplicationGroup::NOTIFICATION_TOPIC_ARN);
    let Some(topic) = topic else { return Ok(()) };
    asked.check_region("notification_topic_arn", "topic", topic.as_str(), INVALID)
}
