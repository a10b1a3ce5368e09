//! What is found by name, token or unique key.

use std::{
    cmp::Reverse,
    hash::{Hash, Hasher},
};

use infra_core::{
    schema::{TypeDef, TypeKind},
    value::{Properties, canonical_bytes},
};
use rustc_hash::FxHasher;

use super::World;
use crate::sim::{
    identity::{named_within, share_names},
    object::{Life, Object},
    refusal::Refusal,
};

impl World {
    /// A thing by type and id or ARN.
    #[must_use]
    pub fn get(&self, ty: &str, name: &str, scope: &str) -> Option<&Object> {
        self.place(ty, name, scope).map(|place| &self.objects[place as usize])
    }

    /// Names are unique within a region, an account or the world; ARNs everywhere.
    pub(in crate::sim) fn place(&self, ty: &str, name: &str, scope: &str) -> Option<u32> {
        let hash = name_hash(ty, name);
        let found = self.by_name.find(hash, |(other, place)| {
            // Objects are far apart in memory: whose hash differs is not looked at.
            *other == hash && {
                let object = &self.objects[*place as usize];
                let named = &*object.id == name || object.arn() == Some(name);
                object.ty.name == ty
                    && named
                    && (name.starts_with("arn:") || share_names(object.ty, &object.scope, scope))
            }
        });
        found.map(|(_, place)| *place)
    }

    /// Puts an object into the tables.
    pub(in crate::sim) fn insert(&mut self, object: Object) -> u32 {
        let place = self.objects.len() as u32;
        if object.life == Life::Gone {
            self.objects.push(object);
            self.hold_keys(place, true);
            return place;
        }
        *self.counts.entry((object.ty.name, object.scope.clone())).or_default() += 1;
        let token = object.owner.as_ref().map(|owner| &owner.intent).or(object.token.as_ref());
        if let Some(token) = token {
            self.tokens.insert(token.clone(), place);
        }
        match object.life {
            Life::Deleting | Life::Ended => self.due.push(Reverse((object.gone_at, place))),
            Life::Live if object.ty.kind == TypeKind::Task => {
                self.due.push(Reverse((object.ready_at, place)));
            }
            Life::Live | Life::Gone => {}
        }
        self.objects.push(object);
        self.name(place, true);
        self.hold_keys(place, true);
        self.count(place, true);
        place
    }

    pub(super) fn name(&mut self, place: u32, add: bool) {
        let Self { objects, by_name, .. } = self;
        let object = &objects[place as usize];
        let arn = object.arn().filter(|arn| **arn != *object.id);
        for name in std::iter::once(&*object.id).chain(arn) {
            let hash = name_hash(object.ty.name, name);
            if add {
                by_name.insert_unique(hash, (hash, place), |(hash, _)| *hash);
            } else if let Ok(entry) = by_name.find_entry(hash, |other| *other == (hash, place)) {
                entry.remove();
            }
        }
    }

    pub(super) fn check_unique(
        &self,
        ty: &TypeDef,
        inputs: &Properties,
        scope: &str,
        own: Option<u32>,
    ) -> Result<(), Refusal> {
        for set in 0..ty.unique.len() {
            let Some(key) = unique_key(ty, set, inputs, scope) else { continue };
            let Some(place) = self.unique.get(&key).filter(|place| Some(**place) != own) else {
                continue;
            };
            let names: Vec<&str> = ty.unique[set].iter().map(|slot| ty.prop(*slot).name).collect();
            let (names, holder) = (names.join(" and "), &self.objects[*place as usize]);
            if holder.life != Life::Gone {
                let refusal = Refusal::exists(ty, &holder.id, &names);
                return Err(refusal.in_words_of(self.codes(ty.name)));
            }
            if holder.kept_until > self.now {
                let values = ty.unique[set].iter().map(|slot| inputs.get(*slot).to_string());
                let values = values.collect::<Vec<_>>().join(" and ");
                return Err(Refusal::kept(&names, &values, holder.kept_until - self.now));
            }
        }
        Ok(())
    }

    pub(super) fn hold_keys(&mut self, place: u32, add: bool) {
        let object = &self.objects[place as usize];
        for set in 0..object.ty.unique.len() {
            let Some(key) = unique_key(object.ty, set, &object.inputs, &object.scope) else {
                continue;
            };
            if add {
                self.unique.insert(key, place);
            } else if self.unique.get(&key) == Some(&place) {
                self.unique.remove(&key);
            }
        }
    }

    /// Who holds the key of a thing of this type and properties.
    pub(in crate::sim) fn holder(
        &self,
        ty: &TypeDef,
        inputs: &Properties,
        scope: &str,
    ) -> Option<u32> {
        let key = unique_key(ty, 0, inputs, scope)?;
        let holder = self.unique.get(&key).copied();
        holder.filter(|place| self.objects[*place as usize].life != Life::Gone)
    }

    /// What was made with a token.
    pub(in crate::sim) fn by_token(&self, token: &str) -> Option<u32> {
        self.tokens.get(token).copied()
    }
}

fn name_hash(ty: &str, name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    (ty, name).hash(&mut hasher);
    hasher.finish()
}

fn unique_key(ty: &TypeDef, set: usize, inputs: &Properties, scope: &str) -> Option<u64> {
    let mut bytes = vec![];
    let mut given = false;
    for slot in ty.unique[set] {
        let value = inputs.get(*slot);
        given |= !value.is_null();
        canonical_bytes(value, &mut bytes);
    }
    let scope = named_within(ty, scope);
    let mut hasher = FxHasher::default();
    (ty.name, set, scope, bytes).hash(&mut hasher);
    given.then(|| hasher.finish())
}
