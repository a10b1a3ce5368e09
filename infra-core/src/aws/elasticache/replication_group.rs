//! AWS: elasticache CreateReplicationGroup, ModifyReplicationGroup, IncreaseReplicaCount,
//! DecreaseReplicaCount, ModifyReplicationGroupShardConfiguration, AddTagsToResource,
//! DescribeReplicationGroups, DescribeCacheClusters, DeleteReplicationGroup.

use super::{
    AuthToken, AuthTokenUpdateStrategy, ClusterMode, Engine, LogDeliveryConfiguration,
    TransitEncryptionMode,
};
use crate::{
    aws::{
        CacheParameterGroupName, CacheSubnetGroupName, KmsKeyArn, ReplicationGroupId,
        SecurityGroupId, TopicArn, UserGroupId,
    },
    prelude::*,
    resource,
};

/// A cache of Valkey or Redis: a primary node, replicas that take over, and the endpoints that lead
/// to them.
///
/// AWS makes nothing safe by itself: a cache that is to survive the loss of a zone says
/// `num_cache_clusters` of two at least, `automatic_failover_enabled` and `multi_az_enabled`.
/// Replicas follow a moment behind; what was written last can be lost in a failover. All changes
/// are made at once, not in the next maintenance window.
///
/// ```
/// use infra_core::{
///     aws::{CacheSubnetGroupName, SecurityGroupId, elasticache::ReplicationGroup},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let subnets = CacheSubnetGroupName::parse("campus").unwrap();
/// # let cache = SecurityGroupId::parse("sg-0123456789abcdef0").unwrap();
/// let sessions = ReplicationGroup::named("sessions")
///     .replication_group_description("Moodle's sessions")
///     .cache_node_type("cache.r7g.large")
///     .cache_subnet_group_name(subnets)
///     .security_group_ids([cache])
///     .num_cache_clusters(2_u32)
///     .automatic_failover_enabled(true)
///     .multi_az_enabled(true)
///     .create(&stack);
/// stack.output("sessions", sessions.primary_endpoint());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:elasticache:ReplicationGroup",
    one_of(num_cache_clusters, num_node_groups),
    exclusive(num_cache_clusters, replicas_per_node_group),
    exclusive(auth_token, user_group_ids),
    exclusive(snapshot_name, snapshot_arns),
    create = "10min",
    update = "5min",
    delete = "5min",
    holds_data
)]
pub struct ReplicationGroup {
    /// What it is for. Changes in place. AWS: `ReplicationGroupDescription`.
    pub replication_group_description: String,
    /// The class of its nodes, such as `cache.r7g.large`. Changes in place, node by node. AWS:
    /// `CacheNodeType`.
    pub cache_node_type: String,
    /// The subnets of its nodes. Changing it replaces the cache. AWS: `CacheSubnetGroupName`.
    #[prop(replace)]
    pub cache_subnet_group_name: CacheSubnetGroupName,
    /// Who may reach it, one to five groups of the subnets' VPC that let in its port. Change in
    /// place. AWS: `SecurityGroupIds`.
    #[prop(set)]
    pub security_group_ids: Vec<SecurityGroupId>,
    /// The identifier: up to 40 small letters, digits and single hyphens, a letter first. Default:
    /// made up from project, stack and name. Changing it replaces the cache. AWS:
    /// `ReplicationGroupId`.
    #[prop(id, replace, name(40, lower_hyphens))]
    pub replication_group_id: Option<ReplicationGroupId>,
    /// The engine. Default: Valkey (AWS: Redis). Changes in place from Redis to Valkey, and never
    /// back. AWS: `Engine`.
    #[prop(default = Engine::Valkey)]
    pub engine: Engine,
    /// The version by its first two numbers, such as `8.2`. Default: AWS chooses, and may raise the
    /// last number later. Changes in place, upwards alone. AWS: `EngineVersion`.
    #[prop(computed, at = exists)]
    pub engine_version: Option<String>,
    /// Whether AWS raises the last number of the version in the maintenance window. Default: true.
    /// Changes in place. AWS: `AutoMinorVersionUpgrade`.
    #[prop(default = true)]
    pub auto_minor_version_upgrade: bool,
    /// Parameters of the engine, of the family of its version. Default: those of AWS,
    /// `default.valkey8` for instance. Changes in place. AWS: `CacheParameterGroupName`.
    #[prop(computed, at = exists, needs = configured)]
    pub cache_parameter_group_name: Option<CacheParameterGroupName>,
    /// Whether data lies in one shard or is spread over several. Several need parameters with
    /// `cluster-enabled`. Default: one. Changes in place, from disabled to compatible, from there
    /// to enabled, and never back from there. AWS: `ClusterMode`.
    #[prop(default = ClusterMode::Disabled)]
    pub cluster_mode: ClusterMode,
    /// How many nodes there are, 1 to 6: one that writes, the others read and stand by. This or
    /// `num_node_groups` is given. Changes in place. AWS: `NumCacheClusters`; IncreaseReplicaCount,
    /// DecreaseReplicaCount.
    pub num_cache_clusters: Option<u32>,
    /// How many shards there are, 1 to 90; more than one with the cluster mode enabled alone. This
    /// or `num_cache_clusters` is given. Changes in place. AWS: `NumNodeGroups`;
    /// ModifyReplicationGroupShardConfiguration.
    pub num_node_groups: Option<u32>,
    /// How many replicas each shard has, 0 to 5; with `num_node_groups` alone. Default: none.
    /// Changes in place. AWS: `ReplicasPerNodeGroup`; IncreaseReplicaCount, DecreaseReplicaCount.
    pub replicas_per_node_group: Option<u32>,
    /// The zones of the nodes by name, one for each of `num_cache_clusters`, that of the first
    /// primary first. Default: AWS chooses. Changes in place, without a call: nodes that are there
    /// stay where they are, nodes that are added go by it. AWS: `PreferredCacheClusterAZs`;
    /// IncreaseReplicaCount, `PreferredAvailabilityZones`.
    #[prop(default, write_only)]
    pub preferred_cache_cluster_azs: Vec<String>,
    /// Whether a replica takes over when the primary fails; needs one. Default: false. Changes in
    /// place. AWS: `AutomaticFailoverEnabled`.
    #[prop(default = false)]
    pub automatic_failover_enabled: bool,
    /// Whether the replica that takes over lies in another zone; needs automatic failover and
    /// subnets in two zones. Default: false. Changes in place. AWS: `MultiAZEnabled`.
    #[prop(default = false)]
    pub multi_az_enabled: bool,
    /// The port. Default: 6379. Changing it replaces the cache. AWS: `Port`.
    #[prop(default = 6379, replace)]
    pub port: u16,
    /// Whether what nodes write to disks is encrypted, snapshots with it. Default: true (AWS:
    /// false). Changing it replaces the cache. AWS: `AtRestEncryptionEnabled`.
    #[prop(default = true, replace)]
    pub at_rest_encryption_enabled: bool,
    /// The key that encrypts it. Default: one of the service's own. Changing it replaces the cache.
    /// AWS: `KmsKeyId`.
    #[prop(replace)]
    pub kms_key_id: Option<KmsKeyArn>,
    /// Whether clients can connect by TLS. Default: true (AWS: false). Changes in place from
    /// version 7 on, by way of the mode preferred; the endpoints are others then. AWS:
    /// `TransitEncryptionEnabled`.
    #[prop(default = true)]
    pub transit_encryption_enabled: bool,
    /// Whether clients must connect by TLS; preferred from version 7 on. Default: they must, where
    /// they can. Changes in place. AWS: `TransitEncryptionMode`.
    #[prop(computed, at = exists)]
    pub transit_encryption_mode: Option<TransitEncryptionMode>,
    /// The password that clients come with: 16 to 128 letters, digits and `!&#$^<>-`; with TLS
    /// alone. Default: none. Changes in place; once given it goes only where users take its place.
    /// AWS: `AuthToken`.
    #[prop(write_only)]
    pub auth_token: Option<Secret<AuthToken>>,
    /// What happens to the old token when there is a new one. Default: both count until the next
    /// change. Changes in place, with the token of the moment. AWS: `AuthTokenUpdateStrategy`.
    #[prop(default = AuthTokenUpdateStrategy::Rotate, write_only)]
    pub auth_token_update_strategy: AuthTokenUpdateStrategy,
    /// The group of users that clients log in as, one at most; with TLS alone. Default: none.
    /// Changes in place. AWS: `UserGroupIds`.
    #[prop(default, set)]
    pub user_group_ids: Vec<UserGroupId>,
    /// How long daily snapshots are kept, 0 to 35 days; 0 takes none. Default: none. Changes in
    /// place. AWS: `SnapshotRetentionLimit`.
    #[prop(default = Days(0))]
    pub snapshot_retention_limit: Days,
    /// When the daily snapshot is taken, an hour at least, apart from maintenance. Default: AWS
    /// chooses. Changes in place. AWS: `SnapshotWindow`.
    #[prop(computed, at = exists)]
    pub snapshot_window: Option<DailyWindow>,
    /// The snapshot that the cache is made of. Default: none. Changing it replaces the cache by what
    /// the snapshot holds. AWS: `SnapshotName`.
    #[prop(replace, write_only)]
    pub snapshot_name: Option<String>,
    /// The files of a dump in S3 that the cache is made of, by ARN, one for each shard; from
    /// outside of ElastiCache. Default: none. Changing it replaces the cache. AWS: `SnapshotArns`.
    #[prop(default, replace, write_only)]
    pub snapshot_arns: Vec<String>,
    /// The snapshot that deletion leaves behind. Default: none, everything is lost. Changes in
    /// place, without a call. AWS: DeleteReplicationGroup, `FinalSnapshotIdentifier`.
    #[prop(write_only)]
    pub final_snapshot_identifier: Option<String>,
    /// When AWS works on it, an hour a week at least. Default: AWS chooses. Changes in place. AWS:
    /// `PreferredMaintenanceWindow`.
    #[prop(computed, at = exists)]
    pub preferred_maintenance_window: Option<WeeklyWindow>,
    /// Where logs go, each kind to one place. Default: nowhere. Change in place. AWS:
    /// `LogDeliveryConfigurations`.
    #[prop(default, set)]
    pub log_delivery_configurations: Vec<LogDeliveryConfiguration>,
    /// The topic that hears of failovers, maintenance and the like, of the cache's region. Default:
    /// none. Changes in place. AWS: `NotificationTopicArn`.
    #[prop(weak)]
    pub notification_topic_arn: Option<TopicArn>,
    /// Whether what is seldom read moves to disks, which nodes of the classes `cache.r6gd` do and
    /// others can't. Default: false. Changing it replaces the cache. AWS: `DataTieringEnabled`.
    #[prop(default = false, replace)]
    pub data_tiering_enabled: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(arn = "arn:aws:elasticache:{region}:{account}:replicationgroup:{id}", at = exists)]
    pub arn: String,
    /// The host that leads to the node that writes; absent with the cluster mode enabled. AWS:
    /// `NodeGroups`, `PrimaryEndpoint`.
    #[output(changes_with(cluster_mode, transit_encryption_enabled))]
    pub primary_endpoint: String,
    /// The host that leads to the others; absent with the cluster mode enabled. AWS: `NodeGroups`,
    /// `ReaderEndpoint`.
    #[output(changes_with(cluster_mode, transit_encryption_enabled))]
    pub reader_endpoint: String,
    /// The host that tells clients which key lies where; absent with the cluster mode disabled.
    /// AWS: `ConfigurationEndpoint`.
    #[output(changes_with(cluster_mode, transit_encryption_enabled))]
    pub configuration_endpoint: String,
    /// The names of its nodes, which metrics go by. AWS: `MemberClusters`.
    #[output(
        at = exists,
        changes_with(cluster_mode, num_cache_clusters, num_node_groups, replicas_per_node_group)
    )]
    pub member_clusters: Vec<String>,
    /// The zones that they lie in, in the same order. AWS: `NodeGroupMembers`,
    /// `PreferredAvailabilityZone`.
    #[output(changes_with(
        cluster_mode,
        num_cache_clusters,
        num_node_groups,
        replicas_per_node_group
    ))]
    pub member_availability_zones: Vec<String>,
}
