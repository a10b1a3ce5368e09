//! [`NotificationConfiguration`]: who is told of what happens to objects of a bucket.

use crate::{
    aws::{FunctionArn, QueueArn, TopicArn},
    prelude::*,
    props,
};

/// Who is told of what happens to objects. Whoever is told must allow it in a policy of its own,
/// which has to stand before.
#[props]
pub struct NotificationConfiguration {
    /// Whether EventBridge is told of everything. Default: it is not. AWS:
    /// `EventBridgeConfiguration`.
    pub event_bridge_configuration: Option<EventBridgeConfiguration>,
    /// Functions. Default: none. AWS: `LambdaConfigurations`.
    #[prop(default)]
    pub lambda_configurations: Vec<LambdaConfiguration>,
    /// Queues. Default: none. AWS: `QueueConfigurations`.
    #[prop(default)]
    pub queue_configurations: Vec<QueueConfiguration>,
    /// Topics. Default: none. AWS: `TopicConfigurations`.
    #[prop(default)]
    pub topic_configurations: Vec<TopicConfiguration>,
}

/// Whether EventBridge is told of everything.
#[props]
pub struct EventBridgeConfiguration {
    /// Whether it is. AWS: `EventBridgeEnabled`.
    pub event_bridge_enabled: bool,
}

/// A function that is called.
#[props]
pub struct LambdaConfiguration {
    /// Of what, such as `s3:ObjectCreated:*`. AWS: `Event`.
    pub event: String,
    /// The function. AWS: `Function`.
    #[prop(weak)]
    pub function: FunctionArn,
    /// Of which objects. Default: all. AWS: `Filter`.
    pub filter: Option<NotificationFilter>,
}

/// A queue that gets a message.
#[props]
pub struct QueueConfiguration {
    /// Of what, such as `s3:ObjectCreated:*`. AWS: `Event`.
    pub event: String,
    /// The queue. AWS: `Queue`.
    #[prop(weak)]
    pub queue: QueueArn,
    /// Of which objects. Default: all. AWS: `Filter`.
    pub filter: Option<NotificationFilter>,
}

/// A topic that gets a message.
#[props]
pub struct TopicConfiguration {
    /// Of what, such as `s3:ObjectRemoved:*`. AWS: `Event`.
    pub event: String,
    /// The topic. AWS: `Topic`.
    #[prop(weak)]
    pub topic: TopicArn,
    /// Of which objects. Default: all. AWS: `Filter`.
    pub filter: Option<NotificationFilter>,
}

/// Of which objects somebody is told.
#[props]
pub struct NotificationFilter {
    /// By name. AWS: `S3Key`.
    pub s3_key: S3KeyFilter,
}

impl NotificationFilter {
    /// Of those whose names begin so.
    pub fn prefix(prefix: impl IntoInput<String>) -> Self {
        Self::new(S3KeyFilter::new([FilterRule::new(FilterName::Prefix, prefix)]))
    }

    /// Of those whose names end so.
    pub fn suffix(suffix: impl IntoInput<String>) -> Self {
        Self::new(S3KeyFilter::new([FilterRule::new(FilterName::Suffix, suffix)]))
    }
}

/// Objects by name.
#[props]
pub struct S3KeyFilter {
    /// A beginning, an end, or both. AWS: `Rules`.
    pub rules: Vec<FilterRule>,
}

/// How names begin or end.
#[props]
pub struct FilterRule {
    /// Which of both. AWS: `Name`.
    pub name: FilterName,
    /// The text. AWS: `Value`.
    pub value: String,
}

/// The beginning or the end of a name.
#[props(words = "lower")]
pub enum FilterName {
    /// The beginning.
    Prefix,
    /// The end.
    Suffix,
}
