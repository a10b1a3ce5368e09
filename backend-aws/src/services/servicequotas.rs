//! Service Quotas.

pub(crate) mod service_quota;
