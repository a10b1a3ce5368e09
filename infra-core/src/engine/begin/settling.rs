//! Steps that find out what became of an interrupted operation.

use super::{Begin, Begun};
use crate::{
    engine::{
        StepError,
        lifecycle::{Phase, Purpose},
        run::Run,
    },
    event,
    schema::TypeKind,
    state::{Change, Status},
};

impl Run<'_, '_> {
    pub(super) fn begin_settling(&mut self, step: u32, place: u32) -> Begin {
        let operation = event::Operation::Settle;
        let record = self.session.state.record(place);
        let Some(ty) = record.ty.known() else {
            let error = StepError::UnknownType(record.ty.name().to_owned());
            return Ok(Begun::Failed(operation, error));
        };
        let phase = match record.status {
            // Nothing to look for: a lookup is read again.
            Status::Creating if ty.kind != TypeKind::Resource => {
                self.session.record(Change::Aborted(place))?;
                return Ok(Begun::Finished(operation));
            }
            Status::Creating => Phase::Find,
            Status::Deleting => Phase::Gone,
            _ => return Ok(Begun::Finished(operation)),
        };
        let request = self.session.request(place, ty);
        match self.slot(step, place, operation, Purpose::Settle, phase, request) {
            Ok(mut slot) => {
                slot.operation.sent = true;
                Ok(Begun::Operation(slot, None))
            }
            Err(error) => Ok(Begun::Failed(operation, error)),
        }
    }
}
