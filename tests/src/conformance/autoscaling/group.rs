//! The cases of `aws:autoscaling:Group`: of one template, of several types, of requirements.

mod differences;
mod refresh;

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        autoscaling::{
            AvailabilityZoneDistribution, AvailabilityZoneImpairmentPolicy,
            CapacityDistributionStrategy, DeletionProtection, DesiredCapacityType, Group,
            GroupBuilder, GroupCapacityReservation, GroupCapacityReservationPreference,
            GroupCapacityReservationTarget, GroupMetric, HealthCheckType,
            ImpairedZoneHealthCheckBehavior, InstanceMaintenancePolicy, InstancesDistribution,
            LaunchTemplateOverride, LaunchTemplateSpecification, MetricsCollection,
            MixedInstancesPolicy, MixedLaunchTemplate, NotificationConfiguration, NotificationType,
            OnDemandAllocationStrategy, SpotAllocationStrategy, TerminationPolicy,
        },
        ec2::{InstanceRequirements, IntRange, LaunchTemplate, LaunchTemplateData, Subnet},
        elbv2::{Protocol, TargetGroup, TargetType},
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::elbv2::load_balancer::Network;
use crate::conformance::sns::topic::topic;

type Subject = GroupBuilder<Provided, Provided, Provided>;

/// A template that instances can be started from.
pub(crate) fn template(stack: &Stack, name: &str) -> LaunchTemplate {
    let data =
        LaunchTemplateData::new().image_id("ami-0123456789abcdef0").instance_type("m7g.large");
    LaunchTemplate::named(name).launch_template_data(data).create(stack)
}

/// A group of two to four instances.
pub(crate) fn sized(name: &str, subnets: &[Subnet; 3]) -> Subject {
    // Servers that stand in for AWS take 0 for nothing said.
    let group = Group::named(name).min_size(2_u32).max_size(4_u32);
    group.vpc_zone_identifier(subnets.each_ref()).health_check_grace_period(Seconds(60))
}

fn instances(stack: &Stack, network: &Network, name: &str) -> TargetGroup {
    TargetGroup::named(name)
        .vpc_id(&network.vpc)
        .protocol(Protocol::Http)
        .port(80_u16)
        .create(stack)
}

/// A program with a group of one template, and what is wrong with it.
fn refused(stack: &Stack, change: impl FnOnce(Subject) -> Subject) {
    let network = Network::private(stack, "vpc");
    let specification = LaunchTemplateSpecification::latest(&template(stack, "template"));
    change(sized("subject", &network.subnets).launch_template(specification)).create(stack);
}

/// A program with a group of several types, and what is wrong with them.
fn refused_mixed(
    stack: &Stack,
    overrides: Vec<LaunchTemplateOverride>,
    distribution: InstancesDistribution,
) {
    let network = Network::private(stack, "vpc");
    let policy =
        mixed(&template(stack, "template"), overrides).instances_distribution(distribution);
    sized("subject", &network.subnets).mixed_instances_policy(policy).create(stack);
}

fn mixed(
    template: &LaunchTemplate,
    overrides: Vec<LaunchTemplateOverride>,
) -> MixedInstancesPolicy {
    let specification = LaunchTemplateSpecification::latest(template);
    MixedInstancesPolicy::new(MixedLaunchTemplate::new(specification).overrides(overrides))
}

fn requirements(processors: u32) -> LaunchTemplateOverride {
    let memory = IntRange::new().min(4096_u32);
    let requirements = InstanceRequirements::new(IntRange::new().min(processors), memory);
    LaunchTemplateOverride::new().instance_requirements(requirements)
}

fn reserved(preference: GroupCapacityReservationPreference) -> GroupCapacityReservation {
    let target = GroupCapacityReservationTarget::new();
    GroupCapacityReservation::new(preference)
        .capacity_reservation_target(target.capacity_reservation_ids(["cr-0123456789abcdef0"]))
}

const SINGLE: Case = Case {
    ty: Group::definition,
    build: |stack, v| {
        let network = Network::private(stack, "vpc");
        let [a, b, c] = &network.subnets;
        let [one, other] = ["one", "other"].map(|name| template(stack, name));
        let [web, admin] = ["web", "admin"].map(|name| instances(stack, &network, name));
        let topic = topic(stack, "alarms");
        let told = |of| NotificationConfiguration::new(&topic, [of]);
        let zones = |strategy| AvailabilityZoneDistribution::new(strategy);
        let impaired = |shift: bool| {
            AvailabilityZoneImpairmentPolicy::new(
                shift,
                ImpairedZoneHealthCheckBehavior::IgnoreUnhealthy,
            )
        };
        Group::named("subject")
            .auto_scaling_group_name(v.pick("auto_scaling_group_name", "web", "campus.web"))
            .min_size(v.pick("min_size", 2_u32, 1))
            .max_size(v.pick("max_size", 4_u32, 8))
            .desired_capacity(v.pick("desired_capacity", 2_u32, 3))
            .vpc_zone_identifier(v.pick("vpc_zone_identifier", vec![a, b], vec![a, b, c]))
            .launch_template(v.pick(
                "launch_template",
                LaunchTemplateSpecification::latest(&one),
                LaunchTemplateSpecification::latest(&other),
            ))
            .health_check_type(v.pick(
                "health_check_type",
                vec![HealthCheckType::Ec2],
                vec![HealthCheckType::Elb, HealthCheckType::Ebs],
            ))
            .health_check_grace_period(v.pick(
                "health_check_grace_period",
                Seconds(120),
                Seconds(300),
            ))
            .target_group_arns(v.pick("target_group_arns", vec![&web], vec![&web, &admin]))
            .termination_policies(v.pick(
                "termination_policies",
                vec![TerminationPolicy::Default],
                vec![TerminationPolicy::OldestLaunchTemplate, TerminationPolicy::OldestInstance],
            ))
            .instance_maintenance_policy(v.pick(
                "instance_maintenance_policy",
                InstanceMaintenancePolicy::new(100_u32, 200_u32),
                InstanceMaintenancePolicy::new(90_u32, 110_u32),
            ))
            .new_instances_protected_from_scale_in(v.pick(
                "new_instances_protected_from_scale_in",
                true,
                false,
            ))
            .metrics_collection(v.pick(
                "metrics_collection",
                vec![MetricsCollection::new()],
                vec![MetricsCollection::new().metrics([GroupMetric::GroupInServiceInstances])],
            ))
            .default_instance_warmup(v.pick("default_instance_warmup", Seconds(0), Seconds(60)))
            .capacity_rebalance(v.pick("capacity_rebalance", true, false))
            .max_instance_lifetime(v.pick(
                "max_instance_lifetime",
                Seconds(86_400),
                Seconds(604_800),
            ))
            .availability_zone_distribution(v.pick(
                "availability_zone_distribution",
                zones(CapacityDistributionStrategy::BalancedBestEffort),
                zones(CapacityDistributionStrategy::BalancedOnly),
            ))
            .availability_zone_impairment_policy(v.pick(
                "availability_zone_impairment_policy",
                impaired(true),
                impaired(false),
            ))
            .capacity_reservation_specification(v.pick(
                "capacity_reservation_specification",
                reserved(GroupCapacityReservationPreference::CapacityReservationsFirst),
                reserved(GroupCapacityReservationPreference::CapacityReservationsOnly),
            ))
            .placement_group(v.pick("placement_group", "apart", "together"))
            .notification_configurations(v.pick(
                "notification_configurations",
                vec![told(NotificationType::InstanceLaunchError)],
                vec![told(NotificationType::InstanceTerminate)],
            ))
            .deletion_protection(v.pick(
                "deletion_protection",
                DeletionProtection::PreventAllDeletion,
                DeletionProtection::PreventForceDeletion,
            ))
            .force_delete(v.pick("force_delete", true, false))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .propagated_tags(v.pick("propagated_tags", [("role", "web")], [("role", "cron")]))
            .create(stack);
    },
    refused: REFUSED,
    fixed: &[
        ("mixed_instances_policy", "excludes `launch_template`; the second case has it"),
        ("desired_capacity_type", "goes with requirements, which the third case has"),
        ("instance_refresh", "the fourth case has it, and what is refused of it"),
    ],
    cfn: Cfn {
        name: "AWS::AutoScaling::AutoScalingGroup",
        differs: differences::ALL,
        renamed: &[
            ("TargetGroupARNs", "target_group_arns"),
            ("NotificationConfigurations.TopicARN", "topic_arn"),
            (
                "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.MemoryMiB",
                "memory_mib",
            ),
            (
                "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements.MemoryGiBPerVCpu",
                "memory_gib_per_v_cpu",
            ),
        ],
    },
};

const REFUSED: &[Refused] = &[
    Refused {
        property: "max_size",
        build: |stack| refused(stack, |subject| subject.max_size(1_u32)),
        says: "1 is less than `min_size` 2",
    },
    Refused {
        property: "desired_capacity",
        build: |stack| refused(stack, |subject| subject.desired_capacity(5_u32)),
        says: "5 must be between `min_size` 2 and `max_size` 4",
    },
    Refused {
        property: "auto_scaling_group_name",
        build: |stack| refused(stack, |subject| subject.auto_scaling_group_name("web:1")),
        says: "letters, digits and /._-#",
    },
    Refused {
        property: "vpc_zone_identifier",
        build: |stack| {
            let (network, other) =
                (Network::private(stack, "vpc"), Network::private(stack, "other"));
            Group::named("subject")
                .min_size(1_u32)
                .max_size(1_u32)
                .vpc_zone_identifier([&network.subnets[0], &other.subnets[1]])
                .launch_template(LaunchTemplateSpecification::latest(&template(stack, "template")))
                .create(stack);
        },
        says: "all lie in one VPC",
    },
    Refused {
        property: "launch_template",
        build: |stack| {
            let network = Network::private(stack, "vpc");
            sized("subject", &network.subnets).create(stack);
        },
        says: "one of `launch_template` and `mixed_instances_policy` is needed",
    },
    Refused {
        property: "launch_template",
        build: |stack| {
            let network = Network::private(stack, "vpc");
            let specification = LaunchTemplateSpecification::new(&template(stack, "template"), "7");
            sized("subject", &network.subnets).launch_template(specification).create(stack);
        },
        says: "there are 1 to 1, $Latest and $Default",
    },
    Refused {
        property: "launch_template",
        build: |stack| {
            let network = Network::private(stack, "vpc");
            let empty = LaunchTemplate::named("template")
                .launch_template_data(LaunchTemplateData::new().instance_type("m7g.large"))
                .create(stack);
            sized("subject", &network.subnets)
                .launch_template(LaunchTemplateSpecification::latest(&empty))
                .create(stack);
        },
        says: "the template says no `image_id`",
    },
    Refused {
        property: "launch_template",
        build: |stack| {
            let (network, other) =
                (Network::private(stack, "vpc"), Network::private(stack, "other"));
            let data = LaunchTemplateData::new()
                .image_id("ami-0123456789abcdef0")
                .instance_type("m7g.large")
                .security_group_ids([&other.group(stack, "web")]);
            let template =
                LaunchTemplate::named("template").launch_template_data(data).create(stack);
            sized("subject", &network.subnets)
                .launch_template(LaunchTemplateSpecification::latest(&template))
                .create(stack);
        },
        says: "the subnets to vpc-",
    },
    Refused {
        property: "target_group_arns",
        build: |stack| {
            let network = Network::private(stack, "vpc");
            let addresses = TargetGroup::named("web")
                .vpc_id(&network.vpc)
                .protocol(Protocol::Http)
                .port(80_u16)
                .target_type(TargetType::Ip)
                .create(stack);
            sized("subject", &network.subnets)
                .launch_template(LaunchTemplateSpecification::latest(&template(stack, "template")))
                .target_group_arns([&addresses])
                .create(stack);
        },
        says: "is for targets of type ip, not instance",
    },
    Refused {
        property: "instance_maintenance_policy",
        build: |stack| {
            refused(stack, |subject| {
                subject.instance_maintenance_policy(InstanceMaintenancePolicy::new(50_u32, 200_u32))
            });
        },
        says: "they are 100 apart at most",
    },
    Refused {
        property: "max_instance_lifetime",
        build: |stack| refused(stack, |subject| subject.max_instance_lifetime(Seconds(3600))),
        says: "3600 s must be between 86400 s (a day)",
    },
    Refused {
        property: "propagated_tags",
        build: |stack| {
            refused(stack, |subject| subject.tags([("a", "b")]).propagated_tags([("a", "b")]));
        },
        says: "stands in `tags` too",
    },
    Refused {
        property: "capacity_reservation_specification",
        build: |stack| {
            refused(stack, |subject| {
                subject.capacity_reservation_specification(reserved(
                    GroupCapacityReservationPreference::None,
                ))
            });
        },
        says: "does not go with the preference none",
    },
    Refused {
        property: "desired_capacity_type",
        build: |stack| {
            refused(stack, |subject| subject.desired_capacity_type(DesiredCapacityType::Vcpu));
        },
        says: "needs `instance_requirements`",
    },
];

const MIXED: Case = Case {
    ty: Group::definition,
    build: |stack, v| {
        let network = Network::private(stack, "vpc");
        let template = template(stack, "template");
        let of_type = LaunchTemplateOverride::of_type;
        let distribution = InstancesDistribution::new()
            .on_demand_allocation_strategy(OnDemandAllocationStrategy::Prioritized)
            .on_demand_base_capacity(2_u32)
            .on_demand_percentage_above_base_capacity(50_u32);
        let other = LaunchTemplateSpecification::new(&template, "$Latest");
        let types = |weight: u32| {
            vec![
                of_type("m7g.large").weighted_capacity(1_u32),
                of_type("m7g.xlarge")
                    .weighted_capacity(weight)
                    .image_id("ami-0123456789abcdef1")
                    .launch_template_specification(other.clone()),
            ]
        };
        let spare = distribution
            .clone()
            .spot_allocation_strategy(SpotAllocationStrategy::PriceCapacityOptimized);
        let cheap = distribution
            .spot_allocation_strategy(SpotAllocationStrategy::LowestPrice)
            .spot_instance_pools(3_u32)
            .spot_max_price("0.10");
        sized("subject", &network.subnets)
            .mixed_instances_policy(v.pick(
                "mixed_instances_policy",
                mixed(&template, types(2)).instances_distribution(spare),
                mixed(&template, types(3)).instances_distribution(cheap),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let both = requirements(2).instance_type("m7g.large");
                refused_mixed(stack, vec![both], InstancesDistribution::new());
            },
            says: "takes one of `instance_type` and `instance_requirements`",
        },
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let types = vec![LaunchTemplateOverride::of_type("m7g.large"), requirements(2)];
                refused_mixed(stack, types, InstancesDistribution::new());
            },
            says: "mixes types with requirements",
        },
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let types = vec![
                    LaunchTemplateOverride::of_type("m7g.large").weighted_capacity(1_u32),
                    LaunchTemplateOverride::of_type("m7g.xlarge"),
                ];
                refused_mixed(stack, types, InstancesDistribution::new());
            },
            says: "gives weights to some types",
        },
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let heavy =
                    LaunchTemplateOverride::of_type("m7g.large").weighted_capacity(1000_u32);
                refused_mixed(stack, vec![heavy], InstancesDistribution::new());
            },
            says: "has the weight 1000, not 1 to 999",
        },
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let distribution =
                    InstancesDistribution::new().on_demand_percentage_above_base_capacity(101_u32);
                refused_mixed(stack, vec![], distribution);
            },
            says: "101 is more than 100",
        },
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let distribution = InstancesDistribution::new()
                    .on_demand_allocation_strategy(OnDemandAllocationStrategy::Prioritized);
                refused_mixed(stack, vec![requirements(2)], distribution);
            },
            says: "requirements have none",
        },
        Refused {
            property: "mixed_instances_policy",
            build: |stack| {
                let distribution = InstancesDistribution::new()
                    .spot_allocation_strategy(SpotAllocationStrategy::CapacityOptimized)
                    .spot_instance_pools(2_u32);
                refused_mixed(stack, vec![], distribution);
            },
            says: "goes with lowest-price alone",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const BY_REQUIREMENTS: Case = Case {
    ty: Group::definition,
    build: |stack, v| {
        let network = Network::private(stack, "vpc");
        sized("subject", &network.subnets)
            .mixed_instances_policy(mixed(&template(stack, "template"), vec![requirements(2)]))
            .desired_capacity_type(v.pick(
                "desired_capacity_type",
                DesiredCapacityType::Units,
                DesiredCapacityType::MemoryMib,
            ))
            .create(stack);
    },
    refused: &[Refused {
        property: "desired_capacity_type",
        build: |stack| {
            let network = Network::private(stack, "vpc");
            let types = vec![LaunchTemplateOverride::of_type("m7g.large")];
            sized("subject", &network.subnets)
                .mixed_instances_policy(mixed(&template(stack, "template"), types))
                .desired_capacity_type(DesiredCapacityType::Vcpu)
                .create(stack);
        },
        says: "needs `instance_requirements`",
    }],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[SINGLE, MIXED, BY_REQUIREMENTS, refresh::REFRESHED];
