//! Making a stack what its program says.

use super::{
    Engine, EngineError, Outcome, Preview, UpOptions,
    refresh::{Seen, Sweep},
    run::Run,
    session::Session,
    world::LiveWorld,
};
use crate::{
    event::EventKind,
    graph::{Graph, Program},
    mutants::Mutant,
    plan::{Comparison, Plan, PlanTimeReads, Secrets, Steps, counts},
    state::{Change, State},
    value::{Value, resolve},
};

impl Engine {
    /// Makes the stack what the program says: settles what an earlier run left open, plans, and
    /// carries the plan out. Steps that fail stop only what depends on them; see
    /// [`Outcome::failures`].
    ///
    /// # Errors
    /// If the run could not be carried out at all, or not to its end. Whatever was done by then
    /// is recorded.
    pub async fn up(&self, program: &Program, options: &UpOptions) -> Result<Outcome, EngineError> {
        self.run_up(program, options, None).await
    }

    /// The same, after a preview that somebody has seen: what the cloud told then is not asked for
    /// again, unless the state has changed since.
    ///
    /// # Errors
    /// As for [`up`](Self::up).
    pub async fn up_after(
        &self,
        preview: &Preview,
        program: &Program,
        options: &UpOptions,
    ) -> Result<Outcome, EngineError> {
        self.run_up(program, options, preview.seen.as_ref()).await
    }

    async fn run_up(
        &self,
        program: &Program,
        options: &UpOptions,
        seen: Option<&Seen>,
    ) -> Result<Outcome, EngineError> {
        self.emit(EventKind::RunStarted {
            command: "up".to_owned(),
            project: program.project.to_string(),
            stack: program.stack.to_string(),
            backend: self.backend.name().to_owned(),
        });
        let graph = self.checked(program).await?;
        let mut session = self.work().await?;
        let done = session.up(program, graph, options, seen).await;
        self.end(session, done).await
    }

    /// Ends a run: closes the session whether it went well or not.
    pub(super) async fn end(
        &self,
        session: Session<'_>,
        done: Result<Outcome, EngineError>,
    ) -> Result<Outcome, EngineError> {
        match done {
            Ok(mut outcome) => {
                let state = session.close().await?;
                outcome.serial = state.serial;
                outcome.outputs = state
                    .outputs
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                state.discard();
                self.emit(EventKind::RunFinished {
                    counts: outcome.counts.into(),
                    failed: outcome.failures.len(),
                    skipped: outcome.skipped.len(),
                    took: outcome.took,
                });
                Ok(outcome)
            }
            Err(error) => {
                // What went wrong first is what counts; the lease ends with the process anyway.
                let _ = session.abandon().await;
                Err(error)
            }
        }
    }
}

impl Session<'_> {
    async fn up(
        &mut self,
        program: &Program,
        graph: Graph,
        options: &UpOptions,
        seen: Option<&Seen>,
    ) -> Result<Outcome, EngineError> {
        self.belong(&program.project, &program.stack).await?;
        let settled = self.settle(true).await?;
        if !settled.is_success() {
            return Ok(settled);
        }
        if options.refresh || self.state.mutants.on(Mutant::PlanExceeded) {
            match seen {
                Some(seen) => self.refresh_as_seen(seen).await?,
                None => self.refresh_all(Sweep::Records).await?,
            };
        }
        let (plan, reads) = self.plan(program, &graph, options).await?;
        self.carry_out(program, graph, plan, &reads).await
    }

    /// Carries out a plan, if nothing stands against it. The graph is large and goes as soon as the
    /// steps are made of it.
    pub(super) async fn carry_out(
        &mut self,
        program: &Program,
        graph: Graph,
        plan: Plan,
        reads: &PlanTimeReads,
    ) -> Result<Outcome, EngineError> {
        if !plan.problems.is_empty() {
            return Err(EngineError::Plan(plan.problems));
        }
        if !plan.consent.is_empty() {
            return Err(EngineError::Consent(plan.consent));
        }
        if plan.is_empty() {
            return Ok(Outcome { counts: counts(&plan), ..Outcome::default() });
        }
        self.execute(program, graph, &plan, reads).await
    }

    async fn execute(
        &mut self,
        program: &Program,
        graph: Graph,
        plan: &Plan,
        reads: &PlanTimeReads,
    ) -> Result<Outcome, EngineError> {
        // Tokens and names of this run hold the epoch at its beginning, settling included: the one
        // that the plan was made with.
        self.epoch = self.state.epoch;
        let mut steps = Steps::new(program, &graph, &self.state, plan);
        drop(graph);
        let run = Run::new(self, program, plan, &mut steps, reads)?;
        let mut outcome = run.carry_out().await?;
        outcome.counts = counts(plan);
        self.show(program)?;
        Ok(outcome)
    }

    /// Records what the stack shows, where it changed. What is not known because a step failed
    /// keeps its old value.
    pub(super) fn show(&mut self, program: &Program) -> Result<(), EngineError> {
        if program.outputs.is_empty() && self.state.outputs.is_empty() {
            return Ok(());
        }
        let place_of = places(&self.state, program);
        let world = LiveWorld { session: self, program, place_of: &place_of };
        let mut shown = vec![];
        for output in &program.outputs {
            let value = resolve(&output.value, &world).unwrap_or_default();
            let old = self.state.outputs.get(&output.name);
            let value = match (value.first_unknown(), old) {
                (Some(_), Some(old)) => old.clone(),
                (Some(_), None) => Value::Null,
                (None, Some(old)) if self.same(&value, old) => old.clone(),
                (None, _) => value,
            };
            shown.push((output.name.clone(), value));
        }
        let known = shown.iter().all(|(name, value)| self.state.outputs.get(name) == Some(value));
        if known && shown.len() == self.state.outputs.len() {
            return Ok(());
        }
        self.record(Change::Outputs(shown)).map(drop)
    }

    fn same(&self, value: &Value, recorded: &Value) -> bool {
        Secrets(Some(&self.engine.sealer)).compare(value, recorded) == Comparison::Same
    }
}

/// The record of each node of a program.
fn places(state: &State, program: &Program) -> Vec<u32> {
    program.nodes.iter().map(|node| state.find(&node.urn).unwrap_or(u32::MAX)).collect()
}
