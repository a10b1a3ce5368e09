//! What handlers answer.

use std::{sync::Arc, time::Duration};

use super::Ownership;
use crate::{schema::Level, value::Properties};

/// A thing was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocated {
    /// Its physical id.
    pub id: Arc<str>,
    /// What is known of it already.
    pub outputs: Properties,
    /// The level that it reached by that call alone.
    pub level: Level,
}

/// A step forward.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is known now.
    pub outputs: Properties,
    /// The level reached.
    pub level: Level,
}

/// The answer to "has it reached the level?".
#[derive(Clone, Debug, PartialEq)]
pub enum Polled {
    /// This far.
    Reached(Progress),
    /// Not yet.
    Pending {
        /// What it waits for, for people.
        message: String,
        /// When to ask again; the engine's pace if `None`.
        retry_after: Option<Duration>,
    },
    /// It is not there, or not visible yet.
    Missing,
}

/// The answer to a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone.
    Gone,
    /// It is on its way out; `read` will tell when it is gone.
    Started,
}

/// What the cloud says of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Its properties as they are. What the cloud does not tell (write-only properties) is absent.
    pub inputs: Properties,
    /// Its outputs, and the properties that the cloud chose.
    pub outputs: Properties,
    /// The level that it has reached.
    pub level: Level,
    /// It is on its way out.
    pub deleting: bool,
}

/// The answer to "what did this creation come to?".
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It exists and is ours.
    Here(Allocated),
    /// Something with its name or key exists that is not ours.
    Foreign {
        /// Its physical id.
        id: Arc<str>,
    },
    /// It was certainly not made: the service itself says so (a client token that it does not
    /// know, a registry that is read consistently).
    Absent,
    /// It can't be seen. Whether it still may appear is for the engine to judge, which knows when
    /// the call was sent and asks again until the backend's settle time has passed.
    NotYetCertain {
        /// When to ask again.
        retry_after: Duration,
    },
}

/// One of many that a list call found.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its physical id.
    pub id: Arc<str>,
    /// Whose it is, if it carries our tags.
    pub owner: Option<Ownership>,
    /// What is known of it, if that is all that reading it would tell; `None` otherwise. A list call
    /// does not know what a program left to the cloud: properties that may be are among the outputs.
    pub observed: Option<Observed>,
}
