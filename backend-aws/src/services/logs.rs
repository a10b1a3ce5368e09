//! Amazon CloudWatch Logs.

pub(crate) mod log_group;
pub(crate) mod metric_filter;
