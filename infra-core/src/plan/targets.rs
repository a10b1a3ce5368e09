//! Limiting a plan to a part of the stack.

use rustc_hash::FxHashSet;

use super::{Action, Plan, PlanOptions, PlanProblem, consent::matches_any};
use crate::{
    graph::{Graph, Program},
    mutants::Mutant,
    state::State,
    urn::Urn,
};

/// Takes out of a plan what was not asked for.
///
/// `--target` brings along what its resources need that is to change, and dependents that must be
/// replaced because of them. `--exclude` takes out, and is refused where something kept needs it.
pub(super) fn limit(
    plan: &mut Plan,
    program: &Program,
    graph: &Graph,
    state: &State,
    options: &PlanOptions,
) {
    if !options.is_limited() {
        return;
    }
    let known = || {
        let planned = program.nodes.iter().map(|node| node.urn.clone());
        planned.chain(state.iter().map(|(_, record)| record.urn.clone()))
    };
    for pattern in options.targets.iter().chain(&options.excludes) {
        if !matches_any(pattern, known()) {
            plan.problems.push(PlanProblem::NothingMatches(pattern.as_str().to_owned()));
        }
    }
    let kept = Kept { plan, program, graph, state, options }.nodes();
    let excluded = |urn: &Urn| options.excludes.iter().any(|pattern| pattern.matches(urn));
    refuse_needed(plan, program, graph, &kept, &excluded);
    for node in 0..program.nodes.len() as u32 {
        let decision = &mut plan.decisions[node as usize];
        if !kept.contains(&node) && decision.action != Action::Same {
            decision.action = Action::Same;
            decision.fresh = super::Decision::NONE;
        }
    }
    let node_of =
        |place: u32| (0_u32..).zip(&plan.decisions).find(|(_, d)| d.place == place).map(|(n, _)| n);
    let mut stays = FxHashSet::default();
    for deletion in &plan.deletions {
        let record = state.record(deletion.place);
        // Old and new generation stay or go together, whatever the old one goes for.
        let keep = match node_of(deletion.place) {
            Some(node) => kept.contains(&node),
            None => wanted(&record.urn, options),
        };
        if !keep {
            stays.insert(deletion.place);
        }
    }
    plan.deletions.retain(|deletion| !stays.contains(&deletion.place));
}

fn wanted(urn: &Urn, options: &PlanOptions) -> bool {
    let targeted =
        options.targets.is_empty() || options.targets.iter().any(|pattern| pattern.matches(urn));
    targeted && !options.excludes.iter().any(|pattern| pattern.matches(urn))
}

struct Kept<'a> {
    plan: &'a Plan,
    program: &'a Program,
    graph: &'a Graph,
    state: &'a State,
    options: &'a PlanOptions,
}

impl Kept<'_> {
    fn nodes(&self) -> FxHashSet<u32> {
        let mut kept: FxHashSet<u32> = FxHashSet::default();
        let mut queue: Vec<u32> = (0_u32..)
            .zip(&self.program.nodes)
            .filter(|(_, node)| wanted(&node.urn, self.options))
            .map(|(place, _)| place)
            .collect();
        let alone = self.state.mutants.on(Mutant::TargetsAlone) || self.options.targets.is_empty();
        while let Some(node) = queue.pop() {
            if !kept.insert(node) || alone {
                continue;
            }
            let changes = |other: &u32| self.plan.decisions[*other as usize].action.acts();
            queue.extend(self.graph.dependencies(node).map(|(other, _)| other).filter(changes));
            if self.plan.decisions[node as usize].action.replaces() {
                let replaced = |other: &u32| self.plan.decisions[*other as usize].action.replaces();
                queue.extend(self.graph.dependents(node).map(|(other, _)| other).filter(replaced));
                queue.extend(self.dependents_that_move(node));
            }
        }
        kept
    }

    /// Dependents of a replaced node that must follow it: the old one can't go before they moved.
    fn dependents_that_move(&self, node: u32) -> impl Iterator<Item = u32> {
        self.graph
            .dependents(node)
            .map(|(other, _)| other)
            .filter(|other| self.plan.decisions[*other as usize].action.acts())
    }
}

/// Something excluded must not be needed by something kept.
fn refuse_needed(
    plan: &mut Plan,
    program: &Program,
    graph: &Graph,
    kept: &FxHashSet<u32>,
    excluded: &impl Fn(&Urn) -> bool,
) {
    let mut problems = vec![];
    let mut nodes: Vec<&u32> = kept.iter().collect();
    nodes.sort_unstable();
    for node in nodes {
        if !plan.decisions[*node as usize].action.acts() {
            continue;
        }
        for (other, _) in graph.dependencies(*node) {
            let needed = &program.nodes[other as usize].urn;
            let missing = plan.decisions[other as usize].place == super::Decision::NONE
                || plan.decisions[other as usize].action.replaces();
            if !kept.contains(&other) && excluded(needed) && missing {
                let by = program.nodes[*node as usize].urn.clone();
                problems.push(PlanProblem::ExcludedNeeded { needed: needed.clone(), by });
            }
        }
    }
    problems.dedup();
    plan.problems.extend(problems);
}
