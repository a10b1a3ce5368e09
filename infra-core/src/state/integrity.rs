//! [`check_integrity`]: what must hold of every state.

use std::hash::{Hash, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::{DepKind, Record, State, Status};
use crate::{schema::TypeKind, urn::Urn};

/// Something that must never be true of a state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// 1. Two records are the current one of a URN.
    #[error("`{0}` has two current records")]
    TwoCurrent(Urn),
    /// 2. A record that is more than an intent has no id.
    #[error("`{urn}` is {status} but has no id")]
    NoId {
        /// The record.
        urn: Urn,
        /// Its status.
        status: Status,
    },
    /// 3. Two records are of the same physical thing.
    #[error("`{first}` and `{second}` are the same `{id}`")]
    SameId {
        /// One record.
        first: Urn,
        /// The other.
        second: Urn,
        /// The physical id.
        id: String,
    },
    /// 4. A finished record holds an unknown.
    #[error("`{0}` is deployed but holds an unknown property")]
    UnknownInDone(Urn),
    /// 5. A record names a provider that there is not.
    #[error("`{0}` names a provider that does not exist")]
    NoProvider(Urn),
    /// 6. Records wait for each other.
    #[error("`{0}` depends on itself through other records")]
    Cycle(Urn),
    /// 7. Two records have the same stable id.
    #[error("`{first}` and `{second}` have the same stable id")]
    SameStable {
        /// One record.
        first: Urn,
        /// The other.
        second: Urn,
    },
    /// 8. There are records but it is not known to whom they belong.
    #[error("there are records, but no lineage")]
    NoPlace,
}

/// Checks what must hold of every state, by the numbers of [`Violation`]. Called before every
/// checkpoint and in every property test.
///
/// # Errors
/// The first violation found.
pub fn check_integrity(state: &State) -> Result<(), Violation> {
    if !state.is_empty() && state.place.is_none() {
        return Err(Violation::NoPlace);
    }
    let mut ids = Seen::new(state, |record| (record.ty.name(), record.provider, &*record.id));
    let mut stables = Seen::new(state, |record| record.stable);
    for (place, record) in state.iter() {
        let urn = || record.urn.clone();
        if !record.deposed && state.find(&record.urn) != Some(place) {
            return Err(Violation::TwoCurrent(urn()));
        }
        if record.id.is_empty() == record.status.has_id() {
            return Err(Violation::NoId { urn: urn(), status: record.status });
        }
        if record.status == Status::Done && record.has_unknown_inputs() {
            return Err(Violation::UnknownInDone(urn()));
        }
        if usize::from(record.provider) >= state.providers.len() {
            return Err(Violation::NoProvider(urn()));
        }
        if let Some(first) = stables.insert(place) {
            return Err(Violation::SameStable { first, second: urn() });
        }
        let exists = record.status.has_id()
            && record.ty.known().is_none_or(|ty| ty.kind == TypeKind::Resource);
        if let Some(first) = exists.then(|| ids.insert(place)).flatten() {
            let id = record.id.to_string();
            return Err(Violation::SameId { first, second: urn(), id });
        }
    }
    acyclic(state)
}

/// Finds two records with the same key, at four bytes a record.
struct Seen<'a, F> {
    state: &'a State,
    key: F,
    places: HashTable<u32>,
}

impl<'a, K: Hash + Eq, F: Fn(&'a Record) -> K> Seen<'a, F> {
    fn new(state: &'a State, key: F) -> Self {
        Self { state, key, places: HashTable::with_capacity(state.len()) }
    }

    /// The record that has the same key already.
    fn insert(&mut self, place: u32) -> Option<Urn> {
        let Self { state, key, places } = self;
        let of = |place: u32| key(state.record(place));
        let hash = |place: &u32| {
            let mut hasher = FxHasher::default();
            of(*place).hash(&mut hasher);
            hasher.finish()
        };
        let own = of(place);
        if let Some(first) = places.find(hash(&place), |other| of(*other) == own) {
            return Some(state.record(*first).urn.clone());
        }
        places.insert_unique(hash(&place), place, hash);
        None
    }
}

/// Strong and owning references have an order; the others can't close a circle that matters.
fn acyclic(state: &State) -> Result<(), Violation> {
    let count = state.next_place() as usize;
    let mut waiting = vec![0_u32; count];
    let binding = |kind: DepKind| kind.binds();
    let ascending = state.iter().all(|(place, record)| {
        record.deps.iter().all(|dep| !binding(dep.kind) || dep.target < place)
    });
    if ascending {
        return Ok(());
    }
    let mut dependents: Vec<Vec<u32>> = vec![vec![]; count];
    for (place, record) in state.iter() {
        for dep in record.deps.iter().filter(|dep| binding(dep.kind)) {
            if dep.target != place && state.get(dep.target).is_some() {
                waiting[place as usize] += 1;
                dependents[dep.target as usize].push(place);
            }
        }
    }
    let mut free: Vec<u32> = state
        .iter()
        .map(|(place, _)| place)
        .filter(|place| waiting[*place as usize] == 0)
        .collect();
    let mut seen = 0;
    while let Some(place) = free.pop() {
        seen += 1;
        for dependent in &dependents[place as usize] {
            waiting[*dependent as usize] -= 1;
            if waiting[*dependent as usize] == 0 {
                free.push(*dependent);
            }
        }
    }
    if seen == state.len() {
        return Ok(());
    }
    let stuck = state.iter().find(|(place, _)| waiting[*place as usize] > 0);
    let (_, record) = stuck.expect("whoever was not freed still waits");
    Err(Violation::Cycle(record.urn.clone()))
}
