//! Two resources of a program that would have what only one can have: a name, a range.

use rustc_hash::FxHashMap;

use super::Check;
use crate::{
    graph::{Node, Program, ProgramProblem},
    schema::TypeDef,
    value::{Slot, Value, canonical_bytes},
};

/// Two resources of a program have the same values in a `unique` set of their type.
///
/// What only turns out to be the same when outputs are known is found by the planner, and by the
/// cloud.
pub(super) struct UniqueKeys;

/// A type, one of its sets, the provider, and the values.
type Key = (*const TypeDef, usize, u16, Vec<u8>);

impl Check for UniqueKeys {
    fn name(&self) -> &str {
        "unique-keys"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let (mut seen, mut found) = (FxHashMap::<Key, &Node>::default(), vec![]);
        for node in &program.nodes {
            for (set, slots) in node.ty.unique.iter().enumerate() {
                let Some(values) = values(node, slots) else { continue };
                let key: Key = (std::ptr::from_ref(node.ty), set, node.provider, values);
                if let Some(first) = seen.get(&key) {
                    found.push(twice(program, node, slots, first));
                } else {
                    seen.insert(key, node);
                }
            }
        }
        found
    }
}

/// What a node has in a set of properties, where the program says all of it. The same output is
/// the same value, whatever it will be.
fn values(node: &Node, slots: &[Slot]) -> Option<Vec<u8>> {
    let (mut bytes, mut given) = (vec![], false);
    for slot in slots {
        let value = node.inputs.get(*slot);
        let prop = node.ty.prop(*slot);
        let made_up = node.ty.name_rule.is_some_and(|rule| rule.slot == *slot);
        match value {
            Value::Null if made_up || prop.computed || prop.output => return None,
            Value::Null => bytes.push(0),
            Value::Ref(output) => {
                bytes.push(1);
                bytes.extend(output.node.to_le_bytes());
                bytes.extend(output.slot.to_le_bytes());
            }
            value if value.has_refs() || value.first_unknown().is_some() => return None,
            value => {
                bytes.push(2);
                canonical_bytes(value, &mut bytes);
            }
        }
        given |= !value.is_null();
    }
    given.then_some(bytes)
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
