//! `state rebuild`.

use infra_core::engine::{Lost, RebuildOptions, Rebuilt};
use serde_json::json;

use super::common;
use crate::{
    args, built, context::Context, error::CliError, exit, project::Program, render::time::plural,
};

pub(super) async fn run(
    context: &Context,
    program: &dyn Program,
    args: &args::Rebuild,
) -> Result<u8, CliError> {
    let program = built::program(context, program).await?;
    let engine = common::quiet_engine(context)?;
    let options = RebuildOptions { force: args.force, mark: args.mark.clone() };
    let rebuilt = engine.rebuild(&program, &options).await;
    let rebuilt = rebuilt.map_err(|error| CliError::about(&program, error))?;
    let ui = &context.ui;
    if ui.json {
        let lost = |lost: &Lost| json!({ "urn": lost.urn, "why": lost.why, "wholly": lost.wholly });
        let json = json!({
            "event": "rebuilt",
            "found": rebuilt.found,
            "others": rebuilt.others,
            "lost": rebuilt.lost.iter().map(lost).collect::<Vec<_>>(),
        });
        ui.result(json.to_string());
        return Ok(exit::OK);
    }
    common::title(context);
    show(context, &rebuilt);
    Ok(exit::OK)
}

fn show(context: &Context, rebuilt: &Rebuilt) {
    let ui = &context.ui;
    let Rebuilt { found, others, lost } = rebuilt;
    ui.result(format!("{} of the program found.", plural(found.len(), "resource")));
    if !others.is_empty() {
        ui.result("\nThe program does not have them any more; the next `up` deletes them:");
        for urn in others {
            ui.result(format!("  {}", urn.short()));
        }
    }
    let strong = ui.styles.strong;
    for (wholly, head) in [(true, "Not in the new state:"), (false, "Not known for certain:")] {
        let mut of_kind = lost.iter().filter(|lost| lost.wholly == wholly).peekable();
        if of_kind.peek().is_some() {
            ui.result(format!("\n{head}"));
        }
        for lost in of_kind {
            ui.result(format!("  {strong}{}{strong:#}  {}", lost.urn.short(), lost.why));
        }
    }
    ui.say(format!("\nSee what differs: {}", context.suggestion("preview --refresh")));
}
