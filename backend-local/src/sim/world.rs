//! [`World`]: everything in a simulated account, and the rules that follow from the schema.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use hashbrown::HashTable;
use infra_core::{
    handler::Ownership,
    schema::{Identity, Level, Link, PropDef, Reference, Shape, TypeDef, each_link, validate},
    value::{Path, Properties, PropertiesBuilder, Slot, Value, canonical_bytes},
};
use rustc_hash::{FxHashMap, FxHasher};

use super::{
    identity::{make_arn, make_id, named_within},
    log::AccountLog,
    object::{Life, Object},
    refusal::{Codes, Refusal},
    special::{Asked, Special},
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
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("objects", &self.live().count()).finish_non_exhaustive()
    }
}

/// What is to be made.
pub(super) struct New<'a> {
    pub(super) ty: &'static TypeDef,
    pub(super) scope: Arc<str>,
    pub(super) inputs: &'a Properties,
    pub(super) token: &'a Arc<str>,
    pub(super) owner: Option<Box<Ownership>>,
    pub(super) lag: u64,
}

fn name_hash(ty: &str, name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    (ty, name).hash(&mut hasher);
    hasher.finish()
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

    /// A thing by type and id or ARN.
    #[must_use]
    pub fn get(&self, ty: &str, name: &str, scope: &str) -> Option<&Object> {
        self.place(ty, name, scope).map(|place| &self.objects[place as usize])
    }

    /// Names are unique within a region, an account or the world; ARNs everywhere.
    pub(super) fn place(&self, ty: &str, name: &str, scope: &str) -> Option<u32> {
        let found = self.by_name.find(name_hash(ty, name), |(_, place)| {
            let object = &self.objects[*place as usize];
            let named = &*object.id == name || object.arn() == Some(name);
            let here = name.starts_with("arn:")
                || named_within(object.ty, &object.scope) == named_within(object.ty, scope);
            object.ty.name == ty && named && here
        });
        found.map(|(_, place)| *place)
    }

    /// The thing that a property of a type refers to.
    pub(super) fn referenced(
        &self,
        ty: &TypeDef,
        slot: Slot,
        id: &str,
        scope: &str,
    ) -> Option<&Object> {
        let target = target_of(&ty.prop(slot).shape)?;
        self.get(target, id, scope)
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
            self.remove(place);
        }
    }

    // Creation.

    /// Makes a thing, or says why not.
    pub(super) fn create(&mut self, new: New<'_>) -> Result<u32, Refusal> {
        let ty = new.ty;
        if let Some(place) = self.same_token(&new)? {
            return Ok(place);
        }
        for (slot, prop) in ty.inputs() {
            let value = new.inputs.get(slot);
            if prop.required && !prop.separate && value.is_null() {
                let message = format!("`{}` is required", prop.name);
                return Err(Refusal::invalid(prop.name, "MissingParameter", message));
            }
        }
        self.check_values(ty, new.inputs, &new.scope)?;
        self.number += 1;
        let id = make_id(ty, &new.scope, new.inputs, self.number);
        let id = id.ok_or_else(|| Refusal::invalid("id", "MissingParameter", "it has no name"))?;
        self.check_unique(ty, new.inputs, &new.scope, None)?;
        let special = self.special(ty);
        let quota = special.and_then(Special::quota);
        let there = self.counts.get(&(ty.name, new.scope.clone())).copied().unwrap_or(0);
        if let Some(limit) = quota.filter(|limit| there >= *limit) {
            return Err(Refusal::quota(ty.short_name(), limit).in_words_of(self.codes(ty.name)));
        }
        let asked = Asked {
            world: self,
            ty,
            scope: &new.scope,
            id: &id,
            inputs: new.inputs,
            old: None,
            number: self.number,
        };
        if let Some(special) = special {
            special.check(&asked)?;
        }
        let ready_in = special.and_then(|special| special.ready_in(&asked));
        let outputs = told(&asked, special);
        let object = Object {
            ty,
            id: id.into(),
            scope: new.scope,
            life: Life::Live,
            implicit: false,
            owner: new.owner,
            inputs: new.inputs.clone(),
            outputs,
            visible_at: self.now + new.lag,
            ready_at: self.now + ready_in.unwrap_or(ty.durations.create),
            gone_at: 0,
            kept_until: 0,
            stale: None,
            in_use: 0,
            owned: 0,
        };
        let place = self.insert(object);
        self.tokens.insert(new.token.clone(), place);
        if let Some(special) = special {
            special.created(self, place);
        }
        self.write(place);
        Ok(place)
    }

    /// A repeated token gets the same answer, even if what it made is gone.
    fn same_token(&self, new: &New<'_>) -> Result<Option<u32>, Refusal> {
        if new.ty.find != infra_core::schema::Find::Token {
            return Ok(None);
        }
        let Some(place) = self.tokens.get(new.token) else { return Ok(None) };
        let object = &self.objects[*place as usize];
        let same = object.ty.name == new.ty.name && object.life == Life::Live;
        if same {
            return Ok(Some(*place));
        }
        let message = "the client token was used for something that is gone, or for another call";
        Err(Refusal::invalid("client_token", "IdempotentParameterMismatch", message))
    }

    /// A thing that AWS makes together with another one, with an id that the other one tells.
    pub(super) fn insert_implicit(
        &mut self,
        ty: &'static TypeDef,
        id: Arc<str>,
        scope: Arc<str>,
        inputs: Properties,
    ) {
        self.number += 1;
        let asked = Asked {
            world: self,
            ty,
            scope: &scope,
            id: &id,
            inputs: &inputs,
            old: None,
            number: self.number,
        };
        let outputs = told(&asked, None);
        let object = Object {
            ty,
            id: id.clone(),
            scope,
            life: Life::Live,
            implicit: true,
            owner: None,
            inputs,
            outputs,
            visible_at: self.now,
            ready_at: self.now,
            gone_at: 0,
            kept_until: 0,
            stale: None,
            in_use: 0,
            owned: 0,
        };
        let place = self.insert(object);
        self.write(place);
    }

    /// Puts an object into the tables.
    pub(super) fn insert(&mut self, object: Object) -> u32 {
        let place = self.objects.len() as u32;
        if object.life == Life::Gone {
            self.objects.push(object);
            self.hold_keys(place, true);
            return place;
        }
        *self.counts.entry((object.ty.name, object.scope.clone())).or_default() += 1;
        if let Some(owner) = &object.owner {
            self.tokens.insert(owner.intent.clone(), place);
        }
        if object.life == Life::Deleting {
            self.due.push(Reverse((object.gone_at, place)));
        }
        self.objects.push(object);
        self.name(place, true);
        self.hold_keys(place, true);
        self.count(place, true);
        place
    }

    fn name(&mut self, place: u32, add: bool) {
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

    // Rules.

    /// Values fit their shapes; what is referred to exists, can be seen, and is ready where that
    /// is needed.
    pub(super) fn check_values(
        &self,
        ty: &TypeDef,
        inputs: &Properties,
        scope: &str,
    ) -> Result<(), Refusal> {
        for (slot, value) in inputs.iter() {
            let prop = ty.prop(slot);
            let mut problems = vec![];
            validate(&prop.shape, value, &mut Path::property(prop.name), &mut problems);
            if let Some(problem) = problems.first() {
                let message = format!("`{}` {} {}", problem.path, problem.value, problem.message);
                return Err(Refusal::invalid(prop.name, "InvalidParameterValue", message));
            }
            if !ty.is_own_name(slot) {
                self.check_references(prop, value, scope)?;
            }
        }
        Ok(())
    }

    fn check_references(&self, prop: &PropDef, value: &Value, scope: &str) -> Result<(), Refusal> {
        let mut found = Ok(());
        each_link(prop, value, &mut |link| {
            let Some((target, id)) = reference(&link) else { return };
            if found.is_err() || !self.specials.contains_key(target) {
                return;
            }
            let refused = match self.get(target, id, scope) {
                None => Some(Refusal::missing_reference(prop.name, target, id)),
                Some(object) if object.life != Life::Live => {
                    Some(Refusal::missing_reference(prop.name, target, id))
                }
                Some(object) if object.visible_at > self.now => {
                    Some(Refusal::missing_reference(prop.name, target, id))
                }
                Some(object) if link.needs == Level::Ready && object.ready_at > self.now => {
                    Some(Refusal::not_ready(prop.name, id))
                }
                Some(_) => None,
            };
            if let Some(refusal) = refused {
                found = Err(refusal.in_words_of(self.codes(target)));
            }
        });
        found
    }

    fn check_unique(
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

    fn hold_keys(&mut self, place: u32, add: bool) {
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
    pub(super) fn holder(&self, ty: &TypeDef, inputs: &Properties, scope: &str) -> Option<u32> {
        let key = unique_key(ty, 0, inputs, scope)?;
        let holder = self.unique.get(&key).copied();
        holder.filter(|place| self.objects[*place as usize].life != Life::Gone)
    }

    /// What was made with a token.
    pub(super) fn by_token(&self, token: &str) -> Option<u32> {
        self.tokens.get(token).copied()
    }

    /// Counts the references of an object, or takes them back.
    fn count(&mut self, place: u32, add: bool) {
        let object = &self.objects[place as usize];
        let mut targets: Vec<(u32, bool)> = vec![];
        for (slot, value) in object.inputs.iter().filter(|(slot, _)| !object.ty.is_own_name(*slot))
        {
            each_link(object.ty.prop(slot), value, &mut |link| {
                let Some((target, id)) = reference(&link) else { return };
                if link.reference == Reference::Weak {
                    return;
                }
                let owns = object.implicit || link.reference == Reference::Owner;
                if let Some(other) = self.place(target, id, &object.scope)
                    && other != place
                {
                    targets.push((other, owns));
                }
            });
        }
        // What goes with a thing does not keep it: a rule that lets a group talk to itself.
        let owners: Vec<u32> =
            targets.iter().filter(|(_, owns)| *owns).map(|(target, _)| *target).collect();
        targets.retain(|(target, owns)| *owns || !owners.contains(target));
        for (target, owns) in targets {
            let other = &mut self.objects[target as usize];
            let counter = if owns { &mut other.owned } else { &mut other.in_use };
            *counter = if add { *counter + 1 } else { counter.saturating_sub(1) };
        }
    }

    /// Who refers to an object, and by which property: who goes with it (`owned`), or who keeps it
    /// from going. Linear: only asked when somebody must be told, or taken along.
    pub(super) fn referrers(&self, place: u32, owned: bool) -> Vec<(u32, &'static str)> {
        let mut found = vec![];
        for other in 0..self.objects.len() as u32 {
            if self.objects[other as usize].life == Life::Gone || other == place {
                continue;
            }
            let links = self.links_to(place, other);
            let goes_along = links.iter().any(|(_, owns)| *owns);
            if goes_along == owned {
                let asked_for = links.into_iter().filter(|(_, owns)| *owns == owned);
                found.extend(asked_for.map(|(property, _)| (other, property)));
            }
        }
        found
    }

    /// The properties by which one object refers to another so that it matters when that goes, and
    /// whether it then goes along.
    fn links_to(&self, target: u32, from: u32) -> Vec<(&'static str, bool)> {
        let (target, object) = (&self.objects[target as usize], &self.objects[from as usize]);
        let mut found = vec![];
        for (slot, value) in object.inputs.iter().filter(|(slot, _)| !object.ty.is_own_name(*slot))
        {
            let prop = object.ty.prop(slot);
            each_link(prop, value, &mut |link| {
                let Some((ty, id)) = reference(&link) else { return };
                let hit = ty == target.ty.name && (*id == *target.id || target.arn() == Some(id));
                if hit && link.reference != Reference::Weak {
                    found.push((prop.name, object.implicit || link.reference == Reference::Owner));
                }
            });
        }
        found
    }

    // Changes.

    /// Changes properties of a thing, or says why not.
    pub(super) fn modify(
        &mut self,
        place: u32,
        changes: &Properties,
        cleared: &[Slot],
        lag: u64,
    ) -> Result<(), Refusal> {
        let object = &self.objects[place as usize];
        let ty = object.ty;
        let mut inputs = object.inputs.merged(changes);
        for slot in cleared {
            inputs = inputs.with(*slot, Value::Null);
        }
        if inputs == object.inputs {
            return Ok(());
        }
        for (slot, prop) in ty.inputs() {
            if prop.replace && inputs.get(slot) != object.inputs.get(slot) {
                let message = format!("`{}` can't be changed", prop.name);
                return Err(Refusal::invalid(prop.name, "InvalidParameterValue", message));
            }
        }
        self.check_values(ty, changes, &object.scope)?;
        self.check_unique(ty, &inputs, &object.scope, Some(place))?;
        let special = self.special(ty);
        let asked = Asked {
            world: self,
            ty,
            scope: &object.scope,
            id: &object.id,
            inputs: &inputs,
            old: Some(object),
            number: self.number,
        };
        if let Some(special) = special {
            special.check(&asked)?;
        }
        let mut outputs = PropertiesBuilder::from(object.outputs.clone());
        if let Some(special) = special {
            special.outputs(&asked, &mut outputs);
        }
        let stale = (lag > 0)
            .then(|| Box::new((self.now + lag, object.inputs.clone(), object.outputs.clone())));
        self.hold_keys(place, false);
        self.count(place, false);
        let now = self.now;
        let object = &mut self.objects[place as usize];
        object.stale = stale;
        object.inputs = inputs;
        object.outputs = outputs.build();
        if ty.durations.update > 0 {
            object.ready_at = object.ready_at.max(now + ty.durations.update);
        }
        self.hold_keys(place, true);
        self.count(place, true);
        if let Some(special) = special {
            special.changed(self, place);
        }
        self.write(place);
        Ok(())
    }

    // Deletion.

    /// Deletes a thing, or says why not.
    pub(super) fn delete(&mut self, place: u32) -> Result<Life, Refusal> {
        let object = &self.objects[place as usize];
        let special = self.special(object.ty);
        let taken = special.and_then(|special| special.takes_along(object));
        let users = if object.in_use > 0 { self.referrers(place, false) } else { vec![] };
        let (taken, users): (Vec<_>, Vec<_>) = users
            .into_iter()
            .partition(|(other, _)| taken == Some(self.objects[*other as usize].ty.name));
        if !users.is_empty() {
            let by = users.into_iter().map(|(other, property)| {
                let other = &self.objects[other as usize];
                format!("{} {} ({property})", other.ty.short_name(), other.id)
            });
            let refusal = Refusal::in_use(&object.id, by.collect());
            return Err(refusal.in_words_of(self.codes(object.ty.name)));
        }
        if let Some((slot, allowed)) = object.ty.protection {
            let value = object.inputs.get(slot);
            if !value.is_null() && *value != allowed() {
                let name = object.ty.prop(slot).name;
                let message = format!("`{}` is protected from deletion by `{name}`", object.id);
                return Err(Refusal::invalid(name, "OperationNotPermitted", message));
            }
        }
        if let Some(special) = special {
            special.check_delete(self, object)?;
        }
        let takes = object.ty.durations.delete;
        for (other, _) in taken {
            self.remove(other);
        }
        self.remove_owned(place);
        if takes == 0 {
            self.remove(place);
            return Ok(Life::Gone);
        }
        let gone_at = self.now + takes;
        let object = &mut self.objects[place as usize];
        object.life = Life::Deleting;
        object.gone_at = gone_at;
        self.due.push(Reverse((gone_at, place)));
        self.write(place);
        Ok(Life::Deleting)
    }

    /// Whether a property can be cleared on the way to deletion.
    pub(super) fn check_detach(&self, place: u32, slot: Slot) -> Result<(), Refusal> {
        let object = &self.objects[place as usize];
        self.special(object.ty).map_or(Ok(()), |special| special.check_detach(self, object, slot))
    }

    /// Takes away what goes with a thing, and what goes with that in turn.
    fn remove_owned(&mut self, place: u32) {
        if self.objects[place as usize].owned == 0 {
            return;
        }
        for (owned, _) in self.referrers(place, true) {
            self.remove_owned(owned);
            self.remove(owned);
        }
    }

    /// Takes a thing out of the tables.
    pub(super) fn remove(&mut self, place: u32) {
        if self.objects[place as usize].life == Life::Gone {
            return;
        }
        let object = &self.objects[place as usize];
        let kept = self.special(object.ty).map_or(0, |special| special.keeps_names_for(object));
        if kept == 0 {
            self.hold_keys(place, false);
        }
        self.count(place, false);
        self.name(place, false);
        let now = self.now;
        let object = &mut self.objects[place as usize];
        object.life = Life::Gone;
        object.kept_until = if kept > 0 { now.saturating_add(kept) } else { 0 };
        // What is gone is known by nothing but the names that it keeps.
        let names = |slot| object.ty.unique.iter().any(|set| set.contains(&slot));
        object.inputs = object.inputs.filtered(|slot| kept > 0 && names(slot));
        object.outputs = Properties::default();
        object.stale = None;
        let key = (object.ty.name, object.scope.clone());
        if let Some(count) = self.counts.get_mut(&key) {
            *count = count.saturating_sub(1);
        }
        self.write(place);
    }

    /// Writes an object down that was changed from outside.
    pub(super) fn rewrite(&mut self, place: u32) {
        self.write(place);
    }

    fn write(&mut self, place: u32) {
        let Self { objects, log, now, number, .. } = self;
        log.write(*now, *number, &objects[place as usize]);
    }
}

/// The outputs of a thing: ids, ARNs, and what is special.
pub(super) fn told(asked: &Asked<'_>, special: Option<&'static dyn Special>) -> Properties {
    let Asked { ty, scope, id, inputs, number, .. } = *asked;
    let mut outputs = PropertiesBuilder::default();
    match ty.identity {
        Identity::Generated { slot, .. } | Identity::Arn { slot } => outputs.set(slot, id.into()),
        Identity::Named { .. } | Identity::Key { .. } => {}
    }
    if let (Some(arn), Some(text)) = (ty.arn, make_arn(ty, scope, id, inputs, number)) {
        outputs.set(arn.slot, text.into());
    }
    if let Some(special) = special {
        special.outputs(asked, &mut outputs);
    }
    outputs.build()
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

/// The type and id that a link refers to, if it is an id of something that can be made.
fn reference<'a>(link: &Link<'a>) -> Option<(&'static str, &'a str)> {
    let target = link.id?.target;
    if target.is_empty() { None } else { Some((target, link.value.as_str()?)) }
}

fn target_of(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Id(id) if !id.target.is_empty() => Some(id.target),
        Shape::List(inner) | Shape::Map(inner) | Shape::Secret(inner) => target_of(inner),
        _ => None,
    }
}

impl World {
    /// Counts all references anew: after loading, when what refers may stand before what is
    /// referred to.
    pub(super) fn recount(&mut self) {
        for object in &mut self.objects {
            (object.in_use, object.owned) = (0, 0);
        }
        for place in 0..self.objects.len() as u32 {
            if self.objects[place as usize].life != Life::Gone {
                self.count(place, true);
            }
        }
    }
}
