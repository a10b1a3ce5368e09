//! Questions about networks that several types ask.

use std::net::Ipv4Addr;

use infra_core::{
    aws::{SecurityGroupId, SubnetId, ec2, efs, elbv2},
    dsl::ResourceType,
    types::Ipv4Net,
};

use super::{
    World,
    object::Object,
    refusal::Refusal,
    special::{Asked, of},
};

/// How many addresses at the beginning of a subnet AWS keeps for itself, beside the last one.
const KEPT: u32 = 4;
/// AWS: "Security groups per network interface", adjustable.
const GROUPS: usize = 5;

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
/// gateways and load balancers, until they are gone.
pub(super) fn public_addresses(world: &World, scope: &str, vpc: &str) -> Vec<String> {
    let gateways = world.all(ec2::NatGateway::definition().name, scope);
    let public = gateways.filter(|gateway| {
        of(gateway, ec2::NatGateway::CONNECTIVITY_TYPE) == Some(ec2::ConnectivityType::Public)
            && vpc_of(world, scope, gateway.text("subnet_id")) == Some(vpc)
    });
    let gateways = public.map(|gateway| format!("NatGateway {} (subnet_id)", gateway.id));
    let balancers = world.all(elbv2::LoadBalancer::definition().name, scope).filter(|balancer| {
        let scheme = of(balancer, elbv2::LoadBalancer::SCHEME);
        scheme == Some(elbv2::LoadBalancerScheme::InternetFacing)
            && vpc_of_balancer(world, balancer) == Some(vpc)
    });
    let balancers = balancers.map(|balancer| format!("LoadBalancer {} (subnets)", balancer.id));
    gateways.chain(balancers).collect()
}

/// The subnets of a load balancer, whichever way it names them.
pub(super) fn subnets_of_balancer(balancer: &Object) -> Vec<SubnetId> {
    let mappings = of(balancer, elbv2::LoadBalancer::SUBNET_MAPPINGS).unwrap_or_default();
    let mut subnets = of(balancer, elbv2::LoadBalancer::SUBNETS).unwrap_or_default();
    subnets.extend(mappings.into_iter().map(|mapping| mapping.subnet_id));
    subnets
}

/// The VPC that a load balancer lies in.
pub(super) fn vpc_of_balancer<'a>(world: &'a World, balancer: &Object) -> Option<&'a str> {
    let subnet = subnets_of_balancer(balancer).into_iter().next()?;
    vpc_of(world, &balancer.scope, subnet.as_str())
}

/// The VPC that subnets lie in; refuses those of several. Empty if there is no subnet.
pub(super) fn one_vpc<'a>(
    asked: &Asked<'a>,
    property: &str,
    subnets: &[SubnetId],
    code: &str,
) -> Result<&'a str, Refusal> {
    let vpc = |subnet: &SubnetId| vpc_of(asked.world, asked.scope, subnet.as_str());
    let Some(first) = subnets.first() else { return Ok("") };
    let home = vpc(first).unwrap_or_default();
    match subnets.iter().find(|subnet| vpc(subnet) != Some(home)) {
        Some(other) => {
            let theirs = vpc(other).unwrap_or_default();
            let message = format!(
                "`{property}` {first} lies in {home} and {other} in {theirs}; all lie in one VPC"
            );
            Err(Refusal::invalid(property, code, message))
        }
        None => Ok(home),
    }
}

/// Refuses two subnets of one zone; how many zones there are.
pub(super) fn zones_apart(
    asked: &Asked<'_>,
    property: &str,
    subnets: &[SubnetId],
    code: &str,
) -> Result<usize, Refusal> {
    let zone = |subnet: &SubnetId| zone_of(asked.world, asked.scope, subnet.as_str());
    for (place, subnet) in subnets.iter().enumerate() {
        if let Some(other) = subnets[..place].iter().find(|other| zone(other) == zone(subnet)) {
            let zone = zone(subnet).unwrap_or_default();
            let message = format!(
                "`{property}` {other} and {subnet} lie both in {zone}; one a zone is allowed"
            );
            return Err(Refusal::invalid(property, code, message));
        }
    }
    Ok(subnets.len())
}

/// Refuses security groups of another VPC, and more of them than a network interface can have.
pub(super) fn check_groups(
    asked: &Asked<'_>,
    property: &str,
    groups: &[SecurityGroupId],
    vpc: &str,
    code: &str,
) -> Result<(), Refusal> {
    if groups.len() > GROUPS {
        let message = format!("`{property}` names {} groups; {GROUPS} are allowed", groups.len());
        return Err(Refusal::invalid(property, code, message));
    }
    let ty = ec2::SecurityGroup::definition().name;
    for group in groups {
        let found = asked.world.get(ty, group.as_str(), asked.scope);
        let theirs = found.map_or("", |group| group.text("vpc_id"));
        if theirs != vpc {
            let message = format!("`{property}` {group} belongs to {theirs}, the subnets to {vpc}");
            return Err(Refusal::invalid(property, code, message));
        }
    }
    Ok(())
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

/// What has an address in a subnet already. What asks is not looked at.
pub(super) fn holder_of_address<'a>(
    asked: &Asked<'a>,
    subnet: &Object,
    address: Ipv4Addr,
) -> Option<&'a Object> {
    let in_subnet = |other: &&Object| other.text("subnet_id") == &*subnet.id;
    let all = |ty| asked.world.all(ty, asked.scope).filter(|other| *other.id != *asked.id);
    let of_interface = |other: &&Object| {
        let further = of(other, ec2::NetworkInterface::SECONDARY_PRIVATE_IP_ADDRESSES);
        of(other, ec2::NetworkInterface::PRIVATE_IP_ADDRESS) == Some(address)
            || further.unwrap_or_default().contains(&address)
    };
    // The subnet of an instance may be that of its interface; its VPC has no address twice.
    let of_instance = |other: &&Object| {
        other.text("vpc_id") == subnet.text("vpc_id")
            && of(other, ec2::Instance::PRIVATE_IP_ADDRESS) == Some(address)
    };
    let mut found = all(ec2::NetworkInterface::definition().name)
        .filter(in_subnet)
        .filter(of_interface)
        .chain(all(ec2::Instance::definition().name).filter(of_instance))
        .chain(
            all(ec2::NatGateway::definition().name)
                .filter(in_subnet)
                .filter(|other| of(other, ec2::NatGateway::PRIVATE_IP_ADDRESS) == Some(address)),
        )
        .chain(
            all(efs::MountTarget::definition().name)
                .filter(in_subnet)
                .filter(|other| of(other, efs::MountTarget::IP_ADDRESS) == Some(address)),
        );
    found.next()
}

/// Refuses an address that something in a subnet can't have, or that something else has.
pub(super) fn check_address(
    asked: &Asked<'_>,
    property: &str,
    subnet: &Object,
    address: Ipv4Addr,
) -> Result<(), Refusal> {
    if let Some(range) =
        of(subnet, ec2::Subnet::CIDR_BLOCK).filter(|range| !is_usable(*range, address))
    {
        let message = format!(
            "`{property}` {address} is no usable address of {range}: the first four and the last \
             belong to AWS"
        );
        return Err(Refusal::invalid(property, "InvalidParameterValue", message));
    }
    match holder_of_address(asked, subnet, address) {
        Some(other) => {
            let message = format!(
                "`{property}` {address} is in use by {}; take another one, or let the old one go \
                 first",
                other.id
            );
            Err(Refusal::invalid(property, "InvalidIPAddress.InUse", message))
        }
        None => Ok(()),
    }
}

/// The address in a subnet that AWS chooses for what asks: the next one that is free.
pub(super) fn free_address(asked: &Asked<'_>, subnet: &Object) -> Option<Ipv4Addr> {
    let range = of(subnet, ec2::Subnet::CIDR_BLOCK)?;
    let usable = u64::from(range.broadcast().to_bits() - range.network().to_bits() - KEPT);
    let mut all = (0..usable).map(|step| chosen_address(range, asked.number + step));
    all.find(|address| holder_of_address(asked, subnet, *address).is_none())
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
