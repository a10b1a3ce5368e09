//! Steps that change what is there, or what state says of it.

use std::convert::Infallible;

use super::{Begin, Begun};
use crate::{
    engine::{
        EngineError, StepError,
        lifecycle::{Phase, Purpose},
        run::Run,
    },
    event,
    handler::Request,
    mutants::Mutant,
    plan::Difference,
    state::{Change, Status},
    value::{Properties, PropertiesBuilder},
};

impl Run<'_, '_> {
    pub(super) fn begin_update(
        &mut self,
        step: u32,
        node: u32,
        place: u32,
        inputs: Properties,
    ) -> Begin {
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
        let (request, wanted, purpose) = self.update_request(node, place, inputs, &differences)?;
        let nothing = differences.is_empty() && record_is_done(self, place);
        if nothing {
            self.relink(node, place)?;
            return Ok(Begun::Finished(operation));
        }
        let phase = if resuming { Phase::Configure } else { Phase::Update };
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
    ) -> Result<(Request, Properties, Purpose), EngineError> {
        let this = &self.program.nodes[node as usize];
        let record = self.session.state.record(place);
        // What AWS chose, what the engine made up, and what something else owns stays as recorded.
        let mut wanted = PropertiesBuilder::from(inputs.clone());
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
        let mut request = self.session.request(place, this.ty);
        request.old_inputs = request.inputs;
        let wanted = wanted.build();
        // Of what is only written, state has a digest: the program alone knows it.
        let told = self.session.opened(place, &wanted).try_map(|slot, value| {
            let kept = this.ty.prop(slot).write_only && inputs.has(slot);
            Ok::<_, Infallible>(if kept { inputs.get(slot).clone() } else { value.clone() })
        });
        request.inputs = told.unwrap_or_else(|never| match never {});
        request.changed = differences.iter().map(|difference| difference.slot).collect();
        Ok((request, wanted, purpose))
    }

    /// Writes down what state says of a node that concerns no cloud, if it changed.
    pub(in crate::engine) fn relink(&mut self, node: u32, place: u32) -> Result<(), EngineError> {
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
}

fn record_is_done(run: &Run<'_, '_>, place: u32) -> bool {
    run.session.state.record(place).status == Status::Done
}
