//! Of `kms`.

use super::{Deviation, localstack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:kms:Key",
        "update rotation_period_in_days",
        "GetKeyRotationStatus tells RotationPeriodInDays",
    ),
    localstack(
        "aws:kms:Alias",
        "update target_key_id",
        "TargetKeyId may be an ARN (UpdateAlias, TargetKeyId); LocalStack takes it, and then finds no key by the alias",
    ),
];
