//! Questions about networks that several types ask.

use std::net::Ipv4Addr;

use infra_core::{
    aws::{SecurityGroupId, ec2},
    dsl::ResourceType,
    types::Ipv4Net,
};

use super::{
    World,
    object::Object,
    special::{Asked, of},
};

/// How many addresses at the beginning of a subnet AWS keeps for itself, beside the last one.
const KEPT: u32 = 4;

/// A subnet of a scope.
pub(super) fn subnet<'a>(world: &'a World, scope: &str, id: &str) -> Option<&'a Object> {
    world.get(ec2::Subnet::definition().name, id, scope)
}

/// The VPC that a subnet lies in.
pub(super) fn vpc_of<'a>(world: &'a World, scope: &str, subnet_id: &str) -> Option<&'a str> {
    subnet(world, scope, subnet_id).map(|subnet| subnet.text("vpc_id"))
}

/// The zone that a subnet lies in.
pub(super) fn zone_of<'a>(world: &'a World, scope: &str, subnet_id: &str) -> Option<&'a str> {
    subnet(world, scope, subnet_id).map(|subnet| subnet.text("availability_zone"))
}

/// The VPC that a security group belongs to.
pub(super) fn vpc_of_group<'a>(
    world: &'a World,
    scope: &str,
    group: &SecurityGroupId,
) -> Option<&'a str> {
    let group = world.get(ec2::SecurityGroup::definition().name, group.as_str(), scope);
    group.map(|group| group.text("vpc_id"))
}

/// What is wrong with security groups of something in a VPC: one that belongs to another VPC.
/// `whose` says what it is of which the VPC is known: "the subnet".
pub(super) fn foreign_group(
    asked: &Asked<'_>,
    property: &str,
    groups: &[SecurityGroupId],
    (whose, vpc): (&str, &str),
) -> Option<String> {
    let vpc_of = |group| vpc_of_group(asked.world, asked.scope, group);
    let mut foreign = groups.iter().filter_map(|group| Some((group, vpc_of(group)?)));
    let (group, theirs) = foreign.find(|(_, theirs)| *theirs != vpc)?;
    Some(format!(
        "`{property}` {group} belongs to {theirs}, {whose} to {vpc}; both must belong to one \
         network"
    ))
}

/// The internet gateway that is attached to a VPC.
pub(super) fn attached_gateway<'a>(
    world: &'a World,
    scope: &'a str,
    vpc: &str,
) -> Option<&'a Object> {
    let ty = ec2::InternetGateway::definition().name;
    world.all(ty, scope).find(|gateway| gateway.text("vpc_id") == vpc)
}

/// What maps public addresses in a VPC and so keeps its internet gateway attached: public NAT
/// gateways until they are gone.
pub(super) fn public_addresses(world: &World, scope: &str, vpc: &str) -> Vec<String> {
    let gateways = world.all(ec2::NatGateway::definition().name, scope);
    let public = gateways.filter(|gateway| {
        of(gateway, ec2::NatGateway::CONNECTIVITY_TYPE) == Some(ec2::ConnectivityType::Public)
            && vpc_of(world, scope, gateway.text("subnet_id")) == Some(vpc)
    });
    public.map(|gateway| format!("NatGateway {} (subnet_id)", gateway.id)).collect()
}

/// Whether something in a subnet can have an address.
pub(super) fn is_usable(range: Ipv4Net, address: Ipv4Addr) -> bool {
    let first = range.network().to_bits() + KEPT;
    (first..range.broadcast().to_bits()).contains(&address.to_bits())
}

/// The address in a subnet that AWS chooses for the thing with a number.
pub(super) fn chosen_address(range: Ipv4Net, number: u64) -> Ipv4Addr {
    let first = range.network().to_bits() + KEPT;
    let usable = u64::from(range.broadcast().to_bits() - first);
    // The remainder is below a 32-bit number.
    Ipv4Addr::from_bits(first + (number % usable) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_four_addresses_and_the_last_are_kept() {
        let range: Ipv4Net = "10.0.1.0/28".parse().unwrap();
        let usable: Vec<u8> =
            (0..=255).filter(|last| is_usable(range, Ipv4Addr::new(10, 0, 1, *last))).collect();
        assert_eq!(usable, (4..=14).collect::<Vec<u8>>());
        for number in 0..30 {
            assert!(is_usable(range, chosen_address(range, number)));
        }
    }
}
