//! AWS: backup CreateBackupPlan, UpdateBackupPlan, TagResource, GetBackupPlan, DeleteBackupPlan.

use std::collections::BTreeMap;

use crate::{
    aws::{BackupPlanArn, BackupPlanId, BackupVaultArn, BackupVaultName},
    prelude::*,
    props, resource,
};

/// A plan: when backups are made, where they go, and how long they are kept. What they are made of
/// says its [`Selection`](super::Selection).
///
/// ```
/// use infra_core::{aws::backup::{BackupRule, CopyAction, Lifecycle, Plan, Vault}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vault = Vault::named("campus").create(&stack);
/// let far = Vault::named("far").provider(&Provider::aws("eu-west-1")).create(&stack);
/// let nightly = BackupRule::new("nightly", vault.backup_vault_name(), "cron(0 2 ? * * *)")
///     .schedule_expression_timezone("Europe/Berlin")
///     .lifecycle(Lifecycle::delete_after(Days(35)))
///     .copy_actions([CopyAction::new(far.backup_vault_arn())]);
/// Plan::named("nightly").backup_plan_name("nightly").rules([nightly]).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:backup:Plan",
    find = token,
    unique(backup_plan_name, rules, advanced_backup_settings),
    create = "1s",
    update = "1s"
)]
pub struct Plan {
    /// The name, up to 50 letters, digits and `-_.`. Several plans may have the same one, if they
    /// say something else. Changes in place. AWS: `BackupPlanName`.
    pub backup_plan_name: String,
    /// When what goes where. Changes in place, for backups from then on. AWS: `BackupPlanRule`.
    pub rules: Vec<BackupRule>,
    /// What is special about kinds of resources. Default: nothing. Changes in place. AWS:
    /// `AdvancedBackupSettings`.
    #[prop(default, set)]
    pub advanced_backup_settings: Vec<AdvancedBackupSetting>,
    /// Tags. Default: none. Change in place. AWS: `BackupPlanTags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `BackupPlanId`.
    #[output(id(uuid), at = exists)]
    pub backup_plan_id: BackupPlanId,
    /// The ARN. AWS: `BackupPlanArn`.
    #[output(arn = "arn:aws:backup:{region}:{account}:backup-plan:{id}", at = exists)]
    pub backup_plan_arn: BackupPlanArn,
    /// The version, another one after each change. AWS: `VersionId`.
    #[output(at = exists, changes_with(backup_plan_name, rules, advanced_backup_settings))]
    pub version_id: String,
}

/// When backups are made, where they go, and how long they are kept.
#[props]
pub struct BackupRule {
    /// The name, up to 50 letters, digits and `-_.`. AWS: `RuleName`.
    pub rule_name: String,
    /// Where they go. AWS: `TargetBackupVault`.
    pub target_backup_vault: BackupVaultName,
    /// When: `cron` or `rate`, not more often than every hour. AWS: `ScheduleExpression`.
    pub schedule_expression: ScheduleExpression,
    /// Whose clocks the schedule goes by. Default: UTC. AWS: `ScheduleExpressionTimezone`.
    #[prop(default = TimeZone::UTC)]
    pub schedule_expression_timezone: TimeZone,
    /// How long after its time a backup may begin, from 60 minutes on; then it is given up.
    /// Default: 8 hours. AWS: `StartWindowMinutes`.
    #[prop(default = Minutes(480))]
    pub start_window_minutes: Minutes,
    /// How long it may take; then it is broken off. Longer than the time to begin by 60 minutes at
    /// least. Default: 7 days. AWS: `CompletionWindowMinutes`.
    #[prop(default = Minutes(10_080))]
    pub completion_window_minutes: Minutes,
    /// How long it is kept. Default: for ever. AWS: `Lifecycle`.
    pub lifecycle: Option<Lifecycle>,
    /// Where copies go. Default: nowhere. AWS: `CopyActions`.
    #[prop(default)]
    pub copy_actions: Vec<CopyAction>,
    /// Whether everything is written along, so that any second of the last days can be restored
    /// (S3, RDS, Aurora, SAP HANA). Needs a lifecycle of 35 days at most. Default: false. AWS:
    /// `EnableContinuousBackup`.
    #[prop(default = false)]
    pub enable_continuous_backup: bool,
    /// Tags of the backups, beside those of what they are of. Default: none. AWS:
    /// `RecoveryPointTags`.
    #[prop(default)]
    pub recovery_point_tags: Tags,
}

/// How long backups are kept, and where.
#[props]
pub struct Lifecycle {
    /// After how long they move to cold storage, from 1 day on; where there is such a thing for
    /// what they are of, such as EFS. Default: never. AWS: `MoveToColdStorageAfterDays`.
    pub move_to_cold_storage_after_days: Option<Days>,
    /// After how long they are deleted, 1 to 36,500 days, and 90 days in cold storage at least.
    /// Default: never. AWS: `DeleteAfterDays`.
    pub delete_after_days: Option<Days>,
    /// Whether snapshots of volumes move to an archive that is cold storage to them. Default:
    /// false. AWS: `OptInToArchiveForSupportedResources`.
    #[prop(default = false)]
    pub opt_in_to_archive_for_supported_resources: bool,
}

impl Lifecycle {
    /// Deleted after so long, never in cold storage.
    pub fn delete_after(days: impl IntoInput<Days>) -> Self {
        Self::new().delete_after_days(days)
    }
}

/// Where copies of backups go.
#[props]
pub struct CopyAction {
    /// The vault, of another region or account as well. AWS: `DestinationBackupVaultArn`.
    pub destination_backup_vault_arn: BackupVaultArn,
    /// How long copies are kept. Default: for ever. AWS: `Lifecycle`.
    pub lifecycle: Option<Lifecycle>,
}

/// What is special about backups of a kind of resource.
#[props]
pub struct AdvancedBackupSetting {
    /// The kind. AWS: `ResourceType`.
    pub resource_type: AdvancedResourceType,
    /// By name `enabled` or `disabled`: `WindowsVSS` of EC2; `BackupACLs` and `BackupObjectTags` of
    /// S3. AWS: `BackupOptions`.
    pub backup_options: BTreeMap<String, String>,
}

/// A kind of resource with something special about its backups.
#[props(words = "UPPER")]
pub enum AdvancedResourceType {
    /// Machines.
    Ec2,
    /// Buckets.
    S3,
}
