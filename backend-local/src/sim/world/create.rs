//! How a thing is made, by somebody or by AWS itself.

use std::sync::Arc;

use infra_core::{
    handler::Ownership,
    schema::{Find, Identity, TypeDef, TypeKind},
    value::{Properties, PropertiesBuilder},
};

use super::{World, tasks::STARTED};
use crate::sim::{
    identity::{make_arn, make_id},
    object::{Life, Object},
    refusal::Refusal,
    special::{Asked, Special},
};

/// What is to be made.
pub(in crate::sim) struct New<'a> {
    pub(in crate::sim) ty: &'static TypeDef,
    pub(in crate::sim) scope: Arc<str>,
    pub(in crate::sim) inputs: &'a Properties,
    pub(in crate::sim) token: &'a Arc<str>,
    pub(in crate::sim) owner: Option<Box<Ownership>>,
    pub(in crate::sim) lag: u64,
}

impl World {
    /// Makes a thing, or says why not.
    pub(in crate::sim) fn create(&mut self, new: New<'_>) -> Result<u32, Refusal> {
        let ty = new.ty;
        if let Some(place) = self.same_token(&new)? {
            return Ok(place);
        }
        check_required(ty, new.inputs)?;
        self.check_values(ty, new.inputs, &new.scope)?;
        self.number += 1;
        let id = make_id(ty, &new.scope, new.inputs, self.number);
        let id = id.ok_or_else(|| Refusal::invalid("id", "MissingParameter", "it has no name"))?;
        self.check_unique(ty, new.inputs, &new.scope, None)?;
        self.check_quota(ty, &new.scope)?;
        let special = self.special(ty);
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
        let is_task = ty.kind == TypeKind::Task;
        let started = is_task.then(|| (STARTED.to_owned(), self.now));
        let object = Object {
            token: new.owner.is_none().then(|| new.token.clone()),
            owner: new.owner,
            inputs: new.inputs.clone(),
            outputs,
            visible_at: self.now + new.lag,
            ready_at: self.now + self.takes(ready_in.unwrap_or(ty.durations.create)),
            moments: started.into_iter().collect(),
            ..Object::new(ty, id.into(), new.scope)
        };
        let place = self.insert(object);
        if let Some(special) = special {
            special.created(self, place);
        }
        self.write(place);
        Ok(place)
    }

    fn check_quota(&self, ty: &TypeDef, scope: &Arc<str>) -> Result<(), Refusal> {
        let quota = self.special(ty).and_then(Special::quota);
        let there = self.counts.get(&(ty.name, scope.clone())).copied().unwrap_or(0);
        match quota.filter(|limit| there >= *limit) {
            Some(limit) => {
                Err(Refusal::quota(ty.short_name(), limit).in_words_of(self.codes(ty.name)))
            }
            None => Ok(()),
        }
    }

    /// A repeated token gets the same answer, even if what it made is gone.
    fn same_token(&self, new: &New<'_>) -> Result<Option<u32>, Refusal> {
        if new.ty.find != Find::Token {
            return Ok(None);
        }
        let Some(place) = self.tokens.get(new.token) else { return Ok(None) };
        let object = &self.objects[*place as usize];
        let there = matches!(object.life, Life::Live | Life::Ended);
        let same = object.ty.name == new.ty.name && there;
        if same {
            return Ok(Some(*place));
        }
        let message = "the client token was used for something that is gone, or for another call";
        Err(Refusal::invalid("client_token", "IdempotentParameterMismatch", message))
    }

    /// A thing that AWS makes together with another one, with an id that the other one tells.
    pub(in crate::sim) fn insert_implicit(
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
            implicit: true,
            inputs,
            outputs,
            visible_at: self.now,
            ready_at: self.now,
            ..Object::new(ty, id, scope)
        };
        let place = self.insert(object);
        self.write(place);
    }
}

fn check_required(ty: &TypeDef, inputs: &Properties) -> Result<(), Refusal> {
    for (slot, prop) in ty.inputs() {
        if prop.required && !prop.separate && inputs.get(slot).is_null() {
            let message = format!("`{}` is required", prop.name);
            return Err(Refusal::invalid(prop.name, "MissingParameter", message));
        }
    }
    Ok(())
}

/// The outputs of a thing: ids, ARNs, and what is special.
pub(in crate::sim) fn told(asked: &Asked<'_>, special: Option<&'static dyn Special>) -> Properties {
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
