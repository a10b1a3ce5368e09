//! What a group is, as the API takes it.

use aws_sdk_autoscaling::types as sdk;
use infra_core::aws::autoscaling::{
    AvailabilityZoneDistributionArgs, AvailabilityZoneImpairmentPolicyArgs,
    GroupCapacityReservationArgs, InstanceMaintenancePolicyArgs, InstancesDistributionArgs,
    LaunchTemplateOverrideArgs, LaunchTemplateSpecificationArgs, MixedInstancesPolicyArgs,
};

use crate::{
    plain::{int, text, texts},
    requirements::autoscaling as requirements,
};

/// A list as the API takes some: one text.
pub(super) fn joined<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

pub(super) fn template(
    template: &LaunchTemplateSpecificationArgs,
) -> sdk::LaunchTemplateSpecification {
    sdk::LaunchTemplateSpecification::builder()
        .launch_template_id(template.launch_template_id.as_str())
        .version(&template.version)
        .build()
}

pub(super) fn mixed(policy: &MixedInstancesPolicyArgs) -> sdk::MixedInstancesPolicy {
    let overrides = policy.launch_template.overrides.iter().map(one_override).collect();
    let template = sdk::LaunchTemplate::builder()
        .launch_template_specification(template(
            &policy.launch_template.launch_template_specification,
        ))
        .set_overrides(Some(overrides))
        .build();
    sdk::MixedInstancesPolicy::builder()
        .launch_template(template)
        .set_instances_distribution(policy.instances_distribution.as_ref().map(instances))
        .build()
}

fn one_override(it: &LaunchTemplateOverrideArgs) -> sdk::LaunchTemplateOverrides {
    sdk::LaunchTemplateOverrides::builder()
        .set_instance_type(it.instance_type.clone())
        .set_instance_requirements(it.instance_requirements.as_ref().map(requirements::asked))
        .set_weighted_capacity(text(it.weighted_capacity.as_ref()))
        .set_launch_template_specification(it.launch_template_specification.as_ref().map(template))
        .set_image_id(text(it.image_id.as_ref()))
        .build()
}

fn instances(it: &InstancesDistributionArgs) -> sdk::InstancesDistribution {
    let percentage = it.on_demand_percentage_above_base_capacity;
    sdk::InstancesDistribution::builder()
        .set_on_demand_allocation_strategy(text(it.on_demand_allocation_strategy.as_ref()))
        .on_demand_base_capacity(int(it.on_demand_base_capacity))
        .on_demand_percentage_above_base_capacity(int(percentage))
        .set_spot_allocation_strategy(text(it.spot_allocation_strategy.as_ref()))
        .set_spot_instance_pools(it.spot_instance_pools.map(int))
        .set_spot_max_price(it.spot_max_price.clone())
        .build()
}

pub(super) fn maintenance(
    policy: &InstanceMaintenancePolicyArgs,
) -> sdk::InstanceMaintenancePolicy {
    sdk::InstanceMaintenancePolicy::builder()
        .min_healthy_percentage(int(policy.min_healthy_percentage))
        .max_healthy_percentage(int(policy.max_healthy_percentage))
        .build()
}

pub(super) fn distribution(
    it: &AvailabilityZoneDistributionArgs,
) -> sdk::AvailabilityZoneDistribution {
    let strategy = it.capacity_distribution_strategy.as_str();
    let distribution = sdk::AvailabilityZoneDistribution::builder();
    distribution.capacity_distribution_strategy(strategy.into()).build()
}

pub(super) fn impairment(
    policy: &AvailabilityZoneImpairmentPolicyArgs,
) -> sdk::AvailabilityZoneImpairmentPolicy {
    let behavior = policy.impaired_zone_health_check_behavior.as_str();
    sdk::AvailabilityZoneImpairmentPolicy::builder()
        .zonal_shift_enabled(policy.zonal_shift_enabled)
        .impaired_zone_health_check_behavior(behavior.into())
        .build()
}

pub(super) fn reservation(
    it: &GroupCapacityReservationArgs,
) -> sdk::CapacityReservationSpecification {
    let target = it.capacity_reservation_target.as_ref().map(|target| {
        let groups = target.capacity_reservation_resource_group_arns.clone();
        sdk::CapacityReservationTarget::builder()
            .set_capacity_reservation_ids(texts(target.capacity_reservation_ids.as_ref()))
            .set_capacity_reservation_resource_group_arns(groups)
            .build()
    });
    sdk::CapacityReservationSpecification::builder()
        .capacity_reservation_preference(it.capacity_reservation_preference.as_str().into())
        .set_capacity_reservation_target(target)
        .build()
}
