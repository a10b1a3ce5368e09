//! The rules of a backup plan, as AWS takes and tells them.

use std::collections::BTreeMap;

use aws_sdk_backup::types::{self as sdk, BackupPlanInput};
use infra_core::{
    aws::backup::{
        AdvancedBackupSettingArgs, AdvancedResourceType, BackupRuleArgs, CopyActionArgs,
        LifecycleArgs, PlanArgs,
    },
    aws::{BackupVaultArn, BackupVaultName},
    types::{Minutes, Tags},
};

use super::{count, days, given, zone};
use crate::seen::word;

/// What AWS takes where no schedule is said.
const SCHEDULE: &str = "cron(0 5 ? * * *)";
const START: i64 = 480;
const COMPLETION: i64 = 10_080;

/// All of a plan.
pub(super) fn document(args: &PlanArgs) -> BackupPlanInput {
    let settings = args.advanced_backup_settings.iter().map(|setting| {
        let options = setting.backup_options.clone().into_iter().collect();
        sdk::AdvancedBackupSetting::builder()
            .resource_type(setting.resource_type.as_str())
            .set_backup_options(Some(options))
            .build()
    });
    BackupPlanInput::builder()
        .backup_plan_name(&args.backup_plan_name)
        .set_rules(Some(args.rules.iter().map(rule).collect()))
        .set_advanced_backup_settings(given(settings))
        .build()
        .expect("it has a name and rules")
}

fn rule(args: &BackupRuleArgs) -> sdk::BackupRuleInput {
    let tags = args.recovery_point_tags.0.clone();
    sdk::BackupRuleInput::builder()
        .rule_name(&args.rule_name)
        .target_backup_vault_name(args.target_backup_vault.as_str())
        .schedule_expression(args.schedule_expression.to_string())
        .schedule_expression_timezone(args.schedule_expression_timezone.as_str())
        .start_window_minutes(args.start_window_minutes.0.into())
        .completion_window_minutes(args.completion_window_minutes.0.into())
        .set_lifecycle(args.lifecycle.as_ref().map(lifecycle))
        .set_copy_actions(given(args.copy_actions.iter().map(copy)))
        .enable_continuous_backup(args.enable_continuous_backup)
        .set_recovery_point_tags((!tags.is_empty()).then(|| tags.into_iter().collect()))
        .build()
        .expect("it has a name and a vault")
}

fn lifecycle(args: &LifecycleArgs) -> sdk::Lifecycle {
    let archive = args.opt_in_to_archive_for_supported_resources;
    sdk::Lifecycle::builder()
        .set_move_to_cold_storage_after_days(
            args.move_to_cold_storage_after_days.map(|it| it.0.into()),
        )
        .set_delete_after_days(args.delete_after_days.map(|it| it.0.into()))
        .set_opt_in_to_archive_for_supported_resources(archive.then_some(true))
        .build()
}

fn copy(args: &CopyActionArgs) -> sdk::CopyAction {
    sdk::CopyAction::builder()
        .destination_backup_vault_arn(args.destination_backup_vault_arn.as_str())
        .set_lifecycle(args.lifecycle.as_ref().map(lifecycle))
        .build()
        .expect("it has a vault")
}

/// A rule that AWS tells; `None` if no program could say it.
pub(super) fn rule_args(
    rule: &sdk::BackupRule,
    recorded: &[BackupRuleArgs],
) -> Option<BackupRuleArgs> {
    let recorded = recorded.iter().find(|it| it.rule_name == rule.rule_name());
    let recorded = recorded.map(|it| it.schedule_expression_timezone);
    let copies = rule.copy_actions().iter().map(|copy| {
        Some(CopyActionArgs {
            destination_backup_vault_arn: word::<BackupVaultArn>(
                copy.destination_backup_vault_arn(),
            )?,
            lifecycle: copy.lifecycle().and_then(lifecycle_args),
        })
    });
    let tags: BTreeMap<_, _> =
        rule.recovery_point_tags().cloned().unwrap_or_default().into_iter().collect();
    Some(BackupRuleArgs {
        rule_name: rule.rule_name().to_owned(),
        target_backup_vault: word::<BackupVaultName>(rule.target_backup_vault_name())?,
        schedule_expression: rule.schedule_expression().unwrap_or(SCHEDULE).parse().ok()?,
        schedule_expression_timezone: zone(recorded, rule.schedule_expression_timezone())?,
        start_window_minutes: Minutes(count(rule.start_window_minutes().unwrap_or(START))),
        completion_window_minutes: Minutes(count(
            rule.completion_window_minutes().unwrap_or(COMPLETION),
        )),
        lifecycle: rule.lifecycle().and_then(lifecycle_args),
        copy_actions: copies.collect::<Option<_>>()?,
        enable_continuous_backup: rule.enable_continuous_backup().unwrap_or_default(),
        recovery_point_tags: Tags(tags),
    })
}

/// One that says nothing is none.
fn lifecycle_args(told: &sdk::Lifecycle) -> Option<LifecycleArgs> {
    let args = LifecycleArgs {
        move_to_cold_storage_after_days: days(told.move_to_cold_storage_after_days()),
        delete_after_days: days(told.delete_after_days()),
        opt_in_to_archive_for_supported_resources: told
            .opt_in_to_archive_for_supported_resources()
            .unwrap_or_default(),
    };
    let is_empty =
        args.move_to_cold_storage_after_days.is_none() && args.delete_after_days.is_none();
    (!is_empty || args.opt_in_to_archive_for_supported_resources).then_some(args)
}

/// A setting that AWS tells; `None` if no program could say it.
pub(super) fn setting_args(told: &sdk::AdvancedBackupSetting) -> Option<AdvancedBackupSettingArgs> {
    Some(AdvancedBackupSettingArgs {
        resource_type: word::<AdvancedResourceType>(told.resource_type()?)?,
        backup_options: told.backup_options().cloned().unwrap_or_default().into_iter().collect(),
    })
}
