//! What AWS refuses of several types of instances in one group.

use infra_core::aws::autoscaling::{
    self, InstancesDistributionArgs, LaunchTemplateOverrideArgs, MixedInstancesPolicyArgs,
    OnDemandAllocationStrategy, SpotAllocationStrategy,
};

use super::{check_template, refused};
use crate::sim::{refusal::Refusal, special::Asked};

const PROPERTY: &str = "mixed_instances_policy";
/// Where types are named, sizes count instances.
pub(super) const NEEDS_REQUIREMENTS: &str = "`desired_capacity_type` needs `instance_requirements` in overrides of `mixed_instances_policy`";
/// AWS: types of instances for each Auto Scaling group.
const TYPES: usize = 40;

/// Refuses policies that AWS refuses.
pub(super) fn check(
    asked: &Asked<'_>,
    policy: &MixedInstancesPolicyArgs,
    vpc: &str,
) -> Result<(), Refusal> {
    let overrides = &policy.launch_template.overrides;
    check_overrides(overrides)?;
    let by_requirements = overrides.iter().any(|other| other.instance_requirements.is_some());
    if asked.get(autoscaling::Group::DESIRED_CAPACITY_TYPE).is_some() && !by_requirements {
        return refused("desired_capacity_type", NEEDS_REQUIREMENTS);
    }
    if let Some(distribution) = &policy.instances_distribution {
        check_distribution(distribution, by_requirements)?;
    }
    let typed = !overrides.is_empty();
    let template = &policy.launch_template.launch_template_specification;
    check_template(asked, PROPERTY, template, vpc, typed)?;
    for template in
        overrides.iter().filter_map(|other| other.launch_template_specification.as_ref())
    {
        check_template(asked, PROPERTY, template, vpc, typed)?;
    }
    Ok(())
}

fn check_overrides(overrides: &[LaunchTemplateOverrideArgs]) -> Result<(), Refusal> {
    let refused = |message: String| refused(PROPERTY, message);
    if overrides.len() > TYPES {
        let count = overrides.len();
        return refused(format!("`{PROPERTY}` names {count} types; {TYPES} are allowed"));
    }
    let both = |other: &LaunchTemplateOverrideArgs| {
        other.instance_type.is_some() && other.instance_requirements.is_some()
    };
    if let Some(place) = overrides.iter().position(both) {
        return refused(format!(
            "`{PROPERTY}.launch_template.overrides[{place}]` takes one of `instance_type` and \
             `instance_requirements`"
        ));
    }
    let typed = overrides.iter().any(|other| other.instance_type.is_some());
    let required = overrides.iter().any(|other| other.instance_requirements.is_some());
    if typed && required {
        return refused(format!("`{PROPERTY}` mixes types with requirements; one of the two"));
    }
    let weights: Vec<Option<u32>> = overrides.iter().map(|other| other.weighted_capacity).collect();
    if weights.iter().any(Option::is_some) && weights.iter().any(Option::is_none) {
        return refused(format!("`{PROPERTY}` gives weights to some types; all have one, or none"));
    }
    match weights.into_iter().flatten().find(|weight| !(1..=999).contains(weight)) {
        Some(weight) => refused(format!("`{PROPERTY}` has the weight {weight}, not 1 to 999")),
        None => Ok(()),
    }
}

fn check_distribution(
    distribution: &InstancesDistributionArgs,
    by_requirements: bool,
) -> Result<(), Refusal> {
    let refused = |field: &str, message: &str| {
        let message = format!("`{PROPERTY}.instances_distribution.{field}` {message}");
        Err(Refusal::invalid(PROPERTY, super::INVALID, message))
    };
    let percentage = distribution.on_demand_percentage_above_base_capacity;
    if percentage > 100 {
        let message = format!("{percentage} is more than 100");
        return refused("on_demand_percentage_above_base_capacity", &message);
    }
    let on_demand = distribution.on_demand_allocation_strategy;
    if by_requirements && on_demand == Some(OnDemandAllocationStrategy::Prioritized) {
        let message = "prioritized goes by the order of types, and requirements have none";
        return refused("on_demand_allocation_strategy", message);
    }
    let spot = distribution.spot_allocation_strategy;
    if by_requirements && spot == Some(SpotAllocationStrategy::CapacityOptimizedPrioritized) {
        let message =
            "capacity-optimized-prioritized goes by the order of types, and requirements have none";
        return refused("spot_allocation_strategy", message);
    }
    let lowest = spot.is_none_or(|spot| spot == SpotAllocationStrategy::LowestPrice);
    match distribution.spot_instance_pools {
        Some(_) if !lowest => refused("spot_instance_pools", "goes with lowest-price alone"),
        Some(pools) if !(1..=20).contains(&pools) => {
            refused("spot_instance_pools", &format!("{pools} must be between 1 and 20"))
        }
        _ => Ok(()),
    }
}
