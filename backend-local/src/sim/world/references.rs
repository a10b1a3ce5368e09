//! Who refers to whom: what is referred to must be there, and what is referred to can't go.

use infra_core::{
    schema::{Level, Link, PropDef, Reference, Shape, TypeDef, each_link, validate},
    value::{Path, Properties, Slot, Value},
};

use super::World;
use crate::sim::{
    object::{Life, Object},
    refusal::Refusal,
};

impl World {
    /// The thing that a property of a type refers to.
    pub(in crate::sim) fn referenced(
        &self,
        ty: &TypeDef,
        slot: Slot,
        id: &str,
        scope: &str,
    ) -> Option<&Object> {
        let target = target_of(&ty.prop(slot).shape)?;
        self.get(target, id, scope)
    }

    /// Values fit their shapes; what is referred to exists, can be seen, and is ready where that
    /// is needed.
    pub(in crate::sim) fn check_values(
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
            let Some(special) = self.specials.get(target) else { return };
            if found.is_err() || special.is_always_there(id) {
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

    /// Counts the references of an object, or takes them back.
    pub(super) fn count(&mut self, place: u32, add: bool) {
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
    pub(in crate::sim) fn referrers(&self, place: u32, owned: bool) -> Vec<(u32, &'static str)> {
        let mut found = vec![];
        for other in 0..self.objects.len() as u32 {
            if !self.refers(other) || other == place {
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

    /// Whether a thing holds what it refers to.
    fn refers(&self, place: u32) -> bool {
        matches!(self.objects[place as usize].life, Life::Live | Life::Deleting)
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

    /// Counts all references anew: after loading, when what refers may stand before what is
    /// referred to.
    pub(in crate::sim) fn recount(&mut self) {
        for object in &mut self.objects {
            (object.in_use, object.owned) = (0, 0);
        }
        for place in 0..self.objects.len() as u32 {
            if self.refers(place) {
                self.count(place, true);
            }
        }
    }
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
