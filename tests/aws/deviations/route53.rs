//! Of `route53`.

use super::{Deviation, localstack, ministack};

pub(super) const ALL: &[Deviation] = &[
    ministack(
        "aws:route53:HostedZone",
        "create",
        "GetHostedZone tells the DelegationSet that CreateHostedZone was given",
    ),
    localstack(
        "aws:route53:Record",
        "create",
        "HostedZoneConfig is optional (CreateHostedZone), which the zone of the case does not have",
    ),
];
