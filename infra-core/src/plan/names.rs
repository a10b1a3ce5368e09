//! Names that the engine makes up.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::planner::recorded;
use crate::{
    graph::{Node, Program},
    mutants::Mutant,
    state::{State, seal::digest_hex},
};

/// What tells the names that a run makes up from those of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamesOf<'a> {
    /// The lineage of the state.
    pub(crate) lineage: &'a str,
    /// The epoch at the beginning of the run.
    pub(crate) epoch: u64,
}

/// The name that the engine makes up for a resource: project, stack, name, and a digest of
/// lineage, epoch, URN and generation.
///
/// The epoch tells it from an earlier one of the same URN that was deleted: AWS may keep its name
/// for a while, or what is left of it (a last snapshot, a secret that can be restored) has it.
///
/// # Panics
/// If the type has no rule for names.
#[must_use]
pub(crate) fn physical_name(of: NamesOf<'_>, node: &Node, generation: u32) -> String {
    let rule = node.ty.name_rule.expect("only types with a rule for names get one made up");
    let urn = node.urn.as_str();
    let made = format!("{}-{generation}", of.epoch);
    let hash = digest_hex(&["name", of.lineage, urn, &made], 8);
    let mut parts = urn.split('/');
    let (project, stack) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    rule.make(&[project, stack, node.urn.name()], &hash)
}

/// Names that resources of a program hold. One that was made up stays when its resource is called
/// otherwise, and whatever is then called as that one was gets another.
#[derive(Debug, Default)]
pub(crate) struct KeptNames(FxHashSet<(&'static str, Arc<str>)>);

impl KeptNames {
    /// The names that the resources of a program hold.
    pub(crate) fn new(program: &Program, state: &State) -> Self {
        let held = (0_u32..).zip(&program.nodes).filter_map(|(node, this)| {
            let slot = this.ty.name_rule?.slot;
            let record = state.record(recorded(program, state, node)?);
            let name = record.value(slot).as_str()?;
            Some((this.ty.name, name.into()))
        });
        Self(held.collect())
    }

    /// A name for a generation of a node that no other node holds.
    pub(crate) fn make(
        &self,
        state: &State,
        of: NamesOf<'_>,
        program: &Program,
        node: u32,
        generation: u32,
    ) -> String {
        /// More than a resource has generations.
        const APART: u32 = 1 << 20;
        let this = &program.nodes[node as usize];
        let salt = if state.mutants.on(Mutant::OrderMatters) { node } else { 0 };
        let name = |attempt: u32| {
            let attempt = attempt.wrapping_mul(APART);
            physical_name(of, this, generation.wrapping_add(salt).wrapping_add(attempt))
        };
        let free = (0..).map(name).find(|name| {
            let name: Arc<str> = name.as_str().into();
            !self.0.contains(&(this.ty.name, name))
        });
        free.expect("a program holds finitely many names")
    }
}
