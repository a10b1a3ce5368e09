//! `preview`.

use infra_core::{
    engine::{Preview, UpOptions},
    plan::PlannedChange,
};
use serde_json::json;

use super::watch;
use crate::{app::Program, args, context::Context, error::CliError, exit, render};

pub(super) async fn run(
    context: &Context,
    program: &dyn Program,
    args: &args::Preview,
) -> Result<u8, CliError> {
    let program = context.program(program).await?;
    let engine = context.engine(watch::listener(&context.ui), &watch::cancel_on_signals())?;
    let options = UpOptions { plan: context.plan_options(&args.limits), refresh: args.refresh };
    let preview = engine.preview(&program, &options).await?;
    show(context, &preview, args.show.diff);
    let refused = refused(context, &preview)?;
    if let Some(path) = &args.plan {
        let saved = engine.save_plan(&program, &options).await?;
        let text =
            serde_json::to_string_pretty(&saved).map_err(infra_core::engine::EngineError::from)?;
        std::fs::write(path, text).map_err(|source| CliError::File {
            path: path.clone(),
            what: "written",
            source,
        })?;
        context.ui.say(format!(
            "The plan is in {}; carry it out with: {}",
            path.display(),
            context.suggestion(&format!("up --plan {}", path.display()))
        ));
    }
    Ok(match (refused, preview.is_empty(), args.exit_code) {
        (Some(code), ..) => code,
        (None, false, true) => exit::CHANGES,
        _ => exit::OK,
    })
}

/// Shows a preview on stdout.
pub(super) fn show(context: &Context, preview: &Preview, diff: bool) {
    let ui = &context.ui;
    if ui.json {
        ui.result(json(preview).to_string());
        return;
    }
    let strong = ui.styles.strong;
    let place = context.place().map_or("?", |place| place.name());
    ui.say(format!("{strong}{} / {}{strong:#} on {place}\n", context.app.project, context.stack));
    ui.result(render::plan::preview(ui, preview, diff).trim_end());
}

/// Tells what stands against the plan. Returns the exit code if anything does.
pub(super) fn refused(context: &Context, preview: &Preview) -> Result<Option<u8>, CliError> {
    use infra_core::engine::EngineError;
    if !preview.problems.is_empty() {
        let error = CliError::Engine(EngineError::Plan(preview.problems.clone()));
        error.show(&context.ui);
        return Ok(Some(error.exit_code()));
    }
    if !preview.consent.is_empty() {
        let error = CliError::Engine(EngineError::Consent(preview.consent.clone()));
        error.show(&context.ui);
        return Ok(Some(error.exit_code()));
    }
    Ok(None)
}

fn json(preview: &Preview) -> serde_json::Value {
    let change = |change: &PlannedChange| {
        let properties: Vec<_> = change
            .properties
            .iter()
            .map(|property| {
                json!({
                    "name": property.name,
                    "old": property.old.to_string(),
                    "new": property.new.to_string(),
                    "replaces": property.replaces,
                })
            })
            .collect();
        json!({
            "urn": change.urn,
            "kind": format!("{:?}", change.kind),
            "reason": change.reason,
            "properties": properties,
        })
    };
    let counts = infra_core::event::CountsEvent::from(preview.counts);
    json!({
        "event": "preview",
        "version": infra_core::event::EVENT_VERSION,
        "counts": counts,
        "outputs_change": preview.outputs_change,
        "changes": preview.changes.iter().map(change).collect::<Vec<_>>(),
        "problems": preview.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "needs_consent": preview.consent.iter().map(|needed| &needed.urn).collect::<Vec<_>>(),
    })
}
