//! AWS: backup CreateRestoreTestingPlan, UpdateRestoreTestingPlan, TagResource,
//! GetRestoreTestingPlan, DeleteRestoreTestingPlan.

use crate::{aws::RestoreTestingPlanName, prelude::*, props, resource};

/// A plan that restores backups again and again, to see whether that works and how long it takes.
/// What is restored says its [`RestoreTestingSelection`](super::RestoreTestingSelection).
///
/// ```
/// use infra_core::{
///     aws::backup::{
///         RecoveryPointSelection, RecoveryPointType, RestoreTestingPlan, SelectionAlgorithm, Vault,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vault = Vault::named("campus").create(&stack);
/// RestoreTestingPlan::named("drill")
///     .restore_testing_plan_name("drill")
///     .schedule_expression("cron(0 4 ? * SUN *)")
///     .recovery_point_selection(RecoveryPointSelection::new(
///         SelectionAlgorithm::LatestWithinWindow,
///         [RecoveryPointType::Snapshot],
///         inputs![vault.backup_vault_arn()],
///     ))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:backup:RestoreTestingPlan", create = "1s", update = "1s", delete = "1s")]
pub struct RestoreTestingPlan {
    /// The name, up to 50 letters, digits and `_`. Changing it replaces the plan. AWS:
    /// `RestoreTestingPlanName`.
    #[prop(id, replace)]
    pub restore_testing_plan_name: RestoreTestingPlanName,
    /// When: `cron` or `rate`, not more often than every day. Changes in place. AWS:
    /// `ScheduleExpression`.
    pub schedule_expression: ScheduleExpression,
    /// Whose clocks the schedule goes by. Default: UTC. Changes in place. AWS:
    /// `ScheduleExpressionTimezone`.
    #[prop(default = TimeZone::UTC)]
    pub schedule_expression_timezone: TimeZone,
    /// How long after its time a test may begin, 1 to 168 hours. Default: 24 hours. Changes in
    /// place. AWS: `StartWindowHours`.
    #[prop(default = Hours(24))]
    pub start_window_hours: Hours,
    /// Which backups are restored. Changes in place. AWS: `RecoveryPointSelection`.
    pub recovery_point_selection: RecoveryPointSelection,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `RestoreTestingPlanArn`.
    #[output(arn = "arn:aws:backup:{region}:{account}:restore-testing-plan:{id}-{uuid}", at = exists)]
    pub restore_testing_plan_arn: String,
}

/// Which backups are restored.
#[props]
pub struct RecoveryPointSelection {
    /// Which of them. AWS: `Algorithm`.
    pub algorithm: SelectionAlgorithm,
    /// Of which kinds. AWS: `RecoveryPointTypes`.
    pub recovery_point_types: Vec<RecoveryPointType>,
    /// From which vaults: their ARNs, or `*`. AWS: `IncludeVaults`.
    pub include_vaults: Vec<String>,
    /// From which vaults not. Default: none. AWS: `ExcludeVaults`.
    #[prop(default)]
    pub exclude_vaults: Vec<String>,
    /// How old they are at most, 1 to 365 days. Default: 30 days. AWS: `SelectionWindowDays`.
    #[prop(default = Days(30))]
    pub selection_window_days: Days,
}

/// Which backup of a thing is restored.
#[props(words = "UPPER")]
pub enum SelectionAlgorithm {
    /// The latest.
    LatestWithinWindow,
    /// Any.
    RandomWithinWindow,
}

/// A kind of backup.
#[props(words = "UPPER")]
pub enum RecoveryPointType {
    /// How things were at a moment.
    Snapshot,
    /// Everything written along, so that any second can be restored.
    Continuous,
}
