//! What a balancer is told: plain values, in the words of AWS.

mod attributes;
mod check;
mod group;
mod listener;
mod matcher;
mod rule;

pub use self::{
    attributes::{Attributes, ForwardedFor},
    group::{Algorithm, HealthCheck, TargetGroup},
    listener::{Certificate, Listener, Protocol, Tls, TlsVersion},
    rule::{Action, Condition, FixedResponse, Forward, QueryPattern, Redirect, Rule, Weighted},
};
pub(super) use self::{check::check, matcher::Matcher};

/// Everything that a balancer is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalancerConfig {
    /// Where it listens, and what it does with what it hears.
    pub listeners: Vec<Listener>,
    /// Where requests go.
    pub groups: Vec<TargetGroup>,
    /// How it treats all of them.
    pub attributes: Attributes,
}
