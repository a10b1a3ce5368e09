//! AWS: logs PutMetricFilter, DescribeMetricFilters, DeleteMetricFilter.

use std::collections::BTreeMap;

use crate::{
    aws::{LogGroupName, cloudwatch::StandardUnit},
    props, resource,
};

/// Makes figures of what is logged: how many errors, how long a request.
///
/// ```
/// use infra_core::{aws::logs::{LogGroup, MetricFilter, MetricTransformation}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let logs = LogGroup::named("cron").create(&stack);
/// MetricFilter::named("done")
///     .log_group_name(&logs)
///     .filter_pattern("\"Cron run completed\"")
///     .metric_transformation(MetricTransformation::new("CronRuns", "Campus", "1"))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:logs:MetricFilter", key(log_group_name, filter_name), create = "1s")]
pub struct MetricFilter {
    /// The group. Changing it replaces the filter. AWS: `LogGroupName`.
    #[prop(replace, owner)]
    pub log_group_name: LogGroupName,
    /// The name, up to 512 letters, digits and `/._-#`. Default: made up from project, stack and
    /// name. Changing it replaces the filter. AWS: `FilterName`.
    #[prop(replace, name(512, path))]
    pub filter_name: Option<String>,
    /// Which events count, up to 1024 characters: words (`"Cron run completed"`), fields in
    /// brackets (`[ip, user, status = 5*]`), JSON in braces (`{ $.level = "error" }`), or nothing
    /// for all. Changes in place. AWS: `FilterPattern`.
    pub filter_pattern: String,
    /// What becomes of them. Changes in place. AWS: `MetricTransformations`, which has one.
    pub metric_transformation: MetricTransformation,
    /// Whether it looks at what a transformer of the group has made. Default: false. Changes in
    /// place. AWS: `ApplyOnTransformedLogs`.
    #[prop(default = false)]
    pub apply_on_transformed_logs: bool,
}

/// What becomes of events that count.
#[props]
pub struct MetricTransformation {
    /// The name of the metric, without `:`, `*` and `$`. AWS: `MetricName`.
    pub metric_name: String,
    /// Where it belongs; not `AWS/...`. AWS: `MetricNamespace`.
    pub metric_namespace: String,
    /// What an event counts for: a number, or a field of the pattern (`$duration`,
    /// `$.request.time`). AWS: `MetricValue`.
    pub metric_value: String,
    /// What a period counts for in which there were events and none of them counted. Default: no
    /// figure. Excludes `dimensions`. AWS: `DefaultValue`.
    pub default_value: Option<f64>,
    /// Of what the figure is: names, and fields of the pattern, up to three. Each pair of values is
    /// a metric of its own, and is paid for. Default: none. AWS: `Dimensions`.
    #[prop(default)]
    pub dimensions: BTreeMap<String, String>,
    /// The unit. Default: none. AWS: `Unit`.
    pub unit: Option<StandardUnit>,
}
