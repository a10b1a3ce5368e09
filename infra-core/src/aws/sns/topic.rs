//! AWS: sns CreateTopic, SetTopicAttributes, TagResource, GetTopicAttributes, DeleteTopic.

use super::TopicDeliveryPolicy;
use crate::{
    aws::{KmsKeyArn, RoleArn, TopicArn},
    prelude::*,
    props, resource,
};

/// What is told to everybody who subscribed: an alarm, an event, the end of a backup.
///
/// ```
/// use infra_core::{aws::sns::{Subscription, SubscriptionProtocol, Topic}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let alarms = Topic::named("alarms").display_name("Campus").create(&stack);
/// Subscription::named("operators")
///     .topic_arn(&alarms)
///     .protocol(SubscriptionProtocol::Email)
///     .endpoint("operators@campus.example")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:sns:Topic", unique(topic_name), find = name, create = "1s")]
pub struct Topic {
    /// The name, up to 256 letters, digits, `_` and `-`; that of a FIFO topic ends in `.fifo`.
    /// Default: made up from project, stack and name. Changing it replaces the topic. AWS: `Name`.
    #[prop(replace, name(256, iam))]
    pub topic_name: Option<String>,
    /// What SMS and e-mails say that they come from, up to 100 characters. Default: none. Changes in
    /// place. AWS: `DisplayName`.
    pub display_name: Option<String>,
    /// Whether messages keep their order and come once; only queues can subscribe then. Default:
    /// false. Changing it replaces the topic. AWS: `FifoTopic`.
    #[prop(default = false, replace)]
    pub fifo_topic: bool,
    /// Of a FIFO topic: whether messages of the same text are one. Default: false; whoever publishes
    /// says which are. Changes in place. AWS: `ContentBasedDeduplication`.
    #[prop(default = false)]
    pub content_based_deduplication: bool,
    /// Of a FIFO topic: what its throughput is counted by. Default: as AWS has it. Changes in place.
    /// AWS: `FifoThroughputScope`.
    pub fifo_throughput_scope: Option<FifoThroughputScope>,
    /// What messages are encrypted with. Who publishes must be allowed to use the key: services of
    /// AWS by its policy, which nobody can change of `alias/aws/sns`. Default: not encrypted by KMS.
    /// Changes in place. AWS: `KmsMasterKeyId`.
    pub kms_master_key_id: Option<TopicKey>,
    /// How subscribers know that a message comes from AWS. Default: by SHA-256. Changes in place.
    /// AWS: `SignatureVersion`.
    #[prop(default = SignatureVersion::Sha256)]
    pub signature_version: SignatureVersion,
    /// Whether X-Ray is told. Default: what the message says is passed through. Changes in place.
    /// AWS: `TracingConfig`.
    #[prop(default = TracingConfig::PassThrough)]
    pub tracing_config: TracingConfig,
    /// How often HTTP endpoints are tried. Default: as AWS has it: 3 times at once, up to 100,015
    /// times in 23 days. Changes in place. AWS: `DeliveryPolicy`.
    pub delivery_policy: Option<TopicDeliveryPolicy>,
    /// Which deliveries are logged, by protocol. Default: none. Changes in place. AWS:
    /// `<protocol>SuccessFeedbackRoleArn` and the like.
    #[prop(default, set)]
    pub delivery_status_logging: Vec<DeliveryStatusLogging>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `TopicArn`.
    #[output(id, arn = "arn:aws:sns:{region}:{account}:{topic_name}", at = exists)]
    pub topic_arn: TopicArn,
}

/// What messages are encrypted with.
#[props]
pub enum TopicKey {
    /// A key of the account.
    Key(KmsKeyArn),
    /// A key by its alias: `alias/campus`, or `alias/aws/sns`, under which most services of AWS
    /// can't publish.
    Alias(String),
}

/// How subscribers know that a message comes from AWS.
#[props]
pub enum SignatureVersion {
    /// By SHA-1.
    #[prop("1")]
    Sha1,
    /// By SHA-256.
    #[prop("2")]
    Sha256,
}

/// Whether X-Ray is told.
#[props(words = "exact")]
pub enum TracingConfig {
    /// What the message says is passed through.
    PassThrough,
    /// SNS tells it of messages that are sampled.
    Active,
}

/// What the throughput of a FIFO topic is counted by.
#[props(words = "exact")]
pub enum FifoThroughputScope {
    /// All of the topic.
    Topic,
    /// Each group of messages: more in all.
    MessageGroup,
}

/// Which deliveries of a protocol are logged.
#[props]
pub struct DeliveryStatusLogging {
    /// The protocol. AWS: the first part of the attributes' names.
    pub protocol: LoggedProtocol,
    /// Who writes what did not arrive. Default: it is not logged. AWS: `FailureFeedbackRoleArn`.
    pub failure_feedback_role_arn: Option<RoleArn>,
    /// Who writes what arrived. Default: it is not logged. AWS: `SuccessFeedbackRoleArn`.
    pub success_feedback_role_arn: Option<RoleArn>,
    /// How many percent of what arrived are logged. Default: all where there is a role. AWS:
    /// `SuccessFeedbackSampleRate`.
    pub success_feedback_sample_rate: Option<u32>,
}

/// A protocol whose deliveries can be logged.
#[props]
pub enum LoggedProtocol {
    /// HTTP and HTTPS.
    #[prop("http/s")]
    Http,
    /// Queues.
    #[prop("sqs")]
    Sqs,
    /// Functions.
    #[prop("lambda")]
    Lambda,
    /// Firehose.
    #[prop("firehose")]
    Firehose,
    /// Apps on telephones.
    #[prop("application")]
    Application,
}
