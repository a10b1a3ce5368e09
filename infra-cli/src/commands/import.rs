//! `import`.

use std::path::Path;

use infra_core::{
    dsl::Provider,
    engine::{Engine, Importing},
    schema::TypeDef,
    urn::Urn,
};
use serde::Deserialize;

use super::{common, watch};
use crate::{args, context::Context, error::CliError, exit, render::time::plural, suggest::near};

/// A thing to be taken over, as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(rename = "type")]
    ty: String,
    name: String,
    id: String,
    /// The component; that of the command line if it does not say.
    #[serde(rename = "as")]
    component: Option<String>,
}

pub(super) async fn run(context: &Context, args: &args::Import) -> Result<u8, CliError> {
    let mut named = in_arguments(&args.things)?;
    if let Some(path) = &args.from {
        named.extend(in_file(path)?);
    }
    if named.is_empty() {
        return Err(CliError::NothingToImport);
    }
    let engine = context.engine(watch::listener(&context.ui), &watch::cancel_on_signals())?;
    let things = named.iter().map(|named| thing(context, args, &engine, named));
    let things: Vec<Importing> = things.collect::<Result<_, _>>()?;
    let (project, stack) = (&context.project.name, &context.stack);
    engine.import(project, stack, &things, !args.unprotected).await?;
    let urns: Vec<Urn> = things.iter().map(|thing| thing.urn.clone()).collect();
    let code = engine.code(&urns).await?;
    let ui = &context.ui;
    if ui.json {
        let json = serde_json::json!({ "event": "imported", "urns": urns, "code": code });
        ui.result(json.to_string());
        return Ok(exit::OK);
    }
    common::title(context);
    ui.result(code.trim_end());
    ui.say(format!(
        "\n{} taken over; nothing was changed there.",
        plural(things.len(), "resource")
    ));
    ui.say(format!("Put the code into the program, then see: {}", context.suggestion("preview")));
    if !args.unprotected {
        let unprotect = context.suggestion("state unprotect NAME");
        ui.say(format!("It is protected from deletion until you say: {unprotect}"));
    }
    Ok(exit::OK)
}

fn in_arguments(words: &[String]) -> Result<Vec<Named>, CliError> {
    let triples = words.chunks(3).map(|triple| match triple {
        [ty, name, id] => {
            Ok(Named { ty: ty.clone(), name: name.clone(), id: id.clone(), component: None })
        }
        _ => Err(CliError::ImportArguments(words.join(" "))),
    });
    triples.collect()
}

fn in_file(path: &Path) -> Result<Vec<Named>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|source| CliError::File {
        path: path.to_owned(),
        what: "read",
        source,
    })?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let things = lines.map(|(number, line)| {
        serde_json::from_str(line).map_err(|source| CliError::ImportLine {
            path: path.to_owned(),
            line: number,
            source,
        })
    });
    things.collect()
}

fn thing(
    context: &Context,
    args: &args::Import,
    engine: &Engine,
    named: &Named,
) -> Result<Importing, CliError> {
    let ty = type_of(engine, &named.ty)?;
    let path = named.component.as_deref().or(args.component.as_deref()).unwrap_or_default();
    let (project, stack) = (&context.project.name, &context.stack);
    let urn = Urn::new(project, stack, path, ty.name, &named.name);
    let urn = urn.map_err(|source| CliError::ImportName { name: named.name.clone(), source })?;
    let provider = match ty.provider() {
        "aws" => Provider::aws(&context.project.region),
        kind => Provider::of_kind(kind),
    };
    Ok(Importing { ty, urn, id: named.id.as_str().into(), provider })
}

/// The type of a name, which may leave out provider and service.
fn type_of(engine: &Engine, wanted: &str) -> Result<&'static TypeDef, CliError> {
    let backend = engine.backend();
    let types = backend.registry().types();
    let is_it = |ty: &&'static TypeDef| {
        ty.name == wanted || ty.name.strip_suffix(wanted).is_some_and(|rest| rest.ends_with(':'))
    };
    let found: Vec<&'static TypeDef> = types.iter().filter(is_it).collect();
    match *found.as_slice() {
        [ty] => Ok(ty),
        [] => {
            let near = near(wanted, types.iter().map(|ty| ty.name));
            Err(CliError::NoType { ty: wanted.to_owned(), near })
        }
        _ => {
            let found = found.iter().map(|ty| ty.name.to_owned()).collect();
            Err(CliError::AmbiguousType { ty: wanted.to_owned(), found })
        }
    }
}
