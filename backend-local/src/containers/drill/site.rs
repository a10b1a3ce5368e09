//! [`Site`]: what a drill does to a site, and what it asks of it.

use std::{collections::BTreeSet, error::Error, fmt, future::Future};

use serde::{Deserialize, Serialize};

/// What is done to a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Injection {
    /// A task that serves people is killed.
    KillTask,
    /// An instance is killed, with all tasks on it.
    KillInstance,
    /// All that is in an availability zone is killed.
    KillZone,
    /// The writer of the database is killed.
    KillWriter,
    /// The writer of the database hangs: it holds its connections and answers nothing.
    HangWriter,
    /// All nodes of the database are killed, and none comes back before the site is healed.
    KillDatabase,
    /// The primary of the sessions' cache is killed.
    KillCache,
    /// A node of the shared files is killed.
    KillStorage,
    /// A node of the shared files hangs.
    HangStorage,
    /// An availability zone is cut off: all in it runs on, and reaches nobody outside.
    CutZone,
    /// An image is deployed whose tasks never get healthy.
    DeployBadImage,
    /// An upgrade is begun that fails on its way.
    FailUpgrade,
    /// [So many times](RUSH) as many people come. It is no matter of the site's.
    Rush,
}

/// How many times as many requests there are in a [rush](Injection::Rush).
pub const RUSH: u32 = 5;

/// What an injection hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it was, for people: `task 3f2a in eu-central-1b`.
    pub target: String,
    /// How many requests of people it had under way at that moment, if that can be known.
    pub in_flight: Option<u64>,
}

/// How much of a site is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redundancy {
    /// All of it: it could lose any part again.
    Full,
    /// Something is missing, for people: `1 of 3 bricks heals`.
    Missing(Vec<String>),
}

/// What of a site is to be the same after some drills.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The ids of the tasks that serve people.
    pub tasks: BTreeSet<String>,
    /// How many instances there are.
    pub instances: usize,
    /// What is deployed: image, or version.
    pub deployed: String,
}

/// How much serves people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Serving {
    /// How many tasks.
    pub tasks: usize,
    /// How many instances.
    pub instances: usize,
}

impl Serving {
    pub(super) fn of(facts: &Facts) -> Self {
        Self { tasks: facts.tasks.len(), instances: facts.instances }
    }

    /// The more of each.
    pub(super) fn max(self, other: Self) -> Self {
        let (tasks, instances) = (self.tasks.max(other.tasks), self.instances.max(other.instances));
        Self { tasks, instances }
    }
}

impl fmt::Display for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tasks on {} instances", self.tasks, self.instances)
    }
}

/// Why a site does not do what a drill needs.
pub type SiteError = Box<dyn Error + Send + Sync>;

/// A site that is drilled.
///
/// Whoever implements it may rely on this: there is one injection, and after it, whatever happens,
/// [`heal`](Self::heal) is called, even if the injection failed or somebody interrupts the drill.
pub trait Site: Sync {
    /// Does something to the site; returns when that is done.
    fn inject(&self, injection: Injection) -> impl Future<Output = Result<Hit, SiteError>> + Send;

    /// Takes back what was done and does not mend itself: lets go on what hangs, joins what was cut
    /// off, starts what stays down. Done twice, or with nothing done before, it does nothing.
    fn heal(&self) -> impl Future<Output = Result<(), SiteError>> + Send;

    /// How much of it is there.
    fn redundancy(&self) -> impl Future<Output = Result<Redundancy, SiteError>> + Send;

    /// What is to be the same after some drills.
    fn facts(&self) -> impl Future<Output = Result<Facts, SiteError>> + Send;
}

impl fmt::Display for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KillTask => "kill a task",
            Self::KillInstance => "kill an instance",
            Self::KillZone => "kill an availability zone",
            Self::KillWriter => "kill the database's writer",
            Self::HangWriter => "hang the database's writer",
            Self::KillDatabase => "kill all of the database",
            Self::KillCache => "kill the cache's primary",
            Self::KillStorage => "kill a storage node",
            Self::HangStorage => "hang a storage node",
            Self::CutZone => "cut an availability zone off",
            Self::DeployBadImage => "deploy an image that does not work",
            Self::FailUpgrade => "begin an upgrade that fails",
            Self::Rush => "send five times as many people",
        })
    }
}
