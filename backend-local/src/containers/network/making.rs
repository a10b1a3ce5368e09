//! [`Making`]: the addresses of interfaces that are on their way.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The addresses of interfaces that are on their way, by id: no container has them yet. Clones share
/// it.
#[derive(Clone, Debug, Default)]
pub(super) struct Making(Arc<Mutex<BTreeMap<String, Ipv4Addr>>>);

/// An address that is taken until this is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    making: Making,
    id: String,
}

impl Making {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Ipv4Addr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are taken now.
    pub(super) fn now(&self) -> BTreeMap<String, Ipv4Addr> {
        self.lock().clone()
    }

    /// Takes one.
    pub(super) fn take(&self, id: &str, address: Ipv4Addr) -> Taken {
        self.lock().insert(id.to_owned(), address);
        Taken { making: self.clone(), id: id.to_owned() }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.making.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_long_as_somebody_makes_its_interface() {
        let (making, address) = (Making::default(), Ipv4Addr::new(10, 0, 1, 4));
        let taken = making.take("a", address);
        assert_eq!(making.clone().now(), BTreeMap::from([("a".to_owned(), address)]));
        drop(taken);
        assert_eq!(making.now(), BTreeMap::new());
    }
}
