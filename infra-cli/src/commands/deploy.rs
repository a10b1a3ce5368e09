//! `up`, and what happens without a command.

use infra_core::{
    engine::{Engine, Outcome, SavedPlan, UpOptions},
    graph::Program as Built,
    value::Value,
};

use super::{common, preview, watch};
use crate::{args::Up, built, context::Context, error::CliError, exit, project::Program, render};

pub(super) async fn run(
    context: &Context,
    program: &dyn Program,
    args: &Up,
) -> Result<u8, CliError> {
    let built = built::deployable(context, program).await?;
    let cancel = watch::cancel_on_signals();
    let engine = context.engine(watch::listener(&context.ui), &cancel)?;
    let options = UpOptions { plan: context.plan_options(&args.limits), refresh: args.refresh };
    let outcome = match &args.plan {
        Some(path) => {
            let saved = read_plan(path)?;
            engine.up_saved(&built, &saved).await?
        }
        None => {
            let preview = engine.preview(&built, &options).await;
            let preview = preview.map_err(|error| CliError::about(&built, error))?;
            preview::show(context, &built, &preview, args.show.diff);
            if let Some(code) = preview::refused(context, &built, &preview) {
                return Ok(code);
            }
            if preview.is_empty() {
                if show_outputs(context, &engine).await? {
                    super::agent::looked_after(context).await?;
                }
                return Ok(exit::OK);
            }
            common::whereabouts(context, &engine, Some(&built)).await?;
            common::confirm(context)?;
            context.ui.say("");
            engine.up_after(&preview, &built, &options).await?
        }
    };
    finish(context, &engine, &built, &outcome).await
}

fn read_plan(path: &std::path::Path) -> Result<SavedPlan, CliError> {
    let text = std::fs::read_to_string(path).map_err(|source| CliError::File {
        path: path.to_owned(),
        what: "read",
        source,
    })?;
    serde_json::from_str(&text)
        .map_err(|source| CliError::NotAPlan { path: path.to_owned(), source })
}

/// What the stack shows, as it is in state. Whether there is anything of it.
async fn show_outputs(context: &Context, engine: &Engine) -> Result<bool, CliError> {
    let state = engine.open().await?.state;
    if !state.outputs.is_empty() && !context.ui.json {
        let outputs = state.outputs.iter().map(|(name, value)| (&**name, value));
        context.ui.result(format!(
            "\nOutputs\n{}",
            render::summary::outputs(&context.ui, outputs).trim_end()
        ));
    }
    Ok(state.iter().next().is_some())
}

async fn finish(
    context: &Context,
    engine: &Engine,
    built: &Built,
    outcome: &Outcome,
) -> Result<u8, CliError> {
    let simulated = context.place()?.is_simulated();
    let ui = &context.ui;
    ui.say(format!("\n{}", render::summary::outcome(ui, outcome, simulated)));
    // What a run that failed never came to know is no output.
    let known = |value: &Value| outcome.is_success() || !value.is_null();
    let outputs = outcome.outputs.iter().map(|(name, value)| (&**name, value));
    let outputs: Vec<(&str, &Value)> = outputs.filter(|(_, value)| known(value)).collect();
    if ui.json {
        ui.result(render::json::outputs(&outputs));
    } else if !outputs.is_empty() {
        ui.result(format!("\nOutputs\n{}", render::summary::outputs(ui, outputs).trim_end()));
    }
    if simulated && outcome.is_success() {
        last_lines(context, engine, built).await?;
    } else if outcome.is_success() {
        super::agent::last_lines(context).await?;
    }
    Ok(common::code(outcome))
}

/// What the simulator can't do for a newcomer, and where to go from here.
async fn last_lines(context: &Context, engine: &Engine, built: &Built) -> Result<(), CliError> {
    let path = context.stack_folder()?.join("diagram.svg");
    let state = engine.open().await?.state;
    let drawn = std::fs::write(&path, crate::diagram::svg(built, Some(&state)));
    let ui = &context.ui;
    ui.say("\nThis was a simulation: no server listens, and nothing costs anything.");
    if drawn.is_ok() {
        ui.say(format!("The diagram is in {}.", path.display()));
    }
    for (what, command) in [
        ("Look around", "sim ls"),
        ("Change something behind its back, and see it mended", "up --refresh"),
        ("Every property of the plan", "preview --diff"),
        ("Undo", "destroy --delete-data"),
    ] {
        ui.say(format!("  {what}: {}", context.suggestion(command)));
    }
    Ok(())
}
