//! What is said through the agent's socket: JSON over HTTP.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::value::Value;
use serde::{Deserialize, Serialize};

use crate::containers::drill::Injection;

/// How far a thing is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// How far.
    pub level: Level,
    /// What it waits for, or why it failed, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What it tells beside what the account says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Value>,
}

/// How far a thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing of it is there.
    #[default]
    Gone,
    /// It is being made, changed or removed.
    Pending,
    /// It is as it is wanted.
    Ready,
    /// It never will be.
    Failed,
}

impl State {
    /// As it is wanted.
    #[must_use]
    pub fn ready() -> Self {
        Self { level: Level::Ready, ..Self::default() }
    }

    /// On its way.
    #[must_use]
    pub fn pending(message: impl Into<String>) -> Self {
        Self { level: Level::Pending, message: message.into(), ..Self::default() }
    }

    /// Never as it is wanted.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self { level: Level::Failed, message: message.into(), ..Self::default() }
    }
}

/// Which thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Which {
    /// Its type.
    pub ty: String,
    /// Its physical id.
    pub id: String,
}

/// A secret of a thing.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretOf {
    /// The thing.
    #[serde(flatten)]
    pub which: Which,
    /// The property.
    pub property: String,
    /// The secret itself: sockets are the user's alone.
    pub text: String,
}

impl std::fmt::Debug for SecretOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretOf({:?}, {})", self.which, self.property)
    }
}

/// A single task that is to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// What tells it from every other run: the same is run once.
    pub token: String,
    /// The type of the task.
    pub ty: String,
    /// What it is to run, by the names of its properties.
    pub inputs: BTreeMap<String, Value>,
}

/// How a single task is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// Whether this call started it.
    pub fresh: bool,
    /// Whether it has ended.
    pub ended: bool,
    /// What it is at, or how it ended, for people.
    pub message: String,
    /// Why that is a failure, if it is one.
    pub failure: Option<String>,
    /// What it tells once it has ended.
    pub outputs: BTreeMap<String, Value>,
}

/// The agent, and what it looks after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its process.
    pub process: u32,
    /// Which program it was started from: another build of it is started anew.
    pub build: String,
    /// When it was started, in milliseconds since 1970.
    pub since: u64,
    /// The parts, in the order in which they depend on each other.
    pub parts: Vec<PartReport>,
    /// Where people reach what it serves.
    pub address: Option<String>,
    /// Its status page.
    pub page: Option<String>,
}

/// A part of what the agent looks after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartReport {
    /// Its name: `database`.
    pub name: String,
    /// Each thing in it.
    pub things: Vec<ThingReport>,
}

/// A thing that the agent looks after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThingReport {
    /// Its physical id.
    pub id: String,
    /// How it is.
    pub level: Level,
    /// In words.
    pub message: String,
    /// Whether the loss of any one of its parts would be borne.
    pub redundant: bool,
    /// What it consists of: name, how that is.
    pub parts: Vec<(String, String)>,
    /// What happened to it last: when, in milliseconds since 1970, and what.
    pub events: Vec<(u64, String)>,
}

/// What a drill does to what is looked after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strike {
    /// What.
    pub injection: Injection,
    /// The availability zone that it hits, if it hits one; by default any that serves people.
    pub zone: Option<String>,
}

/// What a drill hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Struck {
    /// What it was, for people.
    pub target: String,
    /// How many requests of people it had under way, if that is known.
    pub in_flight: Option<u64>,
}

/// Who serves people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The tasks: id, and when its containers were started.
    pub tasks: BTreeSet<String>,
    /// How many instances there are.
    pub instances: usize,
    /// The images of their containers.
    pub images: BTreeSet<String>,
    /// The availability zones that they are in.
    pub zones: BTreeSet<String>,
}
