//! AWS: sns Subscribe, SetSubscriptionAttributes, GetSubscriptionAttributes, Unsubscribe.

use super::DeliveryPolicy;
use crate::{
    aws::{QueueArn, RoleArn, TopicArn},
    prelude::*,
    props, resource,
};

/// Who is told what is published to a topic.
///
/// Whoever stands behind an e-mail address or a URL must say yes before the first message comes:
/// until then the subscription is pending, and AWS forgets it after two days. Queues, functions and
/// telephones are subscribed at once.
///
/// ```
/// use infra_core::{aws::sns::{Subscription, SubscriptionProtocol, Topic}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let topic = Topic::named("alarms").create(&stack);
/// Subscription::named("pager")
///     .topic_arn(&topic)
///     .protocol(SubscriptionProtocol::Https)
///     .endpoint("https://pager.campus.example/sns")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:sns:Subscription",
    unique(topic_arn, protocol, endpoint),
    find = key,
    create = "1s"
)]
pub struct Subscription {
    /// The topic. Changing it replaces the subscription. AWS: `TopicArn`.
    #[prop(replace, owner)]
    pub topic_arn: TopicArn,
    /// How messages arrive. Changing it replaces the subscription. AWS: `Protocol`.
    #[prop(replace)]
    pub protocol: SubscriptionProtocol,
    /// Where they arrive, as the protocol writes it: a URL, an address, a number such as
    /// `+491701234567`, an ARN. Changing it replaces the subscription. AWS: `Endpoint`.
    #[prop(replace)]
    pub endpoint: String,
    /// Which messages are passed on: for each key, values of which one must fit. Default: all.
    /// Changes in place. AWS: `FilterPolicy`.
    pub filter_policy: Option<Json>,
    /// What the filter looks at. Default: attributes. Changes in place. AWS: `FilterPolicyScope`.
    #[prop(default = FilterPolicyScope::MessageAttributes)]
    pub filter_policy_scope: FilterPolicyScope,
    /// Whether the message comes as it is, without JSON around it: for HTTP, queues and Firehose.
    /// Default: false. Changes in place. AWS: `RawMessageDelivery`.
    #[prop(default = false)]
    pub raw_message_delivery: bool,
    /// Where messages go that could not be delivered. Default: they are lost. Changes in place. AWS:
    /// `RedrivePolicy`.
    pub redrive_policy: Option<RedrivePolicy>,
    /// How often an HTTP endpoint is tried. Default: as the topic says. Changes in place. AWS:
    /// `DeliveryPolicy`.
    pub delivery_policy: Option<DeliveryPolicy>,
    /// Who writes to Firehose, which needs it. Default: none. Changes in place. AWS:
    /// `SubscriptionRoleArn`.
    pub subscription_role_arn: Option<RoleArn>,
    /// The ARN. AWS: `SubscriptionArn`.
    #[output(id, arn = "{topic_arn}:{uuid}", at = exists)]
    pub arn: String,
    /// Whether somebody had yet to say yes when it was made. AWS: `PendingConfirmation`.
    #[output(at = exists)]
    pub pending_confirmation: bool,
}

/// How messages arrive.
#[props]
pub enum SubscriptionProtocol {
    /// By HTTP, in clear.
    #[prop("http")]
    Http,
    /// By HTTPS.
    #[prop("https")]
    Https,
    /// As an e-mail for people.
    #[prop("email")]
    Email,
    /// As an e-mail in JSON.
    #[prop("email-json")]
    EmailJson,
    /// As an SMS.
    #[prop("sms")]
    Sms,
    /// In a queue.
    #[prop("sqs")]
    Sqs,
    /// At a function.
    #[prop("lambda")]
    Lambda,
    /// In Firehose.
    #[prop("firehose")]
    Firehose,
    /// In an app on a telephone.
    #[prop("application")]
    Application,
}

/// What a filter looks at.
#[props(words = "exact")]
pub enum FilterPolicyScope {
    /// The attributes of a message.
    MessageAttributes,
    /// The message, which is JSON.
    MessageBody,
}

/// Where messages go that could not be delivered.
#[props]
pub struct RedrivePolicy {
    /// The queue, of the same region. AWS: `deadLetterTargetArn`.
    pub dead_letter_target_arn: QueueArn,
}
