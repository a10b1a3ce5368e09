//! Writing resources down as the Rust code that a program would have for them.
//!
//! [`rust`] reads the schema alone: `value` writes values, `names` finds the variables that they
//! refer to each other by, and `layout` breaks the lines.

mod layout;
mod names;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use self::{layout::Code, names::Names, value::Values};
use crate::{
    schema::{PropDef, TypeDef},
    urn::Urn,
    value::{Properties, Slot, Value},
};

/// A resource to be written down, or one that others refer to.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its type.
    pub ty: &'static TypeDef,
    /// Its name within everything.
    pub urn: &'a Urn,
    /// Its properties.
    pub inputs: &'a Properties,
    /// What the cloud told of it.
    pub outputs: &'a Properties,
}

impl Subject<'_> {
    /// A property or an output.
    fn value(&self, slot: Slot) -> &Value {
        match self.outputs.get(slot) {
            Value::Null => self.inputs.get(slot),
            told => told,
        }
    }
}

/// The code of some resources: what it imports and the calls that make them, those first that others
/// refer to. Only what differs from the defaults is said. What refers to one of them, or to one that
/// is known besides, does so by a variable; other ids stay as they are. Secrets are no part of it:
/// the program reads them from its configuration.
#[must_use]
pub fn rust(subjects: &[Subject<'_>], known: &[Subject<'_>]) -> String {
    let order = names::order(subjects);
    let names = Names::new(subjects, known);
    let mut uses = BTreeSet::new();
    let mut referred = BTreeSet::new();
    let mut blocks = vec![];
    let mut there: BTreeSet<usize> = (subjects.len()..subjects.len() + known.len()).collect();
    for place in order {
        let mut values = Values::new(&names, &there, &mut uses, &mut referred);
        blocks.push((place, draft(&subjects[place], &mut values)));
        there.insert(place);
    }
    let mut text = imports(&uses);
    for (path, variable) in names.components() {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = names.component(parent);
        text.push_str(&format!("\nlet {variable} = {parent}.component({name:?});"));
    }
    if names.components().next().is_some() {
        text.push('\n');
    }
    for (place, (notes, code)) in blocks {
        text.push('\n');
        for note in notes {
            text.push_str(&format!("// {note}\n"));
        }
        if referred.contains(&place) {
            let head = format!("let {} = ", names.variable(place));
            text.push_str(&format!("{head}{};\n", code.put(0, head.len())));
        } else {
            text.push_str(&format!("{};\n", code.put(0, 0)));
        }
    }
    text
}

/// The calls that make a resource, and what is to be said of them.
fn draft(subject: &Subject<'_>, values: &mut Values<'_>) -> (Vec<String>, Code) {
    let ty = subject.ty;
    values.import(ty.module, ty.ident);
    let name = subject.urn.name();
    let mut calls = vec![Code::call("named", [Code::text(name)])];
    let mut notes = vec![];
    for (slot, prop) in ty.inputs() {
        let value = subject.inputs.get(slot);
        if prop.secret() && !value.is_null() || value.is_null() && prop.required {
            let key = format!("{name}-{}", prop.name.replace('_', "-"));
            notes.push(format!("`{}` is not told: config set {key} --secret", prop.name));
            values.import(value::TYPES, "Secret");
            let asked = Code::word(format!("stack.config::<Secret<String>>({key:?})?"));
            calls.push(Code::call(prop.name, [asked]));
        } else if !is_left_out(prop, value) {
            if value.has_secret() {
                notes.push(format!("`{}` holds a secret, which is not told", prop.name));
            }
            let argument = values.write(&prop.shape, prop.leaf, value);
            calls.push(Code::call(prop.name, [argument]));
        }
    }
    let place = values.names().component(&path_of(subject.urn));
    // The stack is passed on by reference already; a component is a value of its own.
    let place = if place == names::STACK { place } else { format!("&{place}") };
    calls.push(Code::call("create", [Code::word(place)]));
    (notes, Code::Chain { head: ty.ident.to_owned(), calls })
}

/// Whether a property need not be said.
fn is_left_out(prop: &PropDef, value: &Value) -> bool {
    value.is_null() || prop.default.is_some_and(|default| default() == *value)
}

/// The path of the component that a resource stands in.
fn path_of(urn: &Urn) -> String {
    urn.path().collect::<Vec<_>>().join("/")
}

/// What is imported, by the modules that it stands in.
fn imports(uses: &BTreeSet<(String, &'static str)>) -> String {
    let mut modules = BTreeMap::<&str, Vec<Code>>::new();
    for (module, ident) in uses {
        modules.entry(module).or_default().push(Code::word(*ident));
    }
    let mut own = BTreeMap::<&str, Vec<Code>>::new();
    let mut others = String::new();
    let mut needs_prelude = false;
    for (module, idents) in modules {
        let inside = module.strip_prefix("infra_core::").map(|it| it.split_once("::"));
        match inside {
            _ if module == value::TYPES => needs_prelude = true,
            Some(Some((catalogue, service))) => {
                own.entry(catalogue).or_default().push(Code::import(service, idents));
            }
            Some(None) => {
                let name = module.trim_start_matches("infra_core::");
                own.entry(name).or_default().extend(idents);
            }
            None => {
                others.push_str(&format!("use {};\n", Code::import(module, idents).put(0, 4)));
            }
        }
    }
    let mut items: Vec<Code> =
        own.into_iter().map(|(catalogue, services)| Code::import(catalogue, services)).collect();
    if needs_prelude {
        items.push(Code::word("prelude::*"));
    }
    let own = if items.is_empty() {
        String::new()
    } else {
        format!("use {};\n", Code::import("infra_core", items).put(0, 4))
    };
    own + &others
}
