//! AWS: application-autoscaling PutScheduledAction, DescribeScheduledActions,
//! DeleteScheduledAction.

use super::ScalableDimension;
use crate::{prelude::*, props, resource};

/// When the bounds of a [`ScalableTarget`](super::ScalableTarget) change: more before the exams
/// begin, less at night.
///
/// What an action sets holds until another one, or a change of the target, sets it anew: an action
/// that raises bounds needs one that lowers them. It goes with its target.
///
/// ```
/// use infra_core::{
///     aws::applicationautoscaling::{
///         ScalableDimension, ScalableTarget, ScalableTargetAction, ScheduledAction,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let target = ScalableTarget::named("web")
///     .resource_id("service/campus/web")
///     .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
///     .min_capacity(2_u32)
///     .max_capacity(20_u32)
///     .create(&stack);
/// ScheduledAction::named("morning")
///     .resource_id(target.resource_id())
///     .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
///     .schedule("cron(30 7 ? * MON-FRI *)")
///     .timezone("Europe/Berlin")
///     .scalable_target_action(ScalableTargetAction::new().min_capacity(8_u32))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:applicationautoscaling:ScheduledAction",
    key(resource_id, scalable_dimension, scheduled_action_name),
    create = "2s",
    update = "2s",
    delete = "2s"
)]
pub struct ScheduledAction {
    /// What is scaled, as its target says it; an output of the target makes the action wait for it.
    /// Changing it replaces the action. AWS: `ResourceId`.
    #[prop(replace)]
    pub resource_id: String,
    /// What of it is scaled, as its target says it. Changing it replaces the action. AWS:
    /// `ScalableDimension` and `ServiceNamespace`.
    #[prop(replace)]
    pub scalable_dimension: ScalableDimension,
    /// When. Changes in place. AWS: `Schedule`.
    pub schedule: ScheduleExpression,
    /// What the bounds are from then on. Changes in place. AWS: `ScalableTargetAction`.
    pub scalable_target_action: ScalableTargetAction,
    /// The name, unique among the actions of a target, up to 256 characters. Default: made up from
    /// project, stack and name. Changing it replaces the action. AWS: `ScheduledActionName`.
    #[prop(replace, name(256, word))]
    pub scheduled_action_name: Option<String>,
    /// By which clocks. Default: UTC. Changes in place. AWS: `Timezone`.
    #[prop(default = TimeZone::UTC)]
    pub timezone: TimeZone,
    /// From when. Default: at once. Changes in place. AWS: `StartTime`.
    pub start_time: Option<Timestamp>,
    /// Until when. Default: for ever. Changes in place. AWS: `EndTime`.
    pub end_time: Option<Timestamp>,
    /// The ARN. AWS: `ScheduledActionARN`.
    #[output(at = exists)]
    pub scheduled_action_arn: String,
}

/// What the bounds of a target become; what is left out stays.
#[props]
pub struct ScalableTargetAction {
    /// How few there may be; what is below grows at once. Default: as it is. AWS: `MinCapacity`.
    pub min_capacity: Option<u32>,
    /// How many there may be; what is above shrinks at once. Default: as it is. AWS: `MaxCapacity`.
    pub max_capacity: Option<u32>,
}
