//! How a step begins: what is still to be done, now that what it needs is known.

use std::sync::Arc;

use super::{
    EngineError, StepError,
    lifecycle::{Operation, Phase, Purpose},
    run::{Run, Slot as OperationSlot},
    world::LiveWorld,
};
use crate::{
    event,
    handler::{DynHandler, Ownership, Request},
    mutants::Mutant,
    plan::{Action, Decision, Difference, Secrets, StepKind, physical_name, record_deps},
    schema::{Find, Problem, TypeDef, TypeKind, validate},
    state::{Change, Dep, NewRecord, RecordType, StableId, Status, seal::digest_hex},
    value::{Path, Properties, PropertiesBuilder, resolve},
};

/// What became of the beginning of a step.
pub(super) enum Begun {
    /// There was nothing to do outside of state.
    Finished(event::Operation),
    /// It came to nothing.
    Failed(event::Operation, StepError),
    /// An operation is under way: it makes the call of its phase once this entry of the journal
    /// is durable.
    Operation(Box<OperationSlot>, Option<u64>),
}

type Begin = Result<Begun, EngineError>;

impl Run<'_, '_> {
    /// Begins a step.
    pub(super) fn begin(&mut self, step: u32) -> Begin {
        let this = self.steps.steps[step as usize];
        match this.kind {
            StepKind::Node(node) => self.begin_node(step, node),
            StepKind::Delete { forget, if_deposed } => {
                self.begin_deletion(step, this.place, forget, if_deposed)
            }
            StepKind::Settle => self.begin_settling(step, this.place),
        }
    }

    fn begin_node(&mut self, step: u32, node: u32) -> Begin {
        let decision = self.plan.decisions[node as usize];
        let operation = operation_of(decision.action);
        let inputs = match self.resolved(node) {
            Ok(inputs) => inputs,
            Err(error) => return Ok(Begun::Failed(operation, error)),
        };
        match decision.action {
            Action::Same => Ok(Begun::Finished(operation)),
            Action::Relink => {
                self.relink(node, decision.place)?;
                Ok(Begun::Finished(operation))
            }
            Action::Read => self.begin_read(step, node, inputs),
            Action::Run => self.begin_run(step, node, inputs),
            Action::Import => self.begin_import(step, node, inputs),
            Action::Create => self.begin_creation(step, node, inputs, 0),
            Action::Resume | Action::Update => {
                self.begin_update(step, node, decision.place, inputs)
            }
            Action::Reinstate => {
                self.session.record(Change::Reinstated(decision.place))?;
                self.begin_update(step, node, decision.place, inputs)
            }
            Action::CreateThenDelete | Action::DeleteThenCreate => {
                self.begin_replacement(step, node, inputs, decision)
            }
        }
    }

    /// The inputs of a node with every output filled in, checked again where they were computed.
    fn resolved(&self, node: u32) -> Result<Properties, StepError> {
        let this = &self.program.nodes[node as usize];
        if !this.inputs.iter().any(|(_, value)| value.has_refs()) {
            return Ok(this.inputs.clone());
        }
        let world =
            LiveWorld { session: self.session, program: self.program, place_of: &self.place_of };
        let mut problems: Vec<Problem> = vec![];
        let inputs = this.inputs.try_map(|slot, value| {
            let prop = this.ty.prop(slot);
            if !value.has_refs() {
                return Ok(value.clone());
            }
            let value = resolve(value, &world).map_err(|source| StepError::Computation {
                property: prop.name.to_owned(),
                source,
            })?;
            if value.first_unknown().is_some() || value.is_null() && prop.required {
                return Err(StepError::NotKnown { property: prop.name.to_owned() });
            }
            Ok(validate(&prop.shape, &value, &mut Path::property(prop.name), &mut problems))
        })?;
        match problems.into_iter().next() {
            Some(problem) => Err(StepError::Invalid(problem)),
            None => Ok(inputs),
        }
    }

    /// What differs now that everything is known.
    fn differences(&self, node: u32, place: u32, inputs: &Properties) -> Vec<Difference> {
        let this = &self.program.nodes[node as usize];
        let record = self.session.state.record(place);
        let secrets = Secrets(Some(&self.session.engine.sealer));
        secrets.differences(this.ty, inputs, record, this.options())
    }

    // Creation.

    fn begin_creation(
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
            let lineage = self.lineage();
            inputs = inputs.with(rule.slot, physical_name(&lineage, this, generation).into());
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

    fn new_record(
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

    /// A token that was never used before: the epoch at the beginning of the run rises with every
    /// run that recorded anything, and within a run a place is used once.
    fn token(&self, urn: &str, place: u32) -> (Arc<str>, StableId) {
        let fixed = self.session.state.mutants.on(Mutant::TokenWithoutEpoch);
        let run =
            if fixed { "always".to_owned() } else { format!("{}-{place}", self.session.epoch) };
        let lineage = self.lineage();
        let token = digest_hex(&["token", &lineage, urn, &run], 32);
        let stable = crate::state::seal::digest(&["stable", &lineage, urn, &run]);
        let (first, _) = stable.split_first_chunk().expect("a digest has 32 bytes");
        (token.into(), StableId(u64::from_be_bytes(*first)))
    }

    fn lineage(&self) -> Arc<str> {
        let place = self.session.state.place.as_ref();
        place.map_or_else(|| "".into(), |place| place.lineage.clone())
    }

    fn deps(&self, node: u32) -> Box<[Dep]> {
        record_deps(self.program, node, |other| self.place_of[other as usize])
    }

    fn begin_replacement(
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

    fn begin_import(&mut self, step: u32, node: u32, inputs: Properties) -> Begin {
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

    // Updates.

    fn begin_update(&mut self, step: u32, node: u32, place: u32, inputs: Properties) -> Begin {
        let record = self.session.state.record(place);
        let resuming = matches!(record.status, Status::Partial(_));
        let operation = if resuming { event::Operation::Resume } else { event::Operation::Update };
        let differences = self.differences(node, place, &inputs);
        if let Some(difference) = differences.iter().find(|difference| difference.replaces)
            && !self.session.state.mutants.on(Mutant::PlanExceeded)
        {
            let name = self.program.nodes[node as usize].ty.prop(difference.slot).name;
            let message = format!(
                "`{name}` turned out to differ, which takes a replacement that the plan has not \
                 shown; run `up` again to see it"
            );
            return Ok(Begun::Failed(operation, StepError::NeedsMore(message)));
        }
        let (request, purpose) = self.update_request(node, place, inputs, &differences)?;
        let nothing = differences.is_empty() && record_is_done(self, place);
        if nothing {
            self.relink(node, place)?;
            return Ok(Begun::Finished(operation));
        }
        let phase = if resuming { Phase::Configure } else { Phase::Update };
        let wanted = request.inputs.clone();
        let mut slot = match self.slot(step, place, operation, purpose, phase, request) {
            Ok(slot) => slot,
            Err(error) => return Ok(Begun::Failed(operation, error)),
        };
        slot.operation.then_update = resuming && !differences.is_empty();
        slot.operation.wanted = Some(wanted);
        slot.node = Some(node);
        if differences.is_empty() && resuming {
            return Ok(Begun::Operation(slot, None));
        }
        let slots = differences.iter().map(|difference| difference.slot).collect();
        let deps = self.deps(node);
        let entry = self.session.record(Change::UpdateStarted(place, slots, deps))?;
        Ok(Begun::Operation(slot, Some(entry)))
    }

    fn update_request(
        &mut self,
        node: u32,
        place: u32,
        inputs: Properties,
        differences: &[Difference],
    ) -> Result<(Request, Purpose), EngineError> {
        let this = &self.program.nodes[node as usize];
        let record = self.session.state.record(place);
        // What AWS chose, what the engine made up, and what something else owns stays as recorded.
        let mut wanted = PropertiesBuilder::from(inputs);
        for (slot, value) in record.inputs.iter() {
            let prop = this.ty.prop(slot);
            let kept = prop.initial_only
                || this.options().ignore_changes.contains(&slot)
                || prop.computed && !this.inputs.has(slot);
            if kept && value.first_unknown().is_none() {
                wanted.set(slot, value.clone());
            }
        }
        let purpose = match record.status {
            Status::Partial(_) => Purpose::Resume,
            _ => Purpose::Update,
        };
        let mut request = self.request(place, this.ty);
        request.old_inputs = request.inputs;
        request.inputs = self.session.opened(place, &wanted.build());
        request.changed = differences.iter().map(|difference| difference.slot).collect();
        Ok((request, purpose))
    }

    /// Writes down what state says of a node that concerns no cloud, if it changed.
    pub(super) fn relink(&mut self, node: u32, place: u32) -> Result<(), EngineError> {
        let this = &self.program.nodes[node as usize];
        let record = self.session.state.record(place);
        let protect = this.options().protect.unwrap_or(record.protect);
        let retain = this.options().retain_on_delete;
        let deps = self.deps(node);
        let other =
            *record.deps != *deps || record.protect != protect || record.retain_on_delete != retain;
        let renamed = record.urn != this.urn;
        if other {
            self.session.record(Change::Relinked(place, deps, protect, retain))?;
        }
        if renamed {
            self.session.record(Change::Renamed(place, this.urn.clone()))?;
        }
        Ok(())
    }

    // Deletion.

    fn begin_deletion(&mut self, step: u32, place: u32, forget: bool, if_deposed: bool) -> Begin {
        let operation = if forget { event::Operation::Forget } else { event::Operation::Delete };
        let early = self.session.state.mutants.on(Mutant::OldGoesEarly);
        let Some(record) = self.session.state.get(place) else {
            return Ok(Begun::Finished(operation));
        };
        if if_deposed && !record.deposed && !early {
            // Its successor was not needed, or did not come about.
            return Ok(Begun::Finished(operation));
        }
        if forget {
            self.session.record(Change::Forgotten(place))?;
            return Ok(Begun::Finished(operation));
        }
        let Some(ty) = record.ty.known() else {
            let error = StepError::UnknownType(record.ty.name().to_owned());
            return Ok(Begun::Failed(operation, error));
        };
        let mut request = self.request(place, ty);
        let protected = ty.protection.filter(|(slot, allowed)| {
            let value = request.inputs.get(*slot);
            !value.is_null() && *value != allowed()
        });
        let phase = match protected {
            Some((slot, allowed)) => {
                request.old_inputs = request.inputs.clone();
                request.inputs = request.inputs.with(slot, allowed());
                request.changed = [slot].into();
                Phase::Unprotect
            }
            None => Phase::Delete,
        };
        match self.slot(step, place, operation, Purpose::Delete, phase, request) {
            Ok(slot) => {
                let entry = self.session.record(Change::DeleteStarted(place))?;
                Ok(Begun::Operation(slot, Some(entry)))
            }
            Err(error) => Ok(Begun::Failed(operation, error)),
        }
    }

    // Settling.

    fn begin_settling(&mut self, step: u32, place: u32) -> Begin {
        let operation = event::Operation::Settle;
        let record = self.session.state.record(place);
        let Some(ty) = record.ty.known() else {
            let error = StepError::UnknownType(record.ty.name().to_owned());
            return Ok(Begun::Failed(operation, error));
        };
        let phase = match record.status {
            // Nothing to look for: a lookup is read again, a task runs at least once.
            Status::Creating if ty.kind != TypeKind::Resource => {
                self.session.record(Change::Aborted(place))?;
                return Ok(Begun::Finished(operation));
            }
            Status::Creating => Phase::Find,
            Status::Deleting => Phase::Gone,
            _ => return Ok(Begun::Finished(operation)),
        };
        let request = self.request(place, ty);
        match self.slot(step, place, operation, Purpose::Settle, phase, request) {
            Ok(mut slot) => {
                slot.operation.sent = true;
                Ok(Begun::Operation(slot, None))
            }
            Err(error) => Ok(Begun::Failed(operation, error)),
        }
    }

    // Lookups and tasks.

    fn begin_read(&mut self, step: u32, node: u32, inputs: Properties) -> Begin {
        let operation = event::Operation::Read;
        let known = self.reads.lookups.get(&node).cloned();
        let mut slot = match self.told_slot(step, node, inputs, operation, Phase::Read)? {
            Ok(slot) => slot,
            Err(error) => return Ok(Begun::Failed(operation, error)),
        };
        let Some(outputs) = known else { return Ok(Begun::Operation(slot, None)) };
        let verdict = slot.operation.answer(super::lifecycle::Answer::Outputs(outputs), self.now());
        for change in verdict.changes {
            self.session.record(change)?;
        }
        let place = slot.operation.place;
        self.relink(node, place)?;
        Ok(Begun::Finished(operation))
    }

    fn begin_run(&mut self, step: u32, node: u32, inputs: Properties) -> Begin {
        let operation = event::Operation::Run;
        match self.told_slot(step, node, inputs, operation, Phase::Run)? {
            Ok(slot) => {
                let place = slot.operation.place;
                let entry = match self.session.state.record(place).status {
                    Status::Creating => None,
                    _ => {
                        let slots = slot.operation.request.inputs.iter().map(|(slot, _)| slot);
                        let deps = self.deps(node);
                        let change = Change::UpdateStarted(place, slots.collect(), deps);
                        Some(self.session.record(change)?)
                    }
                };
                // The intent of a first run was recorded with its place.
                let entry = entry.or(Some(self.session.journal.last_entry()));
                Ok(Begun::Operation(slot, entry))
            }
            Err(error) => Ok(Begun::Failed(operation, error)),
        }
    }

    /// The slot of a lookup or task; a new one gets its record.
    fn told_slot(
        &mut self,
        step: u32,
        node: u32,
        inputs: Properties,
        operation: event::Operation,
        phase: Phase,
    ) -> Result<Result<Box<OperationSlot>, StepError>, EngineError> {
        let decision = self.plan.decisions[node as usize];
        let this = &self.program.nodes[node as usize];
        let fresh = decision.place == Decision::NONE;
        let place = decision.result();
        if fresh {
            let new = self.new_record(node, inputs.clone(), 0)?;
            self.session.record(Change::Create(place, Box::new(new)))?;
            self.place_of[node as usize] = place;
        }
        let mut request = self.request(place, this.ty);
        request.inputs = inputs.clone();
        let purpose = match (fresh, phase) {
            (true, _) => Purpose::Create,
            (false, Phase::Read) => Purpose::Read,
            (false, _) => Purpose::Run,
        };
        Ok(self.slot(step, place, operation, purpose, phase, request).map(|mut slot| {
            slot.operation.wanted = Some(inputs);
            slot.node = Some(node);
            slot
        }))
    }

    // What all have in common.

    /// The request about a recorded resource.
    fn request(&self, place: u32, ty: &'static TypeDef) -> Request {
        let state = &self.session.state;
        let record = state.record(place);
        Request {
            ty,
            provider: state.provider(record).clone(),
            owner: Ownership {
                stack: self.lineage(),
                stable: record.stable,
                intent: record.token.clone(),
                urn: record.urn.clone(),
            },
            id: record.id.clone(),
            inputs: self.session.opened(place, &record.inputs),
            old_inputs: Properties::default(),
            outputs: self.session.opened(place, &record.outputs),
            changed: Box::default(),
            created_at: record.created_at,
        }
    }

    /// The request for a resource that has no record yet.
    fn request_for(&self, node: u32, new: &NewRecord, inputs: Properties) -> Request {
        let this = &self.program.nodes[node as usize];
        Request {
            ty: this.ty,
            provider: self.program.provider(this).clone(),
            owner: Ownership {
                stack: self.lineage(),
                stable: new.stable,
                intent: new.token.clone(),
                urn: new.urn.clone(),
            },
            id: "".into(),
            inputs,
            old_inputs: Properties::default(),
            outputs: Properties::default(),
            changed: Box::default(),
            created_at: new.created_at,
        }
    }

    fn slot(
        &self,
        step: u32,
        place: u32,
        event: event::Operation,
        purpose: Purpose,
        phase: Phase,
        request: Request,
    ) -> Result<Box<OperationSlot>, StepError> {
        let registry = self.session.engine.backend.registry();
        let handler: Arc<dyn DynHandler> = registry
            .get(request.ty.name)
            .cloned()
            .ok_or_else(|| StepError::UnknownType(request.ty.name.to_owned()))?;
        let now = self.now();
        let settle = self.session.engine.backend.settle_time();
        let settle = u64::try_from(settle.as_millis()).unwrap_or(u64::MAX);
        let timeout = self.timeout(step, request.ty);
        // A deletion counts from the creation: what was made long ago is visible if it is there.
        let settle_from = if purpose == Purpose::Delete { request.created_at } else { now };
        let no_settling = self.session.state.mutants.on(Mutant::NoSettleTime);
        let settle_at = if no_settling { 0 } else { settle_from.saturating_add(settle) };
        let operation = Operation {
            purpose,
            phase,
            place,
            request: Arc::new(request),
            began: now,
            settle_at,
            settle,
            deadline: now.saturating_add(timeout),
            sent: false,
            tries: 0,
            level: None,
            wanted: None,
            then_update: false,
            mutants: self.session.state.mutants,
        };
        let slot = OperationSlot {
            step,
            event,
            handler,
            operation,
            intent: None,
            node: None,
            released: None,
        };
        Ok(Box::new(slot))
    }

    fn timeout(&self, step: u32, ty: &TypeDef) -> u64 {
        let own = match self.steps.steps[step as usize].kind {
            StepKind::Node(node) => self.program.nodes[node as usize].options().timeout,
            _ => None,
        };
        own.map_or(ty.timeout_secs.saturating_mul(1000), |own| {
            u64::try_from(own.as_millis()).unwrap_or(u64::MAX)
        })
    }
}

fn record_is_done(run: &Run<'_, '_>, place: u32) -> bool {
    run.session.state.record(place).status == Status::Done
}

fn operation_of(action: Action) -> event::Operation {
    match action {
        Action::Same | Action::Relink => event::Operation::Relink,
        Action::Read => event::Operation::Read,
        Action::Resume => event::Operation::Resume,
        Action::Update | Action::Reinstate => event::Operation::Update,
        Action::Import => event::Operation::Import,
        Action::Run => event::Operation::Run,
        Action::Create => event::Operation::Create,
        Action::CreateThenDelete | Action::DeleteThenCreate => event::Operation::Replace,
    }
}
