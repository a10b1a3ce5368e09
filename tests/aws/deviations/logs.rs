//! Of `logs`.

use super::{Deviation, localstack, ministack, moto};

const UPDATES: &str =
    "a filter that is there is changed (API PutMetricFilter: \"creates or updates\")";

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:logs:LogGroup",
        "log_group_class",
        "it tells the class (API DescribeLogGroups, logGroupClass)",
    ),
    moto("aws:logs:MetricFilter", "update apply_on_transformed_logs", UPDATES),
    moto("aws:logs:MetricFilter", "update filter_pattern", UPDATES),
    moto("aws:logs:MetricFilter", "update metric_transformation", UPDATES),
    ministack(
        "aws:logs:MetricFilter",
        "apply_on_transformed_logs",
        "a filter can look at transformed events (API PutMetricFilter, \
              ApplyOnTransformedLogs)",
    ),
    ministack(
        "aws:logs:LogGroup",
        "without deletion_protection_enabled",
        "PutLogGroupDeletionProtection protects groups",
    ),
    moto(
        "aws:logs:LogGroup",
        "without deletion_protection_enabled",
        "PutLogGroupDeletionProtection protects groups",
    ),
    ministack("aws:logs:LogGroup", "update kms_key_id", "has AssociateKmsKey"),
    moto("aws:logs:LogGroup", "update kms_key_id", "has AssociateKmsKey"),
    localstack(
        "aws:logs:LogGroup",
        "without deletion_protection_enabled",
        "has PutLogGroupDeletionProtection",
    ),
    localstack(
        "aws:logs:MetricFilter",
        "update apply_on_transformed_logs",
        "PutMetricFilter changes a filter of the name",
    ),
    localstack(
        "aws:logs:MetricFilter",
        "update filter_pattern",
        "PutMetricFilter changes a filter of the name",
    ),
    localstack(
        "aws:logs:MetricFilter",
        "update metric_transformation",
        "PutMetricFilter changes a filter of the name",
    ),
    localstack("aws:logs:LogGroup", "update kms_key_id", "has AssociateKmsKey"),
    localstack(
        "aws:logs:LogGroup",
        "update log_group_class",
        "DescribeLogGroups tells the LogGroupClass that CreateLogGroup was given",
    ),
];
