//! The cases of `aws:eventbridge:Target`: of who is told, and of tasks that are run.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ecs::LaunchType,
        eventbridge::{
            DeadLetterConfig, EcsParameters, InputTransformer, RetryPolicy, SqsParameters, Target,
            TargetArn, TargetBuilder,
        },
        sns::{Topic, TopicKey},
    },
    dsl::Provided,
    prelude::*,
};
use serde_json::json;

use super::rule::rule;
use crate::conformance::{
    ecs::{
        service::Site,
        task_definition::{on_fargate, role},
    },
    sns::topic::{far_topic, topic, topics},
};

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:events";
const OTHER_QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:lost";
const FIFO: &str = "arn:aws:sqs:eu-central-1:123456789012:events.fifo";

type Subject = TargetBuilder<Provided, Provided>;

fn refused(stack: &Stack, arn: TargetArn, change: impl FnOnce(Subject) -> Subject) {
    let rule = rule(stack, "rule");
    change(Target::named("subject").rule(&rule).arn(arn)).create(stack);
}

fn told(stack: &Stack, change: impl FnOnce(Subject) -> Subject) {
    let topic = topic(stack, "topic");
    refused(stack, TargetArn::topic(&topic), change);
}

/// A task on Fargate.
pub(crate) fn task(site: &Site, stack: &Stack) -> EcsParameters {
    EcsParameters::new(&on_fargate("job").create(stack))
        .launch_type(LaunchType::Fargate)
        .network_configuration(site.interfaces())
}

pub(crate) const CASES: &[Case] = &[TOLD, SHAPED, QUEUED, RUN];

const TOLD: Case = Case {
    ty: Target::definition,
    build: |stack, v| {
        let [one, other] = topics(stack);
        let [failed, late] = ["failed", "late"].map(|name| rule(stack, name));
        let [sends, tells] = ["sends", "tells"].map(|name| role(stack, name).arn());
        Target::named("subject")
            .rule(v.pick("rule", &failed, &late))
            .arn(v.pick("arn", TargetArn::topic(&one), TargetArn::topic(&other)))
            .target_id(v.pick("target_id", "operators", "pager"))
            .role_arn(v.pick("role_arn", sends, tells))
            .input(v.pick("input", json!({"text": "failed"}), json!({"text": "late"})))
            .retry_policy(
                v.pick(
                    "retry_policy",
                    RetryPolicy::new(),
                    RetryPolicy::new()
                        .maximum_event_age_in_seconds(Seconds(3600))
                        .maximum_retry_attempts(10_u32),
                ),
            )
            .dead_letter_config(v.pick(
                "dead_letter_config",
                DeadLetterConfig::new(QUEUE),
                DeadLetterConfig::new(OTHER_QUEUE),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "arn",
            build: |stack| {
                let far = far_topic(stack);
                refused(stack, TargetArn::topic(&far), |subject| subject);
            },
            says: "is of another region than eu-central-1",
        },
        Refused {
            property: "arn",
            build: |stack| refused(stack, TargetArn::other("operators"), |subject| subject),
            says: "\"operators\" is no ARN",
        },
        Refused {
            property: "arn",
            build: |stack| {
                let group = "arn:aws:logs:eu-central-1:123456789012:log-group:/campus/events";
                refused(stack, TargetArn::log_group(group), |subject| subject);
            },
            says: "whose name begins with /aws/events/",
        },
        Refused {
            property: "arn",
            build: |stack| {
                let topic = Topic::named("topic")
                    .kms_master_key_id(TopicKey::alias("alias/aws/sns"))
                    .create(stack);
                refused(stack, TargetArn::topic(&topic), |subject| subject);
            },
            says: "where events.amazonaws.com can't publish",
        },
        Refused {
            property: "retry_policy.maximum_event_age_in_seconds",
            build: |stack| {
                let policy = RetryPolicy::new().maximum_event_age_in_seconds(Seconds(30));
                told(stack, |subject| subject.retry_policy(policy));
            },
            says: "30 s must be between 60 and 86400 s",
        },
        Refused {
            property: "retry_policy.maximum_retry_attempts",
            build: |stack| {
                let policy = RetryPolicy::new().maximum_retry_attempts(186_u32);
                told(stack, |subject| subject.retry_policy(policy));
            },
            says: "186 is more than 185",
        },
        Refused {
            property: "rule",
            build: |stack| {
                let (rule, topic) = (rule(stack, "rule"), topic(stack, "topic"));
                for n in 0..6 {
                    Target::named(format!("subject-{n}"))
                        .rule(&rule)
                        .arn(TargetArn::topic(&topic))
                        .create(stack);
                }
            },
            says: "a rule has 5 targets at most",
        },
    ],
    fixed: &[
        ("input_path", "excludes `input`; the second case has it"),
        ("input_transformer", "excludes `input`; the second case has it"),
        ("ecs_parameters", "goes with a cluster; the fourth case has it"),
        ("sqs_parameters", "goes with a FIFO queue; the third case has it"),
    ],
    // CloudFormation has them within their rule.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

fn text(template: &str) -> InputTransformer {
    InputTransformer::new(template).input_paths_map([("state", "$.detail.state")])
}

const SHAPED: Case = Case {
    ty: Target::definition,
    build: |stack, v| {
        let (rule, topic) = (rule(stack, "rule"), topic(stack, "topic"));
        let subject = Target::named("subject").rule(&rule).arn(TargetArn::topic(&topic));
        let transformer = v.pick(
            "input_transformer",
            text("\"A backup is <state>.\""),
            text("{\"state\": <state>, \"at\": <aws.events.event.ingestion-time>}"),
        );
        subject.input_transformer(transformer).create(stack);
    },
    refused: &[
        Refused {
            property: "input_transformer.input_paths_map",
            build: |stack| told(stack, |subject| subject.input_transformer(text("\"<what>\""))),
            says: "has no path for <what>, which the template names",
        },
        Refused {
            property: "input_transformer.input_paths_map",
            build: |stack| {
                told(stack, |subject| {
                    let transformer = InputTransformer::new("\"<state>\"");
                    subject.input_transformer(transformer.input_paths_map([("state", "detail")]))
                });
            },
            says: "must begin with $, such as $.detail",
        },
        Refused {
            property: "input_transformer.input_template",
            build: |stack| told(stack, |subject| subject.input_transformer(text(""))),
            says: "has 0 characters; 1 to 8192 are allowed",
        },
        Refused {
            property: "input_path",
            build: |stack| told(stack, |subject| subject.input_path("detail")),
            says: "must begin with $, such as $.detail",
        },
        Refused {
            property: "input_path",
            build: |stack| {
                told(stack, |subject| subject.input_path("$.detail").input(json!({"a": 1})));
            },
            says: "input",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const QUEUED: Case = Case {
    ty: Target::definition,
    build: |stack, v| {
        Target::named("subject")
            .rule(&rule(stack, "rule"))
            .arn(TargetArn::queue(FIFO))
            .input_path(v.pick("input_path", "$.detail", "$.detail.state"))
            .sqs_parameters(v.pick(
                "sqs_parameters",
                SqsParameters::new("backups"),
                SqsParameters::new("all"),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "sqs_parameters",
            build: |stack| refused(stack, TargetArn::queue(FIFO), |subject| subject),
            says: "and a FIFO queue as `arn` go together",
        },
        Refused {
            property: "sqs_parameters",
            build: |stack| {
                refused(stack, TargetArn::queue(QUEUE), |subject| {
                    subject.sqs_parameters(SqsParameters::new("all"))
                });
            },
            says: "and a FIFO queue as `arn` go together",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const RUN: Case = Case {
    ty: Target::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        let task = task(&site, stack);
        Target::named("subject")
            .rule(&rule(stack, "rule"))
            .arn(TargetArn::cluster(site.cluster.arn()))
            .role_arn(role(stack, "runs").arn())
            .ecs_parameters(v.pick("ecs_parameters", task.clone(), task.task_count(2_u32)))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "ecs_parameters",
            build: |stack| {
                let site = Site::new(stack);
                let cluster = TargetArn::cluster(site.cluster.arn());
                refused(stack, cluster, |subject| subject);
            },
            says: "and a cluster as `arn` go together",
        },
        Refused {
            property: "role_arn",
            build: |stack| {
                let site = Site::new(stack);
                let (cluster, task) = (TargetArn::cluster(site.cluster.arn()), task(&site, stack));
                refused(stack, cluster, |subject| subject.ecs_parameters(task));
            },
            says: "is needed to run a task of",
        },
        Refused {
            property: "ecs_parameters.network_configuration",
            build: |stack| {
                let site = Site::new(stack);
                let task = EcsParameters::new(&on_fargate("job").create(stack))
                    .launch_type(LaunchType::Fargate);
                let cluster = TargetArn::cluster(site.cluster.arn());
                refused(stack, cluster, |subject| subject.ecs_parameters(task));
            },
            says: "is needed for Fargate",
        },
        Refused {
            property: "ecs_parameters.task_count",
            build: |stack| {
                let site = Site::new(stack);
                let task = task(&site, stack).task_count(0_u32);
                let cluster = TargetArn::cluster(site.cluster.arn());
                refused(stack, cluster, |subject| subject.ecs_parameters(task));
            },
            says: "0 runs nothing",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
