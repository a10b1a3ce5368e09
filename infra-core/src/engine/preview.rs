//! What `up` would do.

use std::sync::Arc;

use super::{
    Drift, Engine, EngineError, UpOptions,
    refresh::{Seen, Sweep},
    session::Session,
};
use crate::{
    check::{self, Planned},
    clock::Clock,
    graph::{Graph, Program},
    handler::{Context, DynHandler, HandlerError, Ownership, Request},
    plan::{
        ConsentNeeded, Counts, Plan, PlanProblem, PlanTimeReads, PlannedChange, Planner,
        PropertyChange, Secrets, changes, counts,
    },
    schema::TypeKind,
    state::StableId,
    value::Properties,
};

/// What `up` would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Every resource that changes, property by property.
    pub changes: Vec<PlannedChange>,
    /// How many of each kind.
    pub counts: Counts,
    /// What needs consent before `up` does it.
    pub consent: Vec<ConsentNeeded>,
    /// What was found to differ from what was recorded, where that was looked at.
    pub drift: Vec<Drift>,
    /// Why it can't be done.
    pub problems: Vec<PlanProblem>,
    /// Whether what the stack shows changes.
    pub outputs_change: bool,
    /// The plan itself.
    pub plan: Plan,
    /// What it was told of what is there, for the run that follows.
    pub(super) seen: Option<Seen>,
}

impl Preview {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plan.is_empty()
    }

    /// The properties of a resource that change, by the name of the resource.
    #[must_use]
    pub fn properties(&self, name: &str) -> &[PropertyChange] {
        let found = self.changes.iter().find(|change| change.urn.name() == name);
        found.map_or(&[], |change| &change.properties)
    }
}

impl Engine {
    /// What `up` would do. Changes nothing: after a crash it asks the backend what became of
    /// interrupted operations, but writes nothing down.
    ///
    /// # Errors
    /// If the program is wrong, or the state or the backend can't be read.
    pub async fn preview(
        &self,
        program: &Program,
        options: &UpOptions,
    ) -> Result<Preview, EngineError> {
        let graph = self.checked(program).await?;
        let mut session = self.look().await?;
        session.belong(&program.project, &program.stack).await?;
        let (drift, seen) = match options.refresh {
            true => {
                let found = session.refresh_all(Sweep::Records).await?;
                (found.drift, Some(found.seen))
            }
            false => (vec![], None),
        };
        session.settle(true).await?;
        let (plan, reads) = session.plan(program, &graph, options).await?;
        let secrets = Secrets(Some(&self.sealer));
        let planner = Planner {
            program,
            graph: &graph,
            state: &session.state,
            secrets,
            options: &options.plan,
            reads: &reads,
        };
        let preview = Preview {
            changes: changes(&planner, &plan),
            counts: counts(&plan),
            consent: plan.consent.clone(),
            drift,
            problems: plan.problems.clone(),
            outputs_change: plan.outputs_change,
            plan,
            seen,
        };
        session.state.discard();
        Ok(preview)
    }

    /// Checks what can be checked without state: the program's own problems, its graph, its
    /// types, its providers.
    pub(super) async fn checked(&self, program: &Program) -> Result<Graph, EngineError> {
        let graph = Graph::with_mutants(program, self.options.mutants);
        let mut problems = program.problems.clone();
        let graph = match graph {
            Ok(graph) if problems.is_empty() => graph,
            Ok(_) => return Err(EngineError::Program(problems)),
            Err(problem) => {
                problems.push(*problem);
                return Err(EngineError::Program(problems));
            }
        };
        let registry = self.backend.registry();
        for node in &program.nodes {
            if registry.get(node.ty.name).is_none() {
                let (backend, ty) = (self.backend.name(), node.ty.name);
                return Err(EngineError::UnknownType { backend, ty, urn: node.urn.clone() });
            }
        }
        for provider in &program.providers {
            self.backend.check_provider(provider).await?;
        }
        Ok(graph)
    }
}

impl Session<'_> {
    /// Makes a plan: reads lookups and objects to import, as often as that brings further ones.
    pub(super) async fn plan(
        &mut self,
        program: &Program,
        graph: &Graph,
        options: &UpOptions,
    ) -> Result<(Plan, PlanTimeReads), EngineError> {
        self.plan_with(program, graph, options, PlanTimeReads::default()).await
    }

    /// Makes a plan with some results that are known already.
    pub(super) async fn plan_with(
        &mut self,
        program: &Program,
        graph: &Graph,
        options: &UpOptions,
        known: PlanTimeReads,
    ) -> Result<(Plan, PlanTimeReads), EngineError> {
        self.is_limited = options.plan.is_limited();
        if self.state.key.is_some() || needs_key(program) {
            self.unlock().await?;
        }
        let mut reads = PlanTimeReads { refresh_lookups: options.plan.refresh_lookups, ..known };
        loop {
            let needed = {
                let planner = Planner {
                    program,
                    graph,
                    state: &self.state,
                    secrets: Secrets(Some(&self.engine.sealer)),
                    options: &options.plan,
                    reads: &reads,
                };
                let mut plan = planner.plan();
                let needed = planner.reads_needed(&plan);
                if needed.lookups.is_empty() && needed.imports.is_empty() {
                    let refused = check::of_plan(&Planned::new(&planner, &plan));
                    let refused = refused.into_iter().map(Box::new).map(PlanProblem::Refused);
                    plan.problems.extend(refused);
                    return Ok((plan, reads));
                }
                needed
            };
            for (node, inputs) in needed.lookups {
                let outputs = self.read_lookup(program, node, inputs).await?;
                reads.lookups.insert(node, outputs);
            }
            for (node, inputs) in needed.imports {
                let found = self.read_import(program, node, inputs).await?;
                reads.imports.insert(node, found);
            }
        }
    }

    async fn read_lookup(
        &self,
        program: &Program,
        node: u32,
        inputs: Properties,
    ) -> Result<Properties, EngineError> {
        let (handler, context, request) = self.outside(program, node, inputs, "".into());
        let answer = self.patiently(&context, || handler.lookup(&context, &request)).await;
        answer.map_err(|source| failed(program, node, source))
    }

    async fn read_import(
        &self,
        program: &Program,
        node: u32,
        inputs: Properties,
    ) -> Result<Option<crate::handler::Observed>, EngineError> {
        let id = program.nodes[node as usize].options().import_id.clone().unwrap_or_default();
        let (handler, context, request) = self.outside(program, node, inputs, id.into());
        let answer = self.patiently(&context, || handler.read(&context, &request)).await;
        answer.map_err(|source| failed(program, node, source))
    }

    /// A request that belongs to no record.
    fn outside(
        &self,
        program: &Program,
        node: u32,
        inputs: Properties,
        id: Arc<str>,
    ) -> (Arc<dyn DynHandler>, Context, Request) {
        let this = &program.nodes[node as usize];
        let handler = self.engine.backend.registry().get(this.ty.name).cloned();
        let handler = handler.expect("the types of a program were checked");
        let mut context = Context::new(self.engine.backend.clock());
        context.cancel = self.engine.cancel.clone();
        let owner = Ownership {
            stack: self.lineage(),
            stable: StableId(0),
            intent: "".into(),
            urn: this.urn.clone(),
        };
        let provider = program.provider(this).clone();
        let request = Request::unrecorded(this.ty, provider, owner, id, inputs);
        (handler, context, request)
    }

    /// Makes a call that changes nothing, again where that may help.
    pub(super) async fn patiently<'f, T, F>(
        &self,
        context: &Context,
        mut make: impl FnMut() -> F,
    ) -> Result<T, HandlerError>
    where
        F: Future<Output = Result<T, HandlerError>> + Send + 'f,
    {
        const TRIES: u32 = 8;
        let clock = &context.clock;
        for attempt in 0..TRIES {
            match waiting(&**clock, make()).await {
                Err(error) if error.is_retryable() && attempt + 1 < TRIES => {
                    waiting(&**clock, clock.sleep_until(clock.now() + (200 << attempt))).await;
                }
                answer => return answer,
            }
        }
        unreachable!("the last attempt returns")
    }
}

/// Waits for one future alone: a virtual clock moves on whenever it waits.
pub(super) async fn waiting<F: Future>(clock: &dyn Clock, future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        loop {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(answer) => return std::task::Poll::Ready(answer),
                std::task::Poll::Pending if clock.advance_if_idle(1) => {}
                std::task::Poll::Pending => return std::task::Poll::Pending,
            }
        }
    })
    .await
}

fn failed(program: &Program, node: u32, source: HandlerError) -> EngineError {
    EngineError::Read { urn: program.nodes[node as usize].urn.clone(), source: Box::new(source) }
}

/// Whether a program can hold a secret: one was given, or a type tells one.
pub(super) fn needs_key(program: &Program) -> bool {
    let shown = program.outputs.iter().any(|output| output.value.made_of_secret());
    shown
        || program.nodes.iter().any(|node| {
            node.inputs.iter().any(|(_, value)| value.made_of_secret())
                || node.ty.kind == TypeKind::Resource
                    && node.ty.outputs().any(|(_, prop)| prop.secret())
        })
}
