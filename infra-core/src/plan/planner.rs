//! [`Planner`]: from a program and a state to a plan.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Action, Cause, Decision, Plan, PlanOptions, PlanProblem, PlannedDeletion, PlannedWorld,
    Secrets, consent,
    decide::Question,
    first::{First, NodeOf, Situation},
    targets,
};
use crate::{
    graph::{Graph, Program},
    handler::Observed,
    schema::TypeKind,
    state::State,
    value::{Properties, Resolve as _, resolve},
};

/// What was read from the cloud while planning.
#[derive(Clone, Debug, Default)]
pub struct PlanTimeReads {
    /// The outputs of lookups, by node.
    pub lookups: FxHashMap<u32, Properties>,
    /// What was found of objects to import, by node.
    pub imports: FxHashMap<u32, Option<Observed>>,
    /// Whether lookups are to be read anew.
    pub refresh_lookups: bool,
}

/// What is still to be read before a plan can be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadsNeeded {
    /// Lookups, with their resolved inputs.
    pub lookups: Vec<(u32, Properties)>,
    /// Objects to import, with their resolved inputs as far as they are known.
    pub imports: Vec<(u32, Properties)>,
}

/// Makes plans.
#[derive(Debug)]
pub struct Planner<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its graph.
    pub graph: &'a Graph,
    /// What was deployed.
    pub state: &'a State,
    /// Compares secrets.
    pub secrets: Secrets<'a>,
    /// What the run is limited to.
    pub options: &'a PlanOptions,
    /// What was read from the cloud.
    pub reads: &'a PlanTimeReads,
}

impl<'a> Planner<'a> {
    /// The plan. Deterministic: the same program, state and reads give the same plan.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut dragged = FxHashSet::default();
        loop {
            let (mut plan, world) = self.round(&dragged);
            let node_of = NodeOf::new(&world.decisions, self.state);
            let going = self.going(&world, &node_of);
            let wanted = world.wanted(&mut plan.problems);
            let situation = Situation {
                world: &world,
                graph: self.graph,
                node_of: &node_of,
                going: &going,
                wanted: &wanted,
            };
            let first = situation.first(&dragged);
            if first.dragged.len() > dragged.len() {
                dragged = first.dragged;
                continue;
            }
            plan.deletions = self.deletions(&going, &first);
            plan.claims = first.claims;
            plan.claims.sort_unstable();
            plan.handovers = first.handovers;
            plan.outputs_change = self.outputs_change(&world);
            plan.decisions = world.decisions;
            self.number(&mut plan);
            targets::limit(&mut plan, self.program, self.graph, self.state, self.options);
            consent::check(&mut plan, Some(self.program), self.state, self.options);
            return plan;
        }
    }

    /// Decides about every node, in the order of the graph.
    fn round(&self, dragged: &FxHashSet<u32>) -> (Plan, PlannedWorld<'a>) {
        let mut plan = Plan { order: self.graph.order.clone(), ..Plan::default() };
        let mut world = PlannedWorld::new(self.program, self.state, self.secrets, self.reads);
        let mut guess = 0;
        for node in &self.graph.order {
            let this = &self.program.nodes[*node as usize];
            let place = self.place(*node, guess);
            guess = place.map_or(guess, |place| place + 1);
            let replace = self.options.replace.iter().any(|pattern| pattern.matches(&this.urn));
            let question = Question {
                node: *node,
                place,
                dragged: dragged.contains(node),
                replace,
                problems: &mut plan.problems,
            };
            world.decisions[*node as usize] = world.decide(question);
        }
        self.aliases_in_use(&world, &mut plan);
        (plan, world)
    }

    /// A record can't be that of two nodes, of one by its name and of another by an alias.
    fn aliases_in_use(&self, world: &PlannedWorld<'_>, plan: &mut Plan) {
        let renamed =
            self.program.nodes.iter().zip(&world.decisions).filter_map(|(this, found)| {
                let record = self.state.get(found.place)?;
                (record.urn != this.urn).then_some((&this.urn, &record.urn))
            });
        let renamed: Vec<_> = renamed.collect();
        if renamed.is_empty() {
            return;
        }
        let named: FxHashSet<_> = self.program.nodes.iter().map(|node| &node.urn).collect();
        for (urn, alias) in renamed.into_iter().filter(|(_, alias)| named.contains(alias)) {
            let (urn, alias) = (urn.clone(), alias.clone());
            plan.problems.push(PlanProblem::AliasInUse { urn, alias });
        }
    }

    /// The record of a node: of its URN, or of one that it had before. Most stand in the order of
    /// the program: behind that of the node before it.
    fn place(&self, node: u32, guess: u32) -> Option<u32> {
        let near = self.state.find_near(&self.program.nodes[node as usize].urn, guess);
        near.or_else(|| recorded(self.program, self.state, node))
    }

    /// What goes: records without a node, old generations, and those that are replaced for
    /// certain or perhaps.
    fn going(&self, world: &PlannedWorld<'_>, node_of: &NodeOf) -> FxHashMap<u32, Cause> {
        let mut going = FxHashMap::default();
        for (place, record) in self.state.iter() {
            match node_of.get(place).map(|node| world.decisions[node as usize]) {
                Some(decision) if decision.action.replaces() => {
                    going.insert(place, Cause::Replaced);
                }
                Some(_) => {}
                None if record.deposed || self.is_reinstated_over(world, place) => {
                    going.insert(place, Cause::Deposed);
                }
                None => {
                    going.insert(place, Cause::Removed);
                }
            }
        }
        going
    }

    /// Whether an older generation takes the place of this current one.
    fn is_reinstated_over(&self, world: &PlannedWorld<'_>, place: u32) -> bool {
        let urn = &self.state.record(place).urn;
        world.decisions.iter().any(|decision| {
            decision.action == Action::Reinstate && self.state.record(decision.place).urn == *urn
        })
    }

    fn deletions(&self, going: &FxHashMap<u32, Cause>, first: &First) -> Vec<PlannedDeletion> {
        let mut all: Vec<PlannedDeletion> = going
            .iter()
            .map(|(place, cause)| {
                let record = self.state.record(*place);
                let first_cause = first.causes.get(place).copied();
                // What goes for a reason of its own is not taken along by something else.
                let own = |first: &Cause| {
                    matches!(first, Cause::Replaced)
                        || matches!(first, Cause::Dragged(_)) && *cause != Cause::Replaced
                };
                let never_called =
                    record.ty.known().is_some_and(|ty| ty.kind != TypeKind::Resource);
                PlannedDeletion {
                    place: *place,
                    cause: first_cause.filter(|first| !own(first)).unwrap_or(*cause),
                    first: first_cause.is_some(),
                    forget: never_called || record.retain_on_delete,
                }
            })
            .collect();
        all.sort_by_key(|deletion| (!deletion.first, deletion.place));
        all
    }

    /// Gives every new record its place, in the order of the graph.
    fn number(&self, plan: &mut Plan) {
        let mut next = self.state.next_place();
        for node in &self.graph.order {
            let decision = &mut plan.decisions[*node as usize];
            let without_record = decision.place == Decision::NONE;
            let new = decision.action.creates()
                || without_record
                    && matches!(decision.action, Action::Read | Action::Run | Action::Import);
            if new {
                decision.fresh = next;
                next += 1;
            }
        }
    }

    fn outputs_change(&self, world: &PlannedWorld<'_>) -> bool {
        let outputs = &self.program.outputs;
        if outputs.len() != self.state.outputs.len() {
            return true;
        }
        outputs.iter().any(|output| {
            let recorded = self.state.outputs.get(&output.name);
            match (resolve(&output.value, world), recorded) {
                (Ok(value), Some(recorded)) => {
                    self.secrets.compare(&value, recorded) != super::Comparison::Same
                }
                _ => true,
            }
        })
    }

    /// What must be read from the cloud before the plan is final: lookups whose inputs are known
    /// and that were not read yet, and objects to import.
    #[must_use]
    pub fn reads_needed(&self, plan: &Plan) -> ReadsNeeded {
        let mut needed = ReadsNeeded::default();
        let reading = |action| matches!(action, Action::Read | Action::Import);
        if !plan.decisions.iter().any(|decision| reading(decision.action)) {
            return needed;
        }
        let decisions = plan.decisions.clone();
        let world =
            PlannedWorld::decided(self.program, self.state, self.secrets, self.reads, decisions);
        for (node, decision) in (0_u32..).zip(&plan.decisions) {
            let this = &self.program.nodes[node as usize];
            let resolved = || this.inputs.try_map(|_, value| resolve(value, &world));
            match decision.action {
                Action::Read if !self.reads.lookups.contains_key(&node) => {
                    let Ok(inputs) = resolved() else { continue };
                    if inputs.iter().all(|(_, value)| value.first_unknown().is_none()) {
                        needed.lookups.push((node, inputs));
                    }
                }
                Action::Import if !self.reads.imports.contains_key(&node) => {
                    needed.imports.push((node, resolved().unwrap_or_default()));
                }
                _ => {}
            }
        }
        needed
    }

    /// The world as the plan leaves it, as far as it is known.
    #[must_use]
    pub fn world(&self, plan: &Plan) -> PlannedWorld<'a> {
        let decisions = plan.decisions.clone();
        PlannedWorld::decided(self.program, self.state, self.secrets, self.reads, decisions)
    }

    /// A value that the program shows, as far as it is known.
    #[must_use]
    pub fn shown(world: &PlannedWorld<'_>, output: crate::value::OutputRef) -> crate::value::Value {
        world.output(output)
    }
}

/// The place of the record of a node: of its URN, or of one that it had before.
pub(super) fn recorded(program: &Program, state: &State, node: u32) -> Option<u32> {
    let this = &program.nodes[node as usize];
    let aliased = || program.aliases(this).iter().find_map(|alias| state.find(alias));
    state.find(&this.urn).or_else(aliased)
}
