//! [`Part`]: what looks after some types.

use std::{collections::BTreeSet, sync::Arc};

use infra_core::handler::BoxFuture;

use super::{
    AgentError, Folder, Settings, Vault,
    counted::{Place, Sample, Series},
    protocol::{PartReport, Ran, Run, State, Which},
};
use crate::{containers::docker::Docker, sim::View};

/// What every part works with.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Docker.
    pub docker: Docker,
    /// Where the agent keeps its things.
    pub folder: Folder,
    /// What was chosen for them.
    pub settings: Settings,
    /// What must be known and shown to nobody.
    pub vault: Arc<Vault>,
    /// Where what happens is written down.
    pub log: Log,
}

impl Surroundings {
    /// The account, in the labels of what it has.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.settings.account
    }
}

/// The agent's log: its standard error, which is a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Log;

impl Log {
    /// Writes a line, with the time.
    pub fn line(self, words: impl std::fmt::Display) {
        use infra_core::clock::{Clock as _, SystemClock};
        use std::io::Write as _;
        let (seconds, millis) = (SystemClock.now() / 1000, SystemClock.now() % 1000);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        let line = format!("{hour:02}:{minute:02}:{second:02}.{millis:03} {words}\n");
        // Who has no log any more has nobody to tell so.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

/// What drills do that no container alone can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DrillAct {
    /// These availability zones are about to fail: nobody connects anew to what is in them, or from
    /// there, and the ends of connections that there are still come through. What is killed says so
    /// by the kernel that it ran on.
    Fail(BTreeSet<String>),
    /// These availability zones are cut off, and no others.
    Cut(BTreeSet<String>),
    /// A service that people are served by gets an image that nobody has.
    DeployBadImage,
    /// It gets back what the account says.
    TakeBackImage,
}

/// What looks after some types: makes of the account what is wanted in it.
pub trait Part: Send + Sync {
    /// Its name, for people.
    fn name(&self) -> &'static str;

    /// The types that it says the state of.
    fn types(&self) -> &'static [&'static str];

    /// Takes over what is wanted now. Returns soon: work goes on behind it.
    fn want(&self, view: &Arc<View>);

    /// How far a thing is. What was wanted last counts: it is not ready while that is still being
    /// done.
    fn state(&self, which: &Which) -> State;

    /// All that it looks after.
    fn report(&self) -> PartReport;

    /// Where people reach what it serves, if it serves them.
    fn address(&self) -> Option<String> {
        None
    }

    /// What it counted in the last seconds, if it counts for the charts.
    fn series(&self) -> Option<Series> {
        None
    }

    /// What it counts, for those who collect it.
    fn samples(&self) -> Vec<Sample> {
        vec![]
    }

    /// The instances that it has, and what is on them.
    fn places(&self) -> Vec<Place> {
        vec![]
    }

    /// Runs a single task of a type of its own, or looks how it is; `None` of other types.
    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<Option<Ran>, AgentError>> {
        let _ = run;
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Does what a drill asks for, if that is its matter: says what it hits then.
    fn drill<'a>(&'a self, act: &'a DrillAct) -> BoxFuture<'a, Result<Option<String>, AgentError>> {
        let _ = act;
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// How a thing was seen: what a [`Part`] of few words is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// How far it is.
    pub state: State,
    /// Whether the loss of any one of its parts would be borne.
    pub redundant: bool,
    /// What it consists of.
    pub parts: Vec<(String, String)>,
    /// What happened to it last.
    pub events: Vec<(u64, String)>,
}
