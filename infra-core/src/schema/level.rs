//! [`Level`]: how far a resource has come.

use serde::{Deserialize, Serialize};

/// How far a resource has come. Dependents start at the level that they need, not at the end.
///
/// A subnet needs a VPC that exists; a task that mounts a file system needs mount targets that
/// are ready. CloudFormation knows the same distinction as `CONFIGURATION_COMPLETE`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The cloud knows it: it has an id.
    #[default]
    Exists,
    /// Everything that the program says about it has been told to the cloud.
    Configured,
    /// It does its work: a database accepts connections.
    Ready,
}

impl Level {
    /// All levels in order.
    pub const ALL: [Self; 3] = [Self::Exists, Self::Configured, Self::Ready];
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exists => "exists",
            Self::Configured => "configured",
            Self::Ready => "ready",
        })
    }
}
