//! Of `route53`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[Deviation {
    server: Kind::Ministack,
    ty: "aws:route53:HostedZone",
    what: "create",
    aws: "GetHostedZone tells the DelegationSet that CreateHostedZone was given",
}];
