//! What a node's record says of what it depends on.

use crate::{
    dsl::Dependency,
    graph::{Program, component_members},
    schema::each_link,
    state::{Dep, DepKind, Record},
};

/// The dependencies to record for a node: one for each property and node that it refers to, and
/// for each `depends_on`. `place_of` says where a node's record stands or will stand.
#[must_use]
pub fn record_deps(program: &Program, node: u32, place_of: impl Fn(u32) -> u32) -> Box<[Dep]> {
    let mut deps = vec![];
    let this = &program.nodes[node as usize];
    for (slot, value) in this.inputs.iter() {
        let own_name = this.ty.is_own_name(slot);
        each_link(this.ty.prop(slot), value, &mut |link| {
            let id = link.id.filter(|_| !own_name);
            let kind = id.map_or(DepKind::Value, |_| link.reference.into());
            link.value.refs(&mut |output| {
                deps.push(Dep { target: place_of(output.node), slot, kind });
            });
        });
    }
    let mut explicit = |node: u32| {
        deps.push(Dep { target: place_of(node), slot: Dep::NO_SLOT, kind: DepKind::Explicit });
    };
    for dependency in &this.depends_on {
        match dependency {
            Dependency::Node(other) => explicit(other.node),
            Dependency::Component { component, .. } => {
                component_members(program, *component, node).into_iter().for_each(&mut explicit);
            }
        }
    }
    for (_, other, _) in program.later.iter().filter(|(waiting, ..)| *waiting == node) {
        explicit(*other);
    }
    deps.sort_unstable();
    deps.dedup();
    deps.into()
}

/// Whether a record says something else of what its node depends on.
pub(super) fn deps_differ(
    program: &Program,
    node: u32,
    record: &Record,
    place_of: impl Fn(u32) -> u32,
) -> bool {
    let this = &program.nodes[node as usize];
    if record.deps.is_empty() && this.depends_on.is_empty() && program.later.is_empty() {
        // The common case of a resource that stands alone.
        if !this.inputs.iter().any(|(_, value)| value.has_refs()) {
            return false;
        }
    }
    *record.deps != *record_deps(program, node, place_of)
}
