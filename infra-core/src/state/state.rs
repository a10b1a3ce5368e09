//! [`State`]: all records of a stack.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::{Record, StableId, seal::KeyHeader};
use crate::{dsl::Provider, mutants::Mutants, urn::Urn, value::Value};

/// What a state belongs to: recorded once, checked by every run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What tells this state from every other one that ever was: 32 hexadecimal digits.
    pub lineage: Arc<str>,
    /// The project.
    pub project: Arc<str>,
    /// The stack.
    pub stack: Arc<str>,
    /// The backend that it was deployed with.
    pub backend: Arc<str>,
    /// The account and region, where a backend has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<Arc<str>>,
}

/// How long operations on a type took: a running mean in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Creation.
    pub create: u64,
    /// Update.
    pub update: u64,
    /// Deletion.
    pub delete: u64,
}

/// All records of a stack, and what belongs to the whole.
#[derive(Debug, Default)]
pub struct State {
    /// What it belongs to; `None` before the first deployment.
    pub place: Option<Place>,
    /// Rises by one with every run that changed something.
    pub serial: u64,
    /// Rises with every id and every deletion recorded: tokens are never derived twice.
    pub epoch: u64,
    /// The wrapped data key, once there is a secret.
    pub key: Option<KeyHeader>,
    /// Providers that records name by place.
    pub providers: Vec<Provider>,
    /// What the stack shows.
    pub outputs: BTreeMap<Arc<str>, Value>,
    /// How long operations took.
    pub learned: BTreeMap<Arc<str>, Learned>,
    /// Top-level fields that this binary does not understand.
    pub extra: serde_json::Map<String, serde_json::Value>,
    pub(super) records: Vec<Option<Record>>,
    /// Current records by the hash of their URN.
    pub(super) by_urn: HashTable<u32>,
    /// Records that a newer generation took the place of.
    pub(super) deposed: BTreeSet<u32>,
    pub(super) live: usize,
    pub(crate) mutants: Mutants,
}

impl State {
    /// An empty state with room for so many records.
    #[must_use]
    pub fn with_capacity(records: usize) -> Self {
        Self {
            records: Vec::with_capacity(records),
            by_urn: HashTable::with_capacity(records),
            ..Self::default()
        }
    }

    /// Makes room for so many further records.
    pub(crate) fn reserve(&mut self, records: usize) {
        self.records.reserve(records);
        let Self { by_urn, records: all, .. } = self;
        by_urn.reserve(records, |place| {
            let record = all[*place as usize].as_ref();
            record.map_or(0, |record| crate::dsl::urn_hash(record.urn.as_str()))
        });
    }

    /// The record in a place.
    #[must_use]
    pub fn get(&self, place: u32) -> Option<&Record> {
        self.records.get(place as usize)?.as_ref()
    }

    /// The record in a place where one stands.
    ///
    /// # Panics
    /// If none does: places come from this state and are not kept beyond their record.
    #[must_use]
    pub fn record(&self, place: u32) -> &Record {
        self.get(place).expect("a place is not kept beyond its record")
    }

    /// The place of the current record of a URN.
    #[must_use]
    pub fn find(&self, urn: &Urn) -> Option<u32> {
        let hash = crate::dsl::urn_hash(urn.as_str());
        self.by_urn.find(hash, |place| self.record(*place).urn == *urn).copied()
    }

    /// The same, looking at a place first where it may well stand.
    #[must_use]
    pub(crate) fn find_near(&self, urn: &Urn, guess: u32) -> Option<u32> {
        let hit = self.get(guess).is_some_and(|record| !record.deposed && record.urn == *urn);
        if hit { Some(guess) } else { self.find(urn) }
    }

    /// All records with their places.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Record)> {
        let places = self.records.iter().enumerate();
        places.filter_map(|(place, record)| Some((place as u32, record.as_ref()?)))
    }

    /// The records in places from one on and below another, with their places.
    pub(crate) fn range(&self, from: u32, to: u32) -> impl Iterator<Item = (u32, &Record)> {
        let to = self.records.len().min(to as usize);
        let records = self.records.get(from as usize..to).unwrap_or_default();
        (from..).zip(records).filter_map(|(place, record)| Some((place, record.as_ref()?)))
    }

    /// Gives the memory back where nobody waits for it: to free a million records takes a tenth of
    /// the time of a preview.
    pub(crate) fn discard(self) {
        const MANY: usize = 50_000;
        if self.len() > MANY {
            std::thread::spawn(move || drop(self));
        }
    }

    /// The records that a newer generation took the place of.
    pub fn deposed(&self) -> impl Iterator<Item = u32> {
        self.deposed.iter().copied()
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// One more than the highest place ever used since the last checkpoint.
    #[must_use]
    pub fn next_place(&self) -> u32 {
        self.records.len() as u32
    }

    /// The record with a stable id.
    #[must_use]
    pub fn by_stable(&self, stable: StableId) -> Option<u32> {
        self.iter().find(|(_, record)| record.stable == stable).map(|(place, _)| place)
    }

    /// The provider of a record.
    ///
    /// # Panics
    /// If the record is not of this state.
    #[must_use]
    pub fn provider(&self, record: &Record) -> &Provider {
        &self.providers[usize::from(record.provider)]
    }

    /// The place of a provider, if it has one.
    #[must_use]
    pub fn provider_place(&self, provider: &Provider) -> Option<u16> {
        self.providers.iter().position(|other| other == provider).map(|place| place as u16)
    }

    /// Switches planted bugs on, for the tests that must find them.
    #[cfg(feature = "testing")]
    pub fn set_mutants(&mut self, mutants: Mutants) {
        self.mutants = mutants;
    }
}
