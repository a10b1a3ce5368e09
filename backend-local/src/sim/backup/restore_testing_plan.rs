//! What is special about a plan that tests restores: how often, in what time, from which vaults.

use infra_core::{
    aws::backup::{self, RecoveryPointSelectionArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::{Days, Hours, Minutes, ScheduleExpression},
};

use super::vault::{CODES, check_test_name, refused};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RestoreTestingPlan];

type P = backup::RestoreTestingPlan;

const DAY: Minutes = Minutes(24 * 60);
/// AWS: "Maximum start window", a week.
pub(super) const WEEK: u32 = 168;
/// AWS: "Vault selectors per restore testing plan".
const VAULTS: usize = 30;

struct RestoreTestingPlan;

impl Special for RestoreTestingPlan {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Restore testing plans".
        Some(100)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_test_name("restore_testing_plan_name", asked.id)?;
        if let Some(schedule) = asked.get(P::SCHEDULE_EXPRESSION) {
            check_schedule(&schedule)?;
        }
        let Hours(hours) = asked.get(P::START_WINDOW_HOURS).unwrap_or(Hours(24));
        if !(1..=WEEK).contains(&hours) {
            return refused("start_window_hours", format!("{hours} must be between 1 and {WEEK}"));
        }
        asked.get(P::RECOVERY_POINT_SELECTION).map_or(Ok(()), |selection| check_points(&selection))
    }
}

fn check_schedule(schedule: &ScheduleExpression) -> Result<(), Refusal> {
    const PROPERTY: &str = "schedule_expression";
    match schedule.shortest_interval() {
        None => refused(PROPERTY, format!("{schedule} is once; a plan takes `cron` and `rate`")),
        Some(interval) if interval < DAY => {
            refused(PROPERTY, format!("{schedule} is more often than every day"))
        }
        Some(_) => Ok(()),
    }
}

fn check_points(selection: &RecoveryPointSelectionArgs) -> Result<(), Refusal> {
    let path = |field: &str| format!("recovery_point_selection.{field}");
    if selection.recovery_point_types.is_empty() {
        return refused(
            &path("recovery_point_types"),
            "is empty; it says which kinds are restored",
        );
    }
    let Days(days) = selection.selection_window_days;
    if !(1..=365).contains(&days) {
        let what = format!("{days} must be between 1 and 365");
        return refused(&path("selection_window_days"), what);
    }
    let (include, exclude) = (&selection.include_vaults, &selection.exclude_vaults);
    if include.is_empty() {
        return refused(&path("include_vaults"), "is empty; it names vaults by ARN, or says `*`");
    }
    for (field, vaults) in [("include_vaults", include), ("exclude_vaults", exclude)] {
        let is_vault = |vault: &&String| vault.as_str() == "*" || vault.starts_with("arn:");
        if let Some(bad) = vaults.iter().find(|vault| !is_vault(vault)) {
            let what = format!("{bad:?} is neither the ARN of a vault nor `*`");
            return refused(&path(field), what);
        }
        if vaults.len() > VAULTS {
            let what = format!("has {} vaults; {VAULTS} are the most", vaults.len());
            return refused(&path(field), what);
        }
    }
    Ok(())
}
