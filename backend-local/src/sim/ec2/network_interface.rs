//! What is special about a network interface: its addresses are its own.

use infra_core::{
    aws::{SecurityGroupId, VpcId, ec2},
    dsl::ResourceType,
    schema::TypeDef,
    types::Ipv4Addr,
    value::PropertiesBuilder,
};

use super::launch_template::check::check_tracking;
use crate::sim::{
    network::{check_address, check_groups, free_address},
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, choose, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&NetworkInterface];

const CODES: Codes = Codes {
    not_found: "InvalidNetworkInterfaceID.NotFound",
    not_ready: "IncorrectState",
    exists: "InvalidIPAddress.InUse",
    in_use: "InvalidNetworkInterface.InUse",
    quota: "NetworkInterfaceLimitExceeded",
};
/// AWS: CreateNetworkInterface, `Description`.
const DESCRIPTION: usize = 255;

struct NetworkInterface;

impl Special for NetworkInterface {
    fn ty(&self) -> &'static TypeDef {
        ec2::NetworkInterface::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Network interfaces per Region", adjustable.
        Some(5000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if let Some(text) = asked.get(ec2::NetworkInterface::DESCRIPTION) {
            check_length("description", &text)?;
        }
        if let Some(tracking) = asked.get(ec2::NetworkInterface::CONNECTION_TRACKING_SPECIFICATION)
        {
            check_tracking(&tracking)
                .map_err(|wrong| wrong.of("connection_tracking_specification"))?;
        }
        let Some(subnet) = asked.referenced(ec2::NetworkInterface::SUBNET_ID) else {
            return Ok(());
        };
        let groups: Vec<SecurityGroupId> =
            asked.get(ec2::NetworkInterface::GROUPS).unwrap_or_default();
        check_groups(asked, "groups", &groups, subnet.text("vpc_id"), "InvalidGroup.NotFound")?;
        check_addresses(asked, subnet)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let subnet = asked.referenced(ec2::NetworkInterface::SUBNET_ID);
        let (Some(subnet), None) = (subnet, asked.old) else { return };
        if let Some(vpc) = of(subnet, ec2::Subnet::VPC_ID) {
            let default = default_group(asked, &vpc);
            tell(outputs, ec2::NetworkInterface::VPC_ID, vpc);
            if let Some(default) = default {
                choose(asked, outputs, ec2::NetworkInterface::GROUPS, vec![default]);
            }
        }
        let zone = subnet.text("availability_zone").to_owned();
        tell(outputs, ec2::NetworkInterface::AVAILABILITY_ZONE, zone);
        if let Some(address) = free_address(asked, subnet) {
            choose(asked, outputs, ec2::NetworkInterface::PRIVATE_IP_ADDRESS, address);
        }
    }
}

fn check_length(property: &str, text: &str) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length <= DESCRIPTION {
        return Ok(());
    }
    let message = format!("`{property}` has {length} characters; {DESCRIPTION} are allowed");
    Err(Refusal::invalid(property, "InvalidParameterValue", message))
}

/// The group that a VPC has of its own.
fn default_group(asked: &Asked<'_>, vpc: &VpcId) -> Option<SecurityGroupId> {
    let vpc = asked.world.get(ec2::Vpc::definition().name, vpc.as_str(), asked.scope)?;
    of(vpc, ec2::Vpc::DEFAULT_SECURITY_GROUP)
}

fn check_addresses(asked: &Asked<'_>, subnet: &Object) -> Result<(), Refusal> {
    let primary: Option<Ipv4Addr> = asked.get(ec2::NetworkInterface::PRIVATE_IP_ADDRESS);
    if let (Some(primary), None) = (primary, asked.old) {
        check_address(asked, "private_ip_address", subnet, primary)?;
    }
    let further = asked.get(ec2::NetworkInterface::SECONDARY_PRIVATE_IP_ADDRESSES);
    for address in further.unwrap_or_default() {
        if primary == Some(address) {
            let message = format!(
                "`secondary_private_ip_addresses` {address} is its `private_ip_address` already"
            );
            let property = "secondary_private_ip_addresses";
            return Err(Refusal::invalid(property, "InvalidParameterValue", message));
        }
        check_address(asked, "secondary_private_ip_addresses", subnet, address)?;
    }
    Ok(())
}
