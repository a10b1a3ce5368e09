//! Security groups of the account, as the network reads them.

use std::collections::BTreeMap;

use infra_core::aws::ec2::{self, IpProtocol, RuleDirection};
use ipnet::IpNet;

use crate::{
    containers::network::{Peer, Ports, Protocol, Rule, SecurityGroup},
    sim::{Thing, View},
};

/// The groups of each VPC, with their rules.
pub(super) fn of(view: &View) -> BTreeMap<String, Vec<SecurityGroup>> {
    type G = ec2::SecurityGroup;
    type R = ec2::SecurityGroupRule;
    let mut groups: BTreeMap<String, SecurityGroup> = BTreeMap::new();
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for group in view.all::<G>() {
        let id = group.id().to_owned();
        if let Some(vpc) = group.get(G::VPC_ID) {
            homes.insert(id.clone(), vpc.to_string());
        }
        groups.insert(id.clone(), SecurityGroup { id, ..SecurityGroup::default() });
    }
    for rule in view.all::<R>() {
        let Some(id) = rule.get(R::GROUP_ID) else { continue };
        let (Some(group), Some(read)) = (groups.get_mut(id.as_str()), rule_of(view, &rule)) else {
            continue;
        };
        match rule.get(R::DIRECTION) {
            Some(RuleDirection::Egress) => group.egress.push(read),
            _ => group.ingress.push(read),
        }
    }
    let mut of: BTreeMap<String, Vec<SecurityGroup>> = BTreeMap::new();
    for (id, group) in groups {
        if let Some(vpc) = homes.remove(&id) {
            of.entry(vpc).or_default().push(group);
        }
    }
    of
}

fn rule_of(view: &View, rule: &Thing<'_, ec2::SecurityGroupRule>) -> Option<Rule> {
    type R = ec2::SecurityGroupRule;
    let port = |port: Option<i32>| port.and_then(|port| u16::try_from(port).ok());
    let ports = || match (port(rule.get(R::FROM_PORT)), port(rule.get(R::TO_PORT))) {
        (Some(from), Some(to)) => Ports { from, to },
        _ => Ports::ALL,
    };
    let protocol = match rule.get(R::IP_PROTOCOL)? {
        IpProtocol::Tcp => Protocol::Tcp(ports()),
        IpProtocol::Udp => Protocol::Udp(ports()),
        IpProtocol::Icmp => Protocol::Icmp,
        _ => Protocol::All,
    };
    let list = |id: &str| {
        type L = ec2::PrefixList;
        let entries = view.find::<L>(id)?.get(L::ENTRIES)?;
        let of_four = entries.into_iter().filter_map(|entry| match entry.cidr {
            IpNet::V4(range) => Some(range),
            IpNet::V6(_) => None,
        });
        Some(of_four.collect())
    };
    let peer = if let Some(range) = rule.get(R::CIDR_IPV4) {
        Peer::Cidr(range)
    } else if let Some(group) = rule.get(R::REFERENCED_GROUP_ID) {
        Peer::Group(group.to_string())
    } else {
        let id = rule.get(R::PREFIX_LIST_ID)?;
        // Those of AWS's own services are nobody here.
        Peer::PrefixList(list(id.as_str()).unwrap_or_default())
    };
    Some(Rule { protocol, peer })
}
