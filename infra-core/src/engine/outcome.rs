//! [`Outcome`]: what a run came to.

use super::StepFailure;
use crate::{plan::Counts, urn::Urn};

/// A step on the path that decided how long a run took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalStep {
    /// The resource.
    pub urn: Urn,
    /// When it began, in milliseconds since the run did.
    pub began: u64,
    /// How long it took, in milliseconds.
    pub took: u64,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was planned.
    pub counts: Counts,
    /// How many steps were carried out.
    pub done: usize,
    /// Steps that failed.
    pub failures: Vec<StepFailure>,
    /// Resources whose steps were not begun, because something that they need failed.
    pub skipped: Vec<Urn>,
    /// Whether the run was asked to stop before its end.
    pub cancelled: bool,
    /// How long it took on the backend's clock, in milliseconds.
    pub took: u64,
    /// The path that decided how long it took, in order.
    pub critical_path: Vec<CriticalStep>,
    /// The serial of the state afterwards.
    pub serial: u64,
    /// What the stack shows; secrets sealed.
    pub outputs: Vec<(std::sync::Arc<str>, crate::value::Value)>,
}

impl Outcome {
    /// Whether everything that was planned was done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failures.is_empty() && self.skipped.is_empty() && !self.cancelled
    }

    /// Whether it stopped because more would have to be done than was shown.
    #[must_use]
    pub fn needs_more(&self) -> bool {
        self.failures.iter().any(|failure| matches!(failure.error, super::StepError::NeedsMore(_)))
    }
}
