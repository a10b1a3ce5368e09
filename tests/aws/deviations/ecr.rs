//! Of `ecr`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    // The SDK leaves out what is false, which moto takes for no change.
    moto(
        "aws:ecr:Repository",
        "update image_scanning_configuration",
        "`scanOnPush` is false unless it is given (ecr ImageScanningConfiguration)",
    ),
    ministack(
        "aws:ecr:Repository",
        "image_tag_mutability_exclusion_filters",
        "DescribeRepositories tells it as it was given",
    ),
];
