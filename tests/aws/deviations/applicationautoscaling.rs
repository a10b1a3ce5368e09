//! Of `applicationautoscaling`.

use super::Deviation;
use crate::server::Kind;

const TAGS: &str = "tags of targets are told (application-autoscaling ListTagsForResource)";

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:applicationautoscaling:ScalableTarget",
        what: "create",
        aws: TAGS,
    },
    // It does not know the service at all.
    Deviation {
        server: Kind::Ministack,
        ty: "aws:applicationautoscaling:ScalableTarget",
        what: "list",
        aws: "targets are told (application-autoscaling DescribeScalableTargets)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:applicationautoscaling:ScalingPolicy",
        what: "create",
        aws: "has ListTagsForResource, of the target that it belongs to",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:applicationautoscaling:ScheduledAction",
        what: "create",
        aws: "has ListTagsForResource, of the target that it belongs to",
    },
];
