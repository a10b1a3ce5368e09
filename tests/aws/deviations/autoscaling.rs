//! Of `autoscaling`.

use super::{Deviation, ministack, moto};

/// Said of both.
const GROUP: &str = "has DescribeNotificationConfigurations; CreateAutoScalingGroup takes and \
                     AutoScalingGroup tells InstanceMaintenancePolicy, DefaultInstanceWarmup, \
                     MaxInstanceLifetime, AvailabilityZoneDistribution, DesiredCapacityType and more";
const HOOK: &str = "PutLifecycleHook takes and LifecycleHook tells NotificationTargetARN, RoleARN and \
                    NotificationMetadata";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:autoscaling:Group", "create", GROUP),
    ministack("aws:autoscaling:Group", "create", GROUP),
    moto("aws:autoscaling:LifecycleHook", "create", HOOK),
    ministack("aws:autoscaling:LifecycleHook", "create", HOOK),
];
