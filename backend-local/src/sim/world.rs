//! [`World`]: everything in a simulated account, and the rules that follow from the schema.
//!
//! | file | holds |
//! |---|---|
//! | `world/index.rs` | what is found by name, token or unique key |
//! | `world/references.rs` | who refers to whom |
//! | `world/create.rs`, `world/modify.rs`, `world/delete.rs` | what may happen to a thing, and what does |
//! | `world/tasks.rs` | what runs, and ends by itself |

mod create;
mod delete;
mod index;
mod modify;
mod references;
mod tasks;

pub(super) use create::{New, told};
pub(super) use tasks::Running;

use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

use hashbrown::HashTable;
use infra_core::{schema::TypeDef, value::Properties};
use rustc_hash::FxHashMap;

use super::{
    log::AccountLog,
    object::{Life, Object},
    refusal::Codes,
    special::Special,
    workload::Workload,
};

/// Everything in a simulated account.
pub struct World {
    pub(super) objects: Vec<Object>,
    /// Places by the hash of type and id, and of type and ARN. The hash is kept: which of the two
    /// names an entry stands for can't be told from its place.
    by_name: HashTable<(u64, u32)>,
    /// Who holds which unique key; what is gone may hold one for a while.
    unique: FxHashMap<u64, u32>,
    /// What was made with which token.
    tokens: FxHashMap<Arc<str>, u32>,
    /// What will be gone when.
    due: BinaryHeap<Reverse<(u64, u32)>>,
    specials: FxHashMap<&'static str, &'static dyn Special>,
    counts: FxHashMap<(&'static str, Arc<str>), usize>,
    pub(super) number: u64,
    pub(super) now: u64,
    pub(super) log: AccountLog,
    /// What containers come to, where somebody says it.
    pub(super) workload: Option<Arc<dyn Workload>>,
    /// Whether things are ready, and gone, at once.
    pub(super) prompt: bool,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("objects", &self.live().count()).finish_non_exhaustive()
    }
}

impl World {
    pub(super) fn new(log: AccountLog, specials: Vec<&'static dyn Special>) -> Self {
        Self {
            objects: vec![],
            by_name: HashTable::new(),
            unique: FxHashMap::default(),
            tokens: FxHashMap::default(),
            due: BinaryHeap::new(),
            specials: specials.into_iter().map(|special| (special.ty().name, special)).collect(),
            counts: FxHashMap::default(),
            number: 0,
            now: 0,
            log,
            workload: None,
            prompt: false,
        }
    }

    /// Everything that is not gone.
    pub fn live(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| object.life != Life::Gone)
    }

    /// All things of a type in a scope that are not gone.
    pub(super) fn all<'a>(
        &'a self,
        ty: &'a str,
        scope: &'a str,
    ) -> impl Iterator<Item = &'a Object> {
        self.live().filter(move |object| object.ty.name == ty && *object.scope == *scope)
    }

    pub(super) fn special(&self, ty: &TypeDef) -> Option<&'static dyn Special> {
        self.specials.get(ty.name).copied()
    }

    /// How the service of a type calls its errors.
    pub(super) fn codes(&self, ty: &str) -> Option<&'static Codes> {
        self.specials.get(ty)?.codes()
    }

    /// Lets time pass: what was on its way out may be gone.
    pub(super) fn advance(&mut self, now: u64) {
        self.now = self.now.max(now);
        while let Some(Reverse((at, place))) = self.due.peek().copied() {
            if at > self.now {
                break;
            }
            self.due.pop();
            self.fall_due(place);
        }
    }

    /// Writes an object down that was changed from outside.
    pub(super) fn rewrite(&mut self, place: u32) {
        self.write(place);
    }

    /// Puts other properties into the place of those that an object had.
    pub(super) fn replace(&mut self, place: u32, inputs: Properties, outputs: Properties) {
        self.hold_keys(place, false);
        self.count(place, false);
        let object = &mut self.objects[place as usize];
        (object.inputs, object.outputs) = (inputs, outputs);
        self.hold_keys(place, true);
        self.count(place, true);
        self.write(place);
    }

    /// How long something takes.
    pub(super) fn takes(&self, millis: u64) -> u64 {
        if self.prompt { 0 } else { millis }
    }

    fn write(&mut self, place: u32) {
        let Self { objects, log, now, number, .. } = self;
        log.write(*now, *number, &objects[place as usize]);
    }
}
