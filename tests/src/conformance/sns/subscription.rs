//! The cases of `aws:sns:Subscription`: of URLs, of queues and of Firehose.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::Role,
        sns::{
            BackoffFunction, DeliveryPolicy, FilterPolicyScope, HealthyRetryPolicy, RedrivePolicy,
            Subscription, SubscriptionProtocol, Topic,
        },
    },
    prelude::*,
};
use serde_json::json;

use super::topic::{far_topic, topic, topics};
use crate::conformance::iam::role::trust;

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:lost";
const OTHER_QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:dead";
const STREAM: &str = "arn:aws:firehose:eu-central-1:123456789012:deliverystream/events";

fn refused(stack: &Stack, protocol: SubscriptionProtocol, endpoint: &str) {
    Subscription::named("subject")
        .topic_arn(&topic(stack, "topic"))
        .protocol(protocol)
        .endpoint(endpoint)
        .create(stack);
}

fn refused_filter(stack: &Stack, filter: serde_json::Value) {
    Subscription::named("subject")
        .topic_arn(&topic(stack, "topic"))
        .protocol(SubscriptionProtocol::Sqs)
        .endpoint(QUEUE)
        .filter_policy(filter)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[URL, QUEUES, STREAMS];

const URL: Case = Case {
    ty: Subscription::definition,
    build: |stack, v| {
        let [one, other] = topics(stack);
        Subscription::named("subject")
            .topic_arn(v.pick("topic_arn", &one, &other))
            .protocol(SubscriptionProtocol::Https)
            .endpoint(v.pick("endpoint", "https://pager.example/sns", "https://pager.example/2"))
            .filter_policy(v.pick(
                "filter_policy",
                json!({"state": ["failed"]}),
                json!({"state": ["failed", "late"], "site": [{"prefix": "campus"}]}),
            ))
            .filter_policy_scope(v.pick(
                "filter_policy_scope",
                FilterPolicyScope::MessageAttributes,
                FilterPolicyScope::MessageBody,
            ))
            .raw_message_delivery(v.pick("raw_message_delivery", false, true))
            .redrive_policy(v.pick(
                "redrive_policy",
                RedrivePolicy::new(QUEUE),
                RedrivePolicy::new(OTHER_QUEUE),
            ))
            .delivery_policy(
                v.pick(
                    "delivery_policy",
                    DeliveryPolicy::new(HealthyRetryPolicy::new(10)),
                    DeliveryPolicy::new(
                        HealthyRetryPolicy::new(10)
                            .num_min_delay_retries(2)
                            .backoff_function(BackoffFunction::Exponential),
                    )
                    .max_receives_per_second(5),
                ),
            )
            .create(stack);
    },
    refused: &[
        Refused {
            property: "endpoint",
            build: |stack| refused(stack, SubscriptionProtocol::Https, "http://pager.example/sns"),
            says: "of the protocol https must be a URL that begins with https://",
        },
        Refused {
            property: "endpoint",
            build: |stack| refused(stack, SubscriptionProtocol::Email, "operators"),
            says: "must be an address such as",
        },
        Refused {
            property: "endpoint",
            build: |stack| refused(stack, SubscriptionProtocol::Sms, "0170 1234567"),
            says: "must be a number such as +491701234567",
        },
        Refused {
            property: "endpoint",
            build: |stack| refused(stack, SubscriptionProtocol::Lambda, QUEUE),
            says: "must be the ARN of a function",
        },
        Refused {
            property: "topic_arn",
            build: |stack| {
                Subscription::named("subject")
                    .topic_arn(&far_topic(stack))
                    .protocol(SubscriptionProtocol::Email)
                    .endpoint("operators@campus.example")
                    .create(stack);
            },
            says: "a topic of another region than eu-central-1",
        },
        Refused {
            property: "delivery_policy.healthy_retry_policy.max_delay_target",
            build: |stack| {
                let policy = HealthyRetryPolicy::new(3).max_delay_target(Seconds(7200));
                Subscription::named("subject")
                    .topic_arn(&topic(stack, "topic"))
                    .protocol(SubscriptionProtocol::Https)
                    .endpoint("https://pager.example/sns")
                    .delivery_policy(DeliveryPolicy::new(policy))
                    .create(stack);
            },
            says: "7200 s must be between",
        },
    ],
    fixed: &[
        ("protocol", "endpoints go with protocols: another one changes both"),
        ("subscription_role_arn", "goes with Firehose: the third case"),
    ],
    cfn: Cfn {
        name: "AWS::SNS::Subscription",
        differs: &[
            ("Endpoint", "required here, as Subscribe needs it for every protocol"),
            ("Region", "the provider of the subscription says it"),
            ("ReplayPolicy", "left out: messages of long ago are not sent again here"),
            (
                "pending_confirmation",
                "told by GetSubscriptionAttributes; CloudFormation does not ask",
            ),
        ],
        renamed: &[],
    },
};

const QUEUES: Case = Case {
    ty: Subscription::definition,
    build: |stack, v| {
        Subscription::named("subject")
            .topic_arn(&topic(stack, "topic"))
            .protocol(SubscriptionProtocol::Sqs)
            .endpoint(v.pick("endpoint", QUEUE, OTHER_QUEUE))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "filter_policy",
            build: |stack| refused_filter(stack, json!(["failed"])),
            says: "must be an object of keys and lists",
        },
        Refused {
            property: "filter_policy",
            build: |stack| refused_filter(stack, json!({})),
            says: "has 0 keys; 1 to 5 are allowed",
        },
        Refused {
            property: "filter_policy.state",
            build: |stack| refused_filter(stack, json!({"state": {"code": ["failed"]}})),
            says: "must be a list of values",
        },
        Refused {
            property: "delivery_policy",
            build: |stack| {
                Subscription::named("subject")
                    .topic_arn(&topic(stack, "topic"))
                    .protocol(SubscriptionProtocol::Sqs)
                    .endpoint(QUEUE)
                    .delivery_policy(DeliveryPolicy::new(HealthyRetryPolicy::new(3)))
                    .create(stack);
            },
            says: "goes with http and https, not sqs",
        },
        Refused {
            property: "protocol",
            build: |stack| {
                let fifo =
                    Topic::named("topic").topic_name("x.fifo").fifo_topic(true).create(stack);
                Subscription::named("subject")
                    .topic_arn(&fifo)
                    .protocol(SubscriptionProtocol::Email)
                    .endpoint("operators@campus.example")
                    .create(stack);
            },
            says: "a FIFO topic tells queues alone",
        },
        Refused {
            property: "raw_message_delivery",
            build: |stack| {
                Subscription::named("subject")
                    .topic_arn(&topic(stack, "topic"))
                    .protocol(SubscriptionProtocol::Sms)
                    .endpoint("+491701234567")
                    .raw_message_delivery(true)
                    .create(stack);
            },
            says: "goes with http, https, sqs and firehose, not sms",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const STREAMS: Case = Case {
    ty: Subscription::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| {
            Role::named(name).assume_role_policy_document(trust("sns.amazonaws.com")).create(stack)
        });
        Subscription::named("subject")
            .topic_arn(&topic(stack, "topic"))
            .protocol(SubscriptionProtocol::Firehose)
            .endpoint(STREAM)
            .subscription_role_arn(v.pick("subscription_role_arn", one.arn(), other.arn()))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "subscription_role_arn",
            build: |stack| refused(stack, SubscriptionProtocol::Firehose, STREAM),
            says: "is needed for firehose",
        },
        Refused {
            property: "subscription_role_arn",
            build: |stack| {
                let role = Role::named("role")
                    .assume_role_policy_document(trust("sns.amazonaws.com"))
                    .create(stack);
                Subscription::named("subject")
                    .topic_arn(&topic(stack, "topic"))
                    .protocol(SubscriptionProtocol::Sqs)
                    .endpoint(QUEUE)
                    .subscription_role_arn(role.arn())
                    .create(stack);
            },
            says: "goes with firehose, not sqs",
        },
    ],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
