//! What is special about a schedule of rotation: who rotates what, and how often.

use infra_core::{
    aws::secretsmanager::{self, RotationRulesArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::{Cron, Days, Hours, Rate, RateUnit, ScheduleExpression},
};

use crate::sim::{
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RotationSchedule];

const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "InvalidRequestException",
    exists: "ResourceExistsException",
    in_use: "InvalidRequestException",
    quota: "LimitExceededException",
};
const INVALID: &str = "InvalidParameterException";
const RULES: &str = "rotation_rules";
/// AWS: the shortest and the longest time between two rotations.
const HOURS: u32 = 4;
const DAYS: u32 = 1000;

struct RotationSchedule;

impl Special for RotationSchedule {
    fn ty(&self) -> &'static TypeDef {
        secretsmanager::RotationSchedule::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if let Some(rules) = asked.get(secretsmanager::RotationSchedule::ROTATION_RULES) {
            check_rules(&rules)?;
        }
        let Some(secret) = asked.referenced(secretsmanager::RotationSchedule::SECRET_ID) else {
            return Ok(());
        };
        check_function(asked, secret)
    }
}

/// A secret of a service is rotated by that service, others by a function, and what has no value
/// by nobody.
fn check_function(asked: &Asked<'_>, secret: &Object) -> Result<(), Refusal> {
    const FUNCTION: &str = "rotation_lambda_arn";
    const REQUEST: &str = "InvalidRequestException";
    let function = asked.get(secretsmanager::RotationSchedule::ROTATION_LAMBDA_ARN);
    let refused = |property, message| Err(Refusal::invalid(property, REQUEST, message));
    if secret.implicit {
        let message = format!("`{FUNCTION}`: {} is rotated by the service that made it", secret.id);
        return if function.is_some() { refused(FUNCTION, message) } else { Ok(()) };
    }
    let Some(function) = function else {
        let message =
            format!("`{FUNCTION}` is required: no service rotates {} by itself", secret.id);
        return refused(FUNCTION, message);
    };
    asked.check_region(FUNCTION, "function", function.as_str(), REQUEST)?;
    if of(secret, secretsmanager::Secret::VERSION_ID).is_none() {
        let message = format!("`secret_id` {} has no value to rotate", secret.id);
        return refused("secret_id", message);
    }
    Ok(())
}

fn refused(field: &str, message: &str) -> Result<(), Refusal> {
    let message = format!("`{RULES}.{field}` {message}");
    Err(Refusal::invalid(RULES, INVALID, message))
}

fn check_rules(rules: &RotationRulesArgs) -> Result<(), Refusal> {
    match (rules.automatically_after_days, &rules.schedule_expression) {
        (Some(Days(days)), None) if (1..=DAYS).contains(&days) => {
            check_window(rules, "the next day", 24, 0)
        }
        (Some(Days(days)), None) => {
            let message = format!("{days} must be between 1 and {DAYS}");
            refused("automatically_after_days", &message)
        }
        (None, Some(schedule)) => check_schedule(rules, schedule),
        _ => {
            let message = "or `schedule_expression` is given, one of the two";
            refused("automatically_after_days", message)
        }
    }
}

fn check_schedule(rules: &RotationRulesArgs, schedule: &ScheduleExpression) -> Result<(), Refusal> {
    const FIELD: &str = "schedule_expression";
    let often = || refused(FIELD, &format!("rotates more often than every {HOURS} hours"));
    match schedule {
        ScheduleExpression::At(_) => {
            refused(FIELD, "names one moment; a secret is rotated again and again")
        }
        ScheduleExpression::Rate(Rate { unit: RateUnit::Minute, .. }) => often(),
        ScheduleExpression::Rate(Rate { unit: RateUnit::Hour, value }) if *value < HOURS => often(),
        ScheduleExpression::Rate(Rate { unit: RateUnit::Hour, value }) => {
            check_window(rules, "the next rotation", *value, 0)
        }
        ScheduleExpression::Rate(Rate { unit: RateUnit::Day, value }) if *value >= DAYS => {
            refused(FIELD, &format!("rotates less often than every {} days", DAYS - 1))
        }
        ScheduleExpression::Rate(_) => check_window(rules, "the next day", 24, 0),
        ScheduleExpression::Cron(cron) => {
            if cron.minutes() != [0] {
                return refused(FIELD, "does not begin on the hour: minutes must be 0");
            }
            if cron.shortest_interval().0 < HOURS * 60 {
                return often();
            }
            check_cron_window(rules, cron)
        }
    }
}

fn check_cron_window(rules: &RotationRulesArgs, cron: &Cron) -> Result<(), Refusal> {
    match cron.hours() {
        [hour] => check_window(rules, "the next day", 24, *hour),
        _ => check_window(rules, "the next rotation", cron.shortest_interval().0 / 60, 0),
    }
}

/// A window that begins at an hour ends within so many.
fn check_window(
    rules: &RotationRulesArgs,
    into: &str,
    within: u32,
    start: u32,
) -> Result<(), Refusal> {
    let Some(Hours(hours)) = rules.duration else { return Ok(()) };
    if hours == 0 {
        return refused("duration", "must be one hour at least");
    }
    if start + hours > within {
        return refused("duration", &format!("{hours} h reaches into {into}"));
    }
    Ok(())
}
