//! The cases of `aws:eventbridge:Rule`: of events, and of times.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::eventbridge::{Rule, RuleState},
    prelude::*,
};
use serde_json::json;

fn failed() -> serde_json::Value {
    json!({"source": ["aws.backup"], "detail": {"state": ["FAILED"]}})
}

/// A rule, for cases of what is done by one.
pub(super) fn rule(stack: &Stack, name: &str) -> Rule {
    Rule::named(name).event_pattern(failed()).create(stack)
}

fn refused_pattern(stack: &Stack, pattern: serde_json::Value) {
    Rule::named("subject").event_pattern(pattern).create(stack);
}

pub(crate) const CASES: &[Case] = &[EVENTS, TIMES];

const EVENTS: Case = Case {
    ty: Rule::definition,
    build: |stack, v| {
        Rule::named("subject")
            .name(v.pick("name", "backup-failed", "backup.failed"))
            .description(v.pick("description", "failed", "failed backups"))
            .event_bus_name(v.pick("event_bus_name", "campus", "college"))
            .event_pattern(v.pick(
                "event_pattern",
                failed(),
                json!({"source": [{"prefix": "aws."}], "detail": {"state": ["FAILED", "ABORTED"]}}),
            ))
            .state(v.pick("state", RuleState::Enabled, RuleState::Disabled))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                Rule::named("subject").name("a+b").event_pattern(failed()).create(stack);
            },
            says: "contains '+'; allowed are letters, digits and ._-",
        },
        Refused {
            property: "description",
            build: |stack| {
                Rule::named("subject")
                    .event_pattern(failed())
                    .description("x".repeat(513).as_str())
                    .create(stack);
            },
            says: "512 characters at most",
        },
        Refused {
            property: "event_bus_name",
            build: |stack| {
                Rule::named("subject")
                    .event_pattern(failed())
                    .event_bus_name("default")
                    .create(stack);
            },
            says: "leave it out for the default one",
        },
        Refused {
            property: "event_pattern",
            build: |stack| refused_pattern(stack, json!({"detail": {"state": "FAILED"}})),
            says: "has \"FAILED\" at `detail.state`, where a list is needed",
        },
        Refused {
            property: "event_pattern",
            build: |stack| refused_pattern(stack, json!({"source": [{"begins": "aws."}]})),
            says: "a filter is one of",
        },
        Refused {
            property: "event_pattern",
            build: |stack| {
                Rule::named("subject").create(stack);
            },
            says: "schedule_expression",
        },
    ],
    fixed: &[("schedule_expression", "excludes a pattern; the second case has it")],
    cfn: Cfn {
        name: "AWS::Events::Rule",
        differs: &[
            ("RoleArn", "left out: each target has a role of its own"),
            ("RuleName", "the property `name` tells it"),
            ("Targets", "each is a thing of its own, which goes with its rule"),
        ],
        renamed: &[],
    },
};

const TIMES: Case = Case {
    ty: Rule::definition,
    build: |stack, v| {
        Rule::named("subject")
            .schedule_expression(v.pick("schedule_expression", "rate(1 hour)", "cron(0 7 * * ? *)"))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "schedule_expression",
            build: |stack| {
                Rule::named("subject").schedule_expression("at(2027-02-01T06:00:00)").create(stack);
            },
            says: "is not taken by rules",
        },
        Refused {
            property: "schedule_expression",
            build: |stack| {
                Rule::named("subject")
                    .schedule_expression("rate(1 hour)")
                    .event_bus_name("campus")
                    .create(stack);
            },
            says: "goes with the default bus",
        },
        Refused {
            property: "state",
            build: |stack| {
                Rule::named("subject")
                    .schedule_expression("rate(1 hour)")
                    .state(RuleState::EnabledWithAllCloudtrailManagementEvents)
                    .create(stack);
            },
            says: "goes with `event_pattern`",
        },
        Refused {
            property: "schedule_expression",
            build: |stack| {
                Rule::named("subject").schedule_expression("every hour").create(stack);
            },
            says: "is no schedule: write cron(0 7 ? * MON-FRI *)",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
