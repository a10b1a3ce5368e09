//! Of `applicationautoscaling`.

use super::{Deviation, ministack, moto};

const TAGS: &str = "tags of targets are told (application-autoscaling ListTagsForResource)";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:applicationautoscaling:ScalableTarget", "create", TAGS),
    // It does not know the service at all.
    ministack(
        "aws:applicationautoscaling:ScalableTarget",
        "list",
        "targets are told (application-autoscaling DescribeScalableTargets)",
    ),
    moto(
        "aws:applicationautoscaling:ScalingPolicy",
        "create",
        "has ListTagsForResource, of the target that it belongs to",
    ),
    moto(
        "aws:applicationautoscaling:ScheduledAction",
        "create",
        "has ListTagsForResource, of the target that it belongs to",
    ),
];
