//! The cases of `aws:sns:Topic`: of either kind.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::Role,
        kms::{Alias, Key, KeySpec},
        sns::{
            DeliveryStatusLogging, FifoThroughputScope, HealthyRetryPolicy, LoggedProtocol,
            SignatureVersion, Topic, TopicDeliveryPolicy, TopicKey, TracingConfig,
        },
    },
    prelude::*,
};

use crate::conformance::{
    iam::role::trust,
    kms::key::{far_key, key},
};

/// A topic, for cases of what tells it something.
pub(crate) fn topic(stack: &Stack, name: &str) -> Topic {
    Topic::named(name).create(stack)
}

/// Two of them.
pub(crate) fn topics(stack: &Stack) -> [Topic; 2] {
    ["topic", "other-topic"].map(|name| topic(stack, name))
}

/// A topic of another region.
pub(crate) fn far_topic(stack: &Stack) -> Topic {
    Topic::named("far-topic").provider(&Provider::aws("us-east-1")).create(stack)
}

fn retries(policy: HealthyRetryPolicy) -> TopicDeliveryPolicy {
    TopicDeliveryPolicy::new(policy)
}

fn refused_retries(stack: &Stack, policy: HealthyRetryPolicy) {
    Topic::named("subject").delivery_policy(retries(policy)).create(stack);
}

fn refused_logging(stack: &Stack, logging: Vec<DeliveryStatusLogging>) {
    Topic::named("subject").delivery_status_logging(logging).create(stack);
}

pub(crate) const CASES: &[Case] = &[PLAIN, FIFO];

const PLAIN: Case = Case {
    ty: Topic::definition,
    build: |stack, v| {
        let (key, named) = (key(stack, "key"), key(stack, "named"));
        let alias =
            Alias::named("alias").alias_name("alias/topics").target_key_id(&named).create(stack);
        let role = Role::named("logs")
            .assume_role_policy_document(trust("sns.amazonaws.com"))
            .create(stack);
        let logged =
            |protocol| DeliveryStatusLogging::new(protocol).failure_feedback_role_arn(role.arn());
        Topic::named("subject")
            .topic_name(v.pick("topic_name", "alarms", "campus_alarms"))
            .display_name(v.pick("display_name", "Campus", "Moodle"))
            .kms_master_key_id(v.pick(
                "kms_master_key_id",
                TopicKey::key(&key),
                TopicKey::alias(alias.alias_name()),
            ))
            .signature_version(v.pick(
                "signature_version",
                SignatureVersion::Sha256,
                SignatureVersion::Sha1,
            ))
            .tracing_config(v.pick(
                "tracing_config",
                TracingConfig::PassThrough,
                TracingConfig::Active,
            ))
            .delivery_policy(
                v.pick(
                    "delivery_policy",
                    retries(HealthyRetryPolicy::new(10)),
                    retries(HealthyRetryPolicy::new(50).max_delay_target(Seconds(300)))
                        .disable_subscription_overrides(true)
                        .max_receives_per_second(10),
                ),
            )
            .delivery_status_logging(v.pick(
                "delivery_status_logging",
                vec![logged(LoggedProtocol::Http)],
                vec![
                    logged(LoggedProtocol::Sqs)
                        .success_feedback_role_arn(role.arn())
                        .success_feedback_sample_rate(10),
                ],
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "topic_name",
            build: |stack| {
                Topic::named("subject").topic_name("campus.alarms").create(stack);
            },
            says: "contains '.'; allowed are letters, digits, _ and -",
        },
        Refused {
            property: "topic_name",
            build: |stack| {
                Topic::named("subject").topic_name("alarms.fifo").create(stack);
            },
            says: "must not end in `.fifo`, since `fifo_topic` is false",
        },
        Refused {
            property: "content_based_deduplication",
            build: |stack| {
                Topic::named("subject").content_based_deduplication(true).create(stack);
            },
            says: "belongs to topics with `fifo_topic`",
        },
        Refused {
            property: "display_name",
            build: |stack| {
                Topic::named("subject").display_name("x".repeat(101).as_str()).create(stack);
            },
            says: "100 characters at most",
        },
        Refused {
            property: "kms_master_key_id",
            build: |stack| {
                let key = TopicKey::key(&far_key(stack));
                Topic::named("subject").kms_master_key_id(key).create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "kms_master_key_id",
            build: |stack| {
                let key = Key::named("key").key_spec(KeySpec::Rsa2048).create(stack);
                Topic::named("subject").kms_master_key_id(TopicKey::key(&key)).create(stack);
            },
            says: "only SYMMETRIC_DEFAULT encrypts for services",
        },
        Refused {
            property: "kms_master_key_id",
            build: |stack| {
                let key = TopicKey::alias("alias/nowhere");
                Topic::named("subject").kms_master_key_id(key).create(stack);
            },
            says: "\"alias/nowhere\" is the alias of no key",
        },
        Refused {
            property: "delivery_policy.default_healthy_retry_policy.num_retries",
            build: |stack| refused_retries(stack, HealthyRetryPolicy::new(101)),
            says: "101 is more than 100",
        },
        Refused {
            property: "delivery_policy.default_healthy_retry_policy.num_retries",
            build: |stack| {
                let policy = HealthyRetryPolicy::new(3).num_no_delay_retries(2);
                refused_retries(stack, policy.num_max_delay_retries(2));
            },
            says: "3 is less than the 4",
        },
        Refused {
            property: "delivery_policy.default_healthy_retry_policy.min_delay_target",
            build: |stack| {
                refused_retries(stack, HealthyRetryPolicy::new(3).min_delay_target(Seconds(0)));
            },
            says: "0 s must be between 1 and 3600 s",
        },
        Refused {
            property: "delivery_policy.default_healthy_retry_policy.max_delay_target",
            build: |stack| {
                refused_retries(stack, HealthyRetryPolicy::new(3).max_delay_target(Seconds(10)));
            },
            says: "10 s must be between `min_delay_target` 20 s and",
        },
        Refused {
            property: "delivery_status_logging",
            build: |stack| {
                refused_logging(stack, vec![DeliveryStatusLogging::new(LoggedProtocol::Lambda)]);
            },
            says: "lambda has no role that writes the logs",
        },
    ],
    fixed: &[
        (
            "fifo_topic",
            "the name goes with it: another kind is another name; the second case has it",
        ),
        ("content_based_deduplication", "of FIFO topics: the second case"),
        ("fifo_throughput_scope", "of FIFO topics: the second case"),
    ],
    cfn: Cfn {
        name: "AWS::SNS::Topic",
        differs: &[
            ("ArchivePolicy", "left out: messages of long ago are not sent again here"),
            ("DataProtectionPolicy", "left out: what is told here holds nothing personal"),
            ("MaximumMessageSize", "left out: alarms and events are small"),
            ("Subscription", "each is a thing of its own, which goes with its topic"),
            ("delivery_policy", "SetTopicAttributes takes it; CloudFormation does not have it"),
        ],
        renamed: &[],
    },
};

const FIFO: Case = Case {
    ty: Topic::definition,
    build: |stack, v| {
        Topic::named("subject")
            .topic_name("events.fifo")
            .fifo_topic(true)
            .content_based_deduplication(v.pick("content_based_deduplication", true, false))
            .fifo_throughput_scope(v.pick(
                "fifo_throughput_scope",
                FifoThroughputScope::Topic,
                FifoThroughputScope::MessageGroup,
            ))
            .create(stack);
    },
    refused: &[Refused {
        property: "topic_name",
        build: |stack| {
            Topic::named("subject").topic_name("events").fifo_topic(true).create(stack);
        },
        says: "must end in `.fifo`, since `fifo_topic` is true",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
