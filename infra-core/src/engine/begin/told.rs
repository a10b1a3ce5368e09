//! Steps that are told something: lookups and tasks.

use super::{Begin, Begun};
use crate::{
    engine::{
        EngineError, StepError,
        lifecycle::{Answer, Phase, Purpose},
        run::{Run, Slot as OperationSlot},
    },
    event,
    plan::Decision,
    state::{Change, Status},
    value::Properties,
};

impl Run<'_, '_> {
    pub(super) fn begin_read(&mut self, step: u32, node: u32, inputs: Properties) -> Begin {
        let operation = event::Operation::Read;
        let known = self.reads.lookups.get(&node).cloned();
        let mut slot = match self.told_slot(step, node, inputs, operation, Phase::Read)? {
            Ok(slot) => slot,
            Err(error) => return Ok(Begun::Failed(operation, error)),
        };
        let Some(outputs) = known else { return Ok(Begun::Operation(slot, None)) };
        let verdict = slot.operation.answer(Answer::Outputs(outputs), self.now());
        for change in verdict.changes {
            self.session.record(change)?;
        }
        let place = slot.operation.place;
        self.relink(node, place)?;
        Ok(Begun::Finished(operation))
    }

    pub(super) fn begin_run(&mut self, step: u32, node: u32, inputs: Properties) -> Begin {
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
        let mut request = self.session.request(place, this.ty);
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
}
