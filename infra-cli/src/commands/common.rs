//! What commands have in common.

use infra_core::{
    analysis::cost::{Cost, Prices, Season},
    engine::{Engine, Outcome},
    event::Silent,
    graph::Program,
    handler::Cancel,
};

use crate::{context::Context, error::CliError, exit};

/// What the command is about, over what it shows.
pub(super) fn title(context: &Context) {
    let strong = context.ui.styles.strong;
    let (project, stack) = (&context.project.name, &context.stack);
    let place = context.place().map_or("?", |place| place.name());
    context.ui.say(format!("{strong}{project} / {stack}{strong:#} on {place}\n"));
}

/// Says what is about to be touched, where that is real: whose account, and what the program costs
/// in a month.
pub(super) async fn whereabouts(
    context: &Context,
    engine: &Engine,
    program: Option<&Program>,
) -> Result<(), CliError> {
    if !context.place()?.is_real() {
        return Ok(());
    }
    let ui = &context.ui;
    if let Some(home) = engine.home().await? {
        ui.say(format!("\nAccount and region: {home}"));
    }
    let Some(program) = program else { return Ok(()) };
    let region = &context.project.region;
    let Some(prices) = Prices::of(region) else {
        ui.say(format!("What it costs is not known: there are no prices of {region}."));
        return Ok(());
    };
    let cost = Cost::of(program, prices, &Season::all(program));
    let seasons = cost.seasons.iter().enumerate();
    let sums: Vec<String> =
        seasons.map(|(place, name)| format!("{:.2} ({name})", cost.total(place))).collect();
    let (currency, sums) = (&cost.prices.currency, sums.join(", "));
    ui.say(format!("{currency} in a month, whether anybody comes or not: {sums}; see `cost`"));
    Ok(())
}

/// Asks before anything real is touched.
pub(super) fn confirm(context: &Context) -> Result<(), CliError> {
    if context.global.yes || !context.place()?.is_real() {
        return Ok(());
    }
    if !context.ui.asks {
        return Err(CliError::NobodyToAsk);
    }
    if context.ui.confirm("\nDo it?") { Ok(()) } else { Err(CliError::Refused) }
}

/// The exit code of a run.
pub(super) fn code(outcome: &Outcome) -> u8 {
    if outcome.cancelled {
        exit::INTERRUPTED
    } else if outcome.needs_more() {
        exit::NEEDS_MORE
    } else if outcome.is_success() {
        exit::OK
    } else {
        exit::FAILED
    }
}

/// An engine that says nothing, for commands that only look.
pub(super) fn quiet_engine(context: &Context) -> Result<Engine, CliError> {
    context.engine(std::sync::Arc::new(Silent), &Cancel::default())
}
