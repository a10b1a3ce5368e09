//! Notifications, good and refused.

use crate::conformance::{Case, Refused};
use infra_core::{
    aws::{
        s3::{
            Bucket, EventBridgeConfiguration, FilterName, FilterRule, LambdaConfiguration,
            NotificationConfiguration, NotificationFilter, QueueConfiguration, S3KeyFilter,
            TopicConfiguration,
        },
        sns::{Topic, TopicKey},
    },
    prelude::*,
};

use crate::conformance::sns::topic::topic;

/// Structures alone: no type of its own.
pub(crate) const CASES: &[Case] = &[];

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:uploads";
const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:uploads";

/// One topic is told.
pub(super) fn one(topic: &Topic) -> NotificationConfiguration {
    let topic = TopicConfiguration::new("s3:ObjectCreated:*", topic)
        .filter(NotificationFilter::prefix("uploads/"));
    NotificationConfiguration::new().topic_configurations([topic])
}

/// A topic, a queue, a function and EventBridge are told.
pub(super) fn everybody(topic: &Topic) -> NotificationConfiguration {
    one(topic)
        .queue_configurations([QueueConfiguration::new("s3:ObjectRemoved:Delete", QUEUE)])
        .lambda_configurations([LambdaConfiguration::new("s3:ObjectRestore:Completed", FUNCTION)
            .filter(NotificationFilter::suffix(".zip"))])
        .event_bridge_configuration(EventBridgeConfiguration::new(true))
}

fn refused(stack: &Stack, topic: TopicConfiguration) {
    let notification = NotificationConfiguration::new().topic_configurations([topic]);
    Bucket::named("subject").notification_configuration(notification).create(stack);
}

pub(super) const NO_EVENT: Refused = Refused {
    property: "notification_configuration.topic_configurations[0].event",
    build: |stack| {
        refused(stack, TopicConfiguration::new("s3:ObjectCreated", &topic(stack, "topic")))
    },
    says: "is no event",
};

pub(super) const SHUT_OUT: Refused = Refused {
    property: "notification_configuration",
    build: |stack| {
        let topic =
            Topic::named("topic").kms_master_key_id(TopicKey::alias("alias/aws/sns")).create(stack);
        refused(stack, TopicConfiguration::new("s3:ObjectCreated:*", &topic));
    },
    says: "where s3.amazonaws.com can't publish",
};

pub(super) const TWO_PREFIXES: Refused = Refused {
    property: "notification_configuration.topic_configurations[0].filter",
    build: |stack| {
        let rule = |text| FilterRule::new(FilterName::Prefix, text);
        let filter = NotificationFilter::new(S3KeyFilter::new([rule("a/"), rule("b/")]));
        let topic = TopicConfiguration::new("s3:ObjectCreated:*", &topic(stack, "topic"));
        refused(stack, topic.filter(filter));
    },
    says: "two rules for the prefix",
};
