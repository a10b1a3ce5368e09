//! [`TargetGroup`]: targets that serve the same.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

/// Targets that serve the same, and how they are looked after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroup {
    /// Its name; unique in the balancer.
    pub name: String,
    /// Its targets, which speak HTTP/1.1.
    pub targets: BTreeSet<SocketAddr>,
    /// How it is known which of them are well.
    pub health: HealthCheck,
    /// Who is next.
    pub algorithm: Algorithm,
    /// How long a client stays with its target, by the cookie `AWSALB`; `None`: it does not.
    pub stickiness: Option<Duration>,
    /// In how long a target that has become healthy gets its full share; zero: at once.
    pub slow_start: Duration,
    /// How long requests may go on at a target that is no longer one.
    pub deregistration_delay: Duration,
}

impl TargetGroup {
    /// A group with AWS's defaults.
    #[must_use]
    pub fn new(name: impl Into<String>, targets: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self {
            name: name.into(),
            targets: targets.into_iter().collect(),
            health: HealthCheck::default(),
            algorithm: Algorithm::default(),
            stickiness: None,
            slow_start: Duration::ZERO,
            deregistration_delay: Duration::from_secs(300),
        }
    }
}

/// Who is next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// Each in turn.
    #[default]
    RoundRobin,
    /// Who has the fewest requests that are not answered yet.
    LeastOutstandingRequests,
}

/// How it is known whether a target is well. The defaults are those of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// What is asked for.
    pub path: String,
    /// At which port; `None`: at the target's.
    pub port: Option<u16>,
    /// How often.
    pub interval: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// After how many good answers an unhealthy target is healthy.
    pub healthy_threshold: u32,
    /// After how many bad ones a healthy target is unhealthy.
    pub unhealthy_threshold: u32,
    /// Which codes are good: `200`, `200,302`, `200-399`.
    pub matcher: String,
}

impl Default for HealthCheck {
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            port: None,
            interval: Duration::from_secs(30),
            timeout: Duration::from_secs(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: "200".to_owned(),
        }
    }
}
