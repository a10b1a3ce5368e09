//! Where the security groups of a launch template belong.
//!
//! AWS finds out when an instance is started in a subnet of another network; as far as the template
//! tells it, it is refused here at once.

use infra_core::aws::{
    SecurityGroupId,
    ec2::{LaunchTemplateDataArgs, NetworkInterfaceSpecificationArgs},
};

use super::check::{Checked, refused};
use crate::sim::{
    network::{foreign_group, vpc_of, vpc_of_group},
    special::Asked,
};

/// All groups belong to one VPC: that of the subnets, where the template names any.
pub(super) fn check(asked: &Asked<'_>, data: &LaunchTemplateDataArgs) -> Checked {
    let interfaces = data.network_interfaces.as_deref().unwrap_or_default();
    let all = data.security_group_ids.iter().chain(interfaces.iter().filter_map(groups));
    let all: Vec<SecurityGroupId> = all.flatten().cloned().collect();
    let Some((whose, vpc)) = network(asked, interfaces, &all) else { return Ok(()) };
    let property = if interfaces.is_empty() { "security_group_ids" } else { "groups" };
    match foreign_group(asked, property, &all, (&whose, vpc)) {
        Some(message) => refused("InvalidParameter", message),
        None => Ok(()),
    }
}

fn groups(interface: &NetworkInterfaceSpecificationArgs) -> Option<&Vec<SecurityGroupId>> {
    interface.groups.as_ref()
}

/// The VPC that the template names first, and what names it: a subnet, else the first group.
fn network<'a>(
    asked: &Asked<'a>,
    interfaces: &[NetworkInterfaceSpecificationArgs],
    groups: &[SecurityGroupId],
) -> Option<(String, &'a str)> {
    let subnet = interfaces.iter().find_map(|interface| interface.subnet_id.as_ref());
    if let Some(subnet) = subnet {
        let vpc = vpc_of(asked.world, asked.scope, subnet.as_str())?;
        return Some((format!("the subnet {subnet}"), vpc));
    }
    let first = groups.first()?;
    Some((format!("the group {first}"), vpc_of_group(asked.world, asked.scope, first)?))
}
