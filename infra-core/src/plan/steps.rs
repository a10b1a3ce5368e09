//! [`Steps`]: the one graph that is carried out, deletions included.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Cause, Decision, Plan, PlannedWorld, first::Referrers};
use crate::{
    graph::{Graph, JoinWorld, Program, implicit_edges},
    mutants::Mutant,
    schema::{Level, TypeDef},
    state::{DepKind, State},
    value::Value,
};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Brings a node about: whatever its decision says.
    Node(u32),
    /// Deletes a record, or takes it out of state.
    Delete {
        /// Whether it is only taken out of state.
        forget: bool,
        /// Whether this happens only if a newer generation has come about.
        if_deposed: bool,
    },
    /// Finds out what became of an operation that was interrupted.
    Settle,
}

/// A step: one operation on one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// The record that it is about; for new ones the place that they will get.
    pub place: u32,
}

/// That one step waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepEdge {
    /// What is waited for.
    pub from: u32,
    /// What waits.
    pub to: u32,
    /// Until when. Deletions are over when the thing is gone, which counts as ready.
    pub level: Level,
}

/// Steps and their order.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// The steps.
    pub steps: Vec<Step>,
    /// Their order.
    pub edges: Vec<StepEdge>,
}

impl Steps {
    /// The steps of a plan.
    #[must_use]
    pub fn new(program: &Program, graph: &Graph, state: &State, plan: &Plan) -> Self {
        let mut builder = Builder::new(program, state, plan);
        builder.nodes(graph);
        builder.deletions();
        builder.dependencies(graph);
        builder.replacements();
        builder.deletion_order();
        builder.moved_first();
        Self { steps: builder.steps, edges: builder.edges }
    }

    /// The steps that destroy everything that state knows.
    #[must_use]
    pub fn destroy(state: &State, plan: &Plan) -> Self {
        let nothing = Program::empty();
        let mut builder = Builder::new(&nothing, state, plan);
        builder.deletions();
        builder.deletion_order();
        Self { steps: builder.steps, edges: builder.edges }
    }
}

struct Builder<'a> {
    program: &'a Program,
    state: &'a State,
    plan: &'a Plan,
    steps: Vec<Step>,
    edges: Vec<StepEdge>,
    /// The step of each node that has one.
    of_node: Vec<u32>,
    /// The step of each record that goes.
    of_deletion: FxHashMap<u32, u32>,
    first: FxHashSet<u32>,
}

const NONE: u32 = u32::MAX;

impl<'a> Builder<'a> {
    fn new(program: &'a Program, state: &'a State, plan: &'a Plan) -> Self {
        let first = plan.deletions.iter().filter(|deletion| deletion.first);
        Self {
            program,
            state,
            plan,
            steps: vec![],
            edges: vec![],
            of_node: vec![NONE; program.nodes.len()],
            of_deletion: FxHashMap::default(),
            first: first.map(|deletion| deletion.place).collect(),
        }
    }

    fn add(&mut self, step: Step) -> u32 {
        self.steps.push(step);
        self.steps.len() as u32 - 1
    }

    fn edge(&mut self, from: u32, to: u32, level: Level) {
        if from != NONE && to != NONE && from != to {
            self.edges.push(StepEdge { from, to, level });
        }
    }

    fn nodes(&mut self, graph: &Graph) {
        for node in &graph.order {
            let decision = self.plan.decisions[*node as usize];
            if decision.action != Action::Same {
                let step = Step { kind: StepKind::Node(*node), place: decision.result() };
                self.of_node[*node as usize] = self.add(step);
            }
        }
    }

    fn deletions(&mut self) {
        for deletion in &self.plan.deletions {
            let replaced = matches!(deletion.cause, Cause::Replaced) && !deletion.first;
            let kind = StepKind::Delete { forget: deletion.forget, if_deposed: replaced };
            let step = self.add(Step { kind, place: deletion.place });
            self.of_deletion.insert(deletion.place, step);
        }
    }

    /// What comes waits for what it needs.
    fn dependencies(&mut self, graph: &Graph) {
        let early = self.state.mutants.on(Mutant::LevelsIgnored);
        let no_implicit = self.state.mutants.on(Mutant::NoImplicitEdges);
        for node in &graph.order {
            let to = self.of_node[*node as usize];
            if to == NONE {
                continue;
            }
            for (other, edge) in graph.dependencies(*node) {
                if no_implicit && edge.kind == crate::graph::EdgeKind::Implicit {
                    continue;
                }
                let level = if early { Level::Exists } else { edge.needs };
                self.edge(self.of_node[other as usize], to, level);
            }
        }
    }

    /// Old and new of a replacement: one after the other. A holder of a key goes before whoever
    /// must have it.
    fn replacements(&mut self) {
        for node in 0..self.program.nodes.len() as u32 {
            let Decision { action, place, .. } = self.plan.decisions[node as usize];
            if !action.replaces() {
                continue;
            }
            let (own, old) = (self.of_node[node as usize], self.deletion(place));
            if self.first.contains(&place) {
                self.edge(old, own, Level::Ready);
            } else {
                self.edge(own, old, Level::Ready);
            }
        }
        for (holder, claimer) in &self.plan.claims {
            self.edge(self.deletion(*holder), self.of_node[*claimer as usize], Level::Ready);
        }
        for (giver, claimer) in &self.plan.handovers {
            let (giver, claimer) = (self.of_node[*giver as usize], self.of_node[*claimer as usize]);
            self.edge(giver, claimer, Level::Ready);
        }
    }

    fn deletion(&self, place: u32) -> u32 {
        self.of_deletion.get(&place).copied().unwrap_or(NONE)
    }

    /// What goes, goes before what it depends on; by the catalogue's own orders too.
    fn deletion_order(&mut self) {
        let mut edges = vec![];
        let unordered = self.state.mutants.on(Mutant::DeletionUnordered);
        for place in self.of_deletion.keys().filter(|_| !unordered) {
            for dep in &self.state.record(*place).deps {
                if dep.kind != DepKind::Weak && self.may_wait(*place, dep.target) {
                    edges.push((*place, dep.target));
                }
            }
        }
        if !self.of_deletion.is_empty() && !self.state.mutants.on(Mutant::NoImplicitEdges) {
            let joined = implicit_edges(self.state).into_iter();
            edges.extend(
                joined
                    .map(|(this, that, _)| (this, that))
                    .filter(|(this, that)| self.may_wait(*this, *that)),
            );
        }
        edges.sort_unstable();
        edges.dedup();
        for (this, that) in edges {
            self.edge(self.deletion(this), self.deletion(that), Level::Ready);
        }
    }

    /// Both go, and the order does not lead from what goes at leisure back to what goes first.
    fn may_wait(&self, this: u32, that: u32) -> bool {
        let both = self.of_deletion.contains_key(&this) && self.of_deletion.contains_key(&that);
        let back = self.state.mutants.on(Mutant::EdgesLeadBack);
        both && (back || self.first.contains(&this) || !self.first.contains(&that))
    }

    /// What stays moves off before what it refers to goes.
    fn moved_first(&mut self) {
        if self.of_deletion.is_empty() || self.state.mutants.on(Mutant::OldGoesEarly) {
            return;
        }
        let reads = super::PlanTimeReads::default();
        let secrets = super::Secrets(None);
        let world = PlannedWorld::new(self.program, self.state, secrets, &reads);
        let referrers = Referrers::new(&world);
        let moving: FxHashMap<u32, u32> = (0_u32..)
            .zip(&self.plan.decisions)
            .filter(|(_, decision)| decision.place != Decision::NONE)
            .map(|(node, decision)| (decision.place, node))
            .collect();
        let mut places: Vec<u32> = self.of_deletion.keys().copied().collect();
        places.sort_unstable();
        for place in places {
            for (referrer, kind) in referrers.of(place) {
                let Some(node) = moving.get(referrer) else { continue };
                let goes_itself = self.of_deletion.contains_key(referrer);
                // Whoever waits for what goes first can't be waited for; it holds no reference
                // that binds, or it would go first itself.
                let back = self.first.contains(&place) && !kind.binds();
                if !goes_itself && !back {
                    self.edge(self.of_node[*node as usize], self.deletion(place), Level::Ready);
                }
            }
        }
    }
}

/// State as a world in which implicit edges are looked for.
impl JoinWorld for State {
    fn ty(&self, item: u32) -> Option<&'static TypeDef> {
        self.get(item)?.ty.known()
    }

    fn count(&self) -> u32 {
        self.next_place()
    }

    fn property(&self, item: u32, name: &str) -> Value {
        let Some(record) = self.get(item) else { return Value::Null };
        let slot = record.ty.known().and_then(|ty| ty.slot(name));
        slot.map(|slot| record.value(slot).clone()).unwrap_or_default()
    }

    fn target(&self, item: u32, property: &str, leaf: &Value) -> Option<u32> {
        let record = self.get(item)?;
        let slot = record.ty.known()?.slot(property)?;
        let text = leaf.as_str()?;
        record.deps.iter().filter(|dep| dep.slot == slot).map(|dep| dep.target).find(|target| {
            self.get(*target).is_some_and(|other| {
                *other.id == *text
                    || other.outputs.iter().any(|(_, value)| value.as_str() == Some(text))
            })
        })
    }
}
