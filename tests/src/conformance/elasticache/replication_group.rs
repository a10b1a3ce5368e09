//! The cases of `aws:elasticache:ReplicationGroup`: one shard with a token, several shards, users
//! in place of a token, less encrypted, and those made of a dump and of a snapshot.

mod refused;
mod truth;

use crate::conformance::{Case, Cfn, Variant};
use infra_core::{
    aws::{
        ec2::SecurityGroup,
        elasticache::{
            AuthTokenUpdateStrategy, ClusterMode, Engine, LogDeliveryConfiguration, LogFormat,
            LogType, ParameterGroup, ReplicationGroup, ReplicationGroupBuilder, SubnetGroup,
            TransitEncryptionMode,
        },
        logs::LogGroup,
    },
    dsl::Provided,
    prelude::*,
};

use super::user_group::user_group;
use crate::conformance::{kms::key::keys, rds::aurora::Network, sns::topic::topics};

pub(crate) const CASES: &[Case] = &[ONE_SHARD, SHARDS, USERS, OPEN, DUMP, RESTORED];

type Placed = ReplicationGroupBuilder<Provided, Provided, Provided, Provided>;

const NONE: Cfn = Cfn { name: "", differs: &[], renamed: &[] };
const REST: &[(&str, &str)] = &[("*", "the first case has second values of them")];

fn subnets(stack: &Stack, network: &Network, name: &str) -> SubnetGroup {
    SubnetGroup::named(name)
        .cache_subnet_group_description("the caches")
        .subnet_ids(network.subnets.each_ref())
        .create(stack)
}

fn parameters(stack: &Stack, name: &str, shards: bool) -> ParameterGroup {
    ParameterGroup::named(name)
        .cache_parameter_group_family("valkey8")
        .description("the caches")
        .parameters([("cluster-enabled", if shards { "yes" } else { "no" })])
        .create(stack)
}

fn in_group(subnets: &SubnetGroup, group: &SecurityGroup) -> Placed {
    ReplicationGroup::named("subject")
        .replication_group_description("the sessions")
        .cache_node_type("cache.r7g.large")
        .cache_subnet_group_name(subnets)
        .security_group_ids([group])
}

/// A cache in a network of its own, of which nothing else is said yet.
fn placed(stack: &Stack) -> Placed {
    let network = Network::new(stack, "vpc");
    in_group(&subnets(stack, &network, "subnets"), &network.group(stack, "reach"))
}

/// A cache of two nodes that stand in for each other.
fn pair(stack: &Stack) -> Placed {
    placed(stack).num_cache_clusters(2).automatic_failover_enabled(true)
}

fn logs(stack: &Stack, v: &Variant) -> Vec<LogDeliveryConfiguration> {
    let group = LogGroup::named("engine").create(stack);
    let to_group = |ty| LogDeliveryConfiguration::to_log_group(ty, LogFormat::Json, &group);
    let stream = LogDeliveryConfiguration::to_firehose(LogType::SlowLog, LogFormat::Text, "slow");
    v.pick(
        "log_delivery_configurations",
        vec![to_group(LogType::EngineLog)],
        vec![to_group(LogType::EngineLog), stream],
    )
}

const ONE_SHARD: Case = Case {
    ty: ReplicationGroup::definition,
    build: |stack, v| {
        let network = Network::new(stack, "vpc");
        let [one, other] = ["one", "other"].map(|name| subnets(stack, &network, name));
        let [web, cron] = ["web", "cron"].map(|name| network.group(stack, name));
        let [some, more] = ["some", "more"].map(|name| parameters(stack, name, false));
        let [key, other_key] = keys(stack);
        let [topic, other_topic] = topics(stack);
        let (here, there, far) = ("eu-central-1a", "eu-central-1b", "eu-central-1c");
        ReplicationGroup::named("subject")
            .replication_group_description(v.pick(
                "replication_group_description",
                "the sessions",
                "Moodle's sessions",
            ))
            .cache_node_type(v.pick("cache_node_type", "cache.t4g.small", "cache.r7g.large"))
            .cache_subnet_group_name(v.pick("cache_subnet_group_name", &one, &other))
            .security_group_ids(v.pick("security_group_ids", vec![&web], vec![&web, &cron]))
            .replication_group_id(v.pick("replication_group_id", "campus", "college"))
            .engine_version(v.pick("engine_version", "8.0", "8.2"))
            .auto_minor_version_upgrade(v.pick("auto_minor_version_upgrade", true, false))
            .cache_parameter_group_name(v.pick("cache_parameter_group_name", &some, &more))
            .num_cache_clusters(2)
            .preferred_cache_cluster_azs(v.pick(
                "preferred_cache_cluster_azs",
                [here, there],
                [here, far],
            ))
            .automatic_failover_enabled(true)
            .multi_az_enabled(v.pick("multi_az_enabled", false, true))
            .port(v.pick("port", 6379, 6380))
            .kms_key_id(v.pick("kms_key_id", &key, &other_key))
            .auth_token(v.pick("auth_token", "a-token-of-16-at-least", "another-token-of-16"))
            .auth_token_update_strategy(v.pick(
                "auth_token_update_strategy",
                AuthTokenUpdateStrategy::Rotate,
                AuthTokenUpdateStrategy::Set,
            ))
            .snapshot_retention_limit(v.pick("snapshot_retention_limit", Days(7), Days(35)))
            .snapshot_window(v.pick("snapshot_window", "02:00-03:00", "23:30-00:30"))
            .final_snapshot_identifier(v.pick("final_snapshot_identifier", "last", "very-last"))
            .preferred_maintenance_window(v.pick(
                "preferred_maintenance_window",
                "sun:03:00-sun:04:00",
                "sat:21:00-sat:23:00",
            ))
            .log_delivery_configurations(logs(stack, v))
            .notification_topic_arn(v.pick("notification_topic_arn", &topic, &other_topic))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: refused::ONE_SHARD,
    fixed: &[
        ("engine", "the fourth case has it: from Redis to Valkey alone"),
        ("cluster_mode", "the second case has it: it fits the parameters and the endpoints"),
        ("num_cache_clusters", "has as many zones here; the third case has it without any"),
        ("num_node_groups", "excludes `num_cache_clusters`; the second case has it"),
        ("replicas_per_node_group", "excludes `num_cache_clusters`; the second case has it"),
        ("automatic_failover_enabled", "the fourth case has it, in one zone"),
        ("at_rest_encryption_enabled", "the fourth case has it, without a key"),
        ("transit_encryption_enabled", "the fourth case has it, without a token"),
        ("transit_encryption_mode", "a token excludes the mode preferred; the fourth case has it"),
        ("user_group_ids", "excludes `auth_token`; the third case has it"),
        ("snapshot_name", "the cache would never be made of it again; the last case has it"),
        ("snapshot_arns", "excludes `snapshot_name`; the fifth case has it"),
        ("data_tiering_enabled", "follows from the class, which would change in place"),
    ],
    cfn: Cfn {
        name: "AWS::ElastiCache::ReplicationGroup",
        differs: truth::DIFFERS,
        renamed: &[
            ("ConfigurationEndPoint", "configuration_endpoint"),
            ("PreferredCacheClusterAZs", "preferred_cache_cluster_azs"),
            ("PrimaryEndPoint", "primary_endpoint"),
            ("ReaderEndPoint", "reader_endpoint"),
        ],
    },
};

const SHARDS: Case = Case {
    ty: ReplicationGroup::definition,
    build: |stack, v| {
        placed(stack)
            .cluster_mode(ClusterMode::Enabled)
            .num_node_groups(v.pick("num_node_groups", 2, 3))
            .replicas_per_node_group(v.pick("replicas_per_node_group", 1, 2))
            .automatic_failover_enabled(true)
            .create(stack);
    },
    refused: refused::SHARDS,
    fixed: REST,
    cfn: NONE,
};

const USERS: Case = Case {
    ty: ReplicationGroup::definition,
    build: |stack, v| {
        let [teachers, everybody] = ["teachers", "everybody"].map(|name| user_group(stack, name));
        placed(stack)
            .num_cache_clusters(v.pick("num_cache_clusters", 2, 3))
            .automatic_failover_enabled(true)
            .cluster_mode(v.pick("cluster_mode", ClusterMode::Disabled, ClusterMode::Compatible))
            .user_group_ids([v.pick("user_group_ids", &teachers, &everybody)])
            .create(stack);
    },
    refused: refused::USERS,
    fixed: REST,
    cfn: NONE,
};

const OPEN: Case = Case {
    ty: ReplicationGroup::definition,
    build: |stack, v| {
        let encrypted = v.pick("transit_encryption_enabled", true, false);
        // The way out of encryption; what was not encrypted has no mode.
        let mode = v.pick(
            "transit_encryption_mode",
            TransitEncryptionMode::Preferred,
            TransitEncryptionMode::Required,
        );
        let mode = encrypted.then_some(mode);
        placed(stack)
            .engine(v.pick("engine", Engine::Redis, Engine::Valkey))
            .num_cache_clusters(2)
            .automatic_failover_enabled(v.pick("automatic_failover_enabled", false, true))
            .at_rest_encryption_enabled(v.pick("at_rest_encryption_enabled", false, true))
            .transit_encryption_enabled(encrypted)
            .maybe_transit_encryption_mode(mode)
            .create(stack);
    },
    refused: refused::OPEN,
    fixed: REST,
    cfn: NONE,
};

const DUMP: Case = Case {
    ty: ReplicationGroup::definition,
    build: |stack, v| {
        let files =
            v.pick("snapshot_arns", "arn:aws:s3:::dumps/one.rdb", "arn:aws:s3:::dumps/b.rdb");
        pair(stack).snapshot_arns([files]).create(stack);
    },
    refused: refused::DUMP,
    fixed: REST,
    cfn: NONE,
};

const RESTORED: Case = Case {
    ty: ReplicationGroup::definition,
    build: |stack, v| {
        pair(stack).snapshot_name(v.pick("snapshot_name", "last", "before-that")).create(stack);
    },
    refused: refused::RESTORED,
    fixed: REST,
    cfn: NONE,
};
