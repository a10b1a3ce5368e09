//! [`Firing`]: the alarms that are off.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The alarms that are off, by name: who looks at alarms says so, and deployments go by it. Clones
/// share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Firing(Arc<Mutex<BTreeSet<String>>>);

impl Firing {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that are off now.
    pub(super) fn are(&self, names: BTreeSet<String>) {
        *self.lock() = names;
    }

    /// Those that are off.
    pub(super) fn now(&self) -> BTreeSet<String> {
        self.lock().clone()
    }
}
