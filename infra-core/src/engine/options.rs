//! What a run may be told beside its program.

use std::num::NonZeroUsize;

use crate::{mutants::Mutants, plan::PlanOptions, state::store::Holder};

/// How an engine works, whatever it is asked to do.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// How many steps are under way at once; the backend's own limit if `None`.
    pub parallel: Option<NonZeroUsize>,
    /// Who holds the lease, for others who want it.
    pub holder: Holder,
    /// A checkpoint is written in the middle of a run when the journal has grown to this many
    /// bytes, and to four times the size of the last checkpoint.
    pub journal_limit: u64,
    /// Planted bugs, for the tests that must find them.
    pub(crate) mutants: Mutants,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            parallel: None,
            holder: Holder::default(),
            journal_limit: 256 << 20,
            mutants: Mutants::default(),
        }
    }
}

impl EngineOptions {
    /// The same, with planted bugs.
    #[cfg(feature = "testing")]
    #[must_use]
    pub const fn with_mutants(mut self, mutants: Mutants) -> Self {
        self.mutants = mutants;
        self
    }
}

/// What `preview` and `up` may be told.
#[derive(Clone, Debug, Default)]
pub struct UpOptions {
    /// What the run is limited to, and what it may lose.
    pub plan: PlanOptions,
    /// Compare state with the cloud first, and mend what drifted.
    pub refresh: bool,
}
