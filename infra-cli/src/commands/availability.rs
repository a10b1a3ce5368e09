//! `availability`.

use infra_core::analysis::availability::{Availability, Failure, Loss};
use serde_json::json;

use crate::{
    built,
    context::Context,
    error::CliError,
    exit,
    project::Program,
    render::availability::{text, verdict},
};

pub(super) async fn run(context: &Context, program: &dyn Program) -> Result<u8, CliError> {
    let built = built::whole(context, program).await?;
    let availability = Availability::of(&built);
    if context.ui.json {
        context.ui.result(as_json(&availability).to_string());
    } else {
        context.ui.result(text(&context.ui, &availability).trim_end());
    }
    let single = availability.single_points().next().is_some();
    Ok(if single { exit::SINGLE_POINT } else { exit::OK })
}

fn as_json(availability: &Availability) -> serde_json::Value {
    let loss = |loss: &Loss| {
        let recovery = loss.recovery.as_ref().map(|recovery| {
            json!({
                "by": recovery.by,
                "within_seconds": recovery.within.map(|within| within.as_secs()),
                "source": recovery.source,
            })
        });
        json!({
            "urn": loss.urn,
            "unit": loss.unit,
            "lost": loss.lost,
            "left": loss.left,
            "needed": loss.needed,
            "verdict": verdict(loss.verdict()),
            "recovery": recovery,
        })
    };
    let failure = |failure: &Failure| {
        json!({
            "kind": failure.kind.name(),
            "what": failure.what,
            "verdict": verdict(failure.verdict()),
            "losses": failure.losses.iter().map(loss).collect::<Vec<_>>(),
        })
    };
    json!({
        "event": "availability",
        "version": infra_core::event::EVENT_VERSION,
        "single_points": availability.single_points().count(),
        "failures": availability.failures.iter().map(failure).collect::<Vec<_>>(),
        "not_told": availability.not_told,
    })
}
