//! What is special about an Elastic IP address: the address.

use std::net::Ipv4Addr;

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ElasticIp];

struct ElasticIp;

/// The range that is set aside for measurements, where no address belongs to anybody: as public
/// as an address of a simulated account may be.
const FIRST: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 0);
const ADDRESSES: u64 = 1 << 17;

impl Special for ElasticIp {
    fn ty(&self) -> &'static TypeDef {
        ec2::ElasticIp::definition()
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Elastic IP addresses per Region", adjustable.
        Some(5)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let region = asked.region();
        let Some(group) = asked.get(ec2::ElasticIp::NETWORK_BORDER_GROUP) else { return Ok(()) };
        let local = group.strip_prefix(region).is_some_and(|zone| zone.starts_with('-'));
        if group == region || local {
            return Ok(());
        }
        let message = format!(
            "`network_border_group` {group} is not one of {region}: it is {region} itself, or that \
             of a local zone such as {region}-ham-1"
        );
        Err(Refusal::invalid("network_border_group", "InvalidParameterValue", message))
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let group = asked.get(ec2::ElasticIp::NETWORK_BORDER_GROUP);
        let group = group.unwrap_or_else(|| asked.region().to_owned());
        // The remainder is below 2^17.
        let address = Ipv4Addr::from_bits(FIRST.to_bits() + (asked.number % ADDRESSES) as u32);
        tell(outputs, ec2::ElasticIp::NETWORK_BORDER_GROUP, group);
        tell(outputs, ec2::ElasticIp::PUBLIC_IP, address);
    }
}
