//! Several types of instances in one group, on demand and spare.

use super::LaunchTemplateSpecification;
use crate::{
    aws::{AmiId, ec2::InstanceRequirements},
    props,
};

/// Several types of instances, on demand and spare: rarer that a zone has none left.
#[props]
pub struct MixedInstancesPolicy {
    /// The template, and what differs from it by type. AWS: `LaunchTemplate`.
    pub launch_template: MixedLaunchTemplate,
    /// How much is on demand and how much is spare. Default: all on demand. AWS:
    /// `InstancesDistribution`.
    pub instances_distribution: Option<InstancesDistribution>,
}

/// A template, and what differs from it by type.
#[props]
pub struct MixedLaunchTemplate {
    /// The template. AWS: `LaunchTemplateSpecification`.
    pub launch_template_specification: LaunchTemplateSpecification,
    /// The types, or what they are to have, the most wanted first; up to 40. Default: the
    /// template's own. AWS: `Overrides`.
    #[prop(default)]
    pub overrides: Vec<LaunchTemplateOverride>,
}

/// A type of instances, or what types are to have: one of the two.
#[props]
pub struct LaunchTemplateOverride {
    /// The type. Default: none. AWS: `InstanceType`.
    pub instance_type: Option<String>,
    /// What types are to have. Default: none. AWS: `InstanceRequirements`.
    pub instance_requirements: Option<InstanceRequirements>,
    /// How much of the group's sizes one of them is, 1 to 999; for all types or for none. Default:
    /// one each. AWS: `WeightedCapacity`.
    pub weighted_capacity: Option<u32>,
    /// Another template for it. Default: the same. AWS: `LaunchTemplateSpecification`.
    pub launch_template_specification: Option<LaunchTemplateSpecification>,
    /// Another image for it. Default: the template's. AWS: `ImageId`.
    pub image_id: Option<AmiId>,
}

impl LaunchTemplateOverride {
    /// A type of instances.
    pub fn of_type(instance_type: &str) -> Self {
        Self::new().instance_type(instance_type)
    }
}

/// How much is on demand and how much is spare.
#[props]
pub struct InstancesDistribution {
    /// Which types come first on demand. Default: in the order of the list; by price where
    /// requirements stand in it. AWS: `OnDemandAllocationStrategy`.
    pub on_demand_allocation_strategy: Option<OnDemandAllocationStrategy>,
    /// How much is on demand before anything else. Default: 0. AWS: `OnDemandBaseCapacity`.
    #[prop(default = 0_u32)]
    pub on_demand_base_capacity: u32,
    /// How much of the rest is on demand, in percent. Default: 100. AWS:
    /// `OnDemandPercentageAboveBaseCapacity`.
    #[prop(default = 100_u32)]
    pub on_demand_percentage_above_base_capacity: u32,
    /// Which types come first of spare capacity. Default: AWS's, by price alone; it advises
    /// `price-capacity-optimized`. AWS: `SpotAllocationStrategy`.
    pub spot_allocation_strategy: Option<SpotAllocationStrategy>,
    /// Over how many pools of spare capacity, 1 to 20, with `lowest-price` alone. Default: 2. AWS:
    /// `SpotInstancePools`.
    pub spot_instance_pools: Option<u32>,
    /// The highest price an hour in dollars; AWS advises against one. Default: that on demand. AWS:
    /// `SpotMaxPrice`.
    pub spot_max_price: Option<String>,
}

/// Which types come first on demand.
#[props(words = "kebab")]
pub enum OnDemandAllocationStrategy {
    /// The cheapest.
    LowestPrice,
    /// In the order of the list.
    Prioritized,
}

/// Which types come first of spare capacity.
#[props(words = "kebab")]
pub enum SpotAllocationStrategy {
    /// Those that are most likely to stay, among the cheap.
    PriceCapacityOptimized,
    /// Those that are most likely to stay.
    CapacityOptimized,
    /// The same, by the order of the list where it can be kept.
    CapacityOptimizedPrioritized,
    /// The cheapest, which are often taken back.
    LowestPrice,
}
