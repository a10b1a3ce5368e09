//! AWS: ec2 DescribeAvailabilityZones.

use crate::{lookup, props};

/// The availability zones of the region that the account may use.
///
/// A zone's letter differs from account to account, its id does not: where machines of two
/// accounts are to stand in the same zone, go by the id.
///
/// ```
/// use infra_core::{aws::ec2::{AvailabilityZones, Subnet, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zones = AvailabilityZones::lookup("zones").create(&stack);
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// for (number, zone) in zones.zone_names().take::<3>().iter().enumerate() {
///     Subnet::named(format!("app-{number}"))
///         .vpc_id(&vpc)
///         .cidr_block(format!("10.0.{number}.0/24").as_str())
///         .availability_zone(zone)
///         .create(&stack);
/// }
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("aws:ec2:AvailabilityZones")]
pub struct AvailabilityZones {
    /// The kind of zone. Default: availability zones. Changing it reads anew. AWS: `Filters`,
    /// `zone-type`.
    #[prop(default = ZoneType::AvailabilityZone)]
    pub zone_type: ZoneType,
    /// Zones that alone are told, by id. Default: all. Changing it reads anew. AWS: `ZoneIds`.
    #[prop(default, set)]
    pub include_zone_ids: Vec<String>,
    /// Zones that are left out, by id: those that lack a type of instance. Default: none. Changing
    /// it reads anew. AWS has no such filter; they are left out of its answer.
    #[prop(default, set)]
    pub exclude_zone_ids: Vec<String>,
    /// The zones by name, such as `eu-central-1a`, in order. AWS: `ZoneName`.
    #[output]
    pub zone_names: Vec<String>,
    /// The same zones by id, such as `euc1-az2`, in the order of `zone_names`. AWS: `ZoneId`.
    #[output]
    pub zone_ids: Vec<String>,
}

/// A kind of zone.
#[props(words = "kebab")]
pub enum ZoneType {
    /// A zone of the region itself.
    AvailabilityZone,
    /// A zone near a large city.
    LocalZone,
    /// A zone in the network of a carrier.
    WavelengthZone,
}
