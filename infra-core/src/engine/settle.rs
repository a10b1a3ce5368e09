//! Finding out what became of operations that were interrupted. Settling adopts and abandons; it
//! never creates.

use super::{EngineError, Outcome, run::Run, session::Session};
use crate::{
    event::EventKind,
    graph::Program,
    mutants::Mutant,
    plan::{Plan, PlanTimeReads, Step, StepKind, Steps},
    schema::TypeKind,
    state::Status,
};

impl Session<'_> {
    /// Settles open creations, and open deletions too where `deletions` says so (`destroy` asks
    /// for those again anyway). The first run of a task stays open: the next run goes on with it,
    /// by its token.
    pub(super) async fn settle(&mut self, deletions: bool) -> Result<Outcome, EngineError> {
        let deletions = deletions && !self.state.mutants.on(Mutant::DeletesNotSettled);
        let open = self.state.iter().filter(|(_, record)| match record.status {
            Status::Creating => record.ty.known().is_none_or(|ty| ty.kind != TypeKind::Task),
            Status::Deleting => deletions,
            _ => false,
        });
        let steps: Vec<Step> =
            open.map(|(place, _)| Step { kind: StepKind::Settle, place }).collect();
        if steps.is_empty() {
            return Ok(Outcome::default());
        }
        self.engine.emit(EventKind::Recovering { open: steps.len() });
        let mut steps = Steps { steps, edges: vec![] };
        let (program, plan, reads) = (Program::empty(), Plan::default(), PlanTimeReads::default());
        Run::new(self, &program, &plan, &mut steps, &reads)?.carry_out().await
    }
}
