//! [`Calls`]: what an account was asked to do, in order.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use backend_local::sim::{Hook, Point, SimOptions};

use crate::world::World;

/// The calls that reached an account: the operation and the type, in order.
#[derive(Debug, Default)]
pub struct Calls(Mutex<Vec<(&'static str, &'static str)>>);

impl Hook for Calls {
    fn dies(&self, point: Point, operation: &'static str, ty: &'static str) -> bool {
        if point == Point::After {
            self.0.lock().unwrap().push((operation, ty));
        }
        false
    }
}

impl Calls {
    /// An empty world and the calls that are made to it.
    #[must_use]
    pub fn observe(options: SimOptions) -> (World, Arc<Self>) {
        let calls = Arc::new(Self::default());
        let hook: Arc<dyn Hook> = calls.clone();
        (World::new(SimOptions { hook: Some(hook), ..options }), calls)
    }

    /// How often an operation was asked for, by type.
    ///
    /// # Panics
    /// If a test that used it panicked.
    #[must_use]
    pub fn count(&self, operation: &str) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for (_, ty) in self.0.lock().unwrap().iter().filter(|(made, _)| *made == operation) {
            *counts.entry(*ty).or_default() += 1;
        }
        counts
    }

    /// Which call was the first of an operation and type.
    ///
    /// # Panics
    /// If there was none.
    #[must_use]
    pub fn first(&self, operation: &str, ty: &str) -> usize {
        let calls = self.0.lock().unwrap();
        calls.iter().position(|call| *call == (operation, ty)).unwrap()
    }

    /// Which call was the last of an operation and type: the one that was not refused any more.
    ///
    /// # Panics
    /// If there was none.
    #[must_use]
    pub fn last(&self, operation: &str, ty: &str) -> usize {
        let calls = self.0.lock().unwrap();
        calls.iter().rposition(|call| *call == (operation, ty)).unwrap()
    }

    /// Forgets the calls so far.
    ///
    /// # Panics
    /// If a test that used it panicked.
    pub fn clear(&self) {
        self.0.lock().unwrap().clear();
    }
}
