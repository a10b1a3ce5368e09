//! AWS: scheduler CreateSchedule, UpdateSchedule, GetSchedule, DeleteSchedule.

use crate::{
    aws::{
        KmsKeyArn, RoleArn, ScheduleGroupName,
        eventbridge::{DeadLetterConfig, EcsParameters, RetryPolicy, SqsParameters, TargetArn},
    },
    prelude::*,
    props, resource,
};

/// When something is done: a task is run, AWS is called.
///
/// ```
/// use infra_core::{
///     aws::{
///         RoleArn,
///         eventbridge::TargetArn,
///         scheduler::{Schedule, ScheduleTarget},
///         sns::Topic,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let role = RoleArn::parse("arn:aws:iam::123456789012:role/scheduler").unwrap();
/// let topic = Topic::named("operators").create(&stack);
/// Schedule::named("drill")
///     .schedule_expression("cron(0 10 ? * MON#1 *)")
///     .schedule_expression_timezone("Europe/Berlin")
///     .target(ScheduleTarget::new(TargetArn::topic(&topic), role))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:scheduler:Schedule", key(group_name, name), create = "1s")]
pub struct Schedule {
    /// When. Changes in place. AWS: `ScheduleExpression`.
    pub schedule_expression: ScheduleExpression,
    /// What is done. Changes in place. AWS: `Target`.
    pub target: ScheduleTarget,
    /// The group, whose schedules go with it. Default: the one that every account has. Changing it
    /// replaces the schedule. AWS: `GroupName`.
    #[prop(default = "default", replace, owner)]
    pub group_name: ScheduleGroupName,
    /// The name, unique in its group, up to 64 letters, digits and `._-`. Default: made up from
    /// project, stack and name. Changing it replaces the schedule. AWS: `Name`.
    #[prop(replace, name(64, word))]
    pub name: Option<String>,
    /// What it is for, up to 512 characters. Default: none. Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// By which clocks. Default: UTC. Changes in place. AWS: `ScheduleExpressionTimezone`.
    #[prop(default = TimeZone::UTC)]
    pub schedule_expression_timezone: TimeZone,
    /// How late it may be done, so that not everything happens at once. Default: not at all. Changes
    /// in place. AWS: `FlexibleTimeWindow`.
    #[prop(default = FlexibleTimeWindow::off())]
    pub flexible_time_window: FlexibleTimeWindow,
    /// From when. Default: at once. Changes in place. AWS: `StartDate`.
    pub start_date: Option<Timestamp>,
    /// Until when. Default: for ever. Changes in place. AWS: `EndDate`.
    pub end_date: Option<Timestamp>,
    /// Whether anything is done. Default: it is. Changes in place. AWS: `State`.
    #[prop(default = ScheduleState::Enabled)]
    pub state: ScheduleState,
    /// The key that encrypts what the target gets. Default: a key of the service. Changes in place.
    /// AWS: `KmsKeyArn`.
    pub kms_key_arn: Option<KmsKeyArn>,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:scheduler:{region}:{account}:schedule/{group_name}/{name}", at = exists)]
    pub arn: String,
}

/// What a schedule does.
#[props]
pub struct ScheduleTarget {
    /// Who is told, or what is done. AWS: `Arn`.
    pub arn: TargetArn,
    /// As who; the role trusts `scheduler.amazonaws.com`. AWS: `RoleArn`.
    pub role_arn: RoleArn,
    /// What it gets: JSON, what a call of AWS takes. Default: an event that names the schedule. AWS:
    /// `Input`.
    pub input: Option<Json>,
    /// The task that is run, for a cluster. Default: none. AWS: `EcsParameters`.
    pub ecs_parameters: Option<EcsParameters>,
    /// The group of its messages, for a FIFO queue. Default: none. AWS: `SqsParameters`.
    pub sqs_parameters: Option<SqsParameters>,
    /// How long and how often it is tried. Default: a day, 185 times. AWS: `RetryPolicy`.
    #[prop(default = RetryPolicy::new())]
    pub retry_policy: RetryPolicy,
    /// Where goes what could not be done. Default: it is lost. AWS: `DeadLetterConfig`.
    pub dead_letter_config: Option<DeadLetterConfig>,
}

/// How late something may be done.
#[props]
pub struct FlexibleTimeWindow {
    /// Whether it may be late. AWS: `Mode`.
    pub mode: FlexibleTimeWindowMode,
    /// By how much at most, a minute to a day. Needed where it may. AWS: `MaximumWindowInMinutes`.
    pub maximum_window_in_minutes: Option<Minutes>,
}

impl FlexibleTimeWindow {
    /// Not late at all.
    pub fn off() -> Self {
        Self::new(FlexibleTimeWindowMode::Off)
    }

    /// Late by so much at most.
    pub fn of(most: Minutes) -> Self {
        Self::new(FlexibleTimeWindowMode::Flexible).maximum_window_in_minutes(most)
    }
}

/// Whether something may be done late.
#[props(words = "UPPER")]
pub enum FlexibleTimeWindowMode {
    /// It may not.
    Off,
    /// It may.
    Flexible,
}

/// Whether a schedule does anything.
#[props(words = "UPPER")]
pub enum ScheduleState {
    /// It does.
    Enabled,
    /// It does nothing.
    Disabled,
}
