//! What AWS tells of a group.

use std::collections::BTreeSet;

use aws_sdk_autoscaling::types as sdk;
use infra_core::{
    aws::{
        AmiId, CapacityReservationId, LaunchTemplateId, SubnetId,
        autoscaling::{
            AvailabilityZoneDistributionArgs, AvailabilityZoneImpairmentPolicyArgs,
            CapacityDistributionStrategy, DesiredCapacityType, Group as Type,
            GroupCapacityReservationArgs, GroupCapacityReservationPreference,
            GroupCapacityReservationTargetArgs, GroupMetric, HealthCheckType,
            ImpairedZoneHealthCheckBehavior, InstanceMaintenancePolicyArgs,
            InstancesDistributionArgs, LaunchTemplateOverrideArgs, LaunchTemplateSpecificationArgs,
            MetricGranularity, MetricsCollectionArgs, MixedInstancesPolicyArgs,
            MixedLaunchTemplateArgs, OnDemandAllocationStrategy, SpotAllocationStrategy,
        },
    },
    handler::Request,
    types::Seconds,
};

use super::tagged;
use crate::{
    plain::count,
    requirements::autoscaling as requirements,
    resource::recorded,
    seen::{Seen, all_told, told},
};

pub(super) fn seen(group: &sdk::AutoScalingGroup, request: &Request) -> Seen {
    let subnets = group.vpc_zone_identifier().unwrap_or_default().split(',');
    let checks = group.health_check_type().unwrap_or_default().split(',').map(str::trim);
    let lifetime = group.max_instance_lifetime().and_then(count);
    let seen = Seen::new(group.auto_scaling_group_name().unwrap_or_default())
        .text(Type::AUTO_SCALING_GROUP_NAME, group.auto_scaling_group_name())
        .set(Type::MIN_SIZE, group.min_size().and_then(count))
        .set(Type::MAX_SIZE, group.max_size().and_then(count))
        .set(Type::VPC_ZONE_IDENTIFIER, all_told::<SubnetId>(subnets.filter(|it| !it.is_empty())))
        .set(Type::LAUNCH_TEMPLATE, group.launch_template().and_then(template))
        .set(
            Type::MIXED_INSTANCES_POLICY,
            group.mixed_instances_policy().and_then(|policy| mixed(policy, request)),
        )
        .if_said(Type::DESIRED_CAPACITY, request, group.desired_capacity().and_then(count))
        .set(Type::HEALTH_CHECK_TYPE, all_told::<HealthCheckType>(checks))
        .set(
            Type::HEALTH_CHECK_GRACE_PERIOD,
            Seconds(group.health_check_grace_period().and_then(count).unwrap_or_default()),
        )
        .texts(Type::TARGET_GROUP_ARNS, group.target_group_arns())
        .texts(Type::TERMINATION_POLICIES, group.termination_policies())
        .set(
            Type::NEW_INSTANCES_PROTECTED_FROM_SCALE_IN,
            group.new_instances_protected_from_scale_in().unwrap_or_default(),
        )
        .set(Type::METRICS_COLLECTION, metrics(group, request))
        .set(
            Type::DEFAULT_INSTANCE_WARMUP,
            group.default_instance_warmup().and_then(count).map(Seconds),
        )
        .set(Type::CAPACITY_REBALANCE, group.capacity_rebalance().unwrap_or_default())
        // For ever is what there is where nothing is told.
        .if_said(Type::MAX_INSTANCE_LIFETIME, request, Seconds(lifetime.unwrap_or_default()))
        .text(Type::PLACEMENT_GROUP, group.placement_group().filter(|name| !name.is_empty()))
        .text(
            Type::DELETION_PROTECTION,
            Some(group.deletion_protection().map_or("none", |it| it.as_str())),
        )
        .set(Type::PROPAGATED_TAGS, tagged::propagated(group))
        .tags(tagged::told(group, false))
        .text(Type::AUTO_SCALING_GROUP_ARN, group.auto_scaling_group_arn())
        .texts(Type::AVAILABILITY_ZONES, zones(group));
    with_state(with_policies(seen, group, request), group)
}

/// What AWS gives a usual value.
fn with_policies(seen: Seen, group: &sdk::AutoScalingGroup, request: &Request) -> Seen {
    let kind = told::<DesiredCapacityType>(group.desired_capacity_type());
    let best = AvailabilityZoneDistributionArgs {
        capacity_distribution_strategy: CapacityDistributionStrategy::BalancedBestEffort,
    };
    let as_template = GroupCapacityReservationArgs {
        capacity_reservation_preference: GroupCapacityReservationPreference::Default,
        capacity_reservation_target: None,
    };
    let ignoring = |behavior| AvailabilityZoneImpairmentPolicyArgs {
        zonal_shift_enabled: false,
        impaired_zone_health_check_behavior: behavior,
    };
    let never = ImpairedZoneHealthCheckBehavior::ALL.map(ignoring);
    let maintenance = group.instance_maintenance_policy().and_then(|policy| {
        Some(InstanceMaintenancePolicyArgs {
            min_healthy_percentage: policy.min_healthy_percentage().and_then(count)?,
            max_healthy_percentage: policy.max_healthy_percentage().and_then(count)?,
        })
    });
    seen.unless_usual(Type::DESIRED_CAPACITY_TYPE, request, kind, &[DesiredCapacityType::Units])
        .set(Type::INSTANCE_MAINTENANCE_POLICY, maintenance)
        .unless_usual(Type::AVAILABILITY_ZONE_DISTRIBUTION, request, distribution(group), &[best])
        .unless_usual(Type::AVAILABILITY_ZONE_IMPAIRMENT_POLICY, request, impairment(group), &never)
        .unless_usual(
            Type::CAPACITY_RESERVATION_SPECIFICATION,
            request,
            reservation(group),
            &[as_template],
        )
}

/// Ready when there are as many instances as there are to be at least.
fn with_state(seen: Seen, group: &sdk::AutoScalingGroup) -> Seen {
    if let Some(status) = group.status().filter(|status| !status.is_empty()) {
        let mut seen = seen.waiting(status);
        seen.deleting = true;
        return seen;
    }
    let least = group.min_size().and_then(count).unwrap_or_default();
    let in_service = group.instances().iter();
    let in_service =
        in_service.filter(|it| it.lifecycle_state() == Some(&sdk::LifecycleState::InService));
    let weight = |it: &sdk::Instance| it.weighted_capacity().and_then(|it| it.parse().ok());
    let counts = |it: &sdk::Instance| weight(it).unwrap_or(1_u32);
    let works: u32 = in_service.map(counts).sum();
    // Of processors and memory AWS does not always tell how much an instance has.
    let units = group.desired_capacity_type().is_none_or(|kind| kind == "units");
    let enough = if units { least } else { least.min(1) };
    if works >= enough { seen } else { seen.waiting(format!("{works} of {least} in service")) }
}

fn zones(group: &sdk::AutoScalingGroup) -> BTreeSet<&str> {
    group.availability_zones().iter().map(String::as_str).collect()
}

pub(super) fn template(
    template: &sdk::LaunchTemplateSpecification,
) -> Option<LaunchTemplateSpecificationArgs> {
    Some(LaunchTemplateSpecificationArgs {
        launch_template_id: told::<LaunchTemplateId>(template.launch_template_id())?,
        version: template.version().unwrap_or("$Default").to_owned(),
    })
}

/// A policy. AWS completes what is not said of the distribution.
pub(super) fn mixed(
    policy: &sdk::MixedInstancesPolicy,
    request: &Request,
) -> Option<MixedInstancesPolicyArgs> {
    let said = recorded(request, Type::MIXED_INSTANCES_POLICY);
    let said = said.and_then(|said| said.instances_distribution);
    let of = policy.launch_template()?;
    Some(MixedInstancesPolicyArgs {
        launch_template: MixedLaunchTemplateArgs {
            launch_template_specification: of.launch_template_specification().and_then(template)?,
            overrides: of.overrides().iter().map(one_override).collect(),
        },
        instances_distribution: policy
            .instances_distribution()
            .and_then(|it| instances(it, said.as_ref())),
    })
}

fn one_override(it: &sdk::LaunchTemplateOverrides) -> LaunchTemplateOverrideArgs {
    LaunchTemplateOverrideArgs {
        instance_type: it.instance_type().filter(|kind| !kind.is_empty()).map(str::to_owned),
        instance_requirements: it.instance_requirements().map(requirements::told),
        weighted_capacity: it.weighted_capacity().and_then(|weight| weight.parse().ok()),
        launch_template_specification: it.launch_template_specification().and_then(template),
        image_id: told::<AmiId>(it.image_id().filter(|id| !id.is_empty())),
    }
}

fn instances(
    it: &sdk::InstancesDistribution,
    said: Option<&InstancesDistributionArgs>,
) -> Option<InstancesDistributionArgs> {
    let base = it.on_demand_base_capacity().and_then(count).unwrap_or_default();
    let percentage = it.on_demand_percentage_above_base_capacity().and_then(count);
    let percentage = percentage.unwrap_or(100);
    if said.is_none() && base == 0 && percentage == 100 {
        return None;
    }
    let on_demand = told::<OnDemandAllocationStrategy>(it.on_demand_allocation_strategy());
    let spot = told::<SpotAllocationStrategy>(it.spot_allocation_strategy());
    let pools = it.spot_instance_pools().and_then(count);
    let price = it.spot_max_price().filter(|price| !price.is_empty()).map(str::to_owned);
    Some(InstancesDistributionArgs {
        on_demand_allocation_strategy: said
            .and_then(|it| it.on_demand_allocation_strategy)
            .and(on_demand),
        on_demand_base_capacity: base,
        on_demand_percentage_above_base_capacity: percentage,
        spot_allocation_strategy: said.and_then(|it| it.spot_allocation_strategy).and(spot),
        spot_instance_pools: said.and_then(|it| it.spot_instance_pools).and(pools),
        spot_max_price: price,
    })
}

/// Figures that AWS tells and the catalogue has.
pub(super) fn enabled(group: &sdk::AutoScalingGroup) -> BTreeSet<GroupMetric> {
    let all = group.enabled_metrics().iter();
    all.filter_map(|it| told::<GroupMetric>(it.metric())).collect()
}

/// Figures that the program wants: a list that names none means all.
pub(super) fn wanted(collections: &[MetricsCollectionArgs]) -> BTreeSet<GroupMetric> {
    let of = |it: &MetricsCollectionArgs| {
        if it.metrics.is_empty() { GroupMetric::ALL.to_vec() } else { it.metrics.clone() }
    };
    collections.iter().flat_map(of).collect()
}

fn metrics(group: &sdk::AutoScalingGroup, request: &Request) -> Option<Vec<MetricsCollectionArgs>> {
    let enabled = enabled(group);
    let said = recorded(request, Type::METRICS_COLLECTION).unwrap_or_default();
    if enabled == wanted(&said) {
        return Some(said).filter(|said| !said.is_empty());
    }
    let all = enabled.len() == GroupMetric::ALL.len();
    let metrics = if all { vec![] } else { enabled.iter().copied().collect() };
    let granularity = MetricGranularity::OneMinute;
    (!enabled.is_empty()).then(|| vec![MetricsCollectionArgs { granularity, metrics }])
}

fn distribution(group: &sdk::AutoScalingGroup) -> Option<AvailabilityZoneDistributionArgs> {
    let strategy = group.availability_zone_distribution()?.capacity_distribution_strategy()?;
    Some(AvailabilityZoneDistributionArgs {
        capacity_distribution_strategy: told::<CapacityDistributionStrategy>(Some(
            strategy.as_str(),
        ))?,
    })
}

fn impairment(group: &sdk::AutoScalingGroup) -> Option<AvailabilityZoneImpairmentPolicyArgs> {
    type Behavior = ImpairedZoneHealthCheckBehavior;
    let policy = group.availability_zone_impairment_policy()?;
    let behavior = policy.impaired_zone_health_check_behavior().map(|it| it.as_str());
    Some(AvailabilityZoneImpairmentPolicyArgs {
        zonal_shift_enabled: policy.zonal_shift_enabled().unwrap_or_default(),
        impaired_zone_health_check_behavior: told::<Behavior>(behavior)
            .unwrap_or(Behavior::ReplaceUnhealthy),
    })
}

fn reservation(group: &sdk::AutoScalingGroup) -> Option<GroupCapacityReservationArgs> {
    type Preference = GroupCapacityReservationPreference;
    let specification = group.capacity_reservation_specification()?;
    let preference = specification.capacity_reservation_preference().map(|it| it.as_str());
    let target = specification.capacity_reservation_target().map(|target| {
        let groups = target.capacity_reservation_resource_group_arns().to_vec();
        GroupCapacityReservationTargetArgs {
            capacity_reservation_ids: all_told::<CapacityReservationId>(
                target.capacity_reservation_ids(),
            ),
            capacity_reservation_resource_group_arns: Some(groups)
                .filter(|groups| !groups.is_empty()),
        }
    });
    let nothing = GroupCapacityReservationTargetArgs {
        capacity_reservation_ids: None,
        capacity_reservation_resource_group_arns: None,
    };
    Some(GroupCapacityReservationArgs {
        capacity_reservation_preference: told::<Preference>(preference)?,
        capacity_reservation_target: target.filter(|target| *target != nothing),
    })
}
