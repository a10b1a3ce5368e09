//! The case of `aws:applicationautoscaling:ScheduledAction`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::applicationautoscaling::{ScalableDimension, ScalableTargetAction, ScheduledAction},
    prelude::*,
};

use super::scaling_policy::targets;

const TASKS: ScalableDimension = ScalableDimension::EcsServiceDesiredCount;

fn refused(stack: &Stack, schedule: &str, action: ScalableTargetAction) {
    let [target, _] = targets(stack);
    ScheduledAction::named("subject")
        .resource_id(target.resource_id())
        .scalable_dimension(TASKS)
        .schedule(schedule)
        .scalable_target_action(action)
        .create(stack);
}

fn at_least(count: u32) -> ScalableTargetAction {
    ScalableTargetAction::new().min_capacity(count)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ScheduledAction::definition,
    build: |stack, v| {
        let [one, other] = targets(stack).map(|target| target.resource_id());
        ScheduledAction::named("subject")
            .resource_id(v.pick("resource_id", one, other))
            .scalable_dimension(TASKS)
            .schedule(v.pick("schedule", "cron(30 7 ? * MON-FRI *)", "at(2027-02-01T06:00:00)"))
            .scalable_target_action(v.pick(
                "scalable_target_action",
                at_least(8),
                at_least(8).max_capacity(40_u32),
            ))
            .scheduled_action_name(v.pick("scheduled_action_name", "morning", "exams"))
            .timezone(v.pick("timezone", "Europe/Berlin", "UTC"))
            .start_time(v.pick("start_time", "2027-02-01T06:00:00Z", "2027-02-08T06:00:00Z"))
            .end_time(v.pick("end_time", "2027-03-01T06:00:00Z", "2027-03-08T06:00:00Z"))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "schedule",
            build: |stack| refused(stack, "cron(30 7 * * MON-FRI *)", at_least(8)),
            says: "write ? for the one that does not matter",
        },
        Refused {
            property: "schedule",
            build: |stack| refused(stack, "rate(5 minute)", at_least(8)),
            says: "must be rate(5 minutes)",
        },
        Refused {
            property: "scalable_target_action",
            build: |stack| refused(stack, "rate(1 day)", ScalableTargetAction::new()),
            says: "changes neither `min_capacity` nor `max_capacity`",
        },
        Refused {
            property: "scalable_target_action.max_capacity",
            build: |stack| refused(stack, "rate(1 day)", at_least(8).max_capacity(7_u32)),
            says: "7 is less than `min_capacity` 8",
        },
        Refused {
            property: "resource_id",
            build: |stack| {
                ScheduledAction::named("subject")
                    .resource_id("service/campus/nowhere")
                    .scalable_dimension(TASKS)
                    .schedule("rate(1 day)")
                    .scalable_target_action(at_least(8))
                    .create(stack);
            },
            says: "is not registered as a scalable target",
        },
        Refused {
            property: "end_time",
            build: |stack| {
                let [target, _] = targets(stack);
                ScheduledAction::named("subject")
                    .resource_id(target.resource_id())
                    .scalable_dimension(TASKS)
                    .schedule("rate(1 day)")
                    .scalable_target_action(at_least(8))
                    .start_time("2027-02-01T06:00:00Z")
                    .end_time("2027-01-01T06:00:00Z")
                    .create(stack);
            },
            says: "is not after `start_time`",
        },
        Refused {
            property: "start_time",
            build: |stack| {
                let [target, _] = targets(stack);
                ScheduledAction::named("subject")
                    .resource_id(target.resource_id())
                    .scalable_dimension(TASKS)
                    .schedule("rate(1 day)")
                    .scalable_target_action(at_least(8))
                    .start_time("2027-02-01")
                    .create(stack);
            },
            says: "is not a moment in UTC",
        },
    ],
    fixed: &[(
        "scalable_dimension",
        "a service of ECS has one; another belongs to another resource",
    )],
    // CloudFormation has them within their target.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
