//! What is special about a schedule: its times, its target, and that its role trusts the scheduler.

use infra_core::{
    aws::{
        eventbridge::TargetArnArgs,
        iam,
        scheduler::{self, FlexibleTimeWindowMode, ScheduleTargetArgs},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Minutes,
};

use super::schedule_group::{CODES, INVALID};
use crate::sim::{
    eventbridge::target_settings::Settings,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Schedule];

type S = scheduler::Schedule;

const SERVICE: &str = "scheduler.amazonaws.com";
/// AWS: `TaskCount` of a schedule.
const TASKS: u32 = 10;
/// How calls of AWS are written.
const CALLS: &str = "arn:aws:scheduler:::aws-sdk:";

struct Schedule;

impl Special for Schedule {
    fn ty(&self) -> &'static TypeDef {
        S::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Schedules" of an account and region, adjustable.
        Some(1_000_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.check_text(S::DESCRIPTION, 512, INVALID)?;
        check_times(asked)?;
        asked.check_key(S::KMS_KEY_ARN, INVALID)?;
        asked.get(S::TARGET).map_or(Ok(()), |target| check_target(asked, &target))
    }
}

fn refused(property: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_times(asked: &Asked<'_>) -> Result<(), Refusal> {
    asked.check_order(S::START_DATE, S::END_DATE, INVALID)?;
    let Some(window) = asked.get(S::FLEXIBLE_TIME_WINDOW) else { return Ok(()) };
    let property = "flexible_time_window.maximum_window_in_minutes";
    match (window.mode, window.maximum_window_in_minutes) {
        (FlexibleTimeWindowMode::Off, None) => Ok(()),
        (FlexibleTimeWindowMode::Off, Some(_)) => {
            refused(property, format!("`{property}` goes with the mode FLEXIBLE"))
        }
        (FlexibleTimeWindowMode::Flexible, Some(Minutes(1..=1440))) => Ok(()),
        (FlexibleTimeWindowMode::Flexible, given) => {
            let given = given.map_or_else(|| "is absent; it".to_owned(), |given| given.to_string());
            refused(property, format!("`{property}` {given} must be between 1 and 1440 min"))
        }
    }
}

fn check_target(asked: &Asked<'_>, target: &ScheduleTargetArgs) -> Result<(), Refusal> {
    let settings = Settings {
        within: "target.",
        arn: &target.arn,
        ecs: target.ecs_parameters.as_ref(),
        sqs: target.sqs_parameters.as_ref(),
        retry: &target.retry_policy,
    };
    settings.check(asked.region())?;
    if let Some(count) = target.ecs_parameters.as_ref().map(|ecs| ecs.task_count)
        && count > TASKS
    {
        let property = "target.ecs_parameters.task_count";
        return refused(property, format!("`{property}` {count} is more than {TASKS}"));
    }
    if let TargetArnArgs::Other(arn) = &target.arn
        && arn.starts_with("arn:aws:scheduler:::")
    {
        let call = arn.strip_prefix(CALLS).and_then(|call| call.split_once(':'));
        let fits = call.is_some_and(|(service, action)| {
            !service.is_empty() && action.starts_with(|first: char| first.is_ascii_lowercase())
        });
        if !fits {
            let message =
                format!("`target.arn` {arn:?} is no call of AWS: write {CALLS}ecs:updateService");
            return refused("target.arn", message);
        }
    }
    let role = &target.role_arn;
    let object = asked.world.get(iam::Role::definition().name, role.as_str(), asked.scope);
    let trust = object.and_then(|role| of(role, iam::Role::ASSUME_ROLE_POLICY_DOCUMENT));
    if trust.is_none_or(|trust| trust.lets_service(SERVICE, "sts:AssumeRole")) {
        return Ok(());
    }
    let message =
        format!("`target.role_arn` {role} does not trust {SERVICE}, which is to take it on");
    refused("target.role_arn", message)
}
