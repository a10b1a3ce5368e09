//! `sim`: the simulated account.

use std::fmt::Write;

use infra_core::handler::AccountObject;
use serde_json::json;

use crate::{
    args::Sim, context::Context, error::CliError, exit, render::json::plain_json,
    render::time::plural, render::value::short, suggest::near,
};

pub(super) fn run(context: &Context, command: &Sim) -> Result<u8, CliError> {
    let backend = context.backend(false)?;
    let account = backend.account().ok_or(CliError::NoAccount(backend.name()))?;
    let ui = &context.ui;
    match command {
        Sim::Ls { filter } => {
            let wanted = |object: &AccountObject| {
                filter.as_ref().is_none_or(|filter| {
                    object.ty.contains(filter.as_str()) || object.region.contains(filter.as_str())
                })
            };
            let objects: Vec<AccountObject> =
                account.objects().into_iter().filter(wanted).collect();
            if ui.json {
                for object in &objects {
                    ui.result(as_json(object).to_string());
                }
            } else {
                if !objects.is_empty() {
                    ui.result(listed(&objects).trim_end());
                }
                ui.say(plural(objects.len(), "thing"));
            }
        }
        Sim::Show { id } => {
            let objects = account.objects();
            let found = found(&objects, id)?;
            for object in found {
                ui.result(if ui.json { as_json(object).to_string() } else { shown(object) });
            }
        }
        Sim::Set { id, change } => {
            let (property, value) =
                change.split_once('=').ok_or_else(|| CliError::SimArgument(change.clone()))?;
            found(&account.objects(), id)?;
            account.set(id, property, value).map_err(CliError::Account)?;
            ui.say(format!("{id}: {property} is now {value}"));
            ui.say(format!("See what the engine says of it: {}", context.suggestion("refresh")));
        }
        Sim::Rm { id } => {
            found(&account.objects(), id)?;
            account.remove(id).map_err(CliError::Account)?;
            ui.say(format!("{id} is gone"));
        }
    }
    Ok(exit::OK)
}

/// The things of an id, an ARN, or `Type/id`.
fn found<'a>(objects: &'a [AccountObject], id: &str) -> Result<Vec<&'a AccountObject>, CliError> {
    let named = |object: &&AccountObject| {
        let typed = id.split_once('/');
        let arn = object.properties.iter().find(|(name, _)| name == "arn");
        object.id == *id
            || typed.is_some_and(|(ty, id)| object.ty.ends_with(ty) && object.id == id)
            || arn.is_some_and(|(_, value)| value.as_str() == Some(id))
    };
    let found: Vec<&AccountObject> = objects.iter().filter(named).collect();
    if found.is_empty() {
        let near = near(id, objects.iter().map(|object| object.id.as_str()));
        return Err(CliError::NoObject { id: id.to_owned(), near });
    }
    Ok(found)
}

fn listed(objects: &[AccountObject]) -> String {
    let width = |get: fn(&AccountObject) -> &str| {
        objects.iter().map(|object| get(object).len()).max().unwrap_or(0)
    };
    let (ty, id) = (width(|object| &object.ty), width(|object| &object.id));
    let mut text = String::new();
    for object in objects {
        let name = object.properties.iter().find(|(key, _)| key == "infra:urn");
        let name = name.and_then(|(_, value)| value.as_str()).unwrap_or("");
        let life = if object.life == "live" { "" } else { object.life.as_str() };
        let line = format!("{:ty$}  {:id$}  {life:<8}  {name}", object.ty, object.id);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn shown(object: &AccountObject) -> String {
    let mut text = format!("{} {} ({}, {})\n", object.ty, object.id, object.region, object.life);
    let width = object.properties.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in &object.properties {
        let _ = writeln!(text, "  {name:width$}  {}", short(value, 160));
    }
    text.trim_end().to_owned()
}

fn as_json(object: &AccountObject) -> serde_json::Value {
    let properties: serde_json::Map<String, serde_json::Value> =
        object.properties.iter().map(|(name, value)| (name.clone(), plain_json(value))).collect();
    json!({
        "type": object.ty,
        "id": object.id,
        "region": object.region,
        "life": object.life,
        "properties": properties,
    })
}
