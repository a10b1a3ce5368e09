//! [`Wanted`]: what parts ask of the networks.

use std::{collections::BTreeSet, net::Ipv4Addr};

use infra_core::aws::ec2;
use ipnet::Ipv4Net;

use crate::{containers::network::Ports, sim::View};

/// An interface that a part needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its id.
    pub id: String,
    /// The subnet that it is in.
    pub subnet: Subnet,
    /// Its address, as on AWS; the next free one if none is given.
    pub address: Option<Ipv4Addr>,
    /// The names that others on the network find it by.
    pub names: BTreeSet<String>,
    /// The security groups that it is in.
    pub groups: BTreeSet<String>,
    /// The managed service that it is a part of.
    pub service: Option<String>,
    /// The ports of it that the agent talks to itself.
    pub agent: Vec<Ports>,
    /// Whether an endpoint is there.
    pub endpoint: bool,
}

/// A subnet, as far as interfaces go by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// The VPC that it is in.
    pub vpc: String,
    /// Its availability zone.
    pub zone: String,
    /// Its addresses, as on AWS.
    pub range: Ipv4Net,
}

impl Subnet {
    /// A subnet of the account.
    #[must_use]
    pub fn of(view: &View, id: &str) -> Option<Self> {
        type S = ec2::Subnet;
        let subnet = view.find::<S>(id)?;
        Some(Self {
            vpc: subnet.get(S::VPC_ID)?.to_string(),
            zone: subnet.get(S::AVAILABILITY_ZONE)?.to_string(),
            range: subnet.get(S::CIDR_BLOCK)?,
        })
    }
}
