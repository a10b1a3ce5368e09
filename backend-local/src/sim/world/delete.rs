//! How a thing goes, and what it takes along.

use std::cmp::Reverse;

use infra_core::value::{Properties, Slot};

use super::World;
use crate::sim::{object::Life, refusal::Refusal};

impl World {
    /// Deletes a thing, or says why not.
    pub(in crate::sim) fn delete(&mut self, place: u32) -> Result<Life, Refusal> {
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
        let takes = self.takes(object.ty.durations.delete);
        for (other, _) in taken {
            self.remove(other);
        }
        self.remove_owned(place);
        if let Some(special) = special {
            special.deleted(self, place);
        }
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
    pub(in crate::sim) fn check_detach(&self, place: u32, slot: Slot) -> Result<(), Refusal> {
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
    pub(in crate::sim) fn remove(&mut self, place: u32) {
        if self.objects[place as usize].life == Life::Gone {
            return;
        }
        let object = &self.objects[place as usize];
        let kept = self.special(object.ty).map_or(0, |special| special.keeps_names_for(object));
        if kept == 0 {
            self.hold_keys(place, false);
        }
        match self.objects[place as usize].life {
            // What it held it let go when it ended. Its token may start another task.
            Life::Ended => self.tokens.retain(|_, other| *other != place),
            _ => self.count(place, false),
        }
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
}
