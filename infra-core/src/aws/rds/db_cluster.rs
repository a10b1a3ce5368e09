//! AWS: rds CreateDBCluster, RestoreDBClusterFromSnapshot, RestoreDBClusterToPointInTime,
//! ModifyDBCluster, AddTagsToResource, DescribeDBClusters, DeleteDBCluster.

use super::{
    DatabaseInsightsMode, Engine, LogExport, MasterUserPassword, RestoreType,
    ServerlessV2ScalingConfiguration, StorageType,
};
use crate::{
    aws::{
        DbClusterArn, DbClusterIdentifier, DbClusterParameterGroupName,
        DbClusterSnapshotIdentifier, DbSubnetGroupName, KmsKeyArn, SecretArn, SecurityGroupId,
    },
    prelude::*,
    resource,
};

/// An Aurora cluster: storage that lies in three zones, and the endpoints of the machines that
/// work on it.
///
/// The machines are [`DbInstance`](super::DbInstance)s of their own; nobody answers at the
/// endpoints before one of them is ready, so that what connects depends on them. Two in different
/// zones survive the loss of a zone.
///
/// Whether deletion leaves a last snapshot is decided before there is anything to delete: AWS asks
/// for it when the instances are gone already.
///
/// ```
/// use infra_core::{
///     aws::{DbSubnetGroupName, SecurityGroupId, rds::DbCluster},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let subnets = DbSubnetGroupName::parse("campus").unwrap();
/// # let database = SecurityGroupId::parse("sg-0123456789abcdef0").unwrap();
/// let cluster = DbCluster::named("moodle")
///     .db_subnet_group_name(subnets)
///     .vpc_security_group_ids([database])
///     .database_name("moodle")
///     .master_username("admin")
///     .manage_master_user_password(true)
///     .final_snapshot_identifier("campus-moodle-final")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:rds:DbCluster",
    one_of(final_snapshot_identifier, skip_final_snapshot),
    one_of(master_username, snapshot_identifier, source_db_cluster_identifier),
    exclusive(manage_master_user_password, master_user_password),
    exclusive(restore_to_time, use_latest_restorable_time),
    create = "7min",
    update = "30s",
    delete = "5min",
    holds_data,
    protection(deletion_protection = false)
)]
pub struct DbCluster {
    /// The subnets of its machines. Changing it replaces the cluster. AWS: `DBSubnetGroupName`.
    #[prop(replace)]
    pub db_subnet_group_name: DbSubnetGroupName,
    /// Who may reach it, one to five groups of the subnets' VPC that let in its port. Change in
    /// place. AWS: `VpcSecurityGroupIds`.
    #[prop(set)]
    pub vpc_security_group_ids: Vec<SecurityGroupId>,
    /// The identifier: up to 63 small letters, digits and single hyphens, a letter first. Default:
    /// made up from project, stack and name. Changing it replaces the cluster. AWS:
    /// `DBClusterIdentifier`.
    #[prop(id, replace, name(63, lower_hyphens))]
    pub db_cluster_identifier: Option<DbClusterIdentifier>,
    /// The engine. Default: Aurora MySQL. Changing it replaces the cluster. AWS: `Engine`.
    #[prop(default = Engine::AuroraMysql, replace)]
    pub engine: Engine,
    /// The whole version, such as `8.4.mysql_aurora.8.4.7`. Default: AWS chooses, and may raise the
    /// last parts later where instances allow it. Changes in place, upwards alone; every machine
    /// restarts. AWS: `EngineVersion`.
    #[prop(computed, at = exists)]
    pub engine_version: Option<String>,
    /// Whether a change of the version may be one of the major version, which is not undone by a
    /// change back. Default: false. Changes in place, without a call. AWS: ModifyDBCluster,
    /// `AllowMajorVersionUpgrade`.
    #[prop(default = false, write_only)]
    pub allow_major_version_upgrade: bool,
    /// The database that is made in a new cluster. Default: none. Changing it replaces the cluster.
    /// AWS: `DatabaseName`.
    #[prop(replace)]
    pub database_name: Option<String>,
    /// The first user: up to 16 letters, digits and underscores, a letter first. Given for a new
    /// cluster, and not for one that is made of a snapshot or of another cluster. Changing it
    /// replaces the cluster. AWS: `MasterUsername`.
    #[prop(replace)]
    pub master_username: Option<String>,
    /// Whether AWS makes up the first user's password, keeps it in a secret and changes it every
    /// week. Default: false; then `master_user_password` is needed. Changes in place. AWS:
    /// `ManageMasterUserPassword`.
    #[prop(default = false)]
    pub manage_master_user_password: bool,
    /// The first user's password, 8 to 41 characters. Default: none. Changes in place. AWS:
    /// `MasterUserPassword`.
    #[prop(write_only)]
    pub master_user_password: Option<Secret<MasterUserPassword>>,
    /// The key of the secret that AWS keeps the password in. Default: `aws/secretsmanager`. Changes
    /// in place. AWS: `MasterUserSecretKmsKeyId`.
    pub master_user_secret_kms_key_id: Option<KmsKeyArn>,
    /// Whether users may log in with tokens of IAM. Default: false. Changes in place. AWS:
    /// `EnableIAMDatabaseAuthentication`.
    #[prop(default = false)]
    pub enable_iam_database_authentication: bool,
    /// Parameters of the engine, of its major version. Default: those of AWS,
    /// `default.aurora-mysql8.4` for instance. Changes in place; part of them counts when a machine
    /// restarts. AWS: `DBClusterParameterGroupName`.
    #[prop(computed, at = exists, needs = configured)]
    pub db_cluster_parameter_group_name: Option<DbClusterParameterGroupName>,
    /// The port, 1150 to 65535. Default: 3306. Changes in place; every machine restarts. AWS:
    /// `Port`.
    #[prop(computed, at = exists)]
    pub port: Option<u16>,
    /// Whether storage is encrypted, snapshots with it. Default: true (AWS: false). Changing it
    /// replaces the cluster. AWS: `StorageEncrypted`.
    #[prop(default = true, replace)]
    pub storage_encrypted: bool,
    /// The key of the storage. Default: `aws/rds`. Changing it replaces the cluster. AWS:
    /// `KmsKeyId`.
    #[prop(replace, computed, at = exists)]
    pub kms_key_id: Option<KmsKeyArn>,
    /// How storage is paid for. Default: by size and use. Changes in place; to `aurora-iopt1` once
    /// in 30 days. AWS: `StorageType`.
    #[prop(default = StorageType::Aurora)]
    pub storage_type: StorageType,
    /// For how long the cluster can be brought back to any moment, 1 to 35 days. Default: a week
    /// (AWS: a day). Changes in place. AWS: `BackupRetentionPeriod`.
    #[prop(default = Days(7))]
    pub backup_retention_period: Days,
    /// When the daily backup is taken, half an hour at least, apart from maintenance. Default: AWS
    /// chooses. Changes in place. AWS: `PreferredBackupWindow`.
    #[prop(computed, at = exists)]
    pub preferred_backup_window: Option<DailyWindow>,
    /// When AWS works on it, half an hour a week at least. Default: AWS chooses. Changes in place.
    /// AWS: `PreferredMaintenanceWindow`.
    #[prop(computed, at = exists)]
    pub preferred_maintenance_window: Option<WeeklyWindow>,
    /// How far the cluster can be turned back without being restored, up to 259,200 s (three days).
    /// Default: not at all. Changes in place, but never from nothing: AWS allows it to clusters
    /// alone that were made with it. AWS: `BacktrackWindow`.
    #[prop(default = Seconds(0))]
    pub backtrack_window: Seconds,
    /// Whether snapshots get its tags, which rights and backup plans may go by. Default: true (AWS:
    /// false). Changes in place. AWS: `CopyTagsToSnapshot`.
    #[prop(default = true)]
    pub copy_tags_to_snapshot: bool,
    /// Which logs go to CloudWatch Logs; AWS makes their groups, and nothing ever deletes from
    /// them. Default: none. Change in place. AWS: `EnableCloudwatchLogsExports`.
    #[prop(default, set)]
    pub enable_cloudwatch_logs_exports: Vec<LogExport>,
    /// How much instances of the class `db.serverless` grow and shrink. Default: there are none.
    /// Changes in place; once given it stays. AWS: `ServerlessV2ScalingConfiguration`.
    pub serverless_v2_scaling_configuration: Option<ServerlessV2ScalingConfiguration>,
    /// How much is kept of what instances did; more than the standard needs
    /// `performance_insights_enabled` and a retention of 465 days. Default: standard. Changes in
    /// place. AWS: `DatabaseInsightsMode`.
    #[prop(default = DatabaseInsightsMode::Standard)]
    pub database_insights_mode: DatabaseInsightsMode,
    /// Whether load is kept by statement and wait, for all instances. Default: false. Changes in
    /// place. AWS: `EnablePerformanceInsights`.
    #[prop(default = false)]
    pub performance_insights_enabled: bool,
    /// The key of what is kept. Default: `aws/rds`. AWS never takes another one; changing it
    /// replaces the cluster. AWS: `PerformanceInsightsKMSKeyId`.
    #[prop(replace)]
    pub performance_insights_kms_key_id: Option<KmsKeyArn>,
    /// How long it is kept: 7 days, 1 to 23 months of 31 days, or 731 days. Default: 7 days.
    /// Changes in place. AWS: `PerformanceInsightsRetentionPeriod`.
    #[prop(default = Days(7))]
    pub performance_insights_retention_period: Days,
    /// Whether instances that only read pass writes on to the one that writes. Default: false.
    /// Changes in place. AWS: `EnableLocalWriteForwarding`.
    #[prop(default = false)]
    pub enable_local_write_forwarding: bool,
    /// The snapshot that the cluster is made of. Default: none. Changing it replaces the cluster by
    /// what the snapshot holds. AWS: RestoreDBClusterFromSnapshot, `SnapshotIdentifier`.
    #[prop(replace, weak, write_only)]
    pub snapshot_identifier: Option<DbClusterSnapshotIdentifier>,
    /// The cluster that this one is made of as it was at a moment. Default: none. Changing it
    /// replaces the cluster. AWS: RestoreDBClusterToPointInTime, `SourceDBClusterIdentifier`.
    #[prop(replace, weak, write_only)]
    pub source_db_cluster_identifier: Option<DbClusterIdentifier>,
    /// The moment in UTC, such as `2026-03-14T09:30:00Z`. Default: none; then
    /// `use_latest_restorable_time`. Changing it replaces the cluster. AWS: `RestoreToTime`.
    #[prop(replace, write_only)]
    pub restore_to_time: Option<String>,
    /// Whether the moment is the latest there is, minutes ago. Default: false. Changing it replaces
    /// the cluster. AWS: `UseLatestRestorableTime`.
    #[prop(default = false, replace, write_only)]
    pub use_latest_restorable_time: bool,
    /// How it is made of the other one. Default: by a full copy. Changing it replaces the cluster.
    /// AWS: `RestoreType`.
    #[prop(replace, write_only)]
    pub restore_type: Option<RestoreType>,
    /// Whether AWS refuses to delete it. Default: true (AWS: false); a deletion that the plan shows
    /// takes the protection back first. Changes in place. AWS: `DeletionProtection`.
    #[prop(default = true)]
    pub deletion_protection: bool,
    /// The snapshot that deletion leaves behind; this or `skip_final_snapshot` is given. AWS
    /// refuses a name that a snapshot has already, and only at the very end: give another one after
    /// each deletion. Changes in place, without a call. AWS: DeleteDBCluster,
    /// `FinalDBSnapshotIdentifier`.
    #[prop(write_only)]
    pub final_snapshot_identifier: Option<String>,
    /// Whether deletion leaves nothing behind. Default: false. Changes in place, without a call.
    /// AWS: DeleteDBCluster, `SkipFinalSnapshot`.
    #[prop(default = false, write_only)]
    pub skip_final_snapshot: bool,
    /// Whether automated backups go with the cluster. Default: true. Changes in place, without a
    /// call. AWS: DeleteDBCluster, `DeleteAutomatedBackups`.
    #[prop(default = true, write_only)]
    pub delete_automated_backups: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DBClusterArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:cluster:{id}", at = exists)]
    pub db_cluster_arn: DbClusterArn,
    /// The id that tells it from earlier clusters of the identifier, such as `cluster-ABC...`. AWS:
    /// `DbClusterResourceId`.
    #[output(at = exists)]
    pub db_cluster_resource_id: String,
    /// The host that leads to the instance that writes. AWS: `Endpoint`.
    #[output(at = exists)]
    pub endpoint: String,
    /// The host that leads to the instances that only read, or to the writing one where there is
    /// no other. AWS: `ReaderEndpoint`.
    #[output(at = exists)]
    pub reader_endpoint: String,
    /// The zones that its storage lies in. AWS: `AvailabilityZones`.
    #[output(at = exists)]
    pub availability_zones: Vec<String>,
    /// The secret that AWS keeps the first user's password in, with `username` and `password`.
    /// Absent unless `manage_master_user_password`. AWS: `MasterUserSecret`, `SecretArn`.
    #[output(at = exists, changes_with(manage_master_user_password))]
    pub master_user_secret_arn: SecretArn,
}
