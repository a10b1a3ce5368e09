//! Phases of lookups and tasks, which are told something.

use std::sync::Arc;

use super::{Next, Operation, Purpose, Verdict};
use crate::{
    engine::StepError,
    handler::HandlerError,
    schema::{Level, TypeKind},
    state::Change,
    value::Properties,
};

impl Operation {
    pub(super) fn told(&mut self, outputs: Properties, now: u64) -> Verdict {
        let inputs = self.wanted.take().unwrap_or_else(|| self.request.inputs.clone());
        let fresh = self.purpose == Purpose::Create || self.request.id.is_empty();
        let changes = if fresh {
            let id: Arc<str> = self.request.owner.stable.to_string().into();
            // What an interrupted first run was given may have changed since.
            let inputs = (self.purpose != Purpose::Create).then_some(inputs);
            vec![
                Change::Allocated(self.place, id, Properties::default(), now),
                Change::Done(self.place, inputs, outputs),
            ]
        } else if self.request.ty.kind == TypeKind::Lookup {
            vec![Change::Refreshed(self.place, inputs, outputs)]
        } else {
            vec![Change::Done(self.place, Some(inputs), outputs)]
        };
        let reached = Some(Level::Ready);
        Verdict { changes, reached, ..Verdict::next(Next::Done) }
    }

    /// A failed task stays due: a first run leaves nothing behind, a later one its open update.
    pub(super) fn run_failed(&self, error: HandlerError) -> Verdict {
        let error = StepError::Handler(Box::new(error));
        if self.request.id.is_empty() { self.aborted(error) } else { Verdict::failed(error) }
    }
}
