//! What is special about a mount target: one in a zone, all in one VPC, and its address.

use std::{collections::BTreeSet, net::Ipv4Addr};

use infra_core::{
    aws::{SecurityGroupId, ec2, efs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Ipv4Net,
    value::PropertiesBuilder,
};

use super::file_system::BAD;
use crate::sim::{
    identity::digits,
    network::foreign_group,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&MountTarget];

const CODES: Codes = Codes {
    not_found: "MountTargetNotFound",
    not_ready: "IncorrectMountTargetState",
    exists: "MountTargetConflict",
    in_use: "MountTargetInUse",
    quota: "NetworkInterfaceLimitExceeded",
};

/// EC2: "Security groups per network interface", adjustable.
const GROUPS: usize = 5;

struct MountTarget;

impl Special for MountTarget {
    fn ty(&self) -> &'static TypeDef {
        efs::MountTarget::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let groups = asked.get(efs::MountTarget::SECURITY_GROUPS).unwrap_or_default();
        if !(1..=GROUPS).contains(&groups.len()) {
            let message = format!(
                "`security_groups` names {}; a mount target has 1 to {GROUPS}",
                groups.len()
            );
            let code = "SecurityGroupLimitExceeded";
            return Err(Refusal::invalid("security_groups", code, message));
        }
        let Some(subnet) = asked.referenced(efs::MountTarget::SUBNET_ID) else { return Ok(()) };
        check_groups(asked, &groups, subnet)?;
        check_zone(asked, subnet)?;
        check_address(asked, subnet)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let Some(subnet) = asked.referenced(efs::MountTarget::SUBNET_ID) else { return };
        if asked.old.is_some() {
            return;
        }
        let interface = format!("eni-0{}", digits(asked.scope, asked.number, 16));
        tell(outputs, efs::MountTarget::NETWORK_INTERFACE_ID, interface);
        let zone = subnet.text("availability_zone").to_owned();
        tell(outputs, efs::MountTarget::AVAILABILITY_ZONE_NAME, zone);
        let given = asked.get(efs::MountTarget::IP_ADDRESS);
        if let Some(address) = given.or_else(|| free_address(asked, subnet)) {
            tell(outputs, efs::MountTarget::IP_ADDRESS, address);
        }
    }
}

/// Groups serve in their own VPC.
fn check_groups(
    asked: &Asked<'_>,
    groups: &[SecurityGroupId],
    subnet: &Object,
) -> Result<(), Refusal> {
    let place = ("the subnet", subnet.text("vpc_id"));
    match foreign_group(asked, "security_groups", groups, place) {
        Some(message) => Err(Refusal::invalid("security_groups", "SecurityGroupNotFound", message)),
        None => Ok(()),
    }
}

/// One mount target in a zone, all in one VPC, and in the zone of a file system that has only one.
fn check_zone(asked: &Asked<'_>, subnet: &Object) -> Result<(), Refusal> {
    let refused = |code: &str, message| Err(Refusal::invalid("subnet_id", code, message));
    let (id, zone) = (&subnet.id, subnet.text("availability_zone"));
    let system = asked.referenced(efs::MountTarget::FILE_SYSTEM_ID);
    let only = system.map_or("", |system| system.text("availability_zone_name"));
    if !only.is_empty() && only != zone {
        let message = format!("`subnet_id` {id} is in {zone}; the file system is in {only} alone");
        return refused("AvailabilityZonesMismatch", message);
    }
    let slot = efs::MountTarget::FILE_SYSTEM_ID.slot;
    let same_system =
        |other: &&Object| *other.id != *asked.id && other.value(slot) == asked.value(slot);
    for other in asked.world.all(asked.ty.name, asked.scope).filter(same_system) {
        if other.text("availability_zone_name") == zone {
            let message = format!(
                "`subnet_id` {id} is in {zone}, where the file system has the mount target {} \
                 already; there is one in a zone at most",
                other.id
            );
            return refused("MountTargetConflict", message);
        }
        let (ty, theirs) = (ec2::Subnet::definition().name, other.text("subnet_id"));
        let theirs = asked.world.get(ty, theirs, asked.scope).map(|subnet| subnet.text("vpc_id"));
        let vpc = subnet.text("vpc_id");
        if let Some(theirs) = theirs.filter(|theirs| *theirs != vpc) {
            let message = format!(
                "`subnet_id` {id} is in {vpc}; the file system's other mount targets are in {theirs}"
            );
            return refused("MountTargetConflict", message);
        }
    }
    Ok(())
}

fn check_address(asked: &Asked<'_>, subnet: &Object) -> Result<(), Refusal> {
    let (Some(range), None) = (of(subnet, ec2::Subnet::CIDR_BLOCK), asked.old) else {
        return Ok(());
    };
    let Some(address) = asked.get(efs::MountTarget::IP_ADDRESS) else {
        let full = free_address(asked, subnet).is_none();
        let message = format!("`subnet_id` {}: no address of {range} is free", subnet.id);
        let refusal = Refusal::invalid("subnet_id", "NoFreeAddressesInSubnet", message);
        return if full { Err(refusal) } else { Ok(()) };
    };
    if !usable(range).any(|usable| usable == address) {
        let message = format!(
            "`ip_address` {address} is none of the subnet's {range}, of which AWS keeps the first \
             four and the last"
        );
        return Err(Refusal::invalid("ip_address", BAD, message));
    }
    if taken(asked, subnet).contains(&address) {
        let message = format!("`ip_address` {address} is taken; leave it out and AWS chooses one");
        return Err(Refusal::invalid("ip_address", "IpAddressInUse", message));
    }
    Ok(())
}

/// The addresses of a subnet without those that AWS keeps: the first four and the last.
fn usable(range: Ipv4Net) -> impl Iterator<Item = Ipv4Addr> {
    // Hosts leave out the first and the last already.
    range.hosts().skip(3)
}

/// The addresses of mount targets in a subnet.
fn taken(asked: &Asked<'_>, subnet: &Object) -> BTreeSet<Ipv4Addr> {
    let all = asked.world.all(asked.ty.name, asked.scope);
    let here = all.filter(|other| other.text("subnet_id") == &*subnet.id);
    here.filter_map(|other| of(other, efs::MountTarget::IP_ADDRESS)).collect()
}

fn free_address(asked: &Asked<'_>, subnet: &Object) -> Option<Ipv4Addr> {
    let taken = taken(asked, subnet);
    usable(of(subnet, ec2::Subnet::CIDR_BLOCK)?).find(|address| !taken.contains(address))
}
