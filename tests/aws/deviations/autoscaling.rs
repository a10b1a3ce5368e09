//! Of `autoscaling`.

use super::Deviation;
use crate::server::Kind;

/// Said of both.
const GROUP: &str = "has DescribeNotificationConfigurations; CreateAutoScalingGroup takes and \
                     AutoScalingGroup tells InstanceMaintenancePolicy, DefaultInstanceWarmup, \
                     MaxInstanceLifetime, AvailabilityZoneDistribution, DesiredCapacityType and more";
const HOOK: &str = "PutLifecycleHook takes and LifecycleHook tells NotificationTargetARN, RoleARN and \
                    NotificationMetadata";

pub(super) const ALL: &[Deviation] = &[
    Deviation { server: Kind::Moto, ty: "aws:autoscaling:Group", what: "create", aws: GROUP },
    Deviation { server: Kind::Ministack, ty: "aws:autoscaling:Group", what: "create", aws: GROUP },
    Deviation {
        server: Kind::Moto,
        ty: "aws:autoscaling:LifecycleHook",
        what: "create",
        aws: HOOK,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:autoscaling:LifecycleHook",
        what: "create",
        aws: HOOK,
    },
];
