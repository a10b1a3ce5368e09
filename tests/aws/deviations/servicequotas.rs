//! Of `servicequotas`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:servicequotas:ServiceQuota",
        what: "create",
        aws: "it tells what everybody gets (API GetAWSDefaultServiceQuota)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:servicequotas:ServiceQuota",
        what: "create",
        aws: "there is a service of quotas (API GetServiceQuota)",
    },
];
