//! AWS: servicequotas GetServiceQuota, GetAWSDefaultServiceQuota.

use super::Quota;
use crate::lookup;

/// How much of something the account may have in the region: what AWS gives everybody, or what was
/// asked for and granted.
///
/// ```
/// use infra_core::{aws::servicequotas::{Quota, ServiceQuota}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let processors = ServiceQuota::lookup("processors")
///     .quota(Quota::OnDemandStandardVcpus)
///     .create(&stack);
/// stack.output("virtual processors at most", processors.value());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("aws:servicequotas:ServiceQuota")]
pub struct ServiceQuota {
    /// The quota. Changing it reads anew. AWS: `ServiceCode` and `QuotaCode`.
    pub quota: Quota,
    /// How much the account may have. AWS: `Value`.
    #[output]
    pub value: u32,
    /// How much AWS gives everybody. AWS: GetAWSDefaultServiceQuota, `Value`.
    #[output]
    pub default_value: u32,
    /// Its name in words. AWS: `QuotaName`.
    #[output]
    pub quota_name: String,
    /// Whether AWS gives more when asked. AWS: `Adjustable`.
    #[output]
    pub adjustable: bool,
}
