//! `preview`.

use infra_core::{
    engine::{EngineError, Preview, UpOptions},
    graph::Program as Built,
    plan::PlannedChange,
};
use serde_json::json;

use super::{common, watch};
use crate::{
    args, built,
    context::Context,
    error::CliError,
    exit,
    project::Program,
    render,
    render::{json::plain_json, value::named},
};

pub(super) async fn run(
    context: &Context,
    program: &dyn Program,
    args: &args::Preview,
) -> Result<u8, CliError> {
    let program = built::deployable(context, program).await?;
    let engine = context.engine(watch::listener(&context.ui), &watch::cancel_on_signals())?;
    let options = UpOptions { plan: context.plan_options(&args.limits), refresh: args.refresh };
    let preview = engine.preview(&program, &options).await;
    let preview = preview.map_err(|error| CliError::about(&program, error))?;
    show(context, &program, &preview, args.show.diff);
    let refused = refused(context, &program, &preview);
    if let Some(path) = &args.plan {
        let saved = engine.save_plan(&program, &options).await?;
        let text = serde_json::to_string_pretty(&saved).map_err(EngineError::from)?;
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
pub(super) fn show(context: &Context, program: &Built, preview: &Preview, diff: bool) {
    let ui = &context.ui;
    if ui.json {
        ui.result(json(preview, program).to_string());
        return;
    }
    common::title(context);
    if !preview.drift.is_empty() {
        let drift = render::summary::drift(ui, &preview.drift);
        ui.result(format!("What is there differs from what was recorded:\n{drift}"));
    }
    if preview.changes.is_empty() && !preview.problems.is_empty() {
        // That nothing would change is not what there is to be said.
        return;
    }
    ui.result(render::plan::preview(ui, preview, program, diff).trim_end());
    if !program.allowed.is_empty() {
        ui.result(format!("\n{}", render::error::allowed(ui, &program.allowed)));
    }
}

/// Tells what stands against the plan. Returns the exit code if anything does.
pub(super) fn refused(context: &Context, program: &Built, preview: &Preview) -> Option<u8> {
    let ui = &context.ui;
    let error = if !preview.problems.is_empty() {
        EngineError::Plan(preview.problems.clone())
    } else if !preview.consent.is_empty() {
        EngineError::Consent(preview.consent.clone())
    } else {
        return None;
    };
    let error = CliError::Engine(error);
    match &error {
        error if ui.json => error.show(ui),
        _ if !preview.problems.is_empty() => {
            render::error::plan_problems(ui, &preview.problems, Some(program));
        }
        _ => render::error::consent(ui, &preview.consent, Some(program)),
    }
    Some(error.exit_code())
}

fn json(preview: &Preview, program: &Built) -> serde_json::Value {
    let change = |change: &PlannedChange| {
        let properties = change.properties.iter().map(|property| {
            json!({
                "name": property.name,
                "old": plain_json(&property.old),
                "new": plain_json(&named(&property.new, program)),
                "replaces": property.replaces,
            })
        });
        json!({
            "urn": change.urn,
            "kind": render::plan::kind(change.kind),
            "reason": change.reason,
            "properties": properties.collect::<Vec<_>>(),
        })
    };
    let allowed = program.allowed.iter().map(|allowed| {
        json!({
            "check": allowed.problem.check,
            "urn": allowed.problem.urn,
            "message": allowed.problem.to_string(),
            "reason": allowed.reason,
        })
    });
    let counts = infra_core::event::CountsEvent::from(preview.counts);
    json!({
        "event": "preview",
        "version": infra_core::event::EVENT_VERSION,
        "counts": counts,
        "outputs_change": preview.outputs_change,
        "drift": preview.drift.iter().map(render::json::drift).collect::<Vec<_>>(),
        "changes": preview.changes.iter().map(change).collect::<Vec<_>>(),
        "problems": preview.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "allowed": allowed.collect::<Vec<_>>(),
        "needs_consent": preview.consent.iter().map(|needed| &needed.urn).collect::<Vec<_>>(),
    })
}
