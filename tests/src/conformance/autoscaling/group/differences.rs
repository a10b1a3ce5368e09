//! Where `aws:autoscaling:Group` differs from CloudFormation, and why.

pub(super) const ALL: &[(&str, &str)] = &[
    (
        "AvailabilityZoneDistribution.CapacityDistributionStrategy",
        "required here: it is the only field",
    ),
    ("AvailabilityZoneIds", "left out: the subnets say it"),
    ("AvailabilityZones", "an output here: the subnets say it"),
    ("Context", "left out: AWS keeps it for itself"),
    ("Cooldown", "left out: only simple scaling policies use it, which AWS advises against"),
    ("InstanceId", "left out: makes a launch configuration of an instance"),
    ("InstanceLifecyclePolicy", "left out: belongs to lifecycle hooks"),
    (
        "InstanceMaintenancePolicy.MaxHealthyPercentage",
        "required here as by AWS; -1 takes a policy back, which leaving it out does here",
    ),
    (
        "InstanceMaintenancePolicy.MinHealthyPercentage",
        "required here as by AWS; -1 takes a policy back, which leaving it out does here",
    ),
    ("LaunchConfigurationName", "left out: launch templates have taken its place"),
    ("LaunchTemplate.LaunchTemplateId", "required here: templates are named by id alone"),
    ("LaunchTemplate.LaunchTemplateName", "left out: templates are named by id alone"),
    ("LifecycleHookSpecificationList", "left out: a hook is changed by calls of its own"),
    ("LoadBalancerNames", "left out: Classic Load Balancers are not part of the architecture"),
    (
        "MixedInstancesPolicy.InstancesDistribution.DistributionSegments",
        "left out: reservations are preferred by `capacity_reservation_specification`",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorCount",
        "left out: the architecture needs no accelerators",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorManufacturers",
        "left out: no accelerators",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorNames",
        "left out: no accelerators",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorTotalMemoryMiB",
        "left out: no accelerators",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.AcceleratorTypes",
        "left out: no accelerators",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.BaselinePerformanceFactors",
        "left out: processors and memory say enough",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.CpuManufacturers",
        "the word `apple` is left out: its machines run macOS",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
        "required here: templates are named by id alone",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName",
        "left out: templates are named by id alone",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.LaunchTemplateSpecification.LaunchTemplateId",
        "required here: templates are named by id alone",
    ),
    (
        "MixedInstancesPolicy.LaunchTemplate.Overrides.LaunchTemplateSpecification.LaunchTemplateName",
        "left out: templates are named by id alone",
    ),
    ("NotificationConfiguration", "left out: the plural says the same"),
    (
        "NotificationConfigurations.NotificationTypes",
        "required here: who is told of nothing is not told",
    ),
    ("ServiceLinkedRoleARN", "left out: AWS makes the role that it uses by itself"),
    ("SkipZonalShiftValidation", "left out: a parameter of one call, kept by nobody"),
    ("TrafficSources", "left out: target groups are named as such"),
    ("VPCZoneIdentifier", "required here: default subnets are not part of the architecture"),
    ("force_delete", "DeleteAutoScalingGroup's; CloudFormation waits for instances to end"),
    ("instance_refresh", "StartInstanceRefresh's; CloudFormation has an UpdatePolicy in its place"),
    ("propagated_tags", "those of `Tags` with PropagateAtLaunch"),
];
