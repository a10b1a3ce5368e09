//! Where capacity comes from: placement, reservations, spare capacity.

use crate::{
    aws::{CapacityReservationId, ec2::InstanceTenancy},
    props,
};

/// Where instances are put.
#[props]
pub struct Placement {
    /// The zone; an Auto Scaling group says it by its subnets. Default: whoever starts the
    /// instance says. AWS: `AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// The placement group, by name: close together, or apart. Default: none. AWS: `GroupName`.
    pub group_name: Option<String>,
    /// The partition of a placement group that has several. Default: AWS chooses. AWS:
    /// `PartitionNumber`.
    pub partition_number: Option<u32>,
    /// On whose hardware. Default: that of the VPC. AWS: `Tenancy`.
    pub tenancy: Option<InstanceTenancy>,
}

/// Whether capacity that was reserved is used: a preference or a target, one of the two.
#[props]
pub struct CapacityReservationSpecification {
    /// Which reservations. Default: none. AWS: `CapacityReservationPreference`.
    pub capacity_reservation_preference: Option<CapacityReservationPreference>,
    /// One reservation, or a group of them. Default: none. AWS: `CapacityReservationTarget`.
    pub capacity_reservation_target: Option<CapacityReservationTarget>,
}

/// Which reservations are used.
#[props(words = "kebab")]
pub enum CapacityReservationPreference {
    /// Any open one that fits, else on demand.
    Open,
    /// None.
    None,
    /// Nothing but reserved capacity.
    CapacityReservationsOnly,
}

/// One reservation, or a group of them.
#[props]
pub struct CapacityReservationTarget {
    /// The reservation. Default: none. AWS: `CapacityReservationId`.
    pub capacity_reservation_id: Option<CapacityReservationId>,
    /// The ARN of the resource group that holds reservations. Default: none. AWS:
    /// `CapacityReservationResourceGroupArn`.
    pub capacity_reservation_resource_group_arn: Option<String>,
}

/// Whether instances are bought as spare capacity.
#[props]
pub struct InstanceMarketOptions {
    /// On which market. AWS: `MarketType`.
    pub market_type: MarketType,
    /// How spare capacity is bought. Default: up to the price on demand, for once. AWS:
    /// `SpotOptions`.
    pub spot_options: Option<SpotOptions>,
}

/// On which market instances are bought.
#[props(words = "kebab")]
pub enum MarketType {
    /// Spare capacity, which AWS takes back two minutes after a warning.
    Spot,
    /// Blocks of accelerators, reserved for a time.
    CapacityBlock,
}

/// How spare capacity is bought.
#[props]
pub struct SpotOptions {
    /// The highest price an hour in dollars; AWS advises against one. Default: the price on
    /// demand. AWS: `MaxPrice`.
    pub max_price: Option<String>,
    /// Whether the request ends with the instance. Default: it does, as Auto Scaling wants it.
    /// AWS: `SpotInstanceType`.
    #[prop(default = SpotInstanceType::OneTime)]
    pub spot_instance_type: SpotInstanceType,
    /// What happens when AWS takes the capacity back. Default: terminate. AWS:
    /// `InstanceInterruptionBehavior`.
    #[prop(default = InterruptionBehavior::Terminate)]
    pub instance_interruption_behavior: InterruptionBehavior,
    /// When a persistent request ends, as `2026-12-31T23:59:59Z`. Default: never. AWS:
    /// `ValidUntil`.
    pub valid_until: Option<String>,
}

/// Whether a request for spare capacity ends with its instance.
#[props(words = "kebab")]
pub enum SpotInstanceType {
    /// It does.
    OneTime,
    /// It stays, and is served again.
    Persistent,
}

/// What happens when AWS takes spare capacity back.
#[props(words = "lower")]
pub enum InterruptionBehavior {
    /// The instance is gone.
    Terminate,
    /// The instance stops.
    Stop,
    /// The instance's memory is kept.
    Hibernate,
}
