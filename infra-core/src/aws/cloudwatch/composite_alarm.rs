//! AWS: cloudwatch PutCompositeAlarm, TagResource, DescribeAlarms, DeleteAlarms.

use super::AlarmAction;
use crate::{
    aws::{AlarmName, CompositeAlarmName},
    prelude::*,
    resource,
};

/// An alarm that goes off by the states of others, so that one fault wakes people once.
///
/// ```
/// use infra_core::{
///     aws::cloudwatch::{ComparisonOperator, CompositeAlarm, MetricAlarm, TreatMissingData},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let alarm = |name: &str, metric: &str| {
///     MetricAlarm::named(name)
///         .namespace("AWS/ApplicationELB")
///         .metric_name(metric)
///         .statistic("Sum")
///         .period(Seconds(60))
///         .evaluation_periods(5_u32)
///         .comparison_operator(ComparisonOperator::GreaterThanThreshold)
///         .threshold(10.0)
///         .treat_missing_data(TreatMissingData::NotBreaching)
///         .create(&stack)
/// };
/// let errors = alarm("errors", "HTTPCode_Target_5XX_Count");
/// let refused = alarm("refused", "RejectedConnectionCount");
/// CompositeAlarm::named("site")
///     .alarm_rule(interpolate!(
///         "ALARM({}) OR ALARM({})",
///         errors.alarm_name(),
///         refused.alarm_name()
///     ))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:cloudwatch:CompositeAlarm", create = "1s")]
pub struct CompositeAlarm {
    /// The name, unique among all alarms, up to 255 letters, digits and `/_+=.@-`. Default: made up
    /// from project, stack and name. Changing it replaces the alarm. AWS: `AlarmName`.
    #[prop(id, replace, name(255, secret))]
    pub alarm_name: Option<CompositeAlarmName>,
    /// When it goes off: `ALARM(name)`, `OK(name)`, `INSUFFICIENT_DATA(name)`, `TRUE` and `FALSE`,
    /// with `AND`, `OR`, `NOT` and parentheses; names may be ARNs, and stand in quotes where they
    /// have spaces or parentheses. Take names from outputs, so that those alarms come first. Changes
    /// in place. AWS: `AlarmRule`.
    pub alarm_rule: String,
    /// What it means and what is to be done, up to 1024 characters. Default: none. Changes in
    /// place. AWS: `AlarmDescription`.
    pub alarm_description: Option<String>,
    /// Whether it does anything when its state changes. Default: true. Changes in place. AWS:
    /// `ActionsEnabled`.
    #[prop(default = true)]
    pub actions_enabled: bool,
    /// What it does when it goes off, up to five. Default: nothing. Changes in place. AWS:
    /// `AlarmActions`.
    #[prop(default)]
    pub alarm_actions: Vec<AlarmAction>,
    /// What it does when all is well again. Default: nothing. Changes in place. AWS: `OKActions`.
    #[prop(default)]
    pub ok_actions: Vec<AlarmAction>,
    /// What it does when it can't know. Default: nothing. Changes in place. AWS:
    /// `InsufficientDataActions`.
    #[prop(default)]
    pub insufficient_data_actions: Vec<AlarmAction>,
    /// The alarm that keeps this one from doing anything while it is off: that of a maintenance, of
    /// a whole zone. Default: none. Changes in place. AWS: `ActionsSuppressor`.
    pub actions_suppressor: Option<AlarmName>,
    /// How long it waits for the suppressor to go off. Needed with it. Changes in place. AWS:
    /// `ActionsSuppressorWaitPeriod`.
    pub actions_suppressor_wait_period: Option<Seconds>,
    /// How long it still waits after the suppressor. Needed with it. Changes in place. AWS:
    /// `ActionsSuppressorExtensionPeriod`.
    pub actions_suppressor_extension_period: Option<Seconds>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `AlarmArn`.
    #[output(arn = "arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}", at = exists)]
    pub arn: String,
}
