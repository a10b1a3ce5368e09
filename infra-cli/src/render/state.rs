//! Records as people read them.

use std::fmt::Write;

use infra_core::{
    state::{Dep, Record, State, Status},
    value::Properties,
};

use super::value::short;
use crate::ui::Ui;

/// One line for each record.
pub(crate) fn list<'a>(ui: &Ui, records: impl IntoIterator<Item = &'a Record>) -> String {
    let records: Vec<&Record> = records.into_iter().collect();
    let width = records.iter().map(|record| record.urn.short().len()).max().unwrap_or(0);
    let (dim, warning) = (ui.styles.dim, ui.styles.warning);
    let mut text = String::new();
    for record in records {
        let mut notes = vec![];
        if record.status != Status::Done {
            notes.push(record.status.to_string());
        }
        if record.deposed {
            notes.push("deposed".to_owned());
        }
        if record.protect {
            notes.push("protected".to_owned());
        }
        let notes = if notes.is_empty() {
            String::new()
        } else {
            format!("  {warning}{}{warning:#}", notes.join(", "))
        };
        let _ = writeln!(text, "{:width$}  {dim}{}{dim:#}{notes}", record.urn.short(), record.id);
    }
    text
}

/// Everything about a record.
pub(crate) fn show(ui: &Ui, state: &State, record: &Record) -> String {
    let strong = ui.styles.strong;
    let mut text = String::new();
    let _ = writeln!(text, "{strong}{}{strong:#}", record.urn);
    let fields = [
        ("id", record.id.to_string()),
        ("status", record.status.to_string()),
        ("generation", record.generation.to_string()),
        ("stable id", record.stable.to_string()),
        ("provider", state.provider(record).to_string()),
        ("protected", record.protect.to_string()),
    ];
    for (name, value) in fields {
        let _ = writeln!(text, "  {name:<12}{value}");
    }
    properties(&mut text, record, "inputs", &record.inputs);
    properties(&mut text, record, "outputs", &record.outputs);
    if !record.deps.is_empty() {
        let _ = writeln!(text, "  depends on");
    }
    for dep in &record.deps {
        let other = state.get(dep.target).map_or("(gone)", |other| other.urn.short());
        let by = match record.ty.known() {
            Some(ty) if dep.slot != Dep::NO_SLOT => format!(" by `{}`", ty.prop(dep.slot).name),
            _ => String::new(),
        };
        let _ = writeln!(text, "    {other}{by}");
    }
    text
}

fn properties(text: &mut String, record: &Record, title: &str, properties: &Properties) {
    let Some(ty) = record.ty.known() else { return };
    if properties.is_empty() {
        return;
    }
    let _ = writeln!(text, "  {title}");
    let width = properties.iter().map(|(slot, _)| ty.prop(slot).name.len()).max().unwrap_or(0);
    for (slot, value) in properties.iter() {
        let _ = writeln!(text, "    {:width$}  {}", ty.prop(slot).name, short(value, 120));
    }
}
