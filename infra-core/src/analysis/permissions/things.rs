//! What things are called, as far as that is known before they are there: names that are yet to be
//! made up are patterns.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    dsl::Provider,
    graph::{Node, Program},
    handler::On,
    schema::{NameRule, TypeDef},
    state::{Record, State},
    value::{OutputRef, Properties, Slot, Value},
};

/// What stands for whatever is not known.
const ANY: &str = "*";

/// A thing that the program has, or that the state knows.
#[derive(Clone, Copy)]
pub(super) enum Thing<'a> {
    Node(&'a Node, &'a Provider),
    Record(&'a Record, &'static TypeDef, &'a Provider),
}

/// A program, what is deployed of it, and where.
pub(super) struct Things<'a> {
    pub(super) program: &'a Program,
    pub(super) state: Option<&'a State>,
}

impl<'a> Things<'a> {
    /// All that have a type that is known here.
    pub(super) fn all(&self) -> impl Iterator<Item = Thing<'a>> {
        let program = self.program;
        let nodes = program.nodes.iter().map(|node| of_node(program, node));
        let records = self.state.into_iter().flat_map(|state| {
            state.iter().filter_map(|(_, record)| {
                Some(Thing::Record(record, record.ty.known()?, state.provider(record)))
            })
        });
        nodes.chain(records)
    }

    /// What an action is about that a thing needs, as patterns of ARNs; none if it names nothing of
    /// the kind.
    pub(super) fn arns(&self, thing: Thing<'a>, on: On) -> BTreeSet<String> {
        match on {
            On::Own => self.own_arn(thing).into_iter().collect(),
            On::Arn(template) => self.spelt(thing, template).into_iter().collect(),
            On::Of(path) => self.named(thing, path),
        }
    }

    fn own_arn(&self, thing: Thing<'a>) -> Option<String> {
        // What it has become tells more than what it is to be.
        if let Thing::Record(record, ty, _) = thing
            && let Some(told) = ty.arn.and_then(|arn| record.value(arn.slot).as_str())
        {
            return Some(told.to_owned());
        }
        self.spelt(thing, thing.ty().arn?.template)
    }

    fn spelt(&self, thing: Thing<'a>, template: &str) -> Option<String> {
        let place = Place::of(thing.provider(), self.state);
        let properties = self.properties(thing);
        let id = || self.id(thing, &properties);
        let word = |form: &str| {
            Some(match form {
                "region" => place.region.to_string(),
                "account" => place.account.to_string(),
                "id" => id(),
                // What nobody can foresee.
                _ => ANY.to_owned(),
            })
        };
        thing.ty().spell(template, &properties, word).map(|arn| shortened(&arn))
    }

    fn id(&self, thing: Thing<'a>, properties: &Properties) -> String {
        let known = match thing {
            Thing::Record(record, ..) if !record.id.is_empty() => Some(record.id.to_string()),
            _ => thing.ty().natural_id(properties),
        };
        known.unwrap_or_else(|| ANY.to_owned())
    }

    /// Properties with patterns in the place of what is not known yet.
    fn properties(&self, thing: Thing<'a>) -> Properties {
        let ty = thing.ty();
        let mut all = Properties::default();
        for (slot, prop) in ty.inputs() {
            let text = self.text(thing, slot);
            if prop.computed && text.is_none() {
                all = all.with(slot, ANY.into());
            } else if let Some(text) = text {
                all = all.with(slot, text.as_str().into());
            }
        }
        all
    }

    /// A property as text; `None` where it is not given.
    fn text(&self, thing: Thing<'a>, slot: Slot) -> Option<String> {
        let ty = thing.ty();
        let value = match thing {
            Thing::Node(node, _) => node.inputs.get(slot),
            Thing::Record(record, ..) => record.value(slot),
        };
        match (value, thing) {
            (Value::Null, Thing::Node(node, _)) => {
                let rule = ty.name_rule.filter(|rule| rule.slot == slot)?;
                Some(self.made_up(rule, node.urn.name()))
            }
            (Value::Null, Thing::Record(..)) => None,
            (Value::Str(text), _) => Some(text.to_string()),
            (Value::Bool(value), _) => Some(value.to_string()),
            (Value::Int(value), _) => Some(value.to_string()),
            (Value::Ref(output), _) => Some(self.output(*output)),
            _ => Some(ANY.to_owned()),
        }
    }

    /// What an output of the program is going to be.
    fn output(&self, output: OutputRef) -> String {
        let Some(node) = self.program.nodes.get(output.node as usize) else {
            return ANY.to_owned();
        };
        let (thing, ty) = (of_node(self.program, node), node.ty);
        let known = if ty.arn.is_some_and(|arn| arn.slot == output.slot) {
            self.own_arn(thing)
        } else if !ty.prop(output.slot).output {
            self.text(thing, output.slot)
        } else {
            None
        };
        known.unwrap_or_else(|| ANY.to_owned())
    }

    /// The pattern of a name that the engine is going to make up: that of all names of the stack,
    /// unless it is cut before its own part begins.
    fn made_up(&self, rule: NameRule, name: &str) -> String {
        const HASH: &str = "00000000";
        let (project, stack) = (&*self.program.project, &*self.program.stack);
        let begin = |words: &[&str]| {
            let made = rule.make(words, HASH);
            made.strip_suffix(HASH).unwrap_or(&made).to_owned()
        };
        let (all, own) = (begin(&[project, stack]), begin(&[project, stack, name]));
        let begin = if own.starts_with(&all) { all } else { own };
        format!("{begin}{ANY}")
    }

    /// The things at the end of a path of types that leads on from a thing, each of which refers to
    /// those of the next type or names them by their ARNs. What stands behind something that is not
    /// in the program may be anything of its type.
    fn named(&self, thing: Thing<'a>, path: &[&str]) -> BTreeSet<String> {
        let types = crate::aws::types();
        let types = path.iter().filter_map(|name| types.iter().find(|ty| ty.name == *name));
        let types: Vec<&'static TypeDef> = types.copied().collect();
        let mut found = BTreeSet::new();
        let Some((last, ways)) = types.split_last() else { return found };
        let mut here = vec![thing];
        for ty in ways {
            let (arns, there) = self.referred(&here, ty);
            if !arns.is_empty() {
                found.extend(self.any(thing, last));
            }
            here = there;
        }
        let (arns, there) = self.referred(&here, last);
        found.extend(arns);
        found.extend(there.into_iter().filter_map(|it| self.own_arn(it)));
        found
    }

    /// The things of a type that some things name by their ARNs, and those of the program that they
    /// refer to.
    fn referred(&self, from: &[Thing<'a>], ty: &TypeDef) -> (BTreeSet<String>, Vec<Thing<'a>>) {
        let (mut arns, mut things) = (BTreeSet::new(), vec![]);
        let kind = ty.arn.map(|arn| kind_of(arn.template));
        for (_, value) in from.iter().flat_map(|thing| thing.inputs().iter()) {
            texts(value, &mut |text| {
                if kind == Some(kind_of(text)) {
                    arns.insert(text.to_owned());
                }
            });
            value.refs(&mut |output| {
                let node = self.program.nodes.get(output.node as usize);
                let node = node.filter(|node| node.ty.name == ty.name);
                things.extend(node.map(|node| of_node(self.program, node)));
            });
        }
        (arns, things)
    }

    /// Anything of a type, where a thing stands.
    pub(super) fn any(&self, thing: Thing<'a>, ty: &TypeDef) -> Option<String> {
        let place = Place::of(thing.provider(), self.state);
        ty.arn.map(|arn| place.spell(arn.template))
    }
}

/// Visits every text that is no secret.
fn texts<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str)) {
    match value {
        Value::Str(text) => visit(text),
        Value::List(items) => items.iter().for_each(|item| texts(item, visit)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, visit)),
        _ => {}
    }
}

/// What an ARN says that its thing is: `iam` and `role` of `arn:aws:iam::123456789012:role/web`.
fn kind_of(arn: &str) -> (&str, &str) {
    let mut parts = arn.splitn(6, ':').skip(2);
    let service = parts.next().unwrap_or_default();
    let rest = parts.nth(2).unwrap_or_default();
    (service, rest.split(['/', ':', '{']).next().unwrap_or_default())
}

/// A node, with its provider.
fn of_node<'a>(program: &'a Program, node: &'a Node) -> Thing<'a> {
    Thing::Node(node, &program.providers[usize::from(node.provider)])
}

impl<'a> Thing<'a> {
    pub(super) fn ty(&self) -> &'static TypeDef {
        match self {
            Self::Node(node, _) => node.ty,
            Self::Record(_, ty, _) => ty,
        }
    }

    pub(super) fn provider(&self) -> &'a Provider {
        match self {
            Self::Node(_, provider) | Self::Record(_, _, provider) => provider,
        }
    }

    fn inputs(&self) -> &Properties {
        match self {
            Self::Node(node, _) => &node.inputs,
            Self::Record(record, ..) => &record.inputs,
        }
    }

    /// Whether a property is given, and says more than that there is nothing.
    pub(super) fn has(&self, property: &str) -> bool {
        let Some(slot) = self.ty().slot(property) else { return false };
        match self.inputs().get(slot) {
            Value::Null | Value::Bool(false) => false,
            Value::List(items) => !items.is_empty(),
            _ => true,
        }
    }

    /// Whether it was there before the program, without the tags of ownership.
    pub(super) fn is_imported(&self) -> bool {
        matches!(self, Self::Node(node, _) if node.options().import_id.is_some())
    }
}

/// The account and the region in which things of a provider stand, as far as that is known.
pub(super) struct Place {
    pub(super) region: Arc<str>,
    pub(super) account: Arc<str>,
}

impl Place {
    pub(super) fn of(provider: &Provider, state: Option<&State>) -> Self {
        let home = state.and_then(|state| state.place.as_ref()?.home.clone());
        let home = home.as_deref().and_then(|home| home.split_once('/'));
        let of_role = provider.role.as_deref().and_then(|role| role.split(':').nth(4));
        let at_home = || home.map(|(account, _)| account).filter(|_| provider.role.is_none());
        let account = provider.account.as_deref().or(of_role).or_else(at_home);
        let region = provider.region.as_deref().or_else(|| home.map(|(_, region)| region));
        Self { region: region.unwrap_or(ANY).into(), account: account.unwrap_or(ANY).into() }
    }

    /// A template with the place filled in, and anything for whatever else it names.
    pub(super) fn spell(&self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (form, behind) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(match form {
                "region" => &self.region,
                "account" => &self.account,
                _ => ANY,
            });
            rest = behind;
        }
        shortened(&(text + rest))
    }
}

/// An ARN in which things side by side that may be anything are one.
fn shortened(arn: &str) -> String {
    let mut arn = arn.to_owned();
    for several in ["*-*", "**"] {
        while arn.contains(several) {
            arn = arn.replace(several, ANY);
        }
    }
    arn
}
