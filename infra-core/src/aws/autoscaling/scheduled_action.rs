//! AWS: autoscaling PutScheduledUpdateGroupAction, DescribeScheduledActions, DeleteScheduledAction.

use crate::{aws::AutoScalingGroupName, prelude::*, resource};

/// When the sizes of a group of instances change: more before the exams begin, less at night.
///
/// What an action sets holds until another one, or a change of the group, sets it anew: an action
/// that raises sizes needs one that lowers them.
///
/// ```
/// use infra_core::{aws::{AutoScalingGroupName, autoscaling::ScheduledAction}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let group = AutoScalingGroupName::parse("web").unwrap();
/// ScheduledAction::named("morning")
///     .auto_scaling_group_name(group)
///     .recurrence("30 7 * * MON-FRI")
///     .time_zone("Europe/Berlin")
///     .min_size(6_u32)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:autoscaling:ScheduledAction",
    key(auto_scaling_group_name, scheduled_action_name),
    create = "1s"
)]
pub struct ScheduledAction {
    /// The group. Changing it replaces the action. AWS: `AutoScalingGroupName`.
    #[prop(replace, owner)]
    pub auto_scaling_group_name: AutoScalingGroupName,
    /// The name, unique among the actions of a group, up to 255 letters, digits, `_` and `-`.
    /// Default: made up from project, stack and name. Changing it replaces the action. AWS:
    /// `ScheduledActionName`.
    #[prop(replace, name(255, word))]
    pub scheduled_action_name: Option<String>,
    /// When, again and again: minute, hour, day of month, month, day of week. Default: once, at
    /// `start_time`. Changes in place. AWS: `Recurrence`.
    pub recurrence: Option<UnixCron>,
    /// By which clocks `recurrence` goes. Default: UTC. Changes in place. AWS: `TimeZone`.
    pub time_zone: Option<TimeZone>,
    /// From when, or when if it is once. Default: at once. Changes in place. AWS: `StartTime`.
    pub start_time: Option<Timestamp>,
    /// Until when. Default: for ever. Changes in place. AWS: `EndTime`.
    pub end_time: Option<Timestamp>,
    /// How few instances there may be from then on. Default: as it is. Changes in place. AWS:
    /// `MinSize`.
    pub min_size: Option<u32>,
    /// How many there may be from then on. Default: as it is. Changes in place. AWS: `MaxSize`.
    pub max_size: Option<u32>,
    /// How many there shall be then. Default: as it is. Changes in place. AWS: `DesiredCapacity`.
    pub desired_capacity: Option<u32>,
    /// The ARN. AWS: `ScheduledActionARN`.
    #[output(
        arn = "arn:aws:autoscaling:{region}:{account}:scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{auto_scaling_group_name}:scheduledActionName/{scheduled_action_name}",
        at = exists
    )]
    pub scheduled_action_arn: String,
}
