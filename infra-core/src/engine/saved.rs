//! Saving a plan, and carrying a saved one out.

use super::{
    Engine, EngineError, Outcome, UpOptions, preview::needs_key, refresh::Sweep, session::Session,
};
use crate::{
    graph::{Graph, Program},
    plan::{
        PLAN_FORMAT, Pattern, Plan, PlanOptions, PlanTimeReads, SavedOptions, SavedPlan,
        saved_deletions, saved_node, saved_permissions,
    },
    state::{Change, seal::Owner},
    value::{Properties, Slot, Value},
};

impl Engine {
    /// Makes a plan to be kept in a file.
    ///
    /// # Errors
    /// As for [`preview`](Self::preview).
    pub async fn save_plan(
        &self,
        program: &Program,
        options: &UpOptions,
    ) -> Result<SavedPlan, EngineError> {
        let graph = self.checked(program).await?;
        let mut session = self.look().await?;
        session.belong(&program.project, &program.stack).await?;
        // Before there is a state, the plan itself keeps the key that its secrets depend on.
        let first = session.state.key.is_none() && needs_key(program);
        let made = if first { self.sealer.unlock(None).await? } else { None };
        if options.refresh {
            session.refresh_all(Sweep::Records).await?;
        }
        session.settle(true).await?;
        let (plan, reads) = session.plan(program, &graph, options).await?;
        let mut saved = session.saved(program, &plan, &reads, options)?;
        saved.key = made;
        Ok(saved)
    }

    /// Carries out a saved plan, and nothing else.
    ///
    /// # Errors
    /// [`EngineError::StalePlan`] if program or state are not those that it was made of; nothing
    /// was touched then. Else as for [`up`](Self::up).
    pub async fn up_saved(
        &self,
        program: &Program,
        saved: &SavedPlan,
    ) -> Result<Outcome, EngineError> {
        let graph = self.checked(program).await?;
        let mut session = self.work().await?;
        let done = session.up_saved(program, graph, saved).await;
        self.end(session, done).await
    }
}

impl Session<'_> {
    async fn up_saved(
        &mut self,
        program: &Program,
        graph: Graph,
        saved: &SavedPlan,
    ) -> Result<Outcome, EngineError> {
        let options = options(&saved.options);
        // A first deployment begins a state; the plan was made before there was one.
        let begins = self.state.place.is_none();
        self.belong(&program.project, &program.stack).await?;
        self.take_key(saved).await?;
        let settled = self.settle(true).await?;
        if !settled.is_success() {
            return Ok(settled);
        }
        if options.refresh {
            self.refresh_all(Sweep::Records).await?;
        }
        let known = self.known_lookups(program, saved)?;
        let (plan, reads) = self.plan_with(program, &graph, &options, known).await?;
        let mut now = self.saved(program, &plan, &reads, &options)?;
        if begins {
            now.lineage = None;
        }
        if let Some(difference) = saved.first_difference(&now) {
            return Err(EngineError::StalePlan(difference));
        }
        self.carry_out(program, graph, plan, &reads).await
    }

    /// Begins the state's secrets with the key of a plan that was made before there was a state.
    async fn take_key(&mut self, saved: &SavedPlan) -> Result<(), EngineError> {
        let Some(header) = saved.key.as_ref().filter(|_| self.state.key.is_none()) else {
            return Ok(());
        };
        self.engine.sealer.unlock(Some(header)).await?;
        self.record(Change::KeyMade(header.clone())).map(drop)
    }

    fn owner_of_plan(&self) -> Owner {
        Owner { lineage: self.lineage(), of: "plan".to_owned() }
    }

    fn saved(
        &self,
        program: &Program,
        plan: &Plan,
        reads: &PlanTimeReads,
        options: &UpOptions,
    ) -> Result<SavedPlan, EngineError> {
        let owner = self.owner_of_plan();
        let sealer = &self.engine.sealer;
        let keyed = |bytes: &[u8]| match sealer.digest(bytes) {
            Some(digest) => hex::encode(digest),
            None => hex::encode(bytes),
        };
        let mut lookups = vec![];
        for node in 0..program.nodes.len() as u32 {
            let Some(outputs) = reads.lookups.get(&node) else { continue };
            let this = &program.nodes[node as usize];
            let named =
                outputs.iter().map(|(slot, value)| (this.ty.prop(slot).name, value.clone()));
            let value = sealer.seal(&Value::map(named), &owner, "lookup")?;
            lookups.push((this.urn.clone(), value));
        }
        let text = |patterns: &[Pattern]| {
            patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect()
        };
        Ok(SavedPlan {
            format: PLAN_FORMAT,
            lineage: self.state.place.as_ref().map(|place| place.lineage.to_string()),
            serial: self.state.serial,
            key: None,
            program: (0..program.nodes.len() as u32)
                .map(|node| saved_node(program, node, keyed))
                .collect(),
            permissions: saved_permissions(program, plan),
            deletions: saved_deletions(&self.state, plan),
            lookups,
            options: SavedOptions {
                targets: text(&options.plan.targets),
                excludes: text(&options.plan.excludes),
                replace: text(&options.plan.replace),
                may_lose_data: text(&options.plan.may_lose_data),
                refresh: options.refresh,
            },
        })
    }

    /// The results of lookups that the plan was made with.
    fn known_lookups(
        &self,
        program: &Program,
        saved: &SavedPlan,
    ) -> Result<PlanTimeReads, EngineError> {
        let mut reads = PlanTimeReads::default();
        let owner = self.owner_of_plan();
        for (urn, value) in &saved.lookups {
            let found = program.nodes.iter().position(|node| node.urn == *urn);
            let Some(node) = found else { continue };
            let opened = self.engine.sealer.open(value, &owner, "lookup")?;
            let ty = program.nodes[node].ty;
            let outputs: Properties = opened
                .entries()
                .iter()
                .filter_map(|(name, value)| Some((ty.slot(name)?, value.clone())))
                .collect::<Vec<(Slot, Value)>>()
                .into_iter()
                .collect();
            reads.lookups.insert(node as u32, outputs);
        }
        Ok(reads)
    }
}

fn options(saved: &SavedOptions) -> UpOptions {
    let patterns =
        |texts: &[String]| texts.iter().map(|text| Pattern::new(text.as_str())).collect();
    UpOptions {
        plan: PlanOptions {
            targets: patterns(&saved.targets),
            excludes: patterns(&saved.excludes),
            replace: patterns(&saved.replace),
            refresh_lookups: false,
            may_lose_data: patterns(&saved.may_lose_data),
        },
        refresh: saved.refresh,
    }
}
