//! [`Values`]: values as expressions, by their shapes.

use std::collections::BTreeSet;

use super::{layout::Code, names::Names};
use crate::{
    schema::{FieldDef, IdDef, Shape, StructDef, UnionDef},
    value::Value,
};

/// Where the types stand that the prelude brings.
pub(super) const TYPES: &str = "infra_core::types";

/// Integers that are numbers and nothing more; others have a unit.
const NUMBERS: [&str; 4] = ["u16", "u32", "i32", "i64"];

/// Writes values, and notes what they need.
pub(super) struct Values<'a> {
    names: &'a Names<'a>,
    /// The resources that have a variable where the value stands.
    there: &'a BTreeSet<usize>,
    uses: &'a mut BTreeSet<(String, &'static str)>,
    referred: &'a mut BTreeSet<usize>,
}

/// How an id is said: things that are said differently are of different types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Literally,
    ByResource(&'static str),
    ByOutput,
}

impl<'a> Values<'a> {
    pub(super) fn new(
        names: &'a Names<'a>,
        there: &'a BTreeSet<usize>,
        uses: &'a mut BTreeSet<(String, &'static str)>,
        referred: &'a mut BTreeSet<usize>,
    ) -> Self {
        Self { names, there, uses, referred }
    }

    pub(super) fn names(&self) -> &'a Names<'a> {
        self.names
    }

    /// Imports a type from the module that people know it by.
    pub(super) fn import(&mut self, module: &str, ident: &'static str) {
        self.uses.insert((public(module), ident));
    }

    /// A value of a shape, whose innermost type is `leaf`.
    pub(super) fn write(&mut self, shape: &Shape, leaf: &'static str, value: &Value) -> Code {
        match (shape, value) {
            (Shape::Within(inner), _) => self.write(&inner(), leaf, value),
            (Shape::Secret(inner), _) => self.write(inner, leaf, value),
            (Shape::Id(id), Value::Str(text)) => self.id(id, value, text).0,
            (Shape::Enum(def), Value::Str(text)) => {
                let known = def.words.iter().position(|word| **word == **text);
                let Some(place) = known else { return Code::text(text) };
                self.import(def.module, def.name);
                Code::word(format!("{}::{}", def.name, def.variants[place]))
            }
            (Shape::Int { .. }, Value::Int(number)) if !NUMBERS.contains(&leaf) => {
                self.import(TYPES, leaf);
                Code::word(format!("{leaf}({number})"))
            }
            (Shape::List(inner), Value::List(items)) => self.list(inner, leaf, items),
            (Shape::Map(inner), Value::Map(entries)) => {
                Code::array(entries.iter().map(|(key, value)| {
                    let value = self.write(inner, leaf, value);
                    Code::List {
                        open: "(".to_owned(),
                        items: vec![Code::text(key), value],
                        close: ")",
                    }
                }))
            }
            (Shape::Struct(def), Value::Map(_)) => self.structure(def, value),
            (Shape::Union(def), Value::Map(_)) => self.choice(def, value),
            (Shape::Json, value) => Code::List {
                open: "serde_json::json!(".to_owned(),
                items: vec![json(value)],
                close: ")",
            },
            (_, value) => plain(value),
        }
    }

    fn id(&mut self, id: &'static IdDef, value: &Value, text: &str) -> (Code, Said) {
        let Some((place, output)) = self.names.named(self.there, id, value) else {
            return (Code::text(text), Said::Literally);
        };
        self.referred.insert(place);
        let variable = self.names.variable(place);
        match output {
            None => (Code::word(format!("&{variable}")), Said::ByResource(id.target)),
            Some(output) => (Code::word(format!("{variable}.{output}()")), Said::ByOutput),
        }
    }

    fn list(&mut self, inner: &Shape, leaf: &'static str, items: &[Value]) -> Code {
        let Shape::Id(id) = inner else {
            return Code::array(items.iter().map(|item| self.write(inner, leaf, item)));
        };
        let (mut codes, mut ways) = (vec![], vec![]);
        for item in items {
            let (code, said) = self.id(id, item, item.as_str().unwrap_or_default());
            codes.push(code);
            ways.push(said);
        }
        ways.dedup_by(|way, other| way == other);
        let open = if ways.len() > 1 { "inputs![" } else { "[" };
        Code::List { open: open.to_owned(), items: codes, close: "]" }
    }

    fn structure(&mut self, def: &'static StructDef, value: &Value) -> Code {
        self.import(def.module, def.name);
        let null = Value::Null;
        let field_of = |field: &FieldDef| value.field(field.name).unwrap_or(&null);
        let required = def.fields.iter().filter(|field| field.required);
        let arguments: Vec<Code> =
            required.map(|field| self.write(&field.shape, field.leaf, field_of(field))).collect();
        let mut calls = vec![Code::call("new", arguments)];
        for field in def.fields.iter().filter(|field| !field.required) {
            let value = field_of(field);
            let is_usual = field.default.is_some_and(|default| default() == *value);
            // A secret in the middle of a structure is left out: the engine says that it differs.
            if value.is_null() || is_usual || value.has_secret() {
                continue;
            }
            let argument = self.write(&field.shape, field.leaf, value);
            calls.push(Code::call(field.name, [argument]));
        }
        Code::Chain { head: def.name.to_owned(), calls }
    }

    fn choice(&mut self, def: &'static UnionDef, value: &Value) -> Code {
        let [(tag, inside)] = value.entries() else { return plain(value) };
        let variant = def.variants.iter().find(|variant| *variant.name == **tag);
        let Some(variant) = variant else { return plain(value) };
        self.import(def.module, def.name);
        let inside = self.write(&variant.shape, variant.leaf, inside);
        Code::call(&format!("{}::{}", def.name, variant.name), [inside])
    }
}

/// A value that is its own literal.
fn plain(value: &Value) -> Code {
    match value {
        Value::Bool(truth) => Code::word(truth.to_string()),
        Value::Int(number) => Code::word(number.to_string()),
        Value::Float(number) => Code::word(format!("{number:?}")),
        Value::Str(text) => Code::text(text),
        other => Code::text(&other.to_string()),
    }
}

/// A document, as `json!` takes it.
fn json(value: &Value) -> Code {
    match value {
        Value::Null => Code::word("null"),
        Value::List(items) => Code::array(items.iter().map(json)),
        Value::Map(entries) => {
            let items = entries.iter().map(|(key, value)| {
                let open = format!("{key:?}: ");
                Code::List { open, items: vec![json(value)], close: "" }
            });
            Code::List { open: "{".to_owned(), items: items.collect(), close: "}" }
        }
        value => plain(value),
    }
}

/// The module that a type is known by: catalogues give what is in their files to the service.
fn public(module: &str) -> String {
    let parts: Vec<&str> = module.split("::").collect();
    let depth = match parts.as_slice() {
        ["infra_core", "aws" | "cloudflare", ..] => 3,
        ["infra_core", "local" | "types", ..] => 2,
        all => all.len(),
    };
    parts[..depth.min(parts.len())].join("::")
}
