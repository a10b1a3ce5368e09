//! Of `secretsmanager`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:secretsmanager:RotationSchedule",
        what: "create",
        aws: "as AWS does: RotateSecret needs a function that is there, and the catalogue has none",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:secretsmanager:RotationSchedule",
        what: "create",
        aws: "the function rotates (RotateSecret); ministack makes another version by itself, so \
              that the secret is another one than it was",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:secretsmanager:RotationSchedule",
        what: "destroyed",
        aws: "CancelRotateSecret",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:secretsmanager:Secret",
        what: "create",
        aws: "CreateSecret takes AddReplicaRegions, and DescribeSecret tells ReplicationStatus",
    },
];
