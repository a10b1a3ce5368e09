//! What is special about a backup plan: windows, lifecycles and schedules that go together.

use infra_core::{
    aws::backup::{
        self, AdvancedBackupSettingArgs, AdvancedResourceType, BackupRuleArgs, LifecycleArgs,
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::{Days, Minutes, ScheduleExpression},
    value::{PropertiesBuilder, canonical_bytes},
};

use super::vault::{CODES, INVALID, LONGEST, check_name, refused};
use crate::sim::{
    identity::digits,
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Plan];

type P = backup::Plan;

/// AWS: how long a backup stays in cold storage at least, in days.
const COLD: u32 = 90;
/// AWS: how far back what is written along reaches at most, in days.
const CONTINUOUS: u32 = 35;

struct Plan;

impl Special for Plan {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Backup plans per Region per account", adjustable.
        Some(300)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name("backup_plan_name", &asked.get(P::BACKUP_PLAN_NAME).unwrap_or_default())?;
        let rules = asked.get(P::RULES).unwrap_or_default();
        if rules.is_empty() {
            let message = "`rules` is empty; a plan has one at least";
            return Err(Refusal::invalid("rules", INVALID, message));
        }
        for (place, rule) in rules.iter().enumerate() {
            check_rule(&format!("rules[{place}]"), rule)?;
        }
        let settings = asked.get(P::ADVANCED_BACKUP_SETTINGS).unwrap_or_default();
        settings.iter().try_for_each(check_setting)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let mut document = vec![];
        for slot in [P::BACKUP_PLAN_NAME.slot, P::RULES.slot, P::ADVANCED_BACKUP_SETTINGS.slot] {
            canonical_bytes(asked.inputs.get(slot), &mut document);
        }
        let document = format!("{}/{}", asked.id, hex::encode(document));
        tell(outputs, P::VERSION_ID, digits(&document, 0, 32));
    }
}

fn check_rule(path: &str, rule: &BackupRuleArgs) -> Result<(), Refusal> {
    check_name(&format!("{path}.rule_name"), &rule.rule_name)?;
    let property = format!("{path}.schedule_expression");
    let schedule = &rule.schedule_expression;
    if matches!(schedule, ScheduleExpression::At(_)) {
        return refused(&property, format!("{schedule} is once; a plan takes `cron` and `rate`"));
    }
    if schedule.shortest_interval().is_some_and(|interval| interval < Minutes(60)) {
        return refused(&property, format!("{schedule} is more often than every hour"));
    }
    let (start, completion) = (rule.start_window_minutes, rule.completion_window_minutes);
    if start < Minutes(60) {
        return refused(
            &format!("{path}.start_window_minutes"),
            format!("{start} is under 60 min"),
        );
    }
    if completion.0 < start.0.saturating_add(60) {
        let what =
            format!("{completion} must be longer than `start_window_minutes`, {start}, by 60 min");
        return refused(&format!("{path}.completion_window_minutes"), what);
    }
    if let Some(lifecycle) = &rule.lifecycle {
        check_lifecycle(&format!("{path}.lifecycle"), lifecycle)?;
    }
    for (place, copy) in rule.copy_actions.iter().enumerate() {
        if let Some(lifecycle) = &copy.lifecycle {
            check_lifecycle(&format!("{path}.copy_actions[{place}].lifecycle"), lifecycle)?;
        }
    }
    if rule.enable_continuous_backup { check_continuous(path, rule) } else { Ok(()) }
}

fn check_lifecycle(path: &str, lifecycle: &LifecycleArgs) -> Result<(), Refusal> {
    let (cold, delete) = (lifecycle.move_to_cold_storage_after_days, lifecycle.delete_after_days);
    for (name, days) in [("move_to_cold_storage_after_days", cold), ("delete_after_days", delete)] {
        if let Some(Days(days)) = days
            && !(1..=LONGEST).contains(&days)
        {
            let what = format!("{days} must be between 1 and {LONGEST}");
            return refused(&format!("{path}.{name}"), what);
        }
    }
    if let (Some(Days(cold)), Some(Days(delete))) = (cold, delete)
        && delete < cold + COLD
    {
        let what = format!(
            "{delete} must be {COLD} days after `move_to_cold_storage_after_days`, {cold}, at least"
        );
        return refused(&format!("{path}.delete_after_days"), what);
    }
    Ok(())
}

/// What is written along reaches back so many days, and never into cold storage.
fn check_continuous(path: &str, rule: &BackupRuleArgs) -> Result<(), Refusal> {
    let property = format!("{path}.lifecycle");
    let lifecycle = rule.lifecycle.as_ref();
    let days = lifecycle.and_then(|lifecycle| lifecycle.delete_after_days);
    if !days.is_some_and(|Days(days)| (1..=CONTINUOUS).contains(&days)) {
        let what = format!(
            "must delete after 1 to {CONTINUOUS} days, since `enable_continuous_backup` is true"
        );
        return refused(&property, what);
    }
    if lifecycle.is_some_and(|lifecycle| lifecycle.move_to_cold_storage_after_days.is_some()) {
        let what = "can't move to cold storage, since `enable_continuous_backup` is true";
        return refused(&property, what);
    }
    Ok(())
}

fn check_setting(setting: &AdvancedBackupSettingArgs) -> Result<(), Refusal> {
    const PROPERTY: &str = "advanced_backup_settings";
    let known: &[&str] = match setting.resource_type {
        AdvancedResourceType::Ec2 => &["WindowsVSS"],
        AdvancedResourceType::S3 => &["BackupACLs", "BackupObjectTags"],
    };
    for (option, value) in &setting.backup_options {
        if !known.contains(&option.as_str()) {
            let what =
                format!("{option:?} is none of {}: {}", setting.resource_type, known.join(", "));
            return refused(PROPERTY, what);
        }
        if !["enabled", "disabled"].contains(&value.as_str()) {
            return refused(PROPERTY, format!("{option} {value:?} must be enabled or disabled"));
        }
    }
    Ok(())
}
