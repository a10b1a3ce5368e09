//! `state`: looking at the state, and changing it by hand.

use std::path::Path;

use infra_core::{
    engine::Engine,
    plan::Pattern,
    state::{
        Record, State,
        format::{read_checkpoint, write_checkpoint},
    },
    urn::Urn,
};

use super::{common::quiet_engine, rebuild};
use crate::{
    args::State as Command, context::Context, error::CliError, exit, project::Program, render,
    render::time::plural, suggest::near,
};

pub(super) async fn run(
    context: &Context,
    program: &dyn Program,
    command: Command,
) -> Result<u8, CliError> {
    let ui = &context.ui;
    match command {
        Command::List { pattern } => list(context, pattern).await?,
        Command::Show { pattern, show_secrets } => show(context, &pattern, show_secrets).await?,
        Command::Rm { pattern } => {
            let engine = quiet_engine(context)?;
            let names = engine.forget(&known(&engine, pattern).await?).await?;
            tell(context, &names, "is no longer managed, and was left alone");
        }
        Command::Mv { from, to } => rename(context, &from, &to).await?,
        Command::Protect { pattern } => protect(context, pattern, true).await?,
        Command::Unprotect { pattern } => protect(context, pattern, false).await?,
        Command::Export { file } => export(context, file.as_deref()).await?,
        Command::Import { file } => import(context, &file).await?,
        Command::History => history(context).await?,
        Command::Rebuild(args) => return rebuild::run(context, program, &args).await,
        Command::Unlock => {
            match context.store()?.break_lease().await? {
                Some(holder) => ui.say(format!(
                    "The lock of {holder} is gone. If it is still at work, its next write is refused."
                )),
                None if context.global.state.is_some() => ui.say("The stack is not locked."),
                None => ui.say("The stack is not locked: a dead process holds no lock."),
            };
        }
    }
    Ok(exit::OK)
}

async fn protect(context: &Context, pattern: String, protect: bool) -> Result<(), CliError> {
    let engine = quiet_engine(context)?;
    let names = engine.protect(&known(&engine, pattern).await?, protect).await?;
    let what = if protect { "is protected" } else { "is no longer protected" };
    tell(context, &names, what);
    Ok(())
}

/// A pattern that something matches.
async fn known(engine: &Engine, pattern: String) -> Result<Pattern, CliError> {
    let state = engine.open().await?.state;
    let wanted = Pattern::new(pattern);
    match state.iter().any(|(_, record)| wanted.matches(&record.urn)) {
        true => Ok(wanted),
        false => Err(unknown(wanted.as_str(), &state)),
    }
}

fn unknown(pattern: &str, state: &State) -> CliError {
    let names = state.iter().map(|(_, record)| record.urn.short());
    CliError::NoResource { pattern: pattern.to_owned(), near: near(pattern, names) }
}

fn tell(context: &Context, names: &[Urn], what: &str) {
    for name in names {
        context.ui.say(format!("{} {what}", name.short()));
    }
}

async fn list(context: &Context, pattern: Option<String>) -> Result<(), CliError> {
    let state = quiet_engine(context)?.open().await?.state;
    let pattern = pattern.map(Pattern::new);
    let wanted =
        |record: &&Record| pattern.as_ref().is_none_or(|pattern| pattern.matches(&record.urn));
    let records: Vec<&Record> = state.iter().map(|(_, record)| record).filter(wanted).collect();
    let ui = &context.ui;
    if ui.json {
        for record in records {
            let json = serde_json::json!({
                "urn": record.urn,
                "id": &*record.id,
                "status": record.status,
                "protect": record.protect,
            });
            ui.result(json.to_string());
        }
    } else {
        ui.result(render::state::list(ui, records.iter().copied()).trim_end());
        ui.say(plural(records.len(), "resource"));
    }
    Ok(())
}

async fn show(context: &Context, pattern: &str, show_secrets: bool) -> Result<(), CliError> {
    let engine = quiet_engine(context)?;
    let wanted = Pattern::new(pattern);
    let state = engine.open().await?.state;
    let mut found = false;
    for (place, record) in state.iter().filter(|(_, record)| wanted.matches(&record.urn)) {
        found = true;
        let opened =
            if show_secrets { Some(engine.opened_record(&state, place).await?) } else { None };
        let record = opened.as_ref().unwrap_or(record);
        context.ui.result(render::state::show(&context.ui, &state, record).trim_end());
    }
    if found { Ok(()) } else { Err(unknown(pattern, &state)) }
}

async fn rename(context: &Context, from: &str, to: &str) -> Result<(), CliError> {
    let engine = quiet_engine(context)?;
    let pattern = Pattern::new(from);
    let state = engine.open().await?.state;
    let found: Vec<&Record> = state
        .iter()
        .map(|(_, record)| record)
        .filter(|record| pattern.matches(&record.urn) && !record.deposed)
        .collect();
    let record = match *found.as_slice() {
        [] => return Err(unknown(from, &state)),
        [record] => record,
        _ => {
            let found = found.iter().map(|record| record.urn.short().to_owned()).collect();
            return Err(CliError::Ambiguous { pattern: from.to_owned(), found });
        }
    };
    let urn = if to.contains('/') {
        Urn::parse(to).map_err(CliError::NewName)?
    } else {
        let path = record.urn.path().collect::<Vec<_>>().join("/");
        Urn::new(&context.project.name, &context.stack, &path, record.urn.ty(), to)
            .map_err(CliError::NewName)?
    };
    let names = engine.rename(&Pattern::new(record.urn.as_str()), &urn).await?;
    tell(context, &names, &format!("is now {}", urn.short()));
    Ok(())
}

async fn history(context: &Context) -> Result<(), CliError> {
    let places = context.store()?.history().await?;
    for place in &places {
        context.ui.result(place);
    }
    let count = plural(places.len(), "earlier checkpoint");
    context.ui.say(format!("{count}; `state import <file>` takes a copy of one back"));
    Ok(())
}

async fn export(context: &Context, file: Option<&Path>) -> Result<(), CliError> {
    let mut state = quiet_engine(context)?.open().await?.state;
    state.compact();
    let mut bytes = vec![];
    let failed =
        |path: &Path, source| CliError::File { path: path.to_owned(), what: "written", source };
    let place = file.unwrap_or(Path::new("state"));
    write_checkpoint(&state, &mut bytes).map_err(|source| failed(place, source))?;
    match file {
        None => context.ui.result(String::from_utf8_lossy(&bytes).trim_end()),
        Some(path) => {
            std::fs::write(path, bytes).map_err(|source| failed(path, source))?;
            context.ui.say(format!(
                "{} written to {}",
                plural(state.len(), "resource"),
                path.display()
            ));
        }
    }
    Ok(())
}

async fn import(context: &Context, file: &Path) -> Result<(), CliError> {
    let failed = |source| CliError::File { path: file.to_owned(), what: "read", source };
    let bytes = std::fs::read(file).map_err(failed)?;
    let engine = quiet_engine(context)?;
    let types = engine.backend().registry().types().clone();
    let name = file.display().to_string();
    let state = read_checkpoint(&name, &mut &*bytes, &types).map_err(CliError::NotAState)?;
    let count = state.len();
    engine.import_state(&context.project.name, &context.stack, state).await?;
    context.ui.say(format!("{} taken over from {}", plural(count, "resource"), file.display()));
    Ok(())
}
