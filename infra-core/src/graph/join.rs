//! Finding the resources that an implicit edge joins, in a program and in state alike.

use std::{collections::BTreeMap, sync::Arc};

use crate::schema::{ImplicitEdge, JoinPath, Level, Step, TypeDef};
use crate::value::Value;

/// What two resources have in common: a third one, or a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinKey {
    /// The resource in this place.
    Item(u32),
    /// A literal: an id from elsewhere, a name.
    Text(Arc<str>),
}

/// A set of resources whose properties refer to each other: a program's nodes, or state's records.
pub trait JoinWorld {
    /// The type of an item; `None` where nothing stands or the type is unknown.
    fn ty(&self, item: u32) -> Option<&'static TypeDef>;

    /// How many places there are.
    fn count(&self) -> u32;

    /// The value of a property of an item.
    fn property(&self, item: u32, name: &str) -> Value;

    /// The item that a leaf of a property of `item` refers to.
    fn target(&self, item: u32, property: &str, leaf: &Value) -> Option<u32>;
}

/// The keys at the end of a path from an item.
pub fn join_keys(world: &impl JoinWorld, item: u32, path: &JoinPath) -> Vec<JoinKey> {
    let mut items = vec![item];
    let hops: Vec<&[Step]> = path.0.split(|step| *step == Step::Follow).collect();
    for (place, hop) in hops.iter().enumerate() {
        let last = place + 1 == hops.len();
        let mut keys = vec![];
        for item in items {
            leaves_at(world, item, hop, &mut keys);
        }
        if last {
            keys.sort();
            keys.dedup();
            return keys;
        }
        items = keys
            .into_iter()
            .filter_map(|key| if let JoinKey::Item(item) = key { Some(item) } else { None })
            .collect();
    }
    vec![]
}

fn leaves_at(world: &impl JoinWorld, item: u32, hop: &[Step], keys: &mut Vec<JoinKey>) {
    let [Step::Field(property), inner @ ..] = hop else { return };
    let value = world.property(item, property);
    descend(&value, inner, &mut |leaf| match world.target(item, property, leaf) {
        Some(target) => keys.push(JoinKey::Item(target)),
        None => {
            if let Value::Str(text) = leaf {
                keys.push(JoinKey::Text(text.clone()));
            }
        }
    });
}

fn descend(value: &Value, fields: &[Step], visit: &mut impl FnMut(&Value)) {
    match (value, fields) {
        (Value::List(items), _) => items.iter().for_each(|item| descend(item, fields, visit)),
        (Value::Map(_), [Step::Field(field), rest @ ..]) => {
            if let Some(value) = value.field(field) {
                descend(value, rest, visit);
            }
        }
        (leaf, []) if !leaf.is_null() => visit(leaf),
        _ => {}
    }
}

/// The keys at the ends of several paths.
fn keys_at(world: &impl JoinWorld, item: u32, paths: &str) -> Vec<JoinKey> {
    let paths = JoinPath::alternatives(paths);
    let mut keys: Vec<JoinKey> = paths.flat_map(|path| join_keys(world, item, &path)).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// All implicit edges of a world: (what waits, what it waits for, to which level).
pub fn implicit_edges(world: &impl JoinWorld) -> Vec<(u32, u32, Level)> {
    let mut by_type: BTreeMap<&'static str, Vec<u32>> = BTreeMap::new();
    let mut waiting: Vec<(u32, &'static ImplicitEdge)> = vec![];
    for item in 0..world.count() {
        let Some(ty) = world.ty(item) else { continue };
        waiting.extend(ty.after.iter().map(|edge| (item, edge)));
    }
    if waiting.is_empty() {
        return vec![];
    }
    for item in 0..world.count() {
        if let Some(ty) = world.ty(item) {
            by_type.entry(ty.name).or_default().push(item);
        }
    }
    let mut index = Index { world, by_type, keys: BTreeMap::new() };
    let mut edges = vec![];
    for (item, edge) in waiting {
        for key in keys_at(world, item, edge.this_path) {
            let others = index.find(edge, &key);
            edges.extend(
                others
                    .iter()
                    .filter(|other| **other != item)
                    .map(|other| (item, *other, edge.needs)),
            );
        }
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

type KeyIndex = BTreeMap<JoinKey, Vec<u32>>;

/// The items of a type by the keys at the end of a path; made once per kind of edge.
struct Index<'a, W> {
    world: &'a W,
    by_type: BTreeMap<&'static str, Vec<u32>>,
    keys: BTreeMap<(&'static str, &'static str), KeyIndex>,
}

impl<W: JoinWorld> Index<'_, W> {
    fn find(&mut self, edge: &'static ImplicitEdge, key: &JoinKey) -> &[u32] {
        let Self { world, by_type, keys } = self;
        let index = keys.entry((edge.that, edge.that_path)).or_insert_with(|| {
            let mut index = KeyIndex::new();
            for item in by_type.get(edge.that).into_iter().flatten() {
                for key in keys_at(*world, *item, edge.that_path) {
                    index.entry(key).or_default().push(*item);
                }
            }
            index
        });
        index.get(key).map_or(&[], Vec::as_slice)
    }
}
