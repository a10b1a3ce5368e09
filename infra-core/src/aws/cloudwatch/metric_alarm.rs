//! AWS: cloudwatch PutMetricAlarm, TagResource, DescribeAlarms, DeleteAlarms.

use std::collections::BTreeMap;

use super::{AlarmAction, MetricDataQuery, StandardUnit, Statistic};
use crate::{aws::AlarmName, prelude::*, props, resource};

/// An alarm that goes off when a figure passes a threshold for some time.
///
/// The figure is one metric (`namespace`, `metric_name`, `statistic`, `period`), or what a formula
/// makes of several (`metrics`).
///
/// ```
/// use infra_core::{
///     aws::{
///         cloudwatch::{AlarmAction, ComparisonOperator, MetricAlarm, Statistic, TreatMissingData},
///         sns::Topic,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let operators = Topic::named("operators").create(&stack);
/// MetricAlarm::named("slow")
///     .namespace("AWS/ApplicationELB")
///     .metric_name("TargetResponseTime")
///     .dimensions([("LoadBalancer", "app/web/0123456789abcdef")])
///     .statistic("p95")
///     .period(Seconds(60))
///     .evaluation_periods(5_u32)
///     .datapoints_to_alarm(3_u32)
///     .comparison_operator(ComparisonOperator::GreaterThanThreshold)
///     .threshold(2.0)
///     .treat_missing_data(TreatMissingData::NotBreaching)
///     .alarm_actions([AlarmAction::topic(&operators)])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:cloudwatch:MetricAlarm",
    one_of(metric_name, metrics),
    one_of(threshold, threshold_metric_id),
    create = "1s"
)]
pub struct MetricAlarm {
    /// The name, unique among all alarms, up to 255 letters, digits and `/_+=.@-`. Default: made up
    /// from project, stack and name. Changing it replaces the alarm. AWS: `AlarmName`.
    #[prop(id, replace, name(255, secret))]
    pub alarm_name: Option<AlarmName>,
    /// What it means and what is to be done, up to 1024 characters. Default: none. Changes in
    /// place. AWS: `AlarmDescription`.
    pub alarm_description: Option<String>,
    /// Where the metric belongs: `AWS/ApplicationELB`. Default: none, for `metrics`. Changes in
    /// place. AWS: `Namespace`.
    pub namespace: Option<String>,
    /// The metric. Default: none; then `metrics`. Changes in place. AWS: `MetricName`.
    pub metric_name: Option<String>,
    /// Of what the metric is, by name and value, up to 30. Default: none. Changes in place. AWS:
    /// `Dimensions`.
    #[prop(default)]
    pub dimensions: BTreeMap<String, String>,
    /// How the figures of a period are put together. Default: none, for `metrics`. Changes in place.
    /// AWS: `Statistic` and `ExtendedStatistic`.
    pub statistic: Option<Statistic>,
    /// The length of a period: 10, 20 or 30 s, or whole minutes. Default: none, for `metrics`.
    /// Changes in place. AWS: `Period`.
    pub period: Option<Seconds>,
    /// The unit, where the metric comes in several. Default: any. Changes in place. AWS: `Unit`.
    pub unit: Option<StandardUnit>,
    /// Metrics and formulas, one of which the alarm looks at. Default: none; then `metric_name`.
    /// Changes in place. AWS: `Metrics`.
    pub metrics: Option<Vec<MetricDataQuery>>,
    /// How the figure is compared. Changes in place. AWS: `ComparisonOperator`.
    pub comparison_operator: ComparisonOperator,
    /// With what it is compared. Default: none; then `threshold_metric_id`. Changes in place. AWS:
    /// `Threshold`.
    pub threshold: Option<f64>,
    /// The id of the band among `metrics` that the figure should stay within. Default: none; then
    /// `threshold`. Changes in place. AWS: `ThresholdMetricId`.
    pub threshold_metric_id: Option<String>,
    /// How many periods are looked at; together a day at most, a week where a period has an hour or
    /// more. Changes in place. AWS: `EvaluationPeriods`.
    pub evaluation_periods: u32,
    /// How many of them must pass the threshold. Default: all. Changes in place. AWS:
    /// `DatapointsToAlarm`.
    pub datapoints_to_alarm: Option<u32>,
    /// What a period without figures counts as: what no figure means is different for each metric.
    /// Changes in place. AWS: `TreatMissingData`.
    pub treat_missing_data: TreatMissingData,
    /// Of percentiles: what counts when there are few figures. Default: they count. Changes in
    /// place. AWS: `EvaluateLowSampleCountPercentile`.
    pub evaluate_low_sample_count_percentile: Option<LowSampleCount>,
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
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `AlarmArn`.
    #[output(arn = "arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}", at = exists)]
    pub arn: String,
}

/// How a figure is compared.
#[props(words = "exact")]
pub enum ComparisonOperator {
    /// It is at the threshold or above.
    GreaterThanOrEqualToThreshold,
    /// It is above the threshold.
    GreaterThanThreshold,
    /// It is below the threshold.
    LessThanThreshold,
    /// It is at the threshold or below.
    LessThanOrEqualToThreshold,
    /// It is outside of the band.
    LessThanLowerOrGreaterThanUpperThreshold,
    /// It is below the band.
    LessThanLowerThreshold,
    /// It is above the band.
    GreaterThanUpperThreshold,
}

impl ComparisonOperator {
    /// Whether it compares with a band.
    #[must_use]
    pub fn is_band(self) -> bool {
        matches!(
            self,
            Self::LessThanLowerOrGreaterThanUpperThreshold
                | Self::LessThanLowerThreshold
                | Self::GreaterThanUpperThreshold
        )
    }
}

/// What a period without figures counts as.
#[props]
pub enum TreatMissingData {
    /// As one that passes the threshold: silence is bad.
    #[prop("breaching")]
    Breaching,
    /// As one that does not: silence is good.
    #[prop("notBreaching")]
    NotBreaching,
    /// The alarm stays as it is.
    #[prop("ignore")]
    Ignore,
    /// The alarm does not know.
    #[prop("missing")]
    Missing,
}

/// What counts when a percentile has few figures.
#[props(words = "lower")]
pub enum LowSampleCount {
    /// They count.
    Evaluate,
    /// The alarm stays as it is.
    Ignore,
}
