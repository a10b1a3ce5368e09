//! AWS: sns SetTopicAttributes (`Policy`), GetTopicAttributes.

use crate::{
    aws::{TopicArn, iam::PolicyDocument},
    resource,
};

/// Who may publish to a topic and subscribe to it, AWS's services included. A topic has one.
///
/// Without one the account alone may. Deletion brings that back.
///
/// ```
/// use infra_core::{
///     aws::{iam::{PolicyDocument, Principal, Statement}, sns::{Topic, TopicPolicy}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let topic = Topic::named("events").create(&stack);
/// let events = Statement::allow()
///     .principals([Principal::service("events.amazonaws.com")])
///     .actions(["sns:Publish"])
///     .resources([topic.topic_arn()]);
/// TopicPolicy::named("events")
///     .topic_arn(&topic)
///     .policy_document(PolicyDocument::new([events]))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:sns:TopicPolicy", key(topic_arn), create = "1s")]
pub struct TopicPolicy {
    /// The topic. Changing it replaces the policy. AWS: `TopicArn`.
    #[prop(replace, owner)]
    pub topic_arn: TopicArn,
    /// The policy; its resource is the topic. Changes in place. AWS: `Policy`.
    pub policy_document: PolicyDocument,
}
