//! What a cache refuses.

use crate::conformance::Refused;
use infra_core::{
    aws::{
        ec2::Subnet,
        elasticache::{
            CloudWatchLogsDestinationDetails, ClusterMode, Engine, LogDeliveryConfiguration,
            LogDestinationDetails, LogDestinationType, LogFormat, LogType, ReplicationGroup,
            SubnetGroup, TransitEncryptionMode,
        },
        logs::LogGroup,
    },
    prelude::*,
};

use super::{in_group, pair, parameters, placed, subnets};
use crate::conformance::{
    elasticache::user_group::{iam_group, open_group, user_group},
    kms::key::{far_key, key},
    rds::aurora::Network,
    sns::topic::far_topic,
};

fn zones(stack: &Stack, zones: &[&str]) {
    pair(stack).multi_az_enabled(true).preferred_cache_cluster_azs(zones).create(stack);
}

fn logs<const N: usize>(stack: &Stack, logs: [LogDeliveryConfiguration; N]) {
    pair(stack).log_delivery_configurations(logs).create(stack);
}

pub(super) const ONE_SHARD: &[Refused] = &[
    Refused {
        property: "replication_group_id",
        build: |stack| {
            pair(stack).replication_group_id("8-campus").create(stack);
        },
        says: "must begin with a letter",
    },
    Refused {
        property: "cache_node_type",
        build: |stack| {
            let network = Network::new(stack, "vpc");
            ReplicationGroup::named("subject")
                .replication_group_description("the sessions")
                .cache_node_type("r7g.large")
                .cache_subnet_group_name(&subnets(stack, &network, "subnets"))
                .security_group_ids([&network.group(stack, "reach")])
                .num_cache_clusters(1)
                .create(stack);
        },
        says: "they look like cache.r7g.large",
    },
    Refused {
        property: "data_tiering_enabled",
        build: |stack| {
            pair(stack).data_tiering_enabled(true).create(stack);
        },
        says: "needs a class of cache.r6gd",
    },
    Refused {
        property: "num_cache_clusters",
        build: |stack| {
            placed(stack).create(stack);
        },
        says: "it or `num_node_groups` must be given",
    },
    Refused {
        property: "num_cache_clusters",
        build: |stack| {
            placed(stack).num_cache_clusters(7).create(stack);
        },
        says: "between 1 and 6",
    },
    Refused {
        property: "automatic_failover_enabled",
        build: |stack| {
            placed(stack).num_cache_clusters(1).automatic_failover_enabled(true).create(stack);
        },
        says: "needs a replica that takes over",
    },
    Refused {
        property: "multi_az_enabled",
        build: |stack| {
            placed(stack).num_cache_clusters(2).multi_az_enabled(true).create(stack);
        },
        says: "needs `automatic_failover_enabled`",
    },
    Refused {
        property: "multi_az_enabled",
        build: |stack| {
            let network = Network::new(stack, "vpc");
            let [a, _, _] = network.subnets.each_ref();
            let here: [&Subnet; 1] = [a];
            let here = SubnetGroup::named("here")
                .cache_subnet_group_description("one zone")
                .subnet_ids(here)
                .create(stack);
            in_group(&here, &network.group(stack, "reach"))
                .num_cache_clusters(2)
                .automatic_failover_enabled(true)
                .multi_az_enabled(true)
                .create(stack);
        },
        says: "lie in eu-central-1a alone",
    },
    Refused {
        property: "preferred_cache_cluster_azs",
        build: |stack| zones(stack, &["eu-central-1a"]),
        says: "one for each of `num_cache_clusters`",
    },
    Refused {
        property: "preferred_cache_cluster_azs",
        build: |stack| zones(stack, &["eu-central-1a", "eu-central-1d"]),
        says: "they cover eu-central-1a, eu-central-1b, eu-central-1c",
    },
    Refused {
        property: "preferred_cache_cluster_azs",
        build: |stack| zones(stack, &["eu-central-1a", "eu-central-1a"]),
        says: "a replica lies in another zone",
    },
    Refused {
        property: "security_group_ids",
        build: |stack| {
            let (here, there) = (Network::new(stack, "vpc"), Network::new(stack, "other"));
            in_group(&subnets(stack, &here, "subnets"), &there.group(stack, "there"))
                .num_cache_clusters(1)
                .create(stack);
        },
        says: "the subnets to vpc-",
    },
    Refused {
        property: "engine_version",
        build: |stack| {
            pair(stack).engine_version("7.1").create(stack);
        },
        says: "does not exist for valkey; there are 7.2, 8.0",
    },
    Refused {
        property: "cache_parameter_group_name",
        build: |stack| {
            let group = parameters(stack, "parameters", false);
            pair(stack).engine_version("7.2").cache_parameter_group_name(&group).create(stack);
        },
        says: "is of the family valkey8; the cache's version needs one of valkey7",
    },
    Refused {
        property: "cache_parameter_group_name",
        build: |stack| {
            let group = parameters(stack, "parameters", true);
            pair(stack).cache_parameter_group_name(&group).create(stack);
        },
        says: "disabled needs parameters with `cluster-enabled` no",
    },
    Refused {
        property: "auth_token",
        build: |stack| {
            pair(stack).auth_token("short").create(stack);
        },
        says: "[secret] is not a token of 16 to 128 letters, digits",
    },
    Refused {
        property: "auth_token",
        build: |stack| {
            pair(stack)
                .auth_token("a-token-of-16-at-least")
                .user_group_ids([&user_group(stack, "teachers")])
                .create(stack);
        },
        says: "exclude each other",
    },
    Refused {
        property: "kms_key_id",
        build: |stack| {
            pair(stack).kms_key_id(&far_key(stack)).create(stack);
        },
        says: "another region than eu-central-1",
    },
    Refused {
        property: "snapshot_retention_limit",
        build: |stack| {
            pair(stack).snapshot_retention_limit(Days(36)).create(stack);
        },
        says: "between 0 and 35",
    },
    Refused {
        property: "snapshot_window",
        build: |stack| {
            pair(stack).snapshot_window("02:00-02:30").create(stack);
        },
        says: "60 min are needed at least",
    },
    Refused {
        property: "snapshot_window",
        build: |stack| {
            pair(stack)
                .snapshot_window("02:00-03:00")
                .preferred_maintenance_window("sun:02:30-sun:03:30")
                .create(stack);
        },
        says: "overlaps with `preferred_maintenance_window`",
    },
    Refused {
        property: "final_snapshot_identifier",
        build: |stack| {
            pair(stack).final_snapshot_identifier("the last").create(stack);
        },
        says: "small letters, digits and single hyphens",
    },
    Refused {
        property: "notification_topic_arn",
        build: |stack| {
            pair(stack).notification_topic_arn(&far_topic(stack)).create(stack);
        },
        says: "another region than eu-central-1",
    },
    Refused {
        property: "log_delivery_configurations",
        build: |stack| {
            let to = |name| {
                LogDeliveryConfiguration::to_firehose(LogType::SlowLog, LogFormat::Json, name)
            };
            logs(stack, [to("one"), to("other")]);
        },
        says: "one kind of log to two places",
    },
    Refused {
        property: "log_delivery_configurations.destination_details",
        build: |stack| {
            let group = LogGroup::named("slow").create(stack);
            let details = LogDestinationDetails::new()
                .cloud_watch_logs_details(CloudWatchLogsDestinationDetails::new(&group));
            let log = LogDeliveryConfiguration::new(
                LogType::SlowLog,
                LogDestinationType::KinesisFirehose,
                details,
                LogFormat::Json,
            );
            logs(stack, [log]);
        },
        says: "must have `kinesis_firehose_details` and nothing else",
    },
];

pub(super) const SHARDS: &[Refused] = &[
    Refused {
        property: "num_node_groups",
        build: |stack| {
            placed(stack).num_node_groups(2).create(stack);
        },
        says: "needs the `cluster_mode` enabled",
    },
    Refused {
        property: "num_node_groups",
        build: |stack| {
            pair(stack).num_node_groups(2).create(stack);
        },
        says: "exclude each other",
    },
    Refused {
        property: "num_node_groups",
        build: |stack| {
            placed(stack)
                .cluster_mode(ClusterMode::Enabled)
                .num_node_groups(31)
                .replicas_per_node_group(2)
                .automatic_failover_enabled(true)
                .create(stack);
        },
        says: "are 93; 90 are allowed",
    },
    Refused {
        property: "replicas_per_node_group",
        build: |stack| {
            placed(stack)
                .cluster_mode(ClusterMode::Enabled)
                .num_node_groups(2)
                .replicas_per_node_group(6)
                .automatic_failover_enabled(true)
                .create(stack);
        },
        says: "between 0 and 5",
    },
    Refused {
        property: "multi_az_enabled",
        build: |stack| {
            placed(stack)
                .cluster_mode(ClusterMode::Enabled)
                .num_node_groups(2)
                .automatic_failover_enabled(true)
                .multi_az_enabled(true)
                .create(stack);
        },
        says: "give each shard one",
    },
    Refused {
        property: "automatic_failover_enabled",
        build: |stack| {
            placed(stack)
                .cluster_mode(ClusterMode::Enabled)
                .num_node_groups(2)
                .replicas_per_node_group(1)
                .create(stack);
        },
        says: "can't be false unless the `cluster_mode` is disabled",
    },
    Refused {
        property: "num_cache_clusters",
        build: |stack| {
            pair(stack).cluster_mode(ClusterMode::Enabled).create(stack);
        },
        says: "give `num_node_groups` and `replicas_per_node_group`",
    },
    Refused {
        property: "cluster_mode",
        build: |stack| {
            pair(stack).cluster_mode(ClusterMode::Compatible).create(stack);
        },
        says: "the way from disabled to enabled",
    },
];

pub(super) const USERS: &[Refused] = &[
    Refused {
        property: "user_group_ids",
        build: |stack| {
            pair(stack)
                .transit_encryption_enabled(false)
                .user_group_ids([&user_group(stack, "teachers")])
                .create(stack);
        },
        says: "need `transit_encryption_enabled`",
    },
    Refused {
        property: "user_group_ids",
        build: |stack| {
            let groups = ["teachers", "students"].map(|name| user_group(stack, name));
            pair(stack).user_group_ids(groups.each_ref()).create(stack);
        },
        says: "names 2 groups; one is allowed",
    },
    Refused {
        property: "user_group_ids",
        build: |stack| {
            pair(stack)
                .engine(Engine::Redis)
                .engine_version("5.0")
                .user_group_ids([&open_group(stack, "teachers")])
                .create(stack);
        },
        says: "need the version 6.0 at least",
    },
    Refused {
        property: "user_group_ids",
        build: |stack| {
            let group = user_group(stack, "teachers");
            pair(stack).engine(Engine::Redis).user_group_ids([&group]).create(stack);
        },
        says: "is of Valkey, and the cache of Redis",
    },
    Refused {
        property: "user_group_ids",
        build: |stack| {
            let group = iam_group(stack, "teachers");
            pair(stack)
                .engine(Engine::Redis)
                .engine_version("6.2")
                .user_group_ids([&group])
                .create(stack);
        },
        says: "has a user of IAM, which needs the version 7.0 at least",
    },
];

pub(super) const OPEN: &[Refused] = &[
    Refused {
        property: "auth_token",
        build: |stack| {
            pair(stack)
                .transit_encryption_enabled(false)
                .auth_token("a-token-of-16-at-least")
                .create(stack);
        },
        says: "needs `transit_encryption_enabled`",
    },
    Refused {
        property: "transit_encryption_mode",
        build: |stack| {
            pair(stack)
                .transit_encryption_enabled(false)
                .transit_encryption_mode(TransitEncryptionMode::Required)
                .create(stack);
        },
        says: "`transit_encryption_enabled` is false",
    },
    Refused {
        property: "transit_encryption_mode",
        build: |stack| {
            pair(stack)
                .engine(Engine::Redis)
                .engine_version("6.2")
                .transit_encryption_mode(TransitEncryptionMode::Preferred)
                .create(stack);
        },
        says: "needs the version 7.0 at least; this is 6.2",
    },
    Refused {
        property: "kms_key_id",
        build: |stack| {
            pair(stack)
                .at_rest_encryption_enabled(false)
                .kms_key_id(&key(stack, "key"))
                .create(stack);
        },
        says: "`at_rest_encryption_enabled` is false",
    },
    Refused {
        property: "log_delivery_configurations",
        build: |stack| {
            let log =
                LogDeliveryConfiguration::to_firehose(LogType::EngineLog, LogFormat::Text, "all");
            pair(stack)
                .engine(Engine::Redis)
                .engine_version("6.0")
                .log_delivery_configurations([log])
                .create(stack);
        },
        says: "the engine-log needs the version 6.2",
    },
];

pub(super) const DUMP: &[Refused] = &[Refused {
    property: "snapshot_arns",
    build: |stack| {
        pair(stack).snapshot_arns(["s3://dumps/one.rdb"]).create(stack);
    },
    says: "they look like arn:aws:s3:::bucket",
}];

pub(super) const RESTORED: &[Refused] = &[Refused {
    property: "snapshot_name",
    build: |stack| {
        pair(stack)
            .snapshot_name("last")
            .snapshot_arns(["arn:aws:s3:::dumps/one.rdb"])
            .create(stack);
    },
    says: "exclude each other",
}];
