//! Taking things into state that are there already.

use std::{collections::BTreeMap, sync::Arc};

use super::{EngineError, preview::waiting, session::Session};
use crate::{
    dsl::Provider,
    handler::{DynHandler, Observed, Ownership, Request},
    schema::{Level, TypeDef, each_link},
    state::{Change, Dep, DepKind, NewRecord, RecordType, State},
    urn::Urn,
    value::{Properties, Slot, Value},
};

/// A thing that is to be taken into state.
pub(super) struct Adopted {
    pub(super) ty: &'static TypeDef,
    pub(super) provider: Provider,
    /// Whose it is: what its tags say, or what it will be from now on.
    pub(super) owner: Ownership,
    pub(super) id: Arc<str>,
    pub(super) inputs: Properties,
    pub(super) outputs: Properties,
    /// How far it has come.
    pub(super) level: Level,
    pub(super) deps: Box<[Dep]>,
    pub(super) protect: bool,
    pub(super) retain_on_delete: bool,
}

impl Adopted {
    /// A property or an output.
    pub(super) fn value(&self, slot: Slot) -> &Value {
        match self.outputs.get(slot) {
            Value::Null => self.inputs.get(slot),
            told => told,
        }
    }
}

/// Which record an id belongs to, by the kind of the id and the id itself.
pub(super) type Holders = BTreeMap<(&'static str, Arc<str>), u32>;

/// The ids that records hold: their own, and those that their outputs tell.
pub(super) fn holders(state: &State) -> Holders {
    let mut holders = Holders::new();
    for (place, record) in state.iter() {
        let Some(ty) = record.ty.known() else { continue };
        note_ids(&mut holders, place, ty, |slot| record.value(slot));
    }
    holders
}

/// Notes the ids of one record.
pub(super) fn note_ids<'v>(
    holders: &mut Holders,
    place: u32,
    ty: &'static TypeDef,
    value: impl Fn(Slot) -> &'v Value,
) {
    for (slot, id) in ty.told_ids() {
        if let Value::Str(text) = value(slot) {
            holders.insert((id.name, text.clone()), place);
        }
    }
}

/// What properties depend on, by the ids in them.
pub(super) fn deps_by_ids(ty: &TypeDef, inputs: &Properties, holders: &Holders) -> Box<[Dep]> {
    let mut deps = vec![];
    for (slot, value) in inputs.iter().filter(|(slot, _)| !ty.is_own_name(*slot)) {
        each_link(ty.prop(slot), value, &mut |link| {
            let (Some(id), Value::Str(text)) = (link.id, link.value) else { return };
            if let Some(target) = holders.get(&(id.name, text.clone())) {
                deps.push(Dep { target: *target, slot, kind: DepKind::from(link.reference) });
            }
        });
    }
    deps.sort_unstable();
    deps.dedup();
    deps.into()
}

impl Session<'_> {
    /// Takes a thing into state. Returns its place.
    pub(super) fn adopt(&mut self, thing: Adopted) -> Result<u32, EngineError> {
        let provider = self.provider(&thing.provider)?;
        let now = self.engine.backend.clock().now();
        let place = self.state.next_place();
        let new = NewRecord {
            urn: thing.owner.urn,
            stable: thing.owner.stable,
            ty: RecordType::Known(thing.ty),
            provider,
            generation: 0,
            token: thing.owner.intent,
            created_at: now,
            inputs: thing.inputs,
            deps: thing.deps,
            protect: thing.protect,
            retain_on_delete: thing.retain_on_delete,
        };
        self.record(Change::Create(place, Box::new(new)))?;
        self.record(Change::Allocated(place, thing.id, thing.outputs, now))?;
        self.record(match thing.level {
            Level::Ready => Change::Done(place, None, Properties::default()),
            level => Change::Reached(place, level, Properties::default()),
        })?;
        Ok(place)
    }

    /// What the cloud says of a thing that has no record.
    pub(super) async fn read_unrecorded(
        &self,
        handler: &Arc<dyn DynHandler>,
        request: &Request,
    ) -> Result<Option<Observed>, EngineError> {
        let observed = self.read(handler, request).await?;
        Ok(observed.filter(|observed| !observed.deleting))
    }

    /// The same, once it is ready: what was begun a moment ago may need one more.
    pub(super) async fn read_ready(
        &self,
        handler: &Arc<dyn DynHandler>,
        request: &Request,
    ) -> Result<Option<Observed>, EngineError> {
        let clock = self.engine.backend.clock();
        let settle = self.engine.backend.settle_time();
        let settle = u64::try_from(settle.as_millis()).unwrap_or(u64::MAX);
        let until = clock.now().saturating_add(settle);
        loop {
            let observed = self.read_unrecorded(handler, request).await?;
            let now = clock.now();
            let is_ready = observed.as_ref().is_none_or(|it| it.level == Level::Ready);
            if is_ready || now >= until {
                return Ok(observed);
            }
            let next = until.min(now.saturating_add(1_000));
            waiting(&*clock, clock.sleep_until(next)).await;
        }
    }

    /// Makes the key available, if something of this type may be a secret.
    pub(super) async fn unlock_for(&mut self, ty: &TypeDef) -> Result<(), EngineError> {
        if self.state.key.is_some() || ty.props.iter().any(crate::schema::PropDef::secret) {
            self.unlock().await?;
        }
        Ok(())
    }
}

/// The properties that a program would have to say to describe a thing of which it knows nothing:
/// all that was told, its name, and what AWS chose once and for all, as far as that excludes nothing
/// else. The outputs are the others.
pub(super) fn described(ty: &TypeDef, observed: &Observed) -> (Properties, Properties) {
    let mut inputs = observed.inputs.clone();
    let chosen = ty.inputs().filter(|(slot, prop)| {
        let is_name = ty.name_rule.is_some_and(|rule| rule.slot == *slot);
        is_name || prop.computed && prop.replace
    });
    for (slot, _) in chosen {
        let told = observed.outputs.get(slot);
        if told.is_null() || inputs.has(slot) {
            continue;
        }
        let with = inputs.with(slot, told.clone());
        if ty.problems(&with).next().is_none() {
            inputs = with;
        }
    }
    let left = |slot| ty.prop(slot).output || !inputs.has(slot);
    let outputs = observed.outputs.filtered(left);
    (inputs, outputs)
}

/// A name within everything, as far as it is free.
pub(super) fn free_urn(state: &State, urn: &Urn, what: &'static str) -> Result<(), EngineError> {
    match state.find(urn) {
        None => Ok(()),
        Some(_) => Err(EngineError::Refused {
            urn: urn.clone(),
            what,
            why: format!("there is a `{}` already", urn.short()),
            help: "choose another name".to_owned(),
        }),
    }
}
