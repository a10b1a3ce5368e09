//! What commands have in common.

use infra_core::{
    engine::{Engine, Outcome},
    event::Silent,
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
