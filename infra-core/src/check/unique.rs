//! Two resources of a program that would have what only one can have: a name, a range.

use std::hash::{Hash, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::Check;
use crate::{
    graph::{Node, Program, ProgramProblem},
    value::{Slot, Value, canonical_bytes},
};

/// Two resources of a program have the same values in a `unique` set of their type.
///
/// What only turns out to be the same when outputs are known is found by the planner, and by the
/// cloud.
pub(super) struct UniqueKeys;

impl Check for UniqueKeys {
    fn name(&self) -> &str {
        "unique-keys"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let mut seen = Seen::default();
        let mut found = vec![];
        for (place, node) in program.nodes.iter().enumerate() {
            for (set, slots) in node.ty.unique.iter().enumerate() {
                if let Some(first) = seen.first(program, place, set) {
                    found.push(twice(program, node, slots, first));
                }
            }
        }
        found
    }
}

/// Who was the first to have something: nodes and sets by the hash of what they have there, so that
/// a million names take no memory of their own.
#[derive(Default)]
struct Seen {
    firsts: HashTable<(u64, u32, u8)>,
    /// What the node at hand has, and what the one has that it is held against.
    bytes: [Vec<u8>; 2],
}

impl Seen {
    /// The node that has what this one has in a set; this one, from now on, if there is none.
    fn first<'a>(&mut self, program: &'a Program, place: usize, set: usize) -> Option<&'a Node> {
        let Self { firsts, bytes: [own, others] } = self;
        let node = &program.nodes[place];
        if !values(node, node.ty.unique[set], own) {
            return None;
        }
        let mut hasher = FxHasher::default();
        (std::ptr::from_ref(node.ty), set, node.provider, &*own).hash(&mut hasher);
        let hash = hasher.finish();
        let same = |(its_hash, other, its_set): &(u64, u32, u8)| {
            let other = &program.nodes[*other as usize];
            *its_hash == hash
                && std::ptr::eq(other.ty, node.ty)
                && usize::from(*its_set) == set
                && other.provider == node.provider
                && values(other, other.ty.unique[set], others)
                && own == others
        };
        if let Some((_, first, _)) = firsts.find(hash, same) {
            return Some(&program.nodes[*first as usize]);
        }
        firsts.insert_unique(hash, (hash, place as u32, set as u8), |(hash, ..)| *hash);
        None
    }
}

/// What a node has in a set of properties, where the program says all of it. The same output is
/// the same value, whatever it will be. False where it does not say all.
fn values(node: &Node, slots: &[Slot], bytes: &mut Vec<u8>) -> bool {
    bytes.clear();
    let mut given = false;
    for slot in slots {
        let value = node.inputs.get(*slot);
        let prop = node.ty.prop(*slot);
        let made_up = node.ty.name_rule.is_some_and(|rule| rule.slot == *slot);
        match value {
            Value::Null if made_up || prop.computed || prop.output => return false,
            Value::Null => bytes.push(0),
            Value::Ref(output) => {
                bytes.push(1);
                bytes.extend(output.node.to_le_bytes());
                bytes.extend(output.slot.to_le_bytes());
            }
            value if value.has_refs() || value.first_unknown().is_some() => return false,
            value => {
                bytes.push(2);
                canonical_bytes(value, bytes);
            }
        }
        given |= !value.is_null();
    }
    given
}

fn twice(program: &Program, node: &Node, slots: &[Slot], first: &Node) -> ProgramProblem {
    let given: Vec<Slot> = slots.iter().copied().filter(|slot| node.inputs.has(*slot)).collect();
    let names: Vec<&str> = given.iter().map(|slot| node.ty.prop(*slot).name).collect();
    // The last one is what tells resources of a kind apart: the range within a network.
    let slot = given.last().copied().unwrap_or_default();
    let message = format!(
        "is taken: there is a {} with the same {} already, `{}`",
        node.ty.short_name(),
        names.join(" and "),
        first.urn.short()
    );
    let mut problem = program.about_slot(node, slot, message);
    problem.at.push(first.site(slot));
    problem.help(format!("give one of them another `{}`", node.ty.prop(slot).name))
}
