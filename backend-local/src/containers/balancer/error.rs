//! [`BalancerError`]: why a balancer can't be as it was told.

use std::{fmt::Display, net::SocketAddr};

/// Why a balancer can't be as it was told. It is then as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BalancerError {
    /// The configuration makes no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// It can't listen at an address.
    #[error("listener `{listener}` can't listen at {address}: choose a port that is free")]
    Bind {
        /// The listener.
        listener: String,
        /// Its address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// Its threads can't be started.
    #[error("the balancer's threads can't be started")]
    Threads {
        /// Why not.
        source: std::io::Error,
    },
}

/// What is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {field} `{value}` {problem}; {fix}")]
#[non_exhaustive]
pub struct ConfigError {
    /// Which listener, rule or group.
    pub place: String,
    /// Which of its properties.
    pub field: &'static str,
    /// What that is.
    pub value: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to do.
    pub fix: String,
}

/// Where in a configuration something is.
pub(super) struct Place(String);

impl Place {
    pub(super) fn listener(name: &str) -> Self {
        Self(format!("listener `{name}`"))
    }

    pub(super) fn group(name: &str) -> Self {
        Self(format!("target group `{name}`"))
    }

    pub(super) fn attributes() -> Self {
        Self("attributes".to_owned())
    }

    pub(super) fn rule(&self, priority: u32) -> Self {
        Self(format!("{}, rule {priority}", self.0))
    }

    pub(super) fn default_action(&self) -> Self {
        Self(format!("{}, default action", self.0))
    }

    pub(super) fn error(
        &self,
        field: &'static str,
        value: impl Display,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) -> ConfigError {
        let (problem, fix) = (problem.into(), fix.into());
        ConfigError { place: self.0.clone(), field, value: value.to_string(), problem, fix }
    }
}
