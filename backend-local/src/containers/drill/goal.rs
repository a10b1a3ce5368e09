//! [`Goal`]: what a drill expects, and whether it came so.

use std::{fmt, time::Duration};

use serde::Serialize;

/// What is expected of a site.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Goal {
    /// No request fails.
    NoFailure,
    /// No request fails but those that what was hit had under way.
    NoFailureBeyondInFlight,
    /// Of the requests since the event so large a share fails at most.
    Failed(f64),
    /// No outage lasts longer.
    Outage(Duration),
    /// Everybody who comes is served after so long at most.
    Back(Duration),
    /// Everybody who writes is served after so long at most.
    WritesBack(Duration),
    /// All of it is there again after so long at most.
    Redundant(Duration),
    /// The tasks are those of before.
    SameTasks,
    /// Tasks are added.
    MoreTasks,
    /// Tasks and instances that were added are taken away again.
    FewerAgain,
    /// What is deployed is what was before: people are served by the same images.
    SameVersion,
    /// All rows and files that were acknowledged are there.
    NothingLost,
    /// No session is lost that was not changed just before the event.
    SessionsKept,
    /// Everybody can go on in the end.
    NobodyStranded,
}

/// A goal, and whether it was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// What was expected.
    pub goal: String,
    /// What came.
    pub measured: String,
    /// Whether that is so.
    pub met: bool,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: &Duration| time.as_secs_f64();
        match self {
            Self::NoFailure => f.write_str("no request fails"),
            Self::NoFailureBeyondInFlight => {
                f.write_str("no request fails but those that it had under way")
            }
            Self::Failed(share) => write!(f, "at most {} % of the requests fail", share * 100.0),
            Self::Outage(time) => write!(f, "no outage is longer than {} s", seconds(time)),
            Self::Back(time) => write!(f, "people are served within {} s", seconds(time)),
            Self::WritesBack(time) => write!(f, "writes are back within {} s", seconds(time)),
            Self::Redundant(time) => write!(f, "all is there again within {} s", seconds(time)),
            Self::SameTasks => f.write_str("no task is replaced"),
            Self::MoreTasks => f.write_str("tasks are added"),
            Self::FewerAgain => f.write_str("what was added is taken away again"),
            Self::SameVersion => f.write_str("what is deployed is what was before"),
            Self::NothingLost => f.write_str("no row and no file is lost"),
            Self::SessionsKept => f.write_str("no session is lost that the replica had"),
            Self::NobodyStranded => f.write_str("everybody can go on"),
        }
    }
}
