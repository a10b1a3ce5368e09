//! Of `cloudwatch`.

use super::{Deviation, ministack, moto};

/// Moto's server knows the query protocol of old alone.
const PROTOCOL: &str = "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the \
                        SDK does";

/// What ministack takes of an alarm and does not keep.
const SUPPRESSOR: &str =
    "an alarm can have a suppressor (API PutCompositeAlarm, ActionsSuppressor)";
const STATISTIC: &str = "an alarm has Statistic or ExtendedStatistic, and neither of them nor Period \
                         where it has Metrics (API PutMetricAlarm)";
const BAND: &str = "an alarm of a band has ThresholdMetricId, not Threshold (API PutMetricAlarm)";
const METRICS: &str = "an alarm can look at several metrics (API PutMetricAlarm, Metrics)";
const SAMPLES: &str = "it says what few figures come to (API PutMetricAlarm, \
                       EvaluateLowSampleCountPercentile)";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:cloudwatch:CompositeAlarm", "create", PROTOCOL),
    moto("aws:cloudwatch:Dashboard", "create", PROTOCOL),
    moto("aws:cloudwatch:MetricAlarm", "create", PROTOCOL),
    ministack("aws:cloudwatch:CompositeAlarm", "actions_suppressor", SUPPRESSOR),
    ministack("aws:cloudwatch:CompositeAlarm", "actions_suppressor_wait_period", SUPPRESSOR),
    ministack("aws:cloudwatch:CompositeAlarm", "actions_suppressor_extension_period", SUPPRESSOR),
    ministack("aws:cloudwatch:MetricAlarm", "statistic", STATISTIC),
    ministack("aws:cloudwatch:MetricAlarm", "period", STATISTIC),
    ministack("aws:cloudwatch:MetricAlarm", "threshold", BAND),
    ministack("aws:cloudwatch:MetricAlarm", "threshold_metric_id", BAND),
    ministack("aws:cloudwatch:MetricAlarm", "metrics", METRICS),
    ministack("aws:cloudwatch:MetricAlarm", "evaluate_low_sample_count_percentile", SAMPLES),
    moto(
        "aws:cloudwatch:CompositeAlarm",
        "destroyed",
        "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the SDK does",
    ),
    moto(
        "aws:cloudwatch:Dashboard",
        "destroyed",
        "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the SDK does",
    ),
    moto(
        "aws:cloudwatch:MetricAlarm",
        "destroyed",
        "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the SDK does",
    ),
    ministack(
        "aws:cloudwatch:Dashboard",
        "create",
        "dashboards can be tagged (API TagResource: \"alarms, dashboards, metric streams and Contributor Insights rules\")",
    ),
];
