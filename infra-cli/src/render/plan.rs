//! A preview as people read it.

use std::fmt::Write;

use infra_core::{
    engine::Preview,
    graph::Program,
    plan::{ChangeKind, PlannedChange, PropertyChange},
    value::Value,
};

use super::{
    time::plural,
    value::{differing, named, short},
};
use crate::ui::{Styles, Ui};

const WIDTH: usize = 100;

/// The mark in front of a change.
pub(crate) fn mark(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create | ChangeKind::Import => "+",
        ChangeKind::Update | ChangeKind::Resume | ChangeKind::Reinstate => "~",
        ChangeKind::CreateThenDelete => "+/-",
        ChangeKind::DeleteThenCreate => "-/+",
        ChangeKind::MayReplace => "?/-",
        ChangeKind::Delete => "-",
        ChangeKind::Forget => "×",
        ChangeKind::Read => "<",
        ChangeKind::Run => "»",
        ChangeKind::Relink => "·",
    }
}

/// The name of a change in JSON.
pub(crate) fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "create",
        ChangeKind::Import => "import",
        ChangeKind::Update => "update",
        ChangeKind::Resume => "resume",
        ChangeKind::Reinstate => "reinstate",
        ChangeKind::CreateThenDelete => "create_then_delete",
        ChangeKind::DeleteThenCreate => "delete_then_create",
        ChangeKind::MayReplace => "may_replace",
        ChangeKind::Delete => "delete",
        ChangeKind::Forget => "forget",
        ChangeKind::Read => "read",
        ChangeKind::Run => "run",
        ChangeKind::Relink => "relink",
    }
}

fn words(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "create",
        ChangeKind::Import => "import",
        ChangeKind::Update => "update",
        ChangeKind::Resume => "finish creating",
        ChangeKind::Reinstate => "take back into use",
        ChangeKind::CreateThenDelete => "replace (new one first)",
        ChangeKind::DeleteThenCreate => "replace (old one goes first)",
        ChangeKind::MayReplace => "replace? (depends on values not known yet)",
        ChangeKind::Delete => "delete",
        ChangeKind::Forget => "forget (stays in the cloud)",
        ChangeKind::Read => "read",
        ChangeKind::Run => "run",
        ChangeKind::Relink => "record (state only)",
    }
}

fn style(styles: &Styles, kind: ChangeKind) -> anstyle::Style {
    match kind {
        ChangeKind::Create | ChangeKind::Import => styles.create,
        ChangeKind::Update | ChangeKind::Resume | ChangeKind::Reinstate => styles.update,
        ChangeKind::CreateThenDelete | ChangeKind::DeleteThenCreate | ChangeKind::MayReplace => {
            styles.replace
        }
        ChangeKind::Delete | ChangeKind::Forget => styles.delete,
        ChangeKind::Read | ChangeKind::Run | ChangeKind::Relink => styles.dim,
    }
}

/// A preview, grouped by components.
pub(crate) fn preview(ui: &Ui, preview: &Preview, program: &Program, diff: bool) -> String {
    let mut text = String::new();
    if preview.changes.is_empty() {
        let same = plural(preview.counts.same, "resource");
        let outputs = if preview.outputs_change { ", but the outputs change" } else { "" };
        let _ = writeln!(text, "No changes: {same} as the program says{outputs}.");
        return text;
    }
    let mut path: Vec<String> = vec![];
    let mut changes: Vec<&PlannedChange> = preview.changes.iter().collect();
    changes.sort_by_key(|change| change.urn.path().map(str::to_owned).collect::<Vec<_>>());
    for change in changes {
        let here: Vec<String> = change.urn.path().map(str::to_owned).collect();
        let common = path.iter().zip(&here).take_while(|(a, b)| a == b).count();
        for (depth, component) in here.iter().enumerate().skip(common) {
            let strong = ui.styles.strong;
            let _ = writeln!(text, "{}{strong}{component}{strong:#}", indent(depth));
        }
        path = here;
        one(&mut text, ui, &told(change, program), path.len(), diff);
    }
    let _ = write!(text, "\n{}", counts(ui, preview));
    text
}

/// A change whose unknown values say after what they are known.
fn told(change: &PlannedChange, program: &Program) -> PlannedChange {
    let mut change = change.clone();
    for property in &mut change.properties {
        property.new = named(&property.new, program);
    }
    change
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

fn one(text: &mut String, ui: &Ui, change: &PlannedChange, depth: usize, diff: bool) {
    let style = style(&ui.styles, change.kind);
    let strong = ui.styles.strong;
    let (mark, words) = (mark(change.kind), words(change.kind));
    let (name, ty) = (change.urn.name(), change.urn.ty());
    let indent = indent(depth);
    let _ = writeln!(
        text,
        "{indent}{style}{mark:>3}{style:#} {ty} {strong}{name}{strong:#}  {style}{words}{style:#}"
    );
    if let Some(reason) = &change.reason {
        let dim = ui.styles.dim;
        let _ = writeln!(text, "{indent}      {dim}because {reason}{dim:#}");
    }
    let new = matches!(change.kind, ChangeKind::Create | ChangeKind::Read | ChangeKind::Run);
    if new && !diff {
        return;
    }
    let width = change.properties.iter().map(|property| property.name.len()).max().unwrap_or(0);
    for property in &change.properties {
        if new {
            let value = short(&property.new, WIDTH);
            let _ = writeln!(text, "{indent}        {:width$}  {value}", property.name);
        } else {
            changed(text, ui, property, &indent);
        }
    }
}

fn changed(text: &mut String, ui: &Ui, property: &PropertyChange, indent: &str) {
    let Styles { create, update, delete, replace, .. } = ui.styles;
    let forces = if property.replaces {
        format!("  {replace}forces replacement{replace:#}")
    } else {
        String::new()
    };
    let parts = differing(property.name, &property.old, &property.new);
    if parts.is_empty() {
        let _ = writeln!(
            text,
            "{indent}      {update}~{update:#} {} (secret changed){forces}",
            property.name
        );
    }
    for part in parts {
        let (path, old, new) =
            (&part.path, short(&part.old, WIDTH / 2), short(&part.new, WIDTH / 2));
        let _ = match (&part.old, &part.new) {
            (Value::Null, _) => {
                writeln!(text, "{indent}      {create}+{create:#} {path}: {new}{forces}")
            }
            (_, Value::Null) => {
                writeln!(text, "{indent}      {delete}-{delete:#} {path}: {old}{forces}")
            }
            _ => writeln!(
                text,
                "{indent}      {update}~{update:#} {path}: {delete}{old}{delete:#} -> {create}{new}{create:#}{forces}"
            ),
        };
    }
}

/// How many changes there are of each kind, on one line.
fn counts(ui: &Ui, preview: &Preview) -> String {
    let Styles { create, update, delete, replace, dim, .. } = ui.styles;
    let of = |kind| preview.changes.iter().filter(|change| change.kind == kind).count();
    let (imports, resumed) = (of(ChangeKind::Import), of(ChangeKind::Resume));
    let counts = preview.counts;
    let parts = [
        (create, counts.create.saturating_sub(imports + resumed), "to create"),
        (create, imports, "to import"),
        (update, resumed, "to finish creating"),
        (update, counts.update, "to update"),
        (replace, counts.replace, "to replace"),
        (delete, counts.delete, "to delete"),
        (dim, counts.other, "to read, run or record"),
        (dim, counts.same, "unchanged"),
    ];
    let shown = parts
        .iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(style, count, words)| format!("{style}{count} {words}{style:#}"));
    shown.collect::<Vec<_>>().join(", ")
}
