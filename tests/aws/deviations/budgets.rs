//! Of `budgets`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[Deviation {
    server: Kind::Moto,
    ty: "aws:budgets:Budget",
    what: "create",
    aws: "it tells who is told (API DescribeSubscribersForNotification)",
}];
