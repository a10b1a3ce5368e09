//! Of `servicequotas`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:servicequotas:ServiceQuota",
        "create",
        "it tells what everybody gets (API GetAWSDefaultServiceQuota)",
    ),
    ministack(
        "aws:servicequotas:ServiceQuota",
        "create",
        "there is a service of quotas (API GetServiceQuota)",
    ),
];
