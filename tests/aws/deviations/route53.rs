//! Of `route53`.

use super::{Deviation, ministack};

pub(super) const ALL: &[Deviation] = &[ministack(
    "aws:route53:HostedZone",
    "create",
    "GetHostedZone tells the DelegationSet that CreateHostedZone was given",
)];
