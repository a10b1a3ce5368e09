//! Of `cloudwatch`.

use super::Deviation;
use crate::server::Kind;

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
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudwatch:CompositeAlarm",
        what: "create",
        aws: PROTOCOL,
    },
    Deviation { server: Kind::Moto, ty: "aws:cloudwatch:Dashboard", what: "create", aws: PROTOCOL },
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "create",
        aws: PROTOCOL,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:CompositeAlarm",
        what: "actions_suppressor",
        aws: SUPPRESSOR,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:CompositeAlarm",
        what: "actions_suppressor_wait_period",
        aws: SUPPRESSOR,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:CompositeAlarm",
        what: "actions_suppressor_extension_period",
        aws: SUPPRESSOR,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "statistic",
        aws: STATISTIC,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "period",
        aws: STATISTIC,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "threshold",
        aws: BAND,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "threshold_metric_id",
        aws: BAND,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "metrics",
        aws: METRICS,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "evaluate_low_sample_count_percentile",
        aws: SAMPLES,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:cloudwatch:Dashboard",
        what: "create",
        aws: "dashboards can be tagged (API TagResource: \"alarms, dashboards, metric streams and \
              Contributor Insights rules\")",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudwatch:CompositeAlarm",
        what: "destroyed",
        aws: "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the SDK does",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudwatch:Dashboard",
        what: "destroyed",
        aws: "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the SDK does",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudwatch:MetricAlarm",
        what: "destroyed",
        aws: "it speaks Smithy RPC v2 CBOR (\"protocols\" of its service model), as the SDK does",
    },
];
