//! Unique keys: who holds what only one can have, and who wants it.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::{Action, Decision, PlanProblem, PlannedWorld};
use crate::{
    dsl::Provider,
    schema::TypeDef,
    value::{Resolve as _, Value, canonical_bytes, resolve},
};

/// A key as a number: type, set, provider and values.
fn key_hash(ty: &TypeDef, set: usize, provider: &Provider, values: &[Value]) -> u64 {
    let mut bytes = vec![];
    values.iter().for_each(|value| canonical_bytes(value, &mut bytes));
    let mut hasher = FxHasher::default();
    (ty.name, set, provider, bytes).hash(&mut hasher);
    hasher.finish()
}

/// Who wants a key.
pub(super) type Wanted = FxHashMap<u64, u32>;

impl PlannedWorld<'_> {
    /// The keys that a node will hold, where all of their values are known, and the sets that they
    /// are of.
    fn wanted_keys(&self, node: u32) -> Vec<(usize, u64)> {
        let this = &self.program.nodes[node as usize];
        let provider = self.program.provider(this);
        let keys = (0..this.ty.unique.len()).filter_map(|set| {
            let values: Option<Vec<Value>> = this.ty.unique[set]
                .iter()
                .map(|slot| {
                    let value = match this.inputs.get(*slot) {
                        // Made up by the engine, or chosen by AWS.
                        Value::Null => self.output(crate::value::OutputRef {
                            node,
                            slot: *slot,
                            stack: self.program.id,
                        }),
                        value => resolve(value, self).ok()?,
                    };
                    value.first_unknown().is_none().then_some(value)
                })
                .collect();
            let values = values.filter(|values| values.iter().any(|value| !value.is_null()))?;
            Some((set, key_hash(this.ty, set, provider, &values)))
        });
        keys.collect()
    }

    /// The keys that a record holds.
    pub(super) fn held_keys(&self, place: u32) -> Vec<u64> {
        let record = self.state.record(place);
        let Some(ty) = record.ty.known() else { return vec![] };
        let provider = self.state.provider(record);
        let keys = (0..ty.unique.len()).filter_map(|set| {
            let values: Vec<Value> =
                ty.unique[set].iter().map(|slot| record.value(*slot).clone()).collect();
            let given = values.iter().any(|value| !value.is_null());
            given.then(|| key_hash(ty, set, provider, &values))
        });
        keys.collect()
    }

    /// Who of the nodes that come about, or change a key, wants which key. Two that want the same
    /// are a problem.
    pub(super) fn wanted(&self, problems: &mut Vec<PlanProblem>) -> Wanted {
        let mut wanted = Wanted::default();
        for node in 0..self.program.nodes.len() as u32 {
            let this = &self.program.nodes[node as usize];
            if this.ty.unique.is_empty() || !self.takes_keys(node) {
                continue;
            }
            for (set, key) in self.wanted_keys(node) {
                if let Some(other) = wanted.insert(key, node)
                    && other != node
                {
                    let names = this.ty.unique.get(set).copied().unwrap_or_default();
                    let names: Vec<&str> =
                        names.iter().map(|slot| this.ty.prop(*slot).name).collect();
                    problems.push(PlanProblem::SameKey {
                        first: self.program.nodes[other as usize].urn.clone(),
                        second: this.urn.clone(),
                        property: names.join(" and "),
                    });
                }
            }
        }
        wanted
    }

    /// Whether a node takes keys that it did not hold before.
    fn takes_keys(&self, node: u32) -> bool {
        let Decision { action, .. } = self.decisions[node as usize];
        if action.creates() {
            return true;
        }
        let changes_key = || {
            let this = &self.program.nodes[node as usize];
            self.changed.get(&node).is_some_and(|changed| {
                this.ty
                    .unique
                    .iter()
                    .flat_map(|set| set.iter())
                    .any(|slot| changed[usize::from(slot / 64)] >> (slot % 64) & 1 == 1)
            })
        };
        matches!(action, Action::Update | Action::Resume | Action::Reinstate) && changes_key()
    }
}
