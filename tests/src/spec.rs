//! Random programs and what people do to them, as plain data that proptest can shrink.

use std::collections::BTreeMap;

use infra_core::{graph::Program, prelude::*};
use proptest::prelude::*;

use crate::{
    types::{Box, BoxId, Label, Pipe, Sign},
    world::program,
};

/// Which type a node is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the types of the same names say it")]
pub enum Kind {
    Box,
    Sign,
    Label,
    Pipe,
}

/// A node of a random program. References name other nodes; those that come later in the program,
/// or are of another type, are left out.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the properties of the types of the same names say it")]
pub struct Spec {
    pub name: u8,
    pub kind: Kind,
    pub label: u8,
    pub flavour: u8,
    pub size: u8,
    pub colour: u8,
    pub parent: Option<u8>,
    pub uses: Vec<u8>,
    pub next: Option<u8>,
    pub attached_to: Option<u8>,
    pub depends_on: Option<u8>,
    pub secret: bool,
    pub computed: bool,
    pub old_name: Option<u8>,
}

/// Something that happens to a program between two runs.
#[derive(Clone, Debug)]
pub enum Edit {
    /// A resource is added.
    Add(Spec),
    /// A resource is removed.
    Remove(usize),
    /// A resource gets another name, with an alias or without.
    Rename(usize, u8, bool),
    /// A property changes that can change in place.
    Resize(usize, u8),
    /// A property changes that replaces, and the key with it.
    Relabel(usize, u8),
    /// A property changes that replaces, and the key stays: old and new clash.
    Reflavour(usize, u8),
    /// References change.
    Relink(usize, Option<u8>, Vec<u8>),
    /// Two resources swap their keys.
    Swap(usize, usize),
    /// The program goes back to what it was one edit ago.
    Revert,
}

impl Spec {
    /// A node that stands alone.
    #[must_use]
    pub fn alone(name: u8, kind: Kind) -> Self {
        Self {
            name,
            kind,
            label: name,
            flavour: 0,
            size: 0,
            colour: 0,
            parent: None,
            uses: vec![],
            next: None,
            attached_to: None,
            depends_on: None,
            secret: false,
            computed: false,
            old_name: None,
        }
    }
}

fn spec() -> impl Strategy<Value = Spec> {
    let kinds = prop_oneof![
        5 => Just(Kind::Box),
        2 => Just(Kind::Sign),
        2 => Just(Kind::Label),
        2 => Just(Kind::Pipe),
    ];
    let numbers = (0..24_u8, 0..3_u8, 0..4_u8, 0..3_u8);
    let links = (
        prop::option::of(0..24_u8),
        prop::collection::vec(0..24_u8, 0..3),
        prop::option::weighted(0.3, 0..24_u8),
        prop::option::weighted(0.3, 0..24_u8),
        prop::option::weighted(0.2, 0..24_u8),
    );
    let flags = (prop::bool::weighted(0.2), prop::bool::weighted(0.3));
    (0..24_u8, kinds, numbers, links, flags).prop_map(
        |(name, kind, (label, flavour, size, colour), links, (secret, computed))| {
            let (parent, uses, next, attached_to, depends_on) = links;
            Spec {
                name,
                kind,
                label,
                flavour,
                size,
                colour,
                parent,
                uses,
                next,
                attached_to,
                depends_on,
                secret,
                computed,
                old_name: None,
            }
        },
    )
}

/// A random program.
pub fn specs(nodes: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Spec>> {
    prop::collection::vec(spec(), nodes).prop_map(unique)
}

/// A random edit.
pub fn edit() -> impl Strategy<Value = Edit> {
    let at = || 0..24_usize;
    let links = (prop::option::of(0..24_u8), prop::collection::vec(0..24_u8, 0..3));
    prop_oneof![
        3 => spec().prop_map(Edit::Add),
        2 => at().prop_map(Edit::Remove),
        2 => (at(), 0..24_u8, any::<bool>()).prop_map(|(a, n, b)| Edit::Rename(a, n, b)),
        2 => (at(), 0..4_u8).prop_map(|(a, n)| Edit::Resize(a, n)),
        2 => (at(), 0..24_u8).prop_map(|(a, n)| Edit::Relabel(a, n)),
        2 => (at(), 0..3_u8).prop_map(|(a, n)| Edit::Reflavour(a, n)),
        2 => (at(), links).prop_map(|(a, (parent, uses))| Edit::Relink(a, parent, uses)),
        1 => (at(), at()).prop_map(|(a, b)| Edit::Swap(a, b)),
        2 => Just(Edit::Revert),
    ]
}

/// Keeps the first of several nodes with the same name, and gives each box a key of its own.
fn unique(specs: Vec<Spec>) -> Vec<Spec> {
    let mut seen = std::collections::BTreeSet::new();
    specs.into_iter().filter(|spec| seen.insert(spec.name)).collect()
}

/// The program after an edit; `before` is what it was one edit ago.
#[must_use]
pub fn edited(now: &[Spec], before: &[Spec], edit: &Edit) -> Vec<Spec> {
    let mut specs = now.to_vec();
    specs.iter_mut().for_each(|spec| spec.old_name = None);
    let count = specs.len();
    let free = |specs: &[Spec], name: u8| !specs.iter().any(|spec| spec.name == name);
    match edit {
        Edit::Revert => return before.to_vec(),
        Edit::Add(spec) => specs.push(spec.clone()),
        _ if count == 0 => {}
        Edit::Remove(at) => drop(specs.remove(*at % count)),
        Edit::Rename(at, name, alias) if free(&specs, *name) => {
            let spec = &mut specs[*at % count];
            let old = std::mem::replace(&mut spec.name, *name);
            spec.old_name = alias.then_some(old);
            for other in &mut specs {
                let follow = |link: &mut u8| {
                    if *link == old {
                        *link = *name;
                    }
                };
                let one = [&mut other.parent, &mut other.next, &mut other.attached_to];
                one.into_iter().flatten().for_each(follow);
                other.depends_on.iter_mut().chain(&mut other.uses).for_each(follow);
            }
        }
        Edit::Rename(..) => {}
        Edit::Resize(at, size) => specs[*at % count].size = *size,
        Edit::Relabel(at, label) => specs[*at % count].label = *label,
        Edit::Reflavour(at, flavour) => specs[*at % count].flavour = *flavour,
        Edit::Relink(at, parent, uses) => {
            let spec = &mut specs[*at % count];
            (spec.parent, spec.uses) = (*parent, uses.clone());
        }
        Edit::Swap(a, b) => {
            let (a, b) = (*a % count, *b % count);
            let (one, two) = (specs[a].label, specs[b].label);
            (specs[a].label, specs[b].label) = (two, one);
        }
    }
    unique(specs)
}

/// The program of specs. Keys that would clash are told apart, so that every program is valid.
#[must_use]
pub fn build(specs: &[Spec]) -> Program {
    program(|stack| build_into(stack, specs))
}

/// Builds specs into a stack.
pub fn build_into(stack: &Stack, specs: &[Spec]) {
    let mut built = Built::default();
    specs.iter().for_each(|spec| built.add(stack, spec));
}

#[derive(Default)]
struct Built {
    boxes: BTreeMap<u8, Box>,
    keys: std::collections::BTreeSet<(String, Option<u8>)>,
}

impl Built {
    fn id(&self, name: Option<u8>) -> Option<Output<BoxId>> {
        Some(self.boxes.get(&name?)?.box_id())
    }

    fn key(&mut self, label: u8, parent: Option<u8>) -> String {
        let mut key = format!("label-{label}");
        while !self.keys.insert((key.clone(), parent)) {
            key.push('x');
        }
        key
    }

    fn add(&mut self, stack: &Stack, spec: &Spec) {
        let name = format!("n{}", spec.name);
        let alias = spec.old_name.map(|old| format!("n{old}"));
        let known = |name: &Option<u8>| name.filter(|name| self.boxes.contains_key(name));
        let parent = known(&spec.parent);
        match spec.kind {
            Kind::Box => {
                let uses: Vec<Output<BoxId>> =
                    spec.uses.iter().filter_map(|name| self.id(Some(*name))).collect();
                let (next, attached) = (self.id(spec.next), self.id(spec.attached_to));
                let depends_on = known(&spec.depends_on).map(|name| self.boxes[&name]);
                let key = self.key(spec.label, parent);
                let mut builder = Box::named(name)
                    .label(key)
                    .maybe_parent(self.id(parent))
                    .flavour(format!("flavour-{}", spec.flavour))
                    .size(i64::from(spec.size))
                    .maybe_colour((spec.colour > 0).then(|| format!("colour-{}", spec.colour)))
                    .maybe_attached_to(attached)
                    .uses(uses)
                    .maybe_next(next)
                    .maybe_secret(spec.secret.then_some("canary-secret"))
                    .tags([("size", spec.size.to_string())]);
                if let Some(alias) = alias {
                    builder = builder.alias(alias.as_str());
                }
                if let Some(other) = depends_on {
                    builder = builder.depends_on(&other);
                }
                self.boxes.insert(spec.name, builder.create(stack));
            }
            Kind::Sign => {
                let text = match (spec.computed, self.id(parent)) {
                    (true, Some(id)) => id.map(|id| format!("at {id}")),
                    _ => Output::plain(format!("text {}", spec.size)),
                };
                let mut builder = Sign::named(name)
                    .text(text)
                    .wood(format!("wood-{}", spec.flavour))
                    .maybe_on(self.id(parent));
                if let Some(alias) = alias {
                    builder = builder.alias(alias.as_str());
                }
                builder.create(stack);
            }
            Kind::Label => {
                let Some(on) = self.id(parent) else { return };
                let key = self.key(spec.label, parent);
                let text = format!("text {}", spec.size);
                let mut builder = Label::named(name).on(on).key(key).text(text);
                if let Some(alias) = alias {
                    builder = builder.alias(alias.as_str());
                }
                builder.create(stack);
            }
            Kind::Pipe => {
                let Some(from) = self.id(parent) else { return };
                let to = spec.uses.first().and_then(|name| self.id(Some(*name)));
                let mut builder =
                    Pipe::named(name).from(from).maybe_to(to).width(i64::from(spec.size));
                if let Some(alias) = alias {
                    builder = builder.alias(alias.as_str());
                }
                builder.create(stack);
            }
        }
    }
}
