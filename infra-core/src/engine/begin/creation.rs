//! Steps that bring something new about: creations, replacements, imports.

use std::sync::Arc;

use super::{Begin, Begun};
use crate::{
    engine::{
        EngineError, StepError,
        lifecycle::{Phase, Purpose},
        run::Run,
    },
    event,
    handler::{Ownership, Request},
    mutants::Mutant,
    plan::{Decision, NamesOf},
    schema::Find,
    state::{Change, NewRecord, RecordType, StableId, seal::digest},
    value::{Properties, PropertiesBuilder},
};

impl Run<'_, '_> {
    pub(super) fn begin_creation(
        &mut self,
        step: u32,
        node: u32,
        mut inputs: Properties,
        generation: u32,
    ) -> Begin {
        let operation =
            if generation > 0 { event::Operation::Replace } else { event::Operation::Create };
        let this = &self.program.nodes[node as usize];
        if let Some(rule) = this.ty.name_rule
            && !inputs.has(rule.slot)
        {
            let lineage = self.session.lineage();
            let of = NamesOf { lineage: &lineage, epoch: self.session.epoch };
            let state = &self.session.state;
            let name = self.kept_names.make(state, of, self.program, node, generation);
            inputs = inputs.with(rule.slot, name.into());
        }
        let new = self.new_record(node, inputs.clone(), generation)?;
        let place = self.plan.decisions[node as usize].fresh;
        let request = self.request_for(node, &new, inputs);
        let by_key = this.ty.find == Find::Key;
        let phase = if by_key { Phase::KeyCheck } else { Phase::Allocate };
        let mut slot = match self.slot(step, place, operation, Purpose::Create, phase, request) {
            Ok(slot) => slot,
            Err(error) => return Ok(Begun::Failed(operation, error)),
        };
        slot.node = Some(node);
        if by_key {
            slot.intent = Some(Change::Create(place, Box::new(new)));
            return Ok(Begun::Operation(slot, None));
        }
        let entry = self.session.record(Change::Create(place, Box::new(new)))?;
        self.place_of[node as usize] = place;
        Ok(Begun::Operation(slot, Some(entry)))
    }

    pub(super) fn new_record(
        &mut self,
        node: u32,
        inputs: Properties,
        generation: u32,
    ) -> Result<NewRecord, EngineError> {
        let program = self.program;
        let this = &program.nodes[node as usize];
        let place = self.plan.decisions[node as usize].fresh;
        let (token, stable) = self.token(this.urn.as_str(), place);
        let provider = self.session.provider(program.provider(this))?;
        let options = this.options();
        Ok(NewRecord {
            urn: this.urn.clone(),
            stable,
            ty: RecordType::Known(this.ty),
            provider,
            generation,
            token,
            created_at: self.now(),
            inputs,
            deps: self.deps(node),
            protect: options.protect.unwrap_or(false),
            retain_on_delete: options.retain_on_delete,
        })
    }

    /// A token that has made nothing before: the epoch at the beginning of the run rises with
    /// everything that is made, and within a run a place is used once.
    fn token(&self, urn: &str, place: u32) -> (Arc<str>, StableId) {
        let fixed = self.session.state.mutants.on(Mutant::TokenWithoutEpoch);
        let run =
            if fixed { "always".to_owned() } else { format!("{}-{place}", self.session.epoch) };
        let lineage = self.session.lineage();
        let digest = digest(&["creation", &lineage, urn, &run]);
        let (token, rest) = digest.split_at(16);
        let (stable, _) = rest.split_first_chunk().expect("a digest has 32 bytes");
        (hex::encode(token).into(), StableId(u64::from_be_bytes(*stable)))
    }

    pub(super) fn begin_replacement(
        &mut self,
        step: u32,
        node: u32,
        inputs: Properties,
        decision: Decision,
    ) -> Begin {
        let old = self.session.state.get(decision.place);
        let generation = old.map_or(0, |old| old.generation) + 1;
        if !decision.certain && old.is_some() {
            let differences = self.differences(node, decision.place, &inputs);
            if !differences.iter().any(|difference| difference.replaces) {
                return self.begin_update(step, node, decision.place, inputs);
            }
            if self.clashes(node, decision.place, &inputs) {
                let message = "it has to be deleted before its successor can come, which became \
                               clear only now; run `up` again to see what that takes along";
                return Ok(Begun::Failed(
                    event::Operation::Replace,
                    StepError::NeedsMore(message.to_owned()),
                ));
            }
        }
        let urn = &self.program.nodes[node as usize].urn;
        if old.is_some_and(|old| old.urn != *urn) {
            // Old and new are generations of one resource only under one name.
            self.session.record(Change::Renamed(decision.place, urn.clone()))?;
        }
        let inputs = self.with_live_values(node, decision.place, inputs);
        self.begin_creation(step, node, inputs, generation)
    }

    /// A replacement starts from the live value of what something else owns.
    fn with_live_values(&self, node: u32, place: u32, inputs: Properties) -> Properties {
        let this = &self.program.nodes[node as usize];
        let Some(old) = self.session.state.get(place) else { return inputs };
        let mut live = PropertiesBuilder::from(inputs);
        for (slot, _) in this.ty.inputs().filter(|(_, prop)| prop.initial_only) {
            let value = old.value(slot);
            if !value.is_null() && value.first_unknown().is_none() {
                live.set(slot, value.clone());
            }
        }
        live.build()
    }

    fn clashes(&self, node: u32, place: u32, inputs: &Properties) -> bool {
        let this = &self.program.nodes[node as usize];
        let record = self.session.state.record(place);
        this.ty.delete_first
            || this.ty.unique.iter().any(|set| {
                set.iter().all(|slot| {
                    let made_up = this.ty.name_rule.is_some_and(|rule| rule.slot == *slot);
                    let value = inputs.get(*slot);
                    !(made_up && value.is_null()) && value == record.value(*slot)
                }) && set.iter().any(|slot| !inputs.get(*slot).is_null())
            })
    }

    pub(super) fn begin_import(&mut self, step: u32, node: u32, inputs: Properties) -> Begin {
        let this = &self.program.nodes[node as usize];
        let id: Arc<str> = this.options().import_id.clone().unwrap_or_default().into();
        let Some(Some(observed)) = self.reads.imports.get(&node).cloned() else {
            let error = StepError::NotKnown { property: "import_id".to_owned() };
            return Ok(Begun::Failed(event::Operation::Import, error));
        };
        let place = self.plan.decisions[node as usize].fresh;
        let kept =
            observed.inputs.filtered(|slot| inputs.has(slot) || !this.ty.prop(slot).computed);
        let new = self.new_record(node, kept, 0)?;
        self.session.record(Change::Create(place, Box::new(new)))?;
        self.session.record(Change::Allocated(place, id, observed.outputs, self.now()))?;
        self.session.record(Change::Done(place, None, Properties::default()))?;
        self.place_of[node as usize] = place;
        self.begin_update(step, node, place, inputs)
    }

    /// The request for a resource that has no record yet.
    fn request_for(&self, node: u32, new: &NewRecord, inputs: Properties) -> Request {
        let this = &self.program.nodes[node as usize];
        let owner = Ownership {
            stack: self.session.lineage(),
            stable: new.stable,
            intent: new.token.clone(),
            urn: new.urn.clone(),
        };
        let provider = self.program.provider(this).clone();
        Request {
            created_at: new.created_at,
            ..Request::unrecorded(this.ty, provider, owner, Arc::default(), inputs)
        }
    }
}
