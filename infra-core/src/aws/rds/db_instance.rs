//! AWS: rds CreateDBInstance, ModifyDBInstance, AddTagsToResource, DescribeDBInstances,
//! DeleteDBInstance.

use super::Engine;
use crate::{
    aws::{DbClusterIdentifier, DbInstanceIdentifier, DbParameterGroupName, KmsKeyArn, RoleArn},
    prelude::*,
    resource,
};

/// A machine of an Aurora cluster.
///
/// The first one of a cluster writes, the others read and stand by; when it fails, the one of the
/// lowest promotion tier takes over. Data, users, backups and encryption are the cluster's.
///
/// ```
/// use infra_core::{aws::{DbClusterIdentifier, rds::DbInstance}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let cluster = DbClusterIdentifier::parse("campus").unwrap();
/// for zone in ["eu-central-1a", "eu-central-1b"] {
///     DbInstance::named(zone)
///         .db_cluster_identifier(&cluster)
///         .db_instance_class("db.r7g.large")
///         .availability_zone(zone)
///         .create(&stack);
/// }
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:rds:DbInstance", create = "8min", update = "1min", delete = "5min")]
pub struct DbInstance {
    /// The cluster. Changing it replaces the instance. AWS: `DBClusterIdentifier`.
    #[prop(replace, needs = ready)]
    pub db_cluster_identifier: DbClusterIdentifier,
    /// The class, such as `db.r7g.large`, or `db.serverless` for one that grows and shrinks as the
    /// cluster says. Changes in place; the instance restarts. AWS: `DBInstanceClass`.
    pub db_instance_class: String,
    /// The identifier: up to 63 small letters, digits and single hyphens, a letter first. Default:
    /// made up from project, stack and name. Changing it replaces the instance. AWS:
    /// `DBInstanceIdentifier`.
    #[prop(id, replace, name(63, lower_hyphens))]
    pub db_instance_identifier: Option<DbInstanceIdentifier>,
    /// The engine, the same as that of the cluster. Default: Aurora MySQL. Changing it replaces the
    /// instance. AWS: `Engine`.
    #[prop(default = Engine::AuroraMysql, replace)]
    pub engine: Engine,
    /// The zone by name, one that a subnet of the cluster lies in. Default: AWS chooses. Changing
    /// it replaces the instance. AWS: `AvailabilityZone`.
    #[prop(replace, computed, at = exists)]
    pub availability_zone: Option<String>,
    /// The parameters of this instance alone, of the family of the cluster's version; what is not
    /// in them is as the cluster's parameters say. Default: AWS's own for the family. Changes in
    /// place; some count when the instance restarts. AWS: `DBParameterGroupName`.
    #[prop(computed)]
    pub db_parameter_group_name: Option<DbParameterGroupName>,
    /// In which order instances take over, 0 to 15, the lowest first, larger classes before
    /// smaller ones. A serverless one of tier 0 or 1 is kept as large as the writing one. Default:
    /// 1. Changes in place. AWS: `PromotionTier`.
    #[prop(default = 1_u32)]
    pub promotion_tier: u32,
    /// Whether it gets a public address; its subnets then lead to an internet gateway. Default:
    /// false. Changes in place. AWS: `PubliclyAccessible`.
    #[prop(default = false)]
    pub publicly_accessible: bool,
    /// Whether AWS raises the last parts of the engine's version in its maintenance window.
    /// Default: true. Changes in place. AWS: `AutoMinorVersionUpgrade`.
    #[prop(default = true)]
    pub auto_minor_version_upgrade: bool,
    /// When AWS works on it, half an hour a week at least; different ones for the instances of a
    /// cluster keep one of them up. Default: AWS chooses. Changes in place. AWS:
    /// `PreferredMaintenanceWindow`.
    #[prop(computed)]
    pub preferred_maintenance_window: Option<WeeklyWindow>,
    /// How often figures of its operating system are sent to CloudWatch Logs: 1, 5, 10, 15, 30 or
    /// 60 s, or 0 for never. Default: never. Changes in place. AWS: `MonitoringInterval`.
    #[prop(default = Seconds(0))]
    pub monitoring_interval: Seconds,
    /// The role that sends them, which `monitoring.rds.amazonaws.com` may take on. Default: none;
    /// required where they are sent. Changes in place. AWS: `MonitoringRoleArn`.
    pub monitoring_role_arn: Option<RoleArn>,
    /// Whether load is kept by statement and wait. Default: as the cluster says. Changes in place.
    /// AWS: `EnablePerformanceInsights`.
    #[prop(computed)]
    pub enable_performance_insights: Option<bool>,
    /// The key of what is kept. Default: that of the cluster, else `aws/rds`. Changing it replaces
    /// the instance: AWS never takes another one. AWS: `PerformanceInsightsKMSKeyId`.
    #[prop(replace, computed)]
    pub performance_insights_kms_key_id: Option<KmsKeyArn>,
    /// How long it is kept: 7 days, 1 to 23 months of 31 days, or 731 days. Default: as the cluster
    /// says. Changes in place. AWS: `PerformanceInsightsRetentionPeriod`.
    #[prop(computed)]
    pub performance_insights_retention_period: Option<Days>,
    /// Which authority signs its certificate, such as `rds-ca-rsa2048-g1`. Default: AWS chooses.
    /// Changes in place. AWS: `CACertificateIdentifier`.
    #[prop(computed)]
    pub ca_certificate_identifier: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DBInstanceArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:db:{id}", at = exists)]
    pub db_instance_arn: String,
    /// The id that tells it from earlier instances of the identifier; metrics go by it. AWS:
    /// `DbiResourceId`.
    #[output(at = exists)]
    pub dbi_resource_id: String,
    /// Its own host; those of the cluster follow the roles of its instances. AWS: `Endpoint`,
    /// `Address`.
    #[output]
    pub endpoint: String,
}
