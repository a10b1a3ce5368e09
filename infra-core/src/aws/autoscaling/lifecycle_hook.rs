//! AWS: autoscaling PutLifecycleHook, DescribeLifecycleHooks, DeleteLifecycleHook.

use crate::{
    aws::{AutoScalingGroupName, QueueArn, RoleArn, TopicArn},
    prelude::*,
    props, resource,
};

/// Lets an instance wait when it starts or ends, until somebody has done something about it.
///
/// A hook that is added later concerns instances that start or end afterwards.
///
/// ```
/// use infra_core::{
///     aws::{
///         AutoScalingGroupName,
///         autoscaling::{DefaultResult, LifecycleHook, LifecycleTransition},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let group = AutoScalingGroupName::parse("files").unwrap();
/// LifecycleHook::named("drain")
///     .auto_scaling_group_name(group)
///     .lifecycle_transition(LifecycleTransition::Terminating)
///     .heartbeat_timeout(Seconds(300))
///     .default_result(DefaultResult::Continue)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:autoscaling:LifecycleHook",
    key(auto_scaling_group_name, lifecycle_hook_name),
    create = "1s"
)]
pub struct LifecycleHook {
    /// The group. Changing it replaces the hook. AWS: `AutoScalingGroupName`.
    #[prop(replace, owner)]
    pub auto_scaling_group_name: AutoScalingGroupName,
    /// When instances wait. Changes in place. AWS: `LifecycleTransition`.
    pub lifecycle_transition: LifecycleTransition,
    /// The name, unique among the hooks of a group, up to 255 letters, digits, `_` and `-`. Default:
    /// made up from project, stack and name. Changing it replaces the hook. AWS:
    /// `LifecycleHookName`.
    #[prop(replace, name(255, word))]
    pub lifecycle_hook_name: Option<String>,
    /// How long an instance waits, 30 s to 2 h; a heartbeat lets it wait for so long again. Default:
    /// 1 h. Changes in place. AWS: `HeartbeatTimeout`.
    #[prop(default = Seconds(3600))]
    pub heartbeat_timeout: Seconds,
    /// What becomes of an instance that nobody cared about. Default: it is given up. Changes in
    /// place. AWS: `DefaultResult`.
    #[prop(default = DefaultResult::Abandon)]
    pub default_result: DefaultResult,
    /// Who is told that an instance waits. Default: EventBridge alone. Changes in place. AWS:
    /// `NotificationTargetARN`.
    pub notification_target: Option<NotificationTarget>,
    /// What else it is told, up to 1023 characters. Default: nothing. Changes in place. AWS:
    /// `NotificationMetadata`.
    pub notification_metadata: Option<String>,
    /// As who the group tells it; needed with `notification_target`. Default: none. Changes in
    /// place. AWS: `RoleARN`.
    pub role_arn: Option<RoleArn>,
}

/// When instances wait.
#[props]
pub enum LifecycleTransition {
    /// When they have started, before they are in service.
    #[prop("autoscaling:EC2_INSTANCE_LAUNCHING")]
    Launching,
    /// When they have left service, before they end.
    #[prop("autoscaling:EC2_INSTANCE_TERMINATING")]
    Terminating,
}

/// What becomes of an instance that nobody cared about in time.
#[props(words = "UPPER")]
pub enum DefaultResult {
    /// One that starts goes into service.
    Continue,
    /// One that starts is ended; of one that ends other hooks are passed over.
    Abandon,
}

/// Who is told that an instance waits.
#[props]
pub enum NotificationTarget {
    /// A queue.
    Queue(QueueArn),
    /// A topic.
    Topic(TopicArn),
}
