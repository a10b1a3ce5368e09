//! What AWS tells of a cache, as a program says it.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{self as sdk, AutomaticFailoverStatus as Failover};
use infra_core::{handler::Request, types::Days, value::Value};

use super::{Type, nodes::Size};
use crate::seen::Seen;

const DELETING: &str = "deleting";

pub(super) fn is_deleting(group: &sdk::ReplicationGroup) -> bool {
    group.status() == Some(DELETING)
}

/// Its state. AWS says for a moment that a cache is available which it is about to change.
fn state(group: &sdk::ReplicationGroup) -> Option<&str> {
    let pending = group.pending_modified_values().is_some_and(|pending| {
        pending.automatic_failover_status().is_some()
            || pending.cluster_mode().is_some()
            || pending.resharding().is_some()
            || pending.transit_encryption_enabled().is_some()
            || pending.transit_encryption_mode().is_some()
            || pending.user_groups().is_some()
            || !pending.log_delivery_configurations().is_empty()
    });
    let status = group.status();
    if pending && status == Some("available") { Some("about to change") } else { status }
}

/// It as one of many.
pub(super) fn listed(group: &sdk::ReplicationGroup) -> Seen {
    Seen::new(group.replication_group_id().unwrap_or_default())
        .text(Type::REPLICATION_GROUP_ID, group.replication_group_id())
        .text(Type::ARN, group.arn())
        .state(state(group), &["available"], &[DELETING], &["create-failed"])
}

/// All that is told of it, and of one of its nodes.
pub(super) fn seen(
    group: &sdk::ReplicationGroup,
    node: Option<&sdk::CacheCluster>,
    request: &Request,
) -> Seen {
    let failover = group.automatic_failover();
    let failover = failover.map(|is| matches!(is, Failover::Enabled | Failover::Enabling));
    let zones = group.multi_az().map(|is| *is == sdk::MultiAzStatus::Enabled);
    let tiers = group.data_tiering().map(|is| *is == sdk::DataTieringStatus::Enabled);
    let mode = group.transit_encryption_mode().map(sdk::TransitEncryptionMode::as_str);
    let encrypted = group.transit_encryption_enabled().unwrap_or_default();
    let days = group.snapshot_retention_limit().and_then(|days| u32::try_from(days).ok());
    let key = group.kms_key_id().filter(|key| !key.is_empty());
    let seen = listed(group)
        .text(Type::REPLICATION_GROUP_DESCRIPTION, group.description())
        .text(Type::CACHE_NODE_TYPE, group.cache_node_type())
        .text(Type::CLUSTER_MODE, Some(cluster_mode(group)))
        .set(Type::AUTO_MINOR_VERSION_UPGRADE, group.auto_minor_version_upgrade())
        .set(Type::AUTOMATIC_FAILOVER_ENABLED, failover)
        .set(Type::MULTI_AZ_ENABLED, zones)
        .set(Type::AT_REST_ENCRYPTION_ENABLED, group.at_rest_encryption_enabled())
        .text(Type::KMS_KEY_ID, key)
        .set(Type::TRANSIT_ENCRYPTION_ENABLED, encrypted)
        .text(Type::TRANSIT_ENCRYPTION_MODE, mode.filter(|_| encrypted))
        .texts(Type::USER_GROUP_IDS, group.user_group_ids())
        .set(Type::SNAPSHOT_RETENTION_LIMIT, days.map(Days))
        .text(Type::SNAPSHOT_WINDOW, group.snapshot_window())
        .value(Type::LOG_DELIVERY_CONFIGURATIONS, logs(group))
        .set(Type::DATA_TIERING_ENABLED, tiers.unwrap_or_default());
    let seen = endpoints(size(seen, group, request), group);
    match node {
        Some(node) => of_node(seen, group, node),
        None => seen,
    }
}

fn cluster_mode(group: &sdk::ReplicationGroup) -> &str {
    let by_shards = if group.cluster_enabled() == Some(true) { "enabled" } else { "disabled" };
    group.cluster_mode().map_or(by_shards, sdk::ClusterMode::as_str)
}

/// How large it is, in the words that the program has for it.
fn size(seen: Seen, group: &sdk::ReplicationGroup, request: &Request) -> Seen {
    let size = Size::told(group);
    if !request.inputs.has(Type::NUM_NODE_GROUPS.slot) {
        return seen.set(Type::NUM_CACHE_CLUSTERS, size.shards * size.each);
    }
    let replicas = size.each.saturating_sub(1);
    let said = replicas > 0 || request.inputs.has(Type::REPLICAS_PER_NODE_GROUP.slot);
    seen.set(Type::NUM_NODE_GROUPS, size.shards)
        .set(Type::REPLICAS_PER_NODE_GROUP, said.then_some(replicas))
}

fn endpoints(seen: Seen, group: &sdk::ReplicationGroup) -> Seen {
    let host = |endpoint: Option<&sdk::Endpoint>| {
        endpoint.and_then(|endpoint| endpoint.address()).map(str::to_owned)
    };
    let shard = group.node_groups().first();
    let members = group.node_groups().iter().flat_map(|shard| shard.node_group_members());
    let zones: BTreeMap<&str, &str> = members
        .filter_map(|node| Some((node.cache_cluster_id()?, node.preferred_availability_zone()?)))
        .collect();
    let zones = group.member_clusters().iter().filter_map(|node| zones.get(node.as_str()));
    seen.text(Type::PRIMARY_ENDPOINT, host(shard.and_then(|shard| shard.primary_endpoint())))
        .text(Type::READER_ENDPOINT, host(shard.and_then(|shard| shard.reader_endpoint())))
        .text(Type::CONFIGURATION_ENDPOINT, host(group.configuration_endpoint()))
        .texts(Type::MEMBER_CLUSTERS, group.member_clusters())
        .texts(Type::MEMBER_AVAILABILITY_ZONES, zones)
}

/// What is told of each node.
fn of_node(seen: Seen, group: &sdk::ReplicationGroup, node: &sdk::CacheCluster) -> Seen {
    let groups = node.security_groups().iter().filter_map(|group| group.security_group_id());
    let parameters = node.cache_parameter_group();
    let topic = node.notification_configuration();
    let topic = topic.filter(|topic| topic.topic_status() != Some("inactive"));
    // The last number AWS raises by itself.
    let version = node
        .engine_version()
        .map(|version| version.split('.').take(2).collect::<Vec<_>>().join("."));
    let shard = group.node_groups().first().and_then(|shard| shard.primary_endpoint());
    let nodes = node.cache_nodes().first().and_then(|node| node.endpoint());
    let endpoint = group.configuration_endpoint().or(shard).or(nodes);
    let port = endpoint.and_then(|endpoint| endpoint.port());
    let port = port.and_then(|port| u16::try_from(port).ok());
    let seen = match group.auto_minor_version_upgrade() {
        Some(_) => seen,
        None => seen.set(Type::AUTO_MINOR_VERSION_UPGRADE, node.auto_minor_version_upgrade()),
    };
    seen.text(Type::CACHE_SUBNET_GROUP_NAME, node.cache_subnet_group_name())
        .texts(Type::SECURITY_GROUP_IDS, groups)
        .text(Type::ENGINE, group.engine().or(node.engine()))
        .text(Type::ENGINE_VERSION, version)
        .text(
            Type::CACHE_PARAMETER_GROUP_NAME,
            parameters.and_then(|group| group.cache_parameter_group_name()),
        )
        .set(Type::PORT, port)
        .text(Type::PREFERRED_MAINTENANCE_WINDOW, node.preferred_maintenance_window())
        .text(Type::NOTIFICATION_TOPIC_ARN, topic.and_then(|topic| topic.topic_arn()))
}

/// Where logs go, without those that end.
fn logs(group: &sdk::ReplicationGroup) -> Value {
    let ends = sdk::LogDeliveryConfigurationStatus::Disabling;
    let there = group.log_delivery_configurations().iter();
    let there = there.filter(|it| it.status() != Some(&ends));
    let told = there.filter_map(|it| {
        let details = it.destination_details()?;
        let log_group = details.cloud_watch_logs_details().and_then(|place| place.log_group());
        let stream = details.kinesis_firehose_details().and_then(|it| it.delivery_stream());
        let details = match (log_group, stream) {
            (Some(name), _) => ("cloud_watch_logs_details", ("log_group", name)),
            (_, Some(name)) => ("kinesis_firehose_details", ("delivery_stream", name)),
            _ => return None,
        };
        let (kind, (field, name)) = details;
        let details = Value::map([(kind, Value::map([(field, Value::from(name))]))]);
        Some(Value::map([
            ("log_type", Value::from(it.log_type()?.as_str())),
            ("destination_type", it.destination_type()?.as_str().into()),
            ("destination_details", details),
            ("log_format", it.log_format()?.as_str().into()),
        ]))
    });
    Value::list(told)
}
