//! [`Schedule`]: which step may begin, and which of those that may does.

use std::{cmp::Reverse, collections::BinaryHeap};

use petgraph::{csr::Csr, visit::EdgeRef};

use crate::{
    graph::Program,
    mutants::Mutant,
    plan::{Action, Plan, StepEdge, StepKind, Steps},
    schema::Level,
    state::State,
};

/// Which step may begin: ready counters over the step graph, no barriers. Of those that may, the
/// one with the longest remaining path goes first.
pub(super) struct Schedule {
    graph: Csr<(), Level, petgraph::Directed, u32>,
    waiting: Vec<u32>,
    priority: Vec<u64>,
    ready: BinaryHeap<(u64, Reverse<u32>)>,
}

impl Schedule {
    /// The schedule of so many steps that usually take so long.
    ///
    /// # Errors
    /// If steps wait for each other: their numbers.
    pub(super) fn new(
        count: usize,
        edges: Vec<StepEdge>,
        usual: impl Fn(u32) -> u64,
    ) -> Result<Self, Vec<u32>> {
        let mut edges: Vec<(u32, u32, Level)> =
            edges.into_iter().map(|edge| (edge.from, edge.to, edge.level)).collect();
        // Of several edges between two steps the one with the highest level counts.
        edges.sort_unstable_by_key(|(from, to, level)| (*from, *to, Reverse(*level)));
        edges.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut waiting = vec![0_u32; count];
        edges.iter().for_each(|(_, to, _)| waiting[*to as usize] += 1);
        let mut graph = Csr::from_sorted_edges(&edges).unwrap_or_default();
        while graph.node_count() < count {
            graph.add_node(());
        }
        let priority = priorities(&graph, &waiting, usual)?;
        let ready = (0..count as u32)
            .filter(|step| waiting[*step as usize] == 0)
            .map(|step| (priority[step as usize], Reverse(step)))
            .collect();
        Ok(Self { graph, waiting, priority, ready })
    }

    /// The next step that may begin.
    pub(super) fn next(&mut self) -> Option<u32> {
        self.ready.pop().map(|(_, Reverse(step))| step)
    }

    /// A step has come from below `from` (exclusive) up to `to`. Calls back for each step that
    /// may begin because of that.
    pub(super) fn reached(
        &mut self,
        step: u32,
        from: Option<Level>,
        to: Level,
        mut released: impl FnMut(u32),
    ) {
        let Self { graph, waiting, priority, ready } = self;
        for edge in graph.edges(step) {
            let (target, level) = (edge.target(), *edge.weight());
            if Some(level) > from && level <= to {
                waiting[target as usize] -= 1;
                if waiting[target as usize] == 0 {
                    ready.push((priority[target as usize], Reverse(target)));
                    released(target);
                }
            }
        }
    }

    /// Steps that never became ready.
    pub(super) fn blocked(&self) -> impl Iterator<Item = u32> {
        (0..self.waiting.len() as u32).filter(|step| self.waiting[*step as usize] > 0)
    }
}

/// The longest path that remains from the beginning of each step, itself included.
fn priorities(
    graph: &Csr<(), Level, petgraph::Directed, u32>,
    waiting: &[u32],
    usual: impl Fn(u32) -> u64,
) -> Result<Vec<u64>, Vec<u32>> {
    let count = waiting.len();
    let mut left = waiting.to_vec();
    let mut order: Vec<u32> = (0..count as u32).filter(|step| left[*step as usize] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for target in graph.neighbors_slice(order[at]) {
            left[*target as usize] -= 1;
            if left[*target as usize] == 0 {
                order.push(*target);
            }
        }
        at += 1;
    }
    if order.len() < count {
        return Err((0..count as u32).filter(|step| left[*step as usize] > 0).collect());
    }
    let mut priority = vec![0_u64; count];
    for step in order.into_iter().rev() {
        let behind = graph.neighbors_slice(step).iter().map(|to| priority[*to as usize]).max();
        priority[step as usize] = behind.unwrap_or(0) + usual(step) + 1;
    }
    Ok(priority)
}

/// How long a step usually takes, in milliseconds: as learnt from this stack's earlier runs, else
/// as the catalogue says.
pub(super) fn usual(
    state: &State,
    program: &Program,
    plan: &Plan,
    steps: &Steps,
    step: u32,
) -> u64 {
    let step = &steps.steps[step as usize];
    let node = match step.kind {
        StepKind::Node(node) => Some(node as usize),
        _ => None,
    };
    let known = node.map(|node| program.nodes[node].ty);
    let Some(ty) = known.or_else(|| state.get(step.place)?.ty.known()) else { return 0 };
    let changes = node.is_some_and(|node| {
        matches!(plan.decisions[node].action, Action::Update | Action::Reinstate | Action::Relink)
    });
    let learned = state.learned.get(ty.name).copied().unwrap_or_default();
    let or = |learned: u64, typical: u64| if learned > 0 { learned } else { typical };
    match step.kind {
        StepKind::Delete { .. } => or(learned.delete, ty.durations.delete),
        StepKind::Settle => 0,
        StepKind::Node(_) if changes => or(learned.update, ty.durations.update),
        StepKind::Node(_) => or(learned.create, ty.durations.create),
    }
}

/// Whether a failed step stops everything: a planted bug.
pub(super) fn stops_all(state: &State) -> bool {
    state.mutants.on(Mutant::FailureStopsAll)
}
