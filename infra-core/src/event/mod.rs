//! What the engine says while it works. It prints nothing: terminal, JSON, reports and tests are
//! listeners.
//!
//! Every event holds copies of all that a listener needs, so that listeners keep hardly any state,
//! and none holds a secret.

use serde::{Deserialize, Serialize};

use crate::{
    plan::{Counts, StepKind},
    schema::Level,
    urn::Urn,
};

/// The version of the event format; rises when a listener has to be changed.
pub const EVENT_VERSION: u32 = 1;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// [`EVENT_VERSION`].
    pub version: u32,
    /// When, in milliseconds of the backend's clock.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What a step does, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A resource is created.
    Create,
    /// An interrupted creation goes on.
    Resume,
    /// A resource is changed in place.
    Update,
    /// A newer generation is created.
    Replace,
    /// An existing object is taken over.
    Import,
    /// A resource is deleted.
    Delete,
    /// A record is taken out of state.
    Forget,
    /// A lookup is read.
    Read,
    /// A task is run.
    Run,
    /// What became of an interrupted operation is found out.
    Settle,
    /// What the cloud says is compared with state.
    Refresh,
    /// Only state changes.
    Relink,
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Create => "creating",
            Self::Resume => "resuming",
            Self::Update => "updating",
            Self::Replace => "replacing",
            Self::Import => "importing",
            Self::Delete => "deleting",
            Self::Forget => "forgetting",
            Self::Read => "reading",
            Self::Run => "running",
            Self::Settle => "settling",
            Self::Refresh => "refreshing",
            Self::Relink => "recording",
        })
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Steps that are under way.
    pub running: usize,
    /// Steps that ended, well or not.
    pub ended: usize,
    /// All steps.
    pub total: usize,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// A run began.
    RunStarted {
        /// `up`, `destroy`, `refresh`, `preview`.
        command: String,
        /// The project.
        project: String,
        /// The stack.
        stack: String,
        /// The backend.
        backend: String,
    },
    /// The end of the journal was torn by a crash and is cut off; nothing that was acknowledged
    /// is lost.
    JournalTorn {
        /// How many bytes.
        bytes: u64,
    },
    /// Operations of an earlier run were interrupted; what became of them is found out.
    Recovering {
        /// How many.
        open: usize,
    },
    /// Steps are about to be carried out.
    StepsPlanned {
        /// How many.
        total: usize,
    },
    /// A step began.
    StepStarted {
        /// Its number.
        step: u32,
        /// The resource.
        urn: Urn,
        /// What is done.
        operation: Operation,
        /// How long it usually takes, in milliseconds.
        usual: u64,
        /// How far the run is.
        tally: Tally,
    },
    /// A step reached a level.
    StepReached {
        /// Its number.
        step: u32,
        /// The resource.
        urn: Urn,
        /// The level.
        level: Level,
    },
    /// A step waits for something.
    StepWaiting {
        /// Its number.
        step: u32,
        /// The resource.
        urn: Urn,
        /// For what.
        message: String,
    },
    /// A call failed and is tried again.
    StepRetrying {
        /// Its number.
        step: u32,
        /// The resource.
        urn: Urn,
        /// What went wrong.
        message: String,
        /// How often it was tried.
        attempt: u32,
    },
    /// A step ended well.
    StepFinished {
        /// Its number.
        step: u32,
        /// The resource.
        urn: Urn,
        /// What was done.
        operation: Operation,
        /// How long it took, in milliseconds.
        took: u64,
        /// How far the run is.
        tally: Tally,
    },
    /// A step failed.
    StepFailed {
        /// Its number.
        step: u32,
        /// The resource.
        urn: Urn,
        /// What was done.
        operation: Operation,
        /// What went wrong.
        message: String,
        /// How far the run is.
        tally: Tally,
    },
    /// A run was asked to stop: no new step begins.
    Stopping,
    /// A checkpoint was written.
    CheckpointWritten {
        /// Its serial.
        serial: u64,
    },
    /// A run ended.
    RunFinished {
        /// How many resources of each kind of change were planned.
        counts: CountsEvent,
        /// How many steps failed.
        failed: usize,
        /// How many steps were not begun because of that.
        skipped: usize,
        /// How long it took on the backend's clock, in milliseconds.
        took: u64,
    },
}

/// [`Counts`] as listeners get them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Counts`")]
pub struct CountsEvent {
    pub create: usize,
    pub update: usize,
    pub replace: usize,
    pub delete: usize,
    pub other: usize,
    pub same: usize,
}

impl From<Counts> for CountsEvent {
    fn from(counts: Counts) -> Self {
        let Counts { create, update, replace, delete, other, same } = counts;
        Self { create, update, replace, delete, other, same }
    }
}

/// Hears what the engine says. Called on the engine's own task: be quick.
pub trait Listener: Send + Sync {
    /// Something happened.
    fn event(&self, event: &Event);

    /// Whether events of single steps are wanted; making them for a million steps takes time.
    fn wants_steps(&self) -> bool {
        true
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Listener for Silent {
    fn event(&self, _: &Event) {}

    fn wants_steps(&self) -> bool {
        false
    }
}

impl StepKind {
    /// Whether it takes something away.
    #[must_use]
    pub fn deletes(self) -> bool {
        matches!(self, Self::Delete { .. })
    }
}
