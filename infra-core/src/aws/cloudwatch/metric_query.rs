//! Metrics and formulas that alarms look at.

use std::collections::BTreeMap;

use super::{StandardUnit, Statistic};
use crate::{prelude::*, props};

/// A metric, or what a formula makes of others.
#[props]
pub struct MetricDataQuery {
    /// What formulas call it: a small letter, then letters, digits and `_`. AWS: `Id`.
    pub id: String,
    /// The formula: `100 * errors / requests`. Default: none; then `metric_stat`. AWS:
    /// `Expression`.
    pub expression: Option<String>,
    /// The metric. Default: none; then `expression`. AWS: `MetricStat`.
    pub metric_stat: Option<MetricStat>,
    /// What people read in its place. Default: the id or the metric. AWS: `Label`.
    pub label: Option<String>,
    /// Of a formula: the length of a period. Default: that of its metrics. AWS: `Period`.
    pub period: Option<Seconds>,
    /// Whether this is what the alarm looks at; just one is. Default: true. AWS: `ReturnData`.
    #[prop(default = true)]
    pub return_data: bool,
    /// The account that has the metric, by number. Default: this one. AWS: `AccountId`.
    pub account_id: Option<String>,
}

impl MetricDataQuery {
    /// A metric that formulas use.
    pub fn metric(id: impl IntoInput<String>, metric: MetricStat) -> Self {
        Self::new(id).metric_stat(metric).return_data(false)
    }

    /// The formula that an alarm looks at.
    pub fn formula(id: impl IntoInput<String>, expression: impl IntoInput<String>) -> Self {
        Self::new(id).expression(expression)
    }
}

/// A metric, by periods.
#[props]
pub struct MetricStat {
    /// Where it belongs: `AWS/ApplicationELB`. AWS: `Metric.Namespace`.
    pub namespace: String,
    /// Its name. AWS: `Metric.MetricName`.
    pub metric_name: String,
    /// How the figures of a period are put together. AWS: `Stat`.
    pub stat: Statistic,
    /// The length of a period. AWS: `Period`.
    pub period: Seconds,
    /// Of what it is, by name and value. Default: none. AWS: `Metric.Dimensions`.
    #[prop(default)]
    pub dimensions: BTreeMap<String, String>,
    /// The unit, where it comes in several. Default: any. AWS: `Unit`.
    pub unit: Option<StandardUnit>,
}
