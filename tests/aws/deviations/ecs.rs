//! Of `ecs`.

use super::{Deviation, localstack, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:ecs:AccountSetting",
        "create",
        "a default of the account can be set (ecs PutAccountSettingDefault)",
    ),
    moto(
        "aws:ecs:CapacityProvider",
        "update managed_draining",
        "it changes (ecs UpdateCapacityProvider, `managedDraining`)",
    ),
    moto(
        "aws:ecs:Service",
        "capacity_provider_strategy",
        "it is told (ecs DescribeServices, `capacityProviderStrategy`)",
    ),
    moto(
        "aws:ecs:Service",
        "deployment_configuration",
        "it is told (ecs DescribeServices, `deploymentConfiguration`)",
    ),
    moto(
        "aws:ecs:TaskDefinition",
        "update enable_fault_injection",
        "it is told (ecs DescribeTaskDefinition, `enableFaultInjection`)",
    ),
    moto(
        "aws:ecs:RunTask",
        "create",
        "no instance is a refusal, no failure of the server (ecs RunTask, Errors)",
    ),
    // Without Docker its tasks run for ever.
    ministack(
        "aws:ecs:RunTask",
        "create",
        "a task stops when an essential container does (ECS guide, task lifecycle)",
    ),
    ministack(
        "aws:ecs:CapacityProvider",
        "managed_draining",
        "AutoScalingGroupProvider tells the managedDraining that CreateCapacityProvider was given",
    ),
    moto(
        "aws:ecs:TaskDefinition",
        "create",
        "has DescribeReplicationConfigurations, of the file system that it mounts",
    ),
    ministack(
        "aws:ecs:TaskDefinition",
        "create",
        "AccessPointDescription of the files that it mounts has no PosixUser where CreateAccessPoint was given none",
    ),
    moto("aws:ecs:Cluster", "update container_insights", "UpdateClusterSettings changes them"),
    moto(
        "aws:ecs:Service",
        "health_check_grace_period",
        "DescribeServices tells healthCheckGracePeriodSeconds",
    ),
    moto("aws:ecs:Service", "placement_strategies", "DescribeServices tells placementStrategy"),
    moto("aws:ecs:Service", "placement_constraints", "DescribeServices tells placementConstraints"),
    moto(
        "aws:ecs:Service",
        "availability_zone_rebalancing",
        "DescribeServices tells availabilityZoneRebalancing",
    ),
    moto(
        "aws:ecs:Service",
        "enable_ecs_managed_tags",
        "DescribeServices tells enableECSManagedTags",
    ),
    moto("aws:ecs:Service", "monitoring", "CreateService takes the monitoring of service metrics"),
    ministack(
        "aws:ecs:Service",
        "placement_strategies",
        "DescribeServices tells placementStrategy",
    ),
    ministack(
        "aws:ecs:Service",
        "placement_constraints",
        "DescribeServices tells placementConstraints",
    ),
    ministack(
        "aws:ecs:Service",
        "availability_zone_rebalancing",
        "DescribeServices tells availabilityZoneRebalancing",
    ),
    ministack(
        "aws:ecs:Service",
        "monitoring",
        "CreateService takes the monitoring of service metrics",
    ),
    ministack(
        "aws:ecs:Service",
        "deployment_configuration",
        "DescribeServices tells the deploymentConfiguration that was given",
    ),
    ministack(
        "aws:ecs:TaskDefinition",
        "update enable_fault_injection",
        "DescribeTaskDefinition tells enableFaultInjection",
    ),
    ministack(
        "aws:ecs:AccountSetting",
        "update name",
        "new accounts have no containerInsights (ECS guide, account settings)",
    ),
    ministack(
        "aws:ecs:Service",
        "update enable_ecs_managed_tags",
        "UpdateService takes enableECSManagedTags",
    ),
    ministack("aws:ecs:Service", "update propagate_tags", "UpdateService takes propagateTags"),
    ministack(
        "aws:ecs:Service",
        "update service_registries",
        "UpdateService takes serviceRegistries",
    ),
    moto(
        "aws:ecs:Service",
        "update task_definition",
        "a deployment comes to its end (DescribeServices, rolloutState)",
    ),
    localstack(
        "aws:ecs:CapacityProvider",
        "managed_draining",
        "AutoScalingGroupProvider tells the managedDraining that CreateCapacityProvider was given; it is asked of ministack",
    ),
];
