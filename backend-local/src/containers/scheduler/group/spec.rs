//! [`GroupSpec`]: what a group of instances shall be. [`Member`]: an instance as it is seen.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::containers::scheduler::Moment;

/// What a group of instances shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSpec {
    /// Its name.
    pub id: String,
    /// How few instances there may be.
    pub least: u32,
    /// How many there may be.
    pub most: u32,
    /// Its zones.
    pub zones: Vec<String>,
    /// What instances are started from: a launch template and its version.
    pub template: String,
    /// Whether instances with tasks are protected from scale-in. ECS: managed termination
    /// protection.
    pub protects_busy: bool,
    /// Which instance of the fullest zone goes first.
    pub policies: Vec<TerminationPolicy>,
    /// How long what checks say of a new instance does not count.
    pub grace: Duration,
    /// How long a new instance runs before it counts as a replacement.
    pub warmup: Duration,
    /// What waits when an instance has started.
    pub launching: Option<Hook>,
    /// How long an instance that ends may drain; not at all without one.
    pub terminating: Option<Hook>,
    /// Whether instances that were started from another template are replaced, and how.
    pub refresh: Option<Refresh>,
    /// How long an instance lives.
    pub lifetime: Option<Duration>,
    /// How many percent of the instances there are at least while ill ones are replaced.
    pub least_healthy_percent: u32,
    /// How many there are at most then.
    pub most_healthy_percent: u32,
}

impl GroupSpec {
    /// A group as EC2 Auto Scaling has it by default, with managed draining.
    #[must_use]
    pub fn new(id: impl Into<String>, (least, most): (u32, u32), zones: Vec<String>) -> Self {
        Self {
            id: id.into(),
            least,
            most,
            zones,
            template: String::new(),
            protects_busy: true,
            policies: vec![TerminationPolicy::Default],
            grace: Duration::ZERO,
            warmup: Duration::ZERO,
            launching: None,
            terminating: Some(Hook { heartbeat: Duration::from_secs(3600), gives_up: false }),
            refresh: None,
            lifetime: None,
            least_healthy_percent: 0,
            most_healthy_percent: 100,
        }
    }
}

/// Lets an instance wait until somebody has done something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// How long it waits.
    pub heartbeat: Duration,
    /// Whether one that starts, and that nobody cared about, is given up.
    pub gives_up: bool,
}

/// How instances are replaced that were started from another template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refresh {
    /// How many percent of the instances there are at least; one may always go.
    pub least_healthy_percent: u32,
    /// How many there are at most.
    pub most_healthy_percent: u32,
}

/// Which instance goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TerminationPolicy {
    /// One of another template, then the oldest.
    Default,
    /// One of another template.
    OldestLaunchTemplate,
    /// The oldest.
    OldestInstance,
    /// The newest.
    NewestInstance,
    /// The one whose next hour is nearest.
    ClosestToNextInstanceHour,
}

/// What an instance does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It starts.
    Pending,
    /// It started, and a hook waits.
    Waiting,
    /// It works.
    InService,
    /// It ends.
    Terminating,
}

/// An instance as it is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The token that it was launched by.
    pub id: String,
    /// Its zone.
    pub zone: String,
    /// What it was started from.
    pub template: String,
    /// What it does.
    pub phase: Phase,
    /// When it came to that.
    pub since: Moment,
    /// When it was launched.
    pub launched_at: Moment,
    /// Whether its checks say that it is well.
    pub healthy: bool,
    /// Whether it was protected from scale-in by name.
    pub protected: bool,
    /// Whether it has tasks, other than those that are on every instance.
    pub busy: bool,
}
