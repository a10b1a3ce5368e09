//! The case of `aws:cloudwatch:CompositeAlarm`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::cloudwatch::{AlarmAction, CompositeAlarm},
    prelude::*,
};

use super::metric_alarm::errors;
use crate::conformance::sns::topic::topics;

fn refused(stack: &Stack, rule: &str) {
    CompositeAlarm::named("subject").alarm_rule(rule).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: CompositeAlarm::definition,
    build: |stack, v| {
        let [one, other] = topics(stack);
        let [slow, failing, maintenance, outage] =
            ["slow", "failing", "maintenance", "outage"].map(|name| errors(stack, name));
        let (slow, failing) = (slow.alarm_name(), failing.alarm_name());
        let told = |topic| vec![AlarmAction::topic(topic)];
        CompositeAlarm::named("subject")
            .alarm_name(v.pick("alarm_name", "site", "campus/site"))
            .alarm_rule(v.pick(
                "alarm_rule",
                interpolate!("ALARM({slow}) OR ALARM({failing})"),
                interpolate!("(ALARM(\"{slow}\") AND NOT OK({failing}))"),
            ))
            .alarm_description(v.pick("alarm_description", "the site", "the whole site"))
            .actions_enabled(v.pick("actions_enabled", true, false))
            .alarm_actions(v.pick("alarm_actions", told(&one), told(&other)))
            .ok_actions(v.pick("ok_actions", told(&one), told(&other)))
            .insufficient_data_actions(v.pick(
                "insufficient_data_actions",
                told(&one),
                told(&other),
            ))
            .actions_suppressor(v.pick("actions_suppressor", &maintenance, &outage))
            .actions_suppressor_wait_period(v.pick(
                "actions_suppressor_wait_period",
                Seconds(60),
                Seconds(120),
            ))
            .actions_suppressor_extension_period(v.pick(
                "actions_suppressor_extension_period",
                Seconds(60),
                Seconds(120),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "alarm_rule",
            build: |stack| refused(stack, "(ALARM(slow)"),
            says: "has a parenthesis or quote that is not closed",
        },
        Refused {
            property: "alarm_rule",
            build: |stack| refused(stack, "ALARM(slow) || ALARM(failing)"),
            says: "where AND or OR is expected",
        },
        Refused {
            property: "alarm_rule",
            build: |stack| refused(stack, "OK(nowhere)"),
            says: "names the alarm nowhere, which does not exist",
        },
        Refused {
            property: "alarm_rule",
            build: |stack| {
                let slow = errors(stack, "slow");
                let names = interpolate!("{} OR TRUE", slow.alarm_name());
                CompositeAlarm::named("subject").alarm_rule(names).create(stack);
            },
            says: "where a state is expected",
        },
        Refused {
            property: "ok_actions",
            build: |stack| {
                let policy = "arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:1:\
                              resource/ecs/service/campus/web:policyName/grow";
                CompositeAlarm::named("subject")
                    .alarm_rule("TRUE")
                    .ok_actions([AlarmAction::scaling_policy(policy)])
                    .create(stack);
            },
            says: "is a scaling policy; alarms of alarms scale nothing",
        },
        Refused {
            property: "actions_suppressor_wait_period",
            build: |stack| {
                let maintenance = errors(stack, "maintenance");
                CompositeAlarm::named("subject")
                    .alarm_rule("TRUE")
                    .actions_suppressor(&maintenance)
                    .create(stack);
            },
            says: "and `actions_suppressor` go together",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudWatch::CompositeAlarm",
        differs: &[(
            "ActionConfiguration",
            "left out: tags do not go with what an alarm does here",
        )],
        renamed: &[("OKActions", "ok_actions")],
    },
}];
