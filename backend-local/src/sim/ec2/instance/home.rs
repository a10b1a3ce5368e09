//! [`Home`]: where an instance is.

use infra_core::{
    aws::{
        NetworkInterfaceId, SubnetId,
        ec2::{self, LaunchTemplateDataArgs, NetworkInterfaceSpecificationArgs},
    },
    dsl::ResourceType,
    types::Ipv4Addr,
};

use crate::sim::{
    ec2::launch_template::check::check_interfaces,
    network::{check_address, check_groups, subnet},
    object::Object,
    refusal::Refusal,
    special::{Asked, of},
};

const PROPERTY: &str = "network_interfaces";

/// Where an instance is, by its first interface.
pub(super) struct Home<'a> {
    pub(super) subnet: &'a Object,
    /// The address that the interface has, or is to have.
    pub(super) address: Option<Ipv4Addr>,
    /// Whether it gets a public address.
    pub(super) public: bool,
    /// Whether the interface is there without it.
    pub(super) exists: bool,
}

/// Where an instance is to be, or why it can't.
pub(super) fn find<'a>(
    asked: &Asked<'a>,
    template: Option<&LaunchTemplateDataArgs>,
) -> Result<Home<'a>, Refusal> {
    let interfaces = asked.get(ec2::Instance::NETWORK_INTERFACES).unwrap_or_default();
    if !interfaces.is_empty() {
        return by_interfaces(asked, &interfaces);
    }
    let of_template = || {
        let interfaces = template?.network_interfaces.as_deref().unwrap_or_default();
        interfaces.first()?.subnet_id.clone()
    };
    let named = asked.get(ec2::Instance::SUBNET_ID).or_else(of_template);
    let found = named.and_then(|id| subnet(asked.world, asked.scope, id.as_str()));
    let Some(subnet) = found else {
        let message = "`subnet_id` is required: there is no default VPC, and neither \
                       `network_interfaces` nor a launch template names a subnet";
        return Err(Refusal::invalid("subnet_id", "VPCIdNotSpecified", message));
    };
    let public = of(subnet, ec2::Subnet::MAP_PUBLIC_IP_ON_LAUNCH).unwrap_or(false);
    Ok(Home { subnet, address: None, public, exists: false })
}

fn refused<T>(code: &str, message: &str) -> Result<T, Refusal> {
    Err(Refusal::invalid(PROPERTY, code, format!("`{PROPERTY}`: {message}")))
}

/// Where the interfaces are: all in one zone.
fn by_interfaces<'a>(
    asked: &Asked<'a>,
    interfaces: &[NetworkInterfaceSpecificationArgs],
) -> Result<Home<'a>, Refusal> {
    check_interfaces(interfaces).map_err(|wrong| wrong.of(PROPERTY))?;
    let mut homes = vec![];
    for interface in interfaces {
        homes.push((interface.device_index, by_interface(asked, interface)?));
    }
    homes.sort_by_key(|(place, _)| *place);
    let mut homes = homes.into_iter().map(|(_, home)| home);
    let Some(first) = homes.next() else { return refused("MissingParameter", "it is empty") };
    let zone = first.subnet.text("availability_zone");
    match homes.find(|home| home.subnet.text("availability_zone") != zone) {
        Some(other) => {
            let (id, theirs) = (&other.subnet.id, other.subnet.text("availability_zone"));
            let message = format!("the first is in {zone}, another one in {theirs} ({id})");
            refused("InvalidParameterCombination", &message)
        }
        None => Ok(first),
    }
}

fn by_interface<'a>(
    asked: &Asked<'a>,
    interface: &NetworkInterfaceSpecificationArgs,
) -> Result<Home<'a>, Refusal> {
    if let Some(existing) = &interface.network_interface_id {
        check_existing(asked, interface, existing)?;
        let ty = ec2::NetworkInterface::definition().name;
        let found = asked.world.get(ty, existing.as_str(), asked.scope);
        let home = found.and_then(|found| {
            let subnet = subnet(asked.world, asked.scope, found.text("subnet_id"))?;
            let address = of(found, ec2::NetworkInterface::PRIVATE_IP_ADDRESS);
            Some(Home { subnet, address, public: false, exists: true })
        });
        return home.map_or_else(|| refused("MissingParameter", "an interface is gone"), Ok);
    }
    let named: Option<&SubnetId> = interface.subnet_id.as_ref();
    let found = named.and_then(|id| subnet(asked.world, asked.scope, id.as_str()));
    let Some(subnet) = found else {
        return refused("MissingParameter", "a new interface needs a `subnet_id`");
    };
    let groups = interface.groups.as_deref().unwrap_or_default();
    check_groups(asked, PROPERTY, groups, subnet.text("vpc_id"), "InvalidGroup.NotFound")?;
    if let (Some(address), None) = (interface.private_ip_address, asked.old) {
        check_address(asked, PROPERTY, subnet, address)?;
    }
    let by_subnet = || of(subnet, ec2::Subnet::MAP_PUBLIC_IP_ON_LAUNCH).unwrap_or(false);
    let public = interface.associate_public_ip_address.unwrap_or_else(by_subnet);
    Ok(Home { subnet, address: interface.private_ip_address, public, exists: false })
}

/// An interface that exists stays, and serves one instance at a time.
fn check_existing(
    asked: &Asked<'_>,
    interface: &NetworkInterfaceSpecificationArgs,
    existing: &NetworkInterfaceId,
) -> Result<(), Refusal> {
    if interface.delete_on_termination {
        let message = format!(
            "{existing} exists, and stays when the instance goes: set `delete_on_termination` to \
             false, as NetworkInterfaceSpecification::existing does"
        );
        return refused("InvalidParameterCombination", &message);
    }
    let has = |other: &&Object| {
        let theirs = of(other, ec2::Instance::NETWORK_INTERFACES).unwrap_or_default();
        theirs.iter().any(|theirs| theirs.network_interface_id.as_ref() == Some(existing))
    };
    let mut others = asked.world.all(asked.ty.name, asked.scope);
    match others.find(|other| *other.id != *asked.id && has(other)) {
        Some(other) => {
            let message = format!(
                "{existing} is attached to {}; ask for `delete_before_replace` where that is to be \
                 replaced",
                other.id
            );
            refused("InvalidNetworkInterface.InUse", &message)
        }
        None => Ok(()),
    }
}
