//! Names that the engine made up, and that no tag tells: they hold the epoch of the run that made
//! them, which the names of things with tags give away.

use std::collections::BTreeSet;

use super::search::Carried;
use crate::{
    graph::{Node, Program},
    plan::{NamesOf, physical_name},
};

/// Epochs beyond this are not looked for: it takes so many things made or deleted to get there.
const EPOCHS: u64 = 5_000;
/// So often a thing may have been replaced.
const GENERATIONS: u32 = 4;

/// The epochs of the runs that made up the names of what carries tags.
pub(super) fn epochs(program: &Program, carried: &Carried) -> BTreeSet<u64> {
    let mut epochs = BTreeSet::new();
    for node in &program.nodes {
        let made_up = node.ty.name_rule.is_some_and(|rule| !node.inputs.has(rule.slot));
        if !made_up || node.ty.tags.is_none() {
            continue;
        }
        for id in carried.ids(node.ty, &node.urn) {
            let is_it = |epoch: &u64| {
                // An ARN ends with the name, and other things follow in some.
                names(node, &carried.mark, *epoch).any(|name| id.contains(&name))
            };
            if epochs.iter().any(is_it) {
                continue;
            }
            epochs.extend((0..EPOCHS).find(is_it));
        }
    }
    epochs
}

/// What a thing may be called that carries no tags.
pub(super) fn candidates(node: &Node, mark: &str, epochs: &BTreeSet<u64>) -> Vec<String> {
    epochs.iter().flat_map(|epoch| names(node, mark, *epoch)).collect()
}

fn names(node: &Node, mark: &str, epoch: u64) -> impl Iterator<Item = String> {
    let of = NamesOf { lineage: mark, epoch };
    (0..GENERATIONS).map(move |generation| physical_name(of, node, generation))
}
