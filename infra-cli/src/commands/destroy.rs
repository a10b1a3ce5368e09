//! `destroy`.

use super::{deploy, watch};
use crate::{
    args::Destroy,
    context::Context,
    error::CliError,
    render::{self, time::plural},
};

pub(super) async fn run(context: &Context, args: &Destroy) -> Result<u8, CliError> {
    let (ui, project) = (&context.ui, &context.app.project);
    let engine = context.engine(watch::listener(ui), &watch::cancel_on_signals())?;
    let options = context.plan_options(&args.limits);
    let (state, plan) = engine.preview_destroy(project, &context.stack, &options).await?;
    if plan.deletions.is_empty() && plan.problems.is_empty() {
        ui.result("Nothing to delete.");
        return Ok(crate::exit::OK);
    }
    if !ui.json && !plan.deletions.is_empty() {
        let records = plan.deletions.iter().map(|deletion| state.record(deletion.place));
        ui.result(render::state::list(ui, records).trim_end());
        ui.say(format!("\n{} to delete", plural(plan.deletions.len(), "resource")));
    }
    if plan.problems.is_empty() && plan.consent.is_empty() {
        deploy::confirm(context)?;
    }
    let outcome = engine.destroy(project, &context.stack, &options).await?;
    let simulated = !context.place()?.is_real();
    ui.say(format!("\n{}", render::summary::outcome(ui, &outcome, simulated)));
    Ok(deploy::code(&outcome))
}
