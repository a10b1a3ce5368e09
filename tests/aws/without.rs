//! What a server does not take at all is left out of the programs that are deployed there, so that
//! the rest of a type is looked at all the same.

use infra_core::{graph::Program, value::Value};

use crate::{
    deviations::{Deviation, WITHOUT, all},
    server::Kind,
};

/// What a line leaves out: `metadata_options.http_tokens`.
pub(crate) fn left_out(line: &Deviation) -> Option<&'static str> {
    line.what.strip_prefix(WITHOUT)
}

/// A program without what a server does not take; but with what one line is about, which is to show
/// that the line is needed.
pub(crate) fn taken(program: Program, kind: Kind, but: Option<&Deviation>) -> Program {
    taken_at(program, |_| kind, but)
}

/// The same where each service is at a server of its own.
pub(crate) fn taken_at(
    mut program: Program,
    at: impl Fn(&str) -> Kind,
    but: Option<&Deviation>,
) -> Program {
    let service = |line: &Deviation| line.ty.split(':').nth(1).unwrap_or_default();
    let lines = all().filter(|line| line.server == at(service(line)));
    let lines = lines.filter(|line| but.is_none_or(|but| !std::ptr::eq(*line, but)));
    for (line, path) in lines.filter_map(|line| Some((line, left_out(line)?))) {
        for node in program.nodes.iter_mut().filter(|node| node.ty.name == line.ty) {
            let (property, path) = path.split_once('.').unwrap_or((path, ""));
            let path: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
            let slot = node.ty.slot(property).unwrap_or_else(|| panic!("{}: {property}", line.ty));
            let usual = node.ty.prop(slot).default.filter(|_| path.is_empty());
            let value = match usual {
                Some(usual) => usual(),
                None => without(node.inputs.get(slot), &path),
            };
            node.inputs = node.inputs.with(slot, value);
        }
    }
    program
}

/// A value without what lies at a path, in each item of lists.
fn without(whole: &Value, path: &[&str]) -> Value {
    let Some((step, rest)) = path.split_first() else { return Value::Null };
    if !whole.items().is_empty() {
        return Value::list(whole.items().iter().map(|item| without(item, path)));
    }
    if whole.field(step).is_none() {
        return whole.clone();
    }
    let fields = whole.entries().iter().map(|(name, value)| {
        let value = if **name == **step { without(value, rest) } else { value.clone() };
        (name.clone(), value)
    });
    Value::map(fields.filter(|(_, value)| !value.is_null()).collect::<Vec<_>>())
}
