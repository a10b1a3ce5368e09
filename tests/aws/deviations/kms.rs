//! Of `kms`.

use super::{Deviation, moto};

pub(super) const ALL: &[Deviation] = &[moto(
    "aws:kms:Key",
    "update rotation_period_in_days",
    "GetKeyRotationStatus tells RotationPeriodInDays",
)];
