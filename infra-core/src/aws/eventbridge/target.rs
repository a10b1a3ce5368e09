//! AWS: events PutTargets, ListTargetsByRule, RemoveTargets.

use std::collections::BTreeMap;

use super::{DeadLetterConfig, EcsParameters, RetryPolicy, SqsParameters, TargetArn};
use crate::{
    aws::{RoleArn, RuleArn},
    prelude::*,
    props, resource,
};

/// Who is told of a rule's events, or what is done about them.
///
/// ```
/// use infra_core::{
///     aws::{
///         eventbridge::{InputTransformer, Rule, Target, TargetArn},
///         sns::Topic,
///     },
///     prelude::*,
/// };
/// use serde_json::json;
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let topic = Topic::named("operators").create(&stack);
/// let rule = Rule::named("failed")
///     .event_pattern(json!({"source": ["aws.backup"], "detail": {"state": ["FAILED"]}}))
///     .create(&stack);
/// Target::named("operators")
///     .rule(&rule)
///     .arn(TargetArn::topic(&topic))
///     .input_transformer(
///         InputTransformer::new("\"The backup of <what> failed.\"")
///             .input_paths_map([("what", "$.detail.resourceArn")]),
///     )
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:eventbridge:Target",
    key(rule, target_id),
    exclusive(input, input_path),
    exclusive(input, input_transformer),
    exclusive(input_path, input_transformer),
    create = "1s"
)]
pub struct Target {
    /// The rule. Changing it replaces the target. AWS: `Rule` and `EventBusName`.
    #[prop(replace, owner)]
    pub rule: RuleArn,
    /// Who is told, or what is done. Changes in place. AWS: `Arn`.
    pub arn: TargetArn,
    /// The id, unique among the targets of a rule, up to 64 letters, digits and `._-`. Default: made
    /// up from project, stack and name. Changing it replaces the target. AWS: `Id`.
    #[prop(replace, name(64, word))]
    pub target_id: Option<String>,
    /// As who EventBridge does it; needed for tasks. Topics, queues, functions and log groups say by
    /// policies of their own who may. Default: none. Changes in place. AWS: `RoleArn`.
    pub role_arn: Option<RoleArn>,
    /// What it gets in place of the event. Default: the event. Changes in place. AWS: `Input`.
    pub input: Option<Json>,
    /// Which part of the event it gets: `$.detail`. Default: all. Changes in place. AWS:
    /// `InputPath`.
    pub input_path: Option<String>,
    /// What it gets, made of parts of the event. Default: the event. Changes in place. AWS:
    /// `InputTransformer`.
    pub input_transformer: Option<InputTransformer>,
    /// The task that is run, for a cluster. Default: none. Changes in place. AWS: `EcsParameters`.
    pub ecs_parameters: Option<EcsParameters>,
    /// The group of its messages, for a FIFO queue. Default: none. Changes in place. AWS:
    /// `SqsParameters`.
    pub sqs_parameters: Option<SqsParameters>,
    /// How long and how often it is tried. Default: a day, 185 times. Changes in place. AWS:
    /// `RetryPolicy`.
    #[prop(default = RetryPolicy::new())]
    pub retry_policy: RetryPolicy,
    /// Where events go that could not be passed on. Default: they are lost. Changes in place. AWS:
    /// `DeadLetterConfig`.
    pub dead_letter_config: Option<DeadLetterConfig>,
}

/// Makes what a target gets of parts of an event.
#[props]
pub struct InputTransformer {
    /// The whole, with `<name>` for parts: text in quotes, or JSON. Up to 8192 characters. AWS:
    /// `InputTemplate`.
    pub input_template: String,
    /// The parts, by name and path (`$.detail.state`), up to 100. Default: none. AWS:
    /// `InputPathsMap`.
    #[prop(default)]
    pub input_paths_map: BTreeMap<String, String>,
}
