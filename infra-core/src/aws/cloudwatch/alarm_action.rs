//! What alarms do.

use crate::{
    aws::{FunctionArn, TopicArn},
    props,
};

/// What an alarm does when its state changes.
#[props]
pub enum AlarmAction {
    /// It tells a topic.
    Topic(TopicArn),
    /// It lets a scaling policy do its step, by the policy's ARN.
    ScalingPolicy(String),
    /// It calls a function.
    Function(FunctionArn),
}
