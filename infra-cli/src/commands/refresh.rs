//! `refresh`.

use infra_core::engine::{Drift, DriftKind};
use serde_json::json;

use super::{common, watch};
use crate::{
    context::Context,
    error::CliError,
    render::{self, time::plural},
};

pub(super) async fn run(context: &Context) -> Result<u8, CliError> {
    let ui = &context.ui;
    let engine = context.engine(watch::listener(ui), &watch::cancel_on_signals())?;
    let found = engine.refresh(&context.project.name, &context.stack).await?;
    if ui.json {
        let drift: Vec<_> = found.drift.iter().map(render::json::drift).collect();
        ui.result(
            json!({ "event": "drift", "compared": found.compared, "drift": drift }).to_string(),
        );
        return Ok(common::code(&found.outcome));
    }
    let compared = plural(found.compared, "resource");
    if found.drift.is_empty() {
        ui.result(format!("{compared} compared: everything is as recorded."));
    } else {
        ui.result(render::summary::drift(ui, &found.drift).trim_end());
        let drifted = plural(found.drift.len(), "difference");
        let unknown = |drift: &&Drift| matches!(drift.kind, DriftKind::Unknown { .. });
        if found.drift.iter().any(|drift| !unknown(&drift)) {
            ui.say(format!("\n{compared} compared, {drifted}, now recorded."));
            ui.say(format!("Mend it: {}", context.suggestion("up")));
        } else {
            ui.say(format!("\n{compared} compared, {drifted}."));
        }
        if found.drift.iter().any(|drift| unknown(&drift)) {
            ui.say(
                "What the state does not know: take it over with `import_id` in the program, or \
                 delete it.",
            );
        }
    }
    Ok(common::code(&found.outcome))
}
