//! The case of `aws:scheduler:Schedule`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        RoleArn,
        eventbridge::{DeadLetterConfig, RetryPolicy, SqsParameters, TargetArn},
        iam::Role,
        scheduler::{FlexibleTimeWindow, Schedule, ScheduleGroup, ScheduleState, ScheduleTarget},
    },
    prelude::*,
};
use serde_json::json;

use crate::conformance::{
    ecs::service::Site,
    eventbridge::target::task,
    iam::role::trust,
    kms::key::{far_key, keys},
};

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:lost";
const CALL: &str = "arn:aws:scheduler:::aws-sdk:ecs:updateService";

fn role(stack: &Stack, name: &str) -> Output<RoleArn> {
    let trust = trust("scheduler.amazonaws.com");
    Role::named(name).assume_role_policy_document(trust).create(stack).arn()
}

fn calling(role: impl IntoInput<RoleArn>) -> ScheduleTarget {
    let input = json!({"Cluster": "web", "Service": "cron", "DesiredCount": 0});
    ScheduleTarget::new(TargetArn::other(CALL), role).input(input)
}

fn refused(stack: &Stack, schedule: &str, target: impl Fn(ScheduleTarget) -> ScheduleTarget) {
    let target = target(calling(role(stack, "role")));
    Schedule::named("subject").schedule_expression(schedule).target(target).create(stack);
}

fn refused_target(stack: &Stack, arn: TargetArn) {
    let target = ScheduleTarget::new(arn, role(stack, "role"));
    Schedule::named("subject").schedule_expression("rate(1 day)").target(target).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Schedule::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        let [calls, runs] = ["calls", "runs"].map(|name| role(stack, name));
        let [one, other] = ["one", "other"].map(|name| ScheduleGroup::named(name).create(stack));
        let [key, other_key] = keys(stack);
        let running = ScheduleTarget::new(TargetArn::cluster(site.cluster.arn()), runs)
            .ecs_parameters(task(&site, stack))
            .retry_policy(RetryPolicy::new().maximum_retry_attempts(2_u32))
            .dead_letter_config(DeadLetterConfig::new(QUEUE));
        Schedule::named("subject")
            .schedule_expression(v.pick(
                "schedule_expression",
                "cron(0 3 ? * SUN#1 *)",
                "at(2027-02-01T06:00:00)",
            ))
            .target(v.pick("target", calling(calls), running))
            .group_name(v.pick("group_name", &one, &other))
            .name(v.pick("name", "drill", "season"))
            .description(v.pick("description", "a drill", "the drill"))
            .schedule_expression_timezone(v.pick(
                "schedule_expression_timezone",
                "Europe/Berlin",
                "Europe/Vienna",
            ))
            .flexible_time_window(v.pick(
                "flexible_time_window",
                FlexibleTimeWindow::off(),
                FlexibleTimeWindow::of(Minutes(15)),
            ))
            .start_date(v.pick("start_date", "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"))
            .end_date(v.pick("end_date", "2028-01-01T00:00:00Z", "2028-01-02T00:00:00Z"))
            .state(v.pick("state", ScheduleState::Enabled, ScheduleState::Disabled))
            .kms_key_arn(v.pick("kms_key_arn", &key, &other_key))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "schedule_expression",
            build: |stack| refused(stack, "cron(0 3 * * SUN *)", |target| target),
            says: "write ? for the one that does not matter",
        },
        Refused {
            property: "schedule_expression",
            build: |stack| refused(stack, "at(2027-02-01T06:00:00Z)", |target| target),
            says: "is not a date with a time and no zone",
        },
        Refused {
            property: "schedule_expression_timezone",
            build: |stack| {
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .schedule_expression_timezone("CET+1")
                    .target(calling(role(stack, "role")))
                    .create(stack);
            },
            says: "is not the name of a time zone",
        },
        Refused {
            property: "target.arn",
            build: |stack| {
                refused_target(stack, TargetArn::other("arn:aws:scheduler:::aws-sdk:ecs"));
            },
            says: "is no call of AWS: write arn:aws:scheduler:::aws-sdk:ecs:updateService",
        },
        Refused {
            property: "target.ecs_parameters",
            build: |stack| {
                let site = Site::new(stack);
                refused_target(stack, TargetArn::cluster(site.cluster.arn()));
            },
            says: "and a cluster as `arn` go together",
        },
        Refused {
            property: "target.ecs_parameters.task_count",
            build: |stack| {
                let site = Site::new(stack);
                let target = ScheduleTarget::new(
                    TargetArn::cluster(site.cluster.arn()),
                    role(stack, "role"),
                )
                .ecs_parameters(task(&site, stack).task_count(11_u32));
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .target(target)
                    .create(stack);
            },
            says: "11 is more than 10",
        },
        Refused {
            property: "target.sqs_parameters",
            build: |stack| {
                refused(stack, "rate(1 day)", |target| {
                    target.sqs_parameters(SqsParameters::new("all"))
                });
            },
            says: "and a FIFO queue as `arn` go together",
        },
        Refused {
            property: "target.retry_policy.maximum_event_age_in_seconds",
            build: |stack| {
                refused(stack, "rate(1 day)", |target| {
                    let policy = RetryPolicy::new().maximum_event_age_in_seconds(Seconds(1));
                    target.retry_policy(policy)
                });
            },
            says: "1 s must be between 60 and 86400 s",
        },
        Refused {
            property: "target.role_arn",
            build: |stack| {
                let role = Role::named("role")
                    .assume_role_policy_document(trust("events.amazonaws.com"))
                    .create(stack);
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .target(calling(role.arn()))
                    .create(stack);
            },
            says: "does not trust scheduler.amazonaws.com",
        },
        Refused {
            property: "flexible_time_window.maximum_window_in_minutes",
            build: |stack| {
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .flexible_time_window(FlexibleTimeWindow::of(Minutes(1441)))
                    .target(calling(role(stack, "role")))
                    .create(stack);
            },
            says: "1441 min must be between 1 and 1440 min",
        },
        Refused {
            property: "end_date",
            build: |stack| {
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .start_date("2027-02-01T06:00:00Z")
                    .end_date("2027-02-01T06:00:00Z")
                    .target(calling(role(stack, "role")))
                    .create(stack);
            },
            says: "is not after `start_date`",
        },
        Refused {
            property: "kms_key_arn",
            build: |stack| {
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .kms_key_arn(&far_key(stack))
                    .target(calling(role(stack, "role")))
                    .create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "group_name",
            build: |stack| {
                Schedule::named("subject")
                    .schedule_expression("rate(1 day)")
                    .group_name("nowhere")
                    .target(calling(role(stack, "role")))
                    .create(stack);
            },
            says: "the ScheduleGroup `nowhere` does not exist",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Scheduler::Schedule",
        differs: &[
            ("GroupName", "replaces here: UpdateSchedule does not move a schedule"),
            ("Target.DeadLetterConfig.Arn", "required here: nothing goes to no queue"),
            (
                "Target.EcsParameters.LaunchType",
                "the word EXTERNAL is left out: machines outside of AWS have no part in this",
            ),
            (
                "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration",
                "required here: it is the only field",
            ),
            (
                "Target.EcsParameters.PropagateTags",
                "`propagate_task_definition_tags` says it: there is one word",
            ),
            (
                "Target.EcsParameters.PlacementConstraints.Type",
                "required here: a constraint without a kind says nothing",
            ),
            (
                "Target.EcsParameters.PlacementStrategy.Type",
                "required here: a rule without a kind says nothing",
            ),
            ("Target.EcsParameters.ReferenceId", "left out: nothing is made of it"),
            ("Target.EcsParameters.Tags", "left out: the task definition's are passed on"),
            (
                "Target.EcsParameters.propagate_task_definition_tags",
                "the one word of `PropagateTags`",
            ),
            ("Target.EventBridgeParameters", "left out: rules pass events on"),
            ("Target.KinesisParameters", "left out: streams are not part of the architecture"),
            ("Target.SageMakerPipelineParameters", "left out: nothing learns here"),
            ("Target.SqsParameters.MessageGroupId", "required here: it is the only field"),
        ],
        renamed: &[
            ("Target.EcsParameters.PlacementConstraints.Type", "constraint_type"),
            ("Target.EcsParameters.PlacementStrategy", "placement_strategies"),
            ("Target.EcsParameters.PlacementStrategy.Type", "strategy_type"),
        ],
    },
}];
