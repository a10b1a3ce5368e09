//! [`S3Options`]: where in S3 a stack's state is kept, and how its lease goes.

use std::{sync::Arc, time::Duration};

use infra_core::clock::{Clock, SystemClock};

use crate::aws::CALL;

/// Where in S3 a stack's state is kept, and how its lease goes.
#[derive(Clone, Debug)]
pub struct S3Options {
    /// The bucket.
    pub bucket: String,
    /// What the keys of the stack's objects begin with, without a slash at its end. No other stack
    /// has the same.
    pub prefix: String,
    /// A key of KMS with which objects are encrypted, by id, alias or ARN. Default: as the bucket
    /// does it.
    pub kms_key: Option<String>,
    /// How long a lease is good that is not renewed. Default: three minutes.
    pub lease: Duration,
    /// How long a call to AWS can take. None begins when less than that is left of the lease, and
    /// nobody takes over before it has passed after the lease. Default: what calls of this crate
    /// take at most.
    pub call: Duration,
    /// By how much the clocks of two machines may differ: so much longer is waited for before
    /// somebody takes over. Default: half a minute.
    pub skew: Duration,
    /// The time that leases go by. Default: the system's.
    pub clock: Arc<dyn Clock>,
}

impl S3Options {
    /// State in a bucket under a prefix.
    #[must_use]
    pub fn new(bucket: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            prefix: prefix.into(),
            kms_key: None,
            lease: Duration::from_secs(180),
            call: CALL,
            skew: Duration::from_secs(30),
            clock: Arc::new(SystemClock),
        }
    }
}

/// In milliseconds.
pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
