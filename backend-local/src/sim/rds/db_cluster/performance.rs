//! How a cluster grows, and what is kept of what it did.

use infra_core::{
    aws::rds::{self, DatabaseInsightsMode, ServerlessV2ScalingConfigurationArgs},
    types::{Days, Seconds},
};

use super::refused;
use crate::sim::{
    rds::aurora::{COMBINATION, INVALID, check_retention},
    refusal::Refusal,
    special::Asked,
};

/// What the advanced mode is paid for: 15 months.
const ADVANCED: Days = Days(465);

pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let slot = rds::DbCluster::SERVERLESS_V2_SCALING_CONFIGURATION;
    let taken_back = asked.old.is_some_and(|old| old.inputs.has(slot.slot));
    match asked.get(slot) {
        Some(scaling) => check_scaling(&scaling)?,
        None if taken_back => {
            let message = "`serverless_v2_scaling_configuration` can't be taken back; it does \
                           nothing where no instance is of the class db.serverless";
            return refused("serverless_v2_scaling_configuration", COMBINATION, message);
        }
        None => {}
    }
    check_insights(asked)
}

fn check_scaling(scaling: &ServerlessV2ScalingConfigurationArgs) -> Result<(), Refusal> {
    let bounds = [
        ("min_capacity", scaling.min_capacity, 0.0..=255.5),
        ("max_capacity", scaling.max_capacity, 1.0..=256.0),
    ];
    let refused = |field: &str, message: String| {
        let message = format!("`serverless_v2_scaling_configuration.{field}` {message}");
        refused("serverless_v2_scaling_configuration", INVALID, message)
    };
    for (field, units, allowed) in bounds {
        if !allowed.contains(&units) || (units * 2.0).fract() != 0.0 {
            let (least, most) = (allowed.start(), allowed.end());
            let message = format!("{units} must be between {least} and {most}, in steps of a half");
            return refused(field, message);
        }
    }
    if scaling.min_capacity > scaling.max_capacity {
        let message =
            format!("{} lies above the maximum of {}", scaling.min_capacity, scaling.max_capacity);
        return refused("min_capacity", message);
    }
    let Some(Seconds(pause)) = scaling.seconds_until_auto_pause else { return Ok(()) };
    if scaling.min_capacity > 0.0 {
        let message = format!("{pause} s needs a `min_capacity` of 0: only then instances pause");
        return refused("seconds_until_auto_pause", message);
    }
    if !(300..=86_400).contains(&pause) {
        let message = format!("{pause} s must be between 300 and 86400 s");
        return refused("seconds_until_auto_pause", message);
    }
    Ok(())
}

fn check_insights(asked: &Asked<'_>) -> Result<(), Refusal> {
    let enabled = asked.get(rds::DbCluster::PERFORMANCE_INSIGHTS_ENABLED) == Some(true);
    let kept = asked.get(rds::DbCluster::PERFORMANCE_INSIGHTS_RETENTION_PERIOD);
    if let Some(days) = kept {
        check_retention("performance_insights_retention_period", days)?;
    }
    if !enabled && asked.inputs.has(rds::DbCluster::PERFORMANCE_INSIGHTS_KMS_KEY_ID.slot) {
        let message = "`performance_insights_kms_key_id` has nothing to encrypt: \
                       `performance_insights_enabled` is false";
        return refused("performance_insights_kms_key_id", COMBINATION, message);
    }
    asked.check_key(rds::DbCluster::PERFORMANCE_INSIGHTS_KMS_KEY_ID, "KMSKeyNotAccessibleFault")?;
    let mode = asked.get(rds::DbCluster::DATABASE_INSIGHTS_MODE);
    if mode == Some(DatabaseInsightsMode::Advanced) && !(enabled && kept == Some(ADVANCED)) {
        let message = format!(
            "`database_insights_mode` advanced needs `performance_insights_enabled` and a \
             `performance_insights_retention_period` of {} days",
            ADVANCED.0
        );
        return refused("database_insights_mode", COMBINATION, message);
    }
    Ok(())
}
