//! The network of a VPC, and what may talk to whom on it.
//!
//! | module | is |
//! |---|---|
//! | `range` | [`Ranges`]: which addresses a VPC has here, if its own are taken on this machine |
//! | `routes` | the routes of this machine |
//! | `bridge` | the one network of Docker that a VPC has, whoever makes it at the same time |
//! | `vpc` | [`Vpc`]: the network of Docker for a VPC |
//! | `interface` | [`Interface`]: an ENI, a container that holds an address |
//! | `rules` | [`Policy`]: security groups, who is in them, and which zones are cut |
//! | `compile` | [`rulesets`]: from a policy to the rules of each interface; no I/O |
//! | `ruleset` | [`Ruleset`]: the rules of one interface as text of nftables |
//! | `firewall` | [`Firewall`]: puts the rules into the interfaces |
//!
//! **Invariant:** an interface is closed from its first moment: its container drops everything until a
//! [`Firewall`] has told it what it lets through.

mod bridge;
mod compile;
mod error;
mod firewall;
mod interface;
mod making;
mod range;
mod routes;
mod rules;
mod ruleset;
#[cfg(test)]
mod semantics;
mod vpc;

pub use compile::rulesets;
pub use error::NetworkError;
pub use firewall::{Applied, Firewall};
pub use interface::{
    Interface, InterfaceSpec, interface_container, interface_ids, remove_interface,
};
pub use range::Ranges;
pub use rules::{Gateway, Member, Peer, Policy, Ports, Protocol, Rule, SecurityGroup};
pub use ruleset::Ruleset;
pub use vpc::{Moved, Vpc, VpcSpec};
