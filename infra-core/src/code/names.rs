//! [`Names`]: the variables of resources and components, and who refers to whom.

use std::collections::{BTreeMap, BTreeSet};

use super::{Subject, path_of};
use crate::{
    schema::{IdDef, each_link},
    value::{Slot, Value},
};

/// The variable that a program has for its stack.
pub(super) const STACK: &str = "stack";

/// Words that no variable may be.
const KEYWORDS: [&str; 39] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "type", "use",
];

/// The variables of resources, those to be written first and those that are known behind them, and of
/// the components that stand around them.
#[derive(Debug)]
pub(super) struct Names<'a> {
    all: Vec<Subject<'a>>,
    variables: Vec<String>,
    components: BTreeMap<String, String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(subjects: &[Subject<'a>], known: &[Subject<'a>]) -> Self {
        let mut taken: BTreeSet<String> = [STACK.to_owned()].into();
        let mut components = BTreeMap::new();
        for subject in subjects {
            let mut path = String::new();
            for part in subject.urn.path() {
                path = if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
                if !components.contains_key(&path) {
                    let variable = free(&taken, [spelled(part), spelled(&path)]);
                    taken.insert(variable.clone());
                    components.insert(path.clone(), variable);
                }
            }
        }
        let all: Vec<Subject<'a>> = subjects.iter().chain(known).copied().collect();
        let plain: Vec<String> = all.iter().map(|subject| spelled(subject.urn.name())).collect();
        let mut variables = vec![];
        for (subject, own) in all.iter().zip(&plain) {
            let is_shared = plain.iter().filter(|other| *other == own).count() > 1;
            let typed = spelled(&format!("{}_{}", subject.urn.name(), snake(subject.ty.ident)));
            let whole = spelled(&format!("{}_{typed}", path_of(subject.urn)));
            let first = if is_shared { typed.clone() } else { own.clone() };
            let variable = free(&taken, [first, typed, whole]);
            taken.insert(variable.clone());
            variables.push(variable);
        }
        Self { all, variables, components }
    }

    /// The variable of a resource.
    pub(super) fn variable(&self, place: usize) -> &str {
        &self.variables[place]
    }

    /// The variable of a component; that of the stack for none.
    pub(super) fn component(&self, path: &str) -> String {
        self.components.get(path).cloned().unwrap_or_else(|| STACK.to_owned())
    }

    /// The components by their paths, those around others first.
    pub(super) fn components(&self) -> impl Iterator<Item = (&str, &str)> {
        self.components.iter().map(|(path, variable)| (path.as_str(), variable.as_str()))
    }

    /// The resource that an id names, of those that are there, and what it takes beside its variable
    /// to say that: nothing, or the output that holds it.
    pub(super) fn named(
        &self,
        there: &BTreeSet<usize>,
        id: &IdDef,
        value: &Value,
    ) -> Option<(usize, Option<&'static str>)> {
        there.iter().find_map(|place| {
            let output = holder(&self.all[*place], id, value)?;
            Some((*place, output))
        })
    }
}

/// What of a resource holds an id: itself, or one of its outputs.
fn holder(subject: &Subject<'_>, id: &IdDef, value: &Value) -> Option<Option<&'static str>> {
    let is_it =
        |(slot, other): &(Slot, &IdDef)| other.name == id.name && subject.value(*slot) == value;
    let (slot, _) = subject.ty.told_ids().find(is_it)?;
    let is_own = subject.ty.id_slot() == Some(slot);
    Some((!is_own).then_some(subject.ty.prop(slot).name))
}

/// The order in which resources are made: those first that others refer to. Where they refer to each
/// other, one of them has to name the other by its id.
pub(super) fn order(subjects: &[Subject<'_>]) -> Vec<usize> {
    let mut order = vec![];
    let mut seen = BTreeSet::new();
    for place in 0..subjects.len() {
        visit(subjects, place, &mut seen, &mut order);
    }
    order
}

fn visit(
    subjects: &[Subject<'_>],
    place: usize,
    seen: &mut BTreeSet<usize>,
    order: &mut Vec<usize>,
) {
    if !seen.insert(place) {
        return;
    }
    for (slot, value) in subjects[place].inputs.iter() {
        let mut others = vec![];
        each_link(subjects[place].ty.prop(slot), value, &mut |link| {
            let Some(id) = link.id else { return };
            let named = |other: &Subject<'_>| holder(other, id, link.value).is_some();
            others.extend(subjects.iter().position(named).filter(|other| *other != place));
        });
        for other in others {
            visit(subjects, other, seen, order);
        }
    }
    order.push(place);
}

/// The first of some words that is free, or the last of them with a number.
fn free<const N: usize>(taken: &BTreeSet<String>, words: [String; N]) -> String {
    let last = words[N - 1].clone();
    let numbered = (2..).map(|number| format!("{last}_{number}"));
    let mut all = words.into_iter().chain(numbered);
    all.find(|word| !taken.contains(word)).expect("there are numbers without end")
}

/// A word as a variable is spelled.
fn spelled(word: &str) -> String {
    let mut text: String = word
        .chars()
        .map(|character| match character {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            _ => '_',
        })
        .collect();
    text = text.trim_matches('_').to_owned();
    let begins_well = text.starts_with(|first: char| first.is_ascii_alphabetic());
    if !begins_well || KEYWORDS.contains(&text.as_str()) {
        text = format!("the_{text}");
    }
    text
}

/// `SecurityGroupRule` as `security_group_rule`.
fn snake(ident: &str) -> String {
    let mut text = String::new();
    for character in ident.chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(character.to_lowercase());
    }
    text
}
