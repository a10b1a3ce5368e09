//! Steps that take something away.

use super::{Begin, Begun};
use crate::{
    engine::{
        StepError,
        lifecycle::{Phase, Purpose},
        run::Run,
    },
    event,
    mutants::Mutant,
    state::Change,
};

impl Run<'_, '_> {
    pub(super) fn begin_deletion(
        &mut self,
        step: u32,
        place: u32,
        forget: bool,
        if_deposed: bool,
    ) -> Begin {
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
        let mut request = self.session.request(place, ty);
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
}
