//! Of `ecr`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    // The SDK leaves out what is false, which moto takes for no change.
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecr:Repository",
        what: "update image_scanning_configuration",
        aws: "`scanOnPush` is false unless it is given (ecr ImageScanningConfiguration)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ecr:Repository",
        what: "create",
        aws: "Repository tells imageTagMutabilityExclusionFilters that CreateRepository was given",
    },
];
