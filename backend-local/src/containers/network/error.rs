//! [`NetworkError`]: why a network is not as it was wanted, and what to do.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::containers::docker::DockerError;

/// Why a network is not as it was wanted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// Docker refuses something.
    #[error("can't {doing}")]
    Docker {
        /// What was being done.
        doing: String,
        /// What it said.
        source: DockerError,
    },
    /// The routes of this machine can't be read.
    #[error("the routes of this machine can't be read from {path}")]
    Routes {
        /// Where they were looked for.
        path: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// Every range of that size is taken on this machine.
    #[error(
        "no range of the size of {range} is free on this machine for {vpc}: remove networks of Docker \
         that nobody uses (`docker network ls`)"
    )]
    NoRange {
        /// The VPC.
        vpc: String,
        /// The range that it has on AWS.
        range: Ipv4Net,
    },
    /// The network is there, in another size.
    #[error(
        "the network of {vpc} is there with the range {there}, which has not the size of {range}: \
         the range of a VPC can't change, destroy it first"
    )]
    OtherSize {
        /// The VPC.
        vpc: String,
        /// The range that it has on AWS.
        range: Ipv4Net,
        /// The range of the network.
        there: String,
    },
    /// The VPC has interfaces.
    #[error("the network of {vpc} can't be removed: {interfaces} are on it, remove them first")]
    InUse {
        /// The VPC.
        vpc: String,
        /// Which ones, separated by commas.
        interfaces: String,
    },
    /// The subnet has no address left.
    #[error(
        "the subnet {subnet} has no address left for {interface}: remove interfaces, or use a larger one"
    )]
    Full {
        /// The interface.
        interface: String,
        /// Its subnet, as on AWS.
        subnet: Ipv4Net,
    },
    /// The address that was wanted can't be had.
    #[error("{interface} can't have the address {address}: {reason}")]
    Address {
        /// The interface.
        interface: String,
        /// The address that it was to have, as on AWS.
        address: Ipv4Addr,
        /// Why not.
        reason: String,
    },
    /// An interface is in a group that nobody defines.
    #[error("{interface} is in the security group {group}, which is not there")]
    NoGroup {
        /// The interface.
        interface: String,
        /// The group.
        group: String,
    },
    /// Rules could not be put into interfaces; those of others were.
    #[error(
        "the rules of {interface} can't be put in place, nor those of {others} further interfaces"
    )]
    Rules {
        /// The first one.
        interface: String,
        /// How many others.
        others: usize,
        /// What Docker said of the first one.
        source: DockerError,
    },
}

impl NetworkError {
    /// For `map_err`: what was being done.
    pub(super) fn docker(doing: impl Into<String>) -> impl FnOnce(DockerError) -> Self {
        let doing = doing.into();
        move |source| Self::Docker { doing, source }
    }
}
