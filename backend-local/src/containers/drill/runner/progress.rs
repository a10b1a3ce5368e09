//! [`Progress`]: how far a drill is.

use std::{fmt, time::Duration};

use super::super::{Hit, Injection, Serving};

/// How far a drill is; its words are those of the report's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Everybody logs in; it lasts so long.
    WarmingUp(Duration),
    /// What is usual is measured for so long.
    Baseline(Duration),
    /// The event begins.
    Injecting(Injection),
    /// It is done.
    Injected(Hit),
    /// It is left so for a while.
    Holding(Duration),
    /// So much serves people now.
    Serving(Serving),
    /// It is waited until what was added is taken away, so long at most.
    Ebbing(Duration),
    /// What does not mend itself is mended.
    Healing,
    /// That is done.
    Healed,
    /// Something is missing.
    Missing(Vec<String>),
    /// The site does not say whether something is missing.
    Silent(String),
    /// All is there again.
    Redundant,
    /// It is not, and is not waited for any longer.
    NotRedundant,
    /// What is usual is measured again for so long.
    CoolingDown(Duration),
    /// Somebody ended the drill.
    Interrupted,
    /// The site is held to what it acknowledged.
    Verifying,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: &Duration| time.as_secs_f64();
        match self {
            Self::WarmingUp(time) => write!(f, "everybody logs in ({} s)", seconds(time)),
            Self::Baseline(time) => write!(f, "what is usual is measured ({} s)", seconds(time)),
            Self::Injecting(injection) => write!(f, "{injection}"),
            Self::Injected(hit) => write!(f, "done: {}", hit.target),
            Self::Holding(time) => write!(f, "left so for {} s", seconds(time)),
            Self::Serving(serving) => write!(f, "people are served by {serving}"),
            Self::Ebbing(time) => {
                write!(f, "what was added is to go again, within {} s", seconds(time))
            }
            Self::Healing => f.write_str("what does not mend itself is mended"),
            Self::Healed => f.write_str("the site is healed"),
            Self::Missing(missing) => write!(f, "missing: {}", missing.join(", ")),
            Self::Silent(why) => write!(f, "the site does not say what is missing: {why}"),
            Self::Redundant => f.write_str("all is there again"),
            Self::NotRedundant => f.write_str("not all is there again; nobody waits any longer"),
            Self::CoolingDown(time) => {
                write!(f, "what is usual is measured again ({} s)", seconds(time))
            }
            Self::Interrupted => f.write_str("interrupted"),
            Self::Verifying => f.write_str("the site is held to what it acknowledged"),
        }
    }
}
