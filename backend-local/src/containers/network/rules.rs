//! [`Policy`]: what may talk to whom, in the words of AWS.

use std::{collections::BTreeSet, net::Ipv4Addr};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::range::Ranges;

/// What may talk to whom in a VPC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The addresses of the VPC: what ranges in rules mean here.
    pub ranges: Ranges,
    /// Its security groups.
    pub groups: Vec<SecurityGroup>,
    /// Its interfaces.
    pub interfaces: Vec<Member>,
    /// This machine.
    pub gateway: Gateway,
    /// The availability zones that are cut off: nothing gets into or out of their interfaces.
    pub cut: BTreeSet<String>,
    /// The availability zones that are failing: of their interfaces, connections that there are go on
    /// to their end, and there are no new ones.
    pub failing: BTreeSet<String>,
}

/// A security group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// Its id.
    pub id: String,
    /// Who may talk to its members.
    pub ingress: Vec<Rule>,
    /// Whom its members may talk to.
    pub egress: Vec<Rule>,
}

/// A rule of a security group. There is none that forbids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What.
    pub protocol: Protocol,
    /// From whom or to whom.
    pub peer: Peer,
}

/// A protocol, and which ports of it: those of whoever is talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Protocol {
    /// Whatever it is.
    All,
    /// TCP.
    Tcp(Ports),
    /// UDP.
    Udp(Ports),
    /// ICMP, of all types.
    Icmp,
}

/// A range of ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ports {
    /// The first one.
    pub from: u16,
    /// The last one.
    pub to: u16,
}

impl Ports {
    /// All of them.
    pub const ALL: Self = Self { from: 0, to: u16::MAX };

    /// One port.
    #[must_use]
    pub const fn one(port: u16) -> Self {
        Self { from: port, to: port }
    }
}

/// Who is talked to, or talks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Peer {
    /// Whoever has an address of a range, as on AWS.
    Cidr(Ipv4Net),
    /// The members of a security group, this one or another.
    Group(String),
    /// Whoever has an address of the ranges of a prefix list, as on AWS.
    PrefixList(Vec<Ipv4Net>),
}

/// An interface, as far as rules go by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Its address here.
    pub address: Ipv4Addr,
    /// Its availability zone; none for an endpoint: its address stands for a name, which is in no zone and
    /// which the loss of one does not take.
    pub zone: Option<String>,
    /// The security groups that it is in.
    pub groups: BTreeSet<String>,
    /// The managed service that it is a part of: its parts talk to each other whatever the groups say,
    /// as nodes of one database do on AWS. A file system, a database, a cache.
    pub service: Option<String>,
    /// The TCP ports of it that the agent talks to itself, whatever the groups say: those of a database
    /// that it looks after.
    pub agent: Vec<Ports>,
    /// Whether an [`Endpoint`](crate::containers::endpoint::Endpoint) runs there: nobody but the agent
    /// gets to its [commands](crate::containers::endpoint::COMMANDS), whatever the groups say.
    pub endpoint: bool,
}

impl Member {
    /// Whether it is in one of these availability zones.
    #[must_use]
    pub fn is_in(&self, zones: &BTreeSet<String>) -> bool {
        self.zone.as_ref().is_some_and(|zone| zones.contains(zone))
    }
}

/// This machine on the network: the agent, with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    /// Its address.
    pub address: Ipv4Addr,
    /// The security groups of what the agent is here: load balancers.
    pub groups: BTreeSet<String>,
    /// The TCP ports of it that everybody may talk to, whatever the groups say: what AWS has at
    /// addresses of its own beside the groups (metadata), and endpoints of services.
    pub services: Vec<Ports>,
    /// The name servers that Docker's resolver asks for names of elsewhere. On AWS names are asked for
    /// beside the groups, too.
    pub resolvers: BTreeSet<Ipv4Addr>,
}
