//! The case of `aws:autoscaling:LifecycleHook`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        autoscaling::{DefaultResult, LifecycleHook, LifecycleTransition, NotificationTarget},
        iam::Role,
    },
    prelude::*,
};

use super::scheduled_action::groups;
use crate::conformance::{iam::role::trust, sns::topic::topic};

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:hooks";

fn role(stack: &Stack, name: &str) -> Role {
    Role::named(name).assume_role_policy_document(trust("autoscaling.amazonaws.com")).create(stack)
}

fn refused_target(stack: &Stack, target: NotificationTarget) {
    let [group, _] = groups(stack);
    LifecycleHook::named("subject")
        .auto_scaling_group_name(&group)
        .lifecycle_transition(LifecycleTransition::Terminating)
        .notification_target(target)
        .role_arn(role(stack, "role").arn())
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: LifecycleHook::definition,
    build: |stack, v| {
        let [one, other] = groups(stack);
        let topic = topic(stack, "topic");
        let [sends, tells] = ["sends", "tells"].map(|name| role(stack, name).arn());
        LifecycleHook::named("subject")
            .auto_scaling_group_name(v.pick("auto_scaling_group_name", &one, &other))
            .lifecycle_hook_name(v.pick("lifecycle_hook_name", "drain", "leave"))
            .lifecycle_transition(v.pick(
                "lifecycle_transition",
                LifecycleTransition::Terminating,
                LifecycleTransition::Launching,
            ))
            .heartbeat_timeout(v.pick("heartbeat_timeout", Seconds(300), Seconds(600)))
            .default_result(v.pick(
                "default_result",
                DefaultResult::Continue,
                DefaultResult::Abandon,
            ))
            .notification_target(v.pick(
                "notification_target",
                NotificationTarget::topic(&topic),
                NotificationTarget::queue(QUEUE),
            ))
            .notification_metadata(v.pick("notification_metadata", "web", "cron"))
            .role_arn(v.pick("role_arn", sends, tells))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "heartbeat_timeout",
            build: |stack| {
                let [group, _] = groups(stack);
                LifecycleHook::named("subject")
                    .auto_scaling_group_name(&group)
                    .lifecycle_transition(LifecycleTransition::Terminating)
                    .heartbeat_timeout(Seconds(10))
                    .create(stack);
            },
            says: "10 s must be between 30 and 7200 s",
        },
        Refused {
            property: "role_arn",
            build: |stack| {
                let [group, _] = groups(stack);
                LifecycleHook::named("subject")
                    .auto_scaling_group_name(&group)
                    .lifecycle_transition(LifecycleTransition::Terminating)
                    .notification_target(NotificationTarget::queue(QUEUE))
                    .create(stack);
            },
            says: "and `notification_target` go together",
        },
        Refused {
            property: "notification_target",
            build: |stack| {
                let fifo = "arn:aws:sqs:eu-central-1:123456789012:hooks.fifo";
                refused_target(stack, NotificationTarget::queue(fifo));
            },
            says: "is FIFO, which hooks can't tell",
        },
        Refused {
            property: "notification_metadata",
            build: |stack| {
                let [group, _] = groups(stack);
                LifecycleHook::named("subject")
                    .auto_scaling_group_name(&group)
                    .lifecycle_transition(LifecycleTransition::Terminating)
                    .notification_metadata("x".repeat(1024).as_str())
                    .create(stack);
            },
            says: "1023 characters at most",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::AutoScaling::LifecycleHook",
        differs: &[],
        renamed: &[("NotificationTargetARN", "notification_target")],
    },
}];
