//! What must go before things can come, and what it drags along.
//!
//! A record goes first when its node is replaced by deleting first, or when it is on its way out
//! and holds a key that something new must have. Whatever refers to it so that it can't be
//! deleted has to go before it, even if it stays in the program: then it is replaced too. What
//! merely moves off it by an update that waits for nothing new need not go.
//!
//! Phases make any mix acyclic: updates that wait for nothing that goes first, then deletions
//! that go first, then everything that comes, then what goes at leisure. Edges never lead back.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Cause, Decision, PlannedWorld, keys::Wanted};
use crate::{
    graph::Graph,
    mutants::Mutant,
    state::{DepKind, State},
};

/// Records that go first, and why.
#[derive(Debug, Default)]
pub(super) struct First {
    pub(super) causes: FxHashMap<u32, Cause>,
    /// Nodes that must be replaced by deleting first because of something else.
    pub(super) dragged: FxHashSet<u32>,
    /// Who must have what a record on its way out still holds.
    pub(super) claims: Vec<(u32, u32)>,
    /// Who must have what another node gives up by an update.
    pub(super) handovers: Vec<(u32, u32)>,
}

/// Who refers to a record, by place.
pub(super) struct Referrers(FxHashMap<u32, Vec<(u32, DepKind)>>);

impl Referrers {
    pub(super) fn new(world: &PlannedWorld<'_>) -> Self {
        let mut all: FxHashMap<u32, Vec<(u32, DepKind)>> = FxHashMap::default();
        for (place, record) in world.state.iter() {
            for dep in &record.deps {
                if dep.target != place {
                    all.entry(dep.target).or_default().push((place, dep.kind));
                }
            }
        }
        Self(all)
    }

    pub(super) fn of(&self, place: u32) -> &[(u32, DepKind)] {
        self.0.get(&place).map_or(&[], Vec::as_slice)
    }
}

/// The node of each record that has one, by place.
pub(super) struct NodeOf(Vec<u32>);

impl NodeOf {
    pub(super) fn new(decisions: &[Decision], state: &State) -> Self {
        let mut nodes = vec![u32::MAX; state.next_place() as usize];
        for (node, decision) in (0_u32..).zip(decisions) {
            if decision.place != Decision::NONE {
                nodes[decision.place as usize] = node;
            }
        }
        Self(nodes)
    }

    pub(super) fn get(&self, place: u32) -> Option<u32> {
        self.0.get(place as usize).copied().filter(|node| *node != u32::MAX)
    }
}

pub(super) struct Situation<'a, 'w> {
    pub(super) world: &'a PlannedWorld<'w>,
    pub(super) graph: &'a Graph,
    /// The node of each kept record.
    pub(super) node_of: &'a NodeOf,
    /// Records on their way out.
    pub(super) going: &'a FxHashMap<u32, Cause>,
    pub(super) wanted: &'a Wanted,
}

impl Situation<'_, '_> {
    /// Finds what must go first. What was dragged in an earlier round stays dragged.
    pub(super) fn first(&self, before: &FxHashSet<u32>) -> First {
        let mut first = First { dragged: before.clone(), ..First::default() };
        let mut queue: Vec<u32> = vec![];
        for decision in &self.world.decisions {
            if decision.action == Action::DeleteThenCreate && decision.certain {
                first.causes.insert(decision.place, Cause::Replaced);
                queue.push(decision.place);
            }
        }
        if !self.world.state.mutants.on(Mutant::KeysNotFreed) {
            self.key_holders(&mut first, &mut queue);
            self.key_givers(&mut first);
        }
        if queue.is_empty() {
            return first;
        }
        queue.sort_unstable();
        let referrers = Referrers::new(self.world);
        let mut blocked = Blocked::new(self, &first);
        while let Some(place) = queue.pop() {
            if self.world.state.mutants.on(Mutant::NoContagion) {
                break;
            }
            for (referrer, kind) in referrers.of(place) {
                if !kind.binds() {
                    continue;
                }
                if let Some(cause) = first.causes.get_mut(referrer) {
                    // Found in an earlier round, and why is found again.
                    let node = self.node_of.get(*referrer).filter(|node| before.contains(node));
                    if *cause == Cause::Replaced && node.is_some() {
                        *cause = Cause::Dragged(place);
                    }
                    continue;
                }
                if self.drags(*referrer, place, &mut first, &mut blocked) {
                    first.causes.insert(*referrer, Cause::Dragged(place));
                    queue.push(*referrer);
                }
            }
        }
        first
    }

    /// Records on their way out that hold what something new must have.
    fn key_holders(&self, first: &mut First, queue: &mut Vec<u32>) {
        if self.wanted.is_empty() {
            return;
        }
        for place in self.going.keys() {
            let own = self.node_of.get(*place);
            let keys = self.world.held_keys(*place);
            let claimers = keys.iter().filter_map(|key| self.wanted.get(key)).copied();
            // That a resource wants its own key back makes it one that goes first, by itself.
            let mut claimers: Vec<u32> = claimers.filter(|node| Some(*node) != own).collect();
            claimers.sort_unstable();
            claimers.dedup();
            let Some(node) = claimers.first().copied() else { continue };
            first.claims.extend(claimers.iter().map(|node| (*place, *node)));
            if first.causes.insert(*place, Cause::HoldsKey(node)).is_none() {
                queue.push(*place);
            }
            // An old generation that was to go after its successor goes before it.
            if let Some(own) = own
                && self.world.decisions[own as usize].action == Action::CreateThenDelete
            {
                first.dragged.insert(own);
            }
        }
    }

    /// Nodes that give up a key by an update, which another node must have: one after the other,
    /// where that does not close a circle; else the giver is deleted first.
    fn key_givers(&self, first: &mut First) {
        for (node, decision) in (0_u32..).zip(&self.world.decisions) {
            if self.wanted.is_empty() || decision.action != Action::Update {
                continue;
            }
            for key in self.world.held_keys(decision.place) {
                let claimer = self.wanted.get(&key).copied().filter(|claimer| *claimer != node);
                let Some(claimer) = claimer else { continue };
                if self.waits_for(node, claimer, &first.handovers) {
                    first.dragged.insert(node);
                } else {
                    first.handovers.push((node, claimer));
                }
            }
        }
    }

    /// Whether a node comes after another one, by the program or by keys handed over.
    fn waits_for(&self, node: u32, other: u32, handovers: &[(u32, u32)]) -> bool {
        let (mut stack, mut seen) = (vec![node], FxHashSet::default());
        while let Some(node) = stack.pop() {
            if node == other {
                return true;
            }
            if seen.insert(node) {
                stack.extend(self.graph.dependencies(node).map(|(needed, _)| needed));
                stack.extend(handovers.iter().filter(|(_, to)| *to == node).map(|(from, _)| *from));
            }
        }
        false
    }

    /// Whether a record that refers to one that goes first has to go too.
    fn drags(&self, referrer: u32, to: u32, first: &mut First, blocked: &mut Blocked) -> bool {
        let Some(node) = self.node_of.get(referrer) else {
            // It goes anyway.
            return true;
        };
        if self.world.decisions[node as usize].action == Action::CreateThenDelete {
            first.dragged.insert(node);
            return true;
        }
        let target = self.node_of.get(to);
        let still_refers = target
            .is_some_and(|target| self.graph.dependencies(node).any(|(other, _)| other == target));
        let moves = !still_refers && !blocked.is(self, node, first);
        if !moves {
            first.dragged.insert(node);
        }
        !moves
    }
}

/// Which nodes wait for something that goes first.
struct Blocked {
    known: FxHashMap<u32, bool>,
    /// How many records went first when `known` was filled.
    at: usize,
}

impl Blocked {
    fn new(_: &Situation<'_, '_>, first: &First) -> Self {
        Self { known: FxHashMap::default(), at: first.causes.len() }
    }

    fn is(&mut self, situation: &Situation<'_, '_>, node: u32, first: &First) -> bool {
        if self.at != first.causes.len() {
            self.known.clear();
            self.at = first.causes.len();
        }
        let mut stack = vec![(node, false)];
        while let Some((node, ready)) = stack.pop() {
            if self.known.contains_key(&node) {
                continue;
            }
            let own = situation.world.decisions[node as usize];
            let claims = first.claims.iter().any(|(_, claimer)| *claimer == node);
            let waits =
                first.causes.contains_key(&own.place) || first.dragged.contains(&node) || claims;
            let dependencies = || situation.graph.dependencies(node).map(|(other, _)| other);
            if waits || ready {
                let any =
                    waits || dependencies().any(|other| self.known.get(&other) == Some(&true));
                self.known.insert(node, any);
                continue;
            }
            stack.push((node, true));
            stack.extend(
                dependencies()
                    .filter(|other| !self.known.contains_key(other))
                    .map(|other| (other, false)),
            );
        }
        self.known.get(&node) == Some(&true)
    }
}
