//! AWS: efs CreateFileSystem, UpdateFileSystem, PutLifecycleConfiguration, PutBackupPolicy,
//! UpdateFileSystemProtection, PutFileSystemPolicy, DeleteFileSystemPolicy,
//! CreateReplicationConfiguration, DeleteReplicationConfiguration, TagResource,
//! DescribeFileSystems, DeleteFileSystem.

use crate::{
    aws::{FileSystemArn, FileSystemId, KmsKeyArn, RoleArn, iam::PolicyDocument},
    prelude::*,
    props, resource,
};

/// A file system that many machines mount at once, by NFS.
///
/// ```
/// use infra_core::{aws::efs::{BackupPolicy, FileSystem, LifecyclePolicy, Transition}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let files = FileSystem::named("moodledata")
///     .backup_policy(BackupPolicy::enabled())
///     .lifecycle_policies([LifecyclePolicy::to_ia(Transition::After30Days)])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:efs:FileSystem",
    find = token,
    create = "10s",
    update = "5s",
    delete = "5s",
    holds_data
)]
pub struct FileSystem {
    /// The one zone that holds everything: cheaper, and gone with it. Default: none, several zones.
    /// Changing it replaces the file system. AWS: `AvailabilityZoneName`.
    #[prop(replace)]
    pub availability_zone_name: Option<String>,
    /// Whether it is encrypted at rest. Default: true (AWS: false). Changing it replaces the file
    /// system. AWS: `Encrypted`.
    #[prop(default = true, replace)]
    pub encrypted: bool,
    /// The key that encrypts it. Default: `aws/elasticfilesystem`. Changing it replaces the file
    /// system. AWS: `KmsKeyId`.
    #[prop(replace, computed, at = exists)]
    pub kms_key_id: Option<KmsKeyArn>,
    /// How operations are spread. Default: general purpose. Changing it replaces the file system.
    /// AWS: `PerformanceMode`.
    #[prop(default = PerformanceMode::GeneralPurpose, replace)]
    pub performance_mode: PerformanceMode,
    /// How throughput is paid and limited. Default: elastic (AWS: bursting). Changes in place, but
    /// not within 24 hours after another change of the throughput. AWS: `ThroughputMode`.
    #[prop(default = ThroughputMode::Elastic)]
    pub throughput_mode: ThroughputMode,
    /// The throughput that is paid for, in MiB/s, from 1; with `ThroughputMode::Provisioned` alone.
    /// Default: none. Changes in place; down not within 24 hours after another change of the
    /// throughput. AWS: `ProvisionedThroughputInMibps`.
    pub provisioned_throughput_in_mibps: Option<f64>,
    /// When files move between storage classes. Default: never. Changes in place. AWS:
    /// PutLifecycleConfiguration, `LifecyclePolicies`.
    #[prop(default, set, separate)]
    pub lifecycle_policies: Vec<LifecyclePolicy>,
    /// Whether AWS Backup keeps daily copies for 35 days. Default: it does not, except in one zone.
    /// Changes in place. AWS: PutBackupPolicy, `BackupPolicy`.
    #[prop(separate)]
    pub backup_policy: Option<BackupPolicy>,
    /// What is refused to other calls. Default: AWS's own. Changes in place. AWS:
    /// UpdateFileSystemProtection, `FileSystemProtection`.
    #[prop(separate)]
    pub file_system_protection: Option<FileSystemProtection>,
    /// Who may mount it, and how. Default: whoever reaches a mount target. Changes in place. AWS:
    /// PutFileSystemPolicy, `FileSystemPolicy`.
    #[prop(separate)]
    pub file_system_policy: Option<PolicyDocument>,
    /// Where everything in it is copied to all the time, to be gone on with when it is lost. Default:
    /// nowhere. Changes in place, and copies everything anew; taken back before deletion. AWS:
    /// CreateReplicationConfiguration and DeleteReplicationConfiguration,
    /// `ReplicationConfiguration`.
    #[prop(separate, detach, needs = ready)]
    pub replication_configuration: Option<ReplicationConfiguration>,
    /// Whether a policy may be set that locks its author out of changing it again. Default: false.
    /// Changes in place; only the next change of the policy uses it. AWS:
    /// `BypassPolicyLockoutSafetyCheck`.
    #[prop(default = false, write_only)]
    pub bypass_policy_lockout_safety_check: bool,
    /// Tags; `Name` is what the console shows. Default: none. Change in place. AWS:
    /// `FileSystemTags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `FileSystemId`.
    #[output(id = "fs-", at = exists)]
    pub file_system_id: FileSystemId,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}", at = exists)]
    pub arn: FileSystemArn,
    /// The name that leads to the mount target in the zone of whoever asks, where there is one.
    #[output(at = exists)]
    pub dns_name: String,
}

/// How operations are spread.
#[props]
pub enum PerformanceMode {
    /// The least latency.
    #[prop("generalPurpose")]
    GeneralPurpose,
    /// More operations at more latency; AWS advises against it.
    #[prop("maxIO")]
    MaxIo,
}

/// How throughput is paid and limited.
#[props(words = "lower")]
pub enum ThroughputMode {
    /// It grows with the size, and bursts.
    Bursting,
    /// As much as is used, paid by use.
    Elastic,
    /// As much as is paid for.
    Provisioned,
}

/// One move between storage classes. Exactly one of the fields is given; each kind once.
#[props]
pub struct LifecyclePolicy {
    /// When files that nobody reads move to infrequent access. AWS: `TransitionToIA`.
    pub transition_to_ia: Option<Transition>,
    /// When they move to the archive; later than to infrequent access. AWS: `TransitionToArchive`.
    pub transition_to_archive: Option<Transition>,
    /// When they move back. AWS: `TransitionToPrimaryStorageClass`.
    pub transition_to_primary_storage_class: Option<TransitionBack>,
}

impl LifecyclePolicy {
    /// To infrequent access after so long.
    pub fn to_ia(after: Transition) -> Self {
        Self::new().transition_to_ia(after)
    }

    /// To the archive after so long.
    pub fn to_archive(after: Transition) -> Self {
        Self::new().transition_to_archive(after)
    }

    /// Back when somebody reads the file.
    pub fn back_after_1_access() -> Self {
        Self::new().transition_to_primary_storage_class(TransitionBack::After1Access)
    }
}

/// How long nobody reads a file before it moves.
#[props]
pub enum Transition {
    /// A day.
    #[prop("AFTER_1_DAY")]
    After1Day,
    /// A week.
    #[prop("AFTER_7_DAYS")]
    After7Days,
    /// Two weeks.
    #[prop("AFTER_14_DAYS")]
    After14Days,
    /// A month.
    #[prop("AFTER_30_DAYS")]
    After30Days,
    /// Two months.
    #[prop("AFTER_60_DAYS")]
    After60Days,
    /// Three months.
    #[prop("AFTER_90_DAYS")]
    After90Days,
    /// Half a year.
    #[prop("AFTER_180_DAYS")]
    After180Days,
    /// Nine months.
    #[prop("AFTER_270_DAYS")]
    After270Days,
    /// A year.
    #[prop("AFTER_365_DAYS")]
    After365Days,
}

/// When a file moves back to the primary storage class.
#[props]
pub enum TransitionBack {
    /// When it is read once.
    #[prop("AFTER_1_ACCESS")]
    After1Access,
}

/// Whether AWS Backup keeps copies.
#[props]
pub struct BackupPolicy {
    /// Whether it does. AWS: `Status`.
    pub status: Switch,
}

impl BackupPolicy {
    /// It does.
    pub fn enabled() -> Self {
        Self::new(Switch::Enabled)
    }

    /// It does not.
    pub fn disabled() -> Self {
        Self::new(Switch::Disabled)
    }
}

/// What is refused to other calls.
#[props]
pub struct FileSystemProtection {
    /// Whether a replication may not overwrite it. Default: enabled. AWS:
    /// `ReplicationOverwriteProtection`.
    #[prop(default = Switch::Enabled)]
    pub replication_overwrite_protection: Switch,
}

/// Where everything in a file system is copied to.
#[props]
pub struct ReplicationConfiguration {
    /// The one destination that AWS allows. AWS: `Destinations`.
    pub destinations: Vec<ReplicationDestination>,
}

impl ReplicationConfiguration {
    /// To another file system.
    pub fn to(file_system: impl IntoInput<FileSystemArn>) -> Self {
        Self::new([ReplicationDestination::new(file_system)])
    }
}

/// A file system that everything is copied to.
#[props]
pub struct ReplicationDestination {
    /// The ARN of the file system, of another region as well. It can only be read from then on, and
    /// what was in it is overwritten: its `file_system_protection` must allow that. AWS:
    /// `FileSystemId`.
    pub file_system_id: FileSystemArn,
    /// The role that EFS takes on to copy to another account. Default: none, within the account.
    /// AWS: `RoleArn`.
    pub role_arn: Option<RoleArn>,
}

/// On or off.
#[props(words = "UPPER")]
pub enum Switch {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}
