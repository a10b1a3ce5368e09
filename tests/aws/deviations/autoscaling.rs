//! Of `autoscaling`.

use super::{Deviation, ministack, moto};

/// Said of both.
const GROUP: &str = "has DescribeNotificationConfigurations; CreateAutoScalingGroup takes and \
                     AutoScalingGroup tells InstanceMaintenancePolicy, DefaultInstanceWarmup, \
                     MaxInstanceLifetime, AvailabilityZoneDistribution, DesiredCapacityType and more";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:autoscaling:Group", "create", GROUP),
    ministack(
        "aws:autoscaling:Group",
        "desired_capacity_type",
        "DescribeAutoScalingGroups tells it as it was given",
    ),
    ministack(
        "aws:autoscaling:Group",
        "mixed_instances_policy",
        "DescribeAutoScalingGroups tells it as it was given",
    ),
    ministack(
        "aws:autoscaling:LifecycleHook",
        "notification_target",
        "DescribeLifecycleHooks tells it as it was given",
    ),
    ministack(
        "aws:autoscaling:LifecycleHook",
        "role_arn",
        "DescribeLifecycleHooks tells it as it was given",
    ),
    moto(
        "aws:autoscaling:LifecycleHook",
        "notification_metadata",
        "DescribeLifecycleHooks tells it as it was given",
    ),
    moto(
        "aws:autoscaling:LifecycleHook",
        "notification_target",
        "DescribeLifecycleHooks tells it as it was given",
    ),
    moto(
        "aws:autoscaling:LifecycleHook",
        "role_arn",
        "DescribeLifecycleHooks tells it as it was given",
    ),
    ministack(
        "aws:autoscaling:Group",
        "create",
        "has DescribeNotificationConfigurations and EnableMetricsCollection",
    ),
    ministack(
        "aws:autoscaling:Group",
        "without metrics_collection",
        "EnableMetricsCollection has groups send metrics",
    ),
];
