//! `destroy`.

use super::{common, watch};
use crate::{args::Destroy, context::Context, error::CliError, render};

pub(super) async fn run(context: &Context, args: &Destroy) -> Result<u8, CliError> {
    let (ui, project) = (&context.ui, &context.project.name);
    let engine = context.engine(watch::listener(ui), &watch::cancel_on_signals())?;
    let options = context.plan_options(&args.limits);
    let (state, plan) = engine.preview_destroy(project, &context.stack, &options).await?;
    if plan.deletions.is_empty() && plan.problems.is_empty() {
        ui.result("Nothing to delete.");
        return Ok(crate::exit::OK);
    }
    if !ui.json && !plan.deletions.is_empty() {
        let records = plan.deletions.iter().map(|deletion| state.record(deletion.place));
        let delete = ui.styles.delete;
        common::title(context);
        for line in render::state::list(ui, records).lines() {
            ui.result(format!("  {delete}-{delete:#} {line}"));
        }
        ui.result(format!("\n{delete}{}{delete:#} to delete", plan.deletions.len()));
    }
    if plan.problems.is_empty() && plan.consent.is_empty() {
        common::whereabouts(context, &engine, None).await?;
        common::confirm(context)?;
        ui.say("");
    }
    let outcome = engine.destroy(project, &context.stack, &options).await?;
    let simulated = context.place()?.is_simulated();
    ui.say(format!("\n{}", render::summary::outcome(ui, &outcome, simulated)));
    Ok(common::code(&outcome))
}
