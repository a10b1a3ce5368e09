//! Deleting a stack from its state alone.

use super::{Engine, EngineError, Outcome, run::Run, session::Session};
use crate::{
    event::EventKind,
    graph::Program,
    plan::{Plan, PlanOptions, PlanTimeReads, Steps, counts, destroy_plan},
    state::Change,
};

impl Engine {
    /// Deletes everything that state knows of the stack. The program is not asked.
    ///
    /// # Errors
    /// As for [`up`](Self::up).
    pub async fn destroy(
        &self,
        project: &str,
        stack: &str,
        options: &PlanOptions,
    ) -> Result<Outcome, EngineError> {
        self.emit(EventKind::RunStarted {
            command: "destroy".to_owned(),
            project: project.to_owned(),
            stack: stack.to_owned(),
            backend: self.backend.name().to_owned(),
        });
        let mut session = self.work().await?;
        let done = session.destroy(project, stack, options).await;
        self.end(session, done).await
    }

    /// What `destroy` would do: the records that go, in no particular order, and what stands
    /// against it.
    ///
    /// # Errors
    /// If the state can't be read, or is another stack's.
    pub async fn preview_destroy(
        &self,
        project: &str,
        stack: &str,
        options: &PlanOptions,
    ) -> Result<(crate::state::State, Plan), EngineError> {
        let mut session = self.look().await?;
        session.belong(project, stack).await?;
        let plan = destroy_plan(&session.state, options);
        Ok((session.state, plan))
    }
}

impl Session<'_> {
    async fn destroy(
        &mut self,
        project: &str,
        stack: &str,
        options: &PlanOptions,
    ) -> Result<Outcome, EngineError> {
        if self.state.place.is_none() {
            return Ok(Outcome::default());
        }
        self.belong(project, stack).await?;
        self.is_limited = options.is_limited();
        let plan = destroy_plan(&self.state, options);
        if !plan.problems.is_empty() {
            return Err(EngineError::Plan(plan.problems));
        }
        if !plan.consent.is_empty() {
            return Err(EngineError::Consent(plan.consent));
        }
        let settled = self.settle(false).await?;
        if !settled.is_success() {
            return Ok(settled);
        }
        let plan = destroy_plan(&self.state, options);
        if plan.deletions.is_empty() && self.state.outputs.is_empty() {
            return Ok(Outcome::default());
        }
        let program = Program::empty();
        let mut steps = Steps::destroy(&self.state, &plan);
        let reads = PlanTimeReads::default();
        let mut outcome = Run::new(self, &program, &plan, &mut steps, &reads)?.carry_out().await?;
        outcome.counts = counts(&plan);
        if self.state.is_empty() && !self.state.outputs.is_empty() {
            self.record(Change::Outputs(vec![]))?;
        }
        Ok(outcome)
    }
}
