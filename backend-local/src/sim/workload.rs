//! [`Workload`]: what containers come to. Nothing runs in the simulator, so that somebody says it.

use std::time::Duration;

/// A container of a single task that is about to start.
#[derive(Clone, Copy, Debug)]
pub struct Starting<'a> {
    /// The ARN of the task definition's revision.
    pub task_definition: &'a str,
    /// The container.
    pub container: &'a str,
    /// Its image.
    pub image: &'a str,
    /// What runs in it; empty where the image says it.
    pub command: &'a [String],
}

/// What a container comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It ends with a code, after a while.
    Exited {
        /// The code.
        code: i32,
        /// How long it runs.
        after: Duration,
    },
    /// It does not start: `CannotPullContainerError: …`.
    NotStarted {
        /// Why not, as AWS says it.
        reason: String,
    },
}

/// Says what containers of single tasks come to. Asked once for each, when its task starts.
pub trait Workload: Send + Sync {
    /// What a container comes to; `None` for what every one does where nobody says anything: it
    /// ends with 0 after the typical duration.
    fn end(&self, starting: &Starting<'_>) -> Option<End>;
}
