//! Of `secretsmanager`.

use super::{Deviation, localstack, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:secretsmanager:RotationSchedule",
        "create",
        "as AWS does: RotateSecret needs a function that is there, and the catalogue has none",
    ),
    ministack(
        "aws:secretsmanager:RotationSchedule",
        "create",
        "the function rotates (RotateSecret); ministack makes another version by itself, so \
              that the secret is another one than it was",
    ),
    ministack("aws:secretsmanager:RotationSchedule", "destroyed", "CancelRotateSecret"),
    ministack(
        "aws:secretsmanager:Secret",
        "replica_regions",
        "DescribeSecret tells it as it was given",
    ),
    ministack(
        "aws:secretsmanager:Secret",
        "destroy after replica_regions",
        "has RemoveRegionsFromReplication",
    ),
    localstack(
        "aws:secretsmanager:RotationSchedule",
        "create",
        "as AWS does: RotateSecret needs a function that is there, and the catalogue has none",
    ),
];
