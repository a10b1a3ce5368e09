//! [`BalancerStatus`]: how targets are, in AWS's words.

use std::{collections::BTreeMap, fmt, net::SocketAddr};

use serde::{Deserialize, Serialize};

/// How all targets are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalancerStatus {
    /// By name of the group.
    pub groups: BTreeMap<String, GroupStatus>,
}

impl BalancerStatus {
    /// How a target is; `None`: it is none.
    #[must_use]
    pub fn target(&self, group: &str, address: SocketAddr) -> Option<&TargetStatus> {
        self.groups.get(group)?.targets.get(&address)
    }

    /// How many targets of a group are in a state.
    #[must_use]
    pub fn count(&self, group: &str, state: TargetState) -> usize {
        let targets = self.groups.get(group).map(|group| group.targets.values());
        targets.map_or(0, |targets| targets.filter(|target| target.state == state).count())
    }
}

/// How the targets of a group are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupStatus {
    /// By address; those that drain among them.
    pub targets: BTreeMap<SocketAddr, TargetStatus>,
}

/// How a target is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetStatus {
    /// In one word.
    pub state: TargetState,
    /// Why, unless it is healthy.
    pub reason: Option<Reason>,
}

/// How a target is, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetState {
    /// It was not checked often enough to know.
    Initial,
    /// It gets requests.
    Healthy,
    /// It gets none, unless all of its group are like it.
    Unhealthy,
    /// It is no target any more; its last requests go on.
    Draining,
    /// No rule leads to its group.
    Unused,
}

/// Why a target is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// AWS's code, such as `Target.Timeout`.
    pub code: String,
    /// For people.
    pub description: String,
}

impl Reason {
    pub(super) fn new(code: &str, description: impl Into<String>) -> Self {
        Self { code: code.to_owned(), description: description.into() }
    }

    pub(super) fn registering() -> Self {
        Self::new("Elb.InitialHealthChecking", "its first health checks are not over")
    }

    pub(super) fn draining() -> Self {
        Self::new("Target.DeregistrationInProgress", "it gets no new requests")
    }

    pub(super) fn unused() -> Self {
        Self::new("Target.NotInUse", "no rule of a listener leads to its group")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.description)
    }
}
