//! How a step begins: what is still to be done, now that what it needs is known.
//!
//! `begin.rs` tells the kinds of steps apart and holds what they have in common; each kind has a
//! file of its own below it.

mod creation;
mod deletion;
mod settling;
mod told;
mod update;

use std::sync::Arc;

use super::{
    EngineError, StepError,
    lifecycle::{Operation, Phase, Purpose},
    run::{Run, Slot as OperationSlot},
    world::LiveWorld,
};
use crate::{
    event,
    handler::{DynHandler, Request},
    mutants::Mutant,
    plan::{Action, Difference, Secrets, StepKind, record_deps},
    schema::{Problem, TypeDef, validate},
    state::{Change, Dep},
    value::{Path, Properties, resolve},
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
        problems.extend(this.ty.problems(&inputs));
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

    fn deps(&self, node: u32) -> Box<[Dep]> {
        record_deps(self.program, node, |other| self.place_of[other as usize])
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
            lost: None,
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
