//! Of `logs`.

use super::Deviation;
use crate::server::Kind;

const PROTECTION: &str = "a group can be kept from deletion (API PutLogGroupDeletionProtection)";
const UPDATES: &str =
    "a filter that is there is changed (API PutMetricFilter: \"creates or updates\")";

pub(super) const ALL: &[Deviation] = &[
    Deviation { server: Kind::Moto, ty: "aws:logs:LogGroup", what: "create", aws: PROTECTION },
    Deviation { server: Kind::Moto, ty: "aws:logs:LogGroup", what: "destroyed", aws: PROTECTION },
    Deviation { server: Kind::Ministack, ty: "aws:logs:LogGroup", what: "create", aws: PROTECTION },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:logs:LogGroup",
        what: "destroyed",
        aws: PROTECTION,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:logs:LogGroup",
        what: "log_group_class",
        aws: "it tells the class (API DescribeLogGroups, logGroupClass)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:logs:MetricFilter",
        what: "update apply_on_transformed_logs",
        aws: UPDATES,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:logs:MetricFilter",
        what: "update filter_pattern",
        aws: UPDATES,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:logs:MetricFilter",
        what: "update metric_transformation",
        aws: UPDATES,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:logs:MetricFilter",
        what: "apply_on_transformed_logs",
        aws: "a filter can look at transformed events (API PutMetricFilter, \
              ApplyOnTransformedLogs)",
    },
];
