//! AWS: events PutRule, EnableRule, DisableRule, TagResource, DescribeRule, DeleteRule.

use crate::{aws::RuleArn, prelude::*, props, resource};

/// Which events are passed on to the rule's [`Target`](super::Target)s, or when.
///
/// ```
/// use infra_core::{aws::eventbridge::Rule, prelude::*};
/// use serde_json::json;
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let failed = Rule::named("backup-failed")
///     .event_pattern(json!({
///         "source": ["aws.backup"],
///         "detail-type": ["Backup Job State Change"],
///         "detail": {"state": ["FAILED", "ABORTED", "EXPIRED"]},
///     }))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:eventbridge:Rule",
    unique(event_bus_name, name),
    find = name,
    one_of(event_pattern, schedule_expression),
    create = "1s"
)]
pub struct Rule {
    /// The name, unique on its bus, up to 64 letters, digits and `._-`. Default: made up from
    /// project, stack and name. Changing it replaces the rule. AWS: `Name`.
    #[prop(replace, name(64, iam))]
    pub name: Option<String>,
    /// What it is for, up to 512 characters. Default: none. Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// The bus, by name. Default: that of AWS's own events, which schedules need. Changing it
    /// replaces the rule. AWS: `EventBusName`.
    #[prop(replace)]
    pub event_bus_name: Option<String>,
    /// Which events: for each field, values of which one must fit. Default: none; then
    /// `schedule_expression`. Changes in place. AWS: `EventPattern`.
    pub event_pattern: Option<Json>,
    /// When, in UTC; not `at(...)`. [`Schedule`](crate::aws::scheduler::Schedule) has zones and
    /// more. Default: none; then `event_pattern`. Changes in place. AWS: `ScheduleExpression`.
    pub schedule_expression: Option<ScheduleExpression>,
    /// Whether it does anything. Default: it does. Changes in place. AWS: `State`.
    #[prop(default = RuleState::Enabled)]
    pub state: RuleState,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(id, arn = "arn:aws:events:{region}:{account}:rule/{event_bus_name/}{name}", at = exists)]
    pub arn: RuleArn,
}

/// Whether a rule does anything.
#[props]
pub enum RuleState {
    /// It does.
    #[prop("ENABLED")]
    Enabled,
    /// It does nothing.
    #[prop("DISABLED")]
    Disabled,
    /// It does, and hears of calls that only read, too.
    #[prop("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")]
    EnabledWithAllCloudtrailManagementEvents,
}
