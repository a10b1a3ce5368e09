//! Of `kms`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[Deviation {
    server: Kind::Moto,
    ty: "aws:kms:Key",
    what: "update rotation_period_in_days",
    aws: "GetKeyRotationStatus tells RotationPeriodInDays",
}];
