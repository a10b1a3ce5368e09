//! `cost`.

use infra_core::analysis::cost::{Cost, Line, Prices, Season};
use serde_json::json;

use crate::{built, context::Context, error::CliError, exit, project::Program, render::cost::text};

pub(super) async fn run(context: &Context, program: &dyn Program) -> Result<u8, CliError> {
    let built = built::whole(context, program).await?;
    let region = &context.project.region;
    let prices = Prices::of(region).ok_or_else(|| CliError::NoPrices(region.clone()))?;
    let cost = Cost::of(&built, prices, &Season::all(&built));
    if context.ui.json {
        context.ui.result(as_json(&cost).to_string());
    } else {
        context.ui.result(text(&context.ui, &cost).trim_end());
    }
    Ok(exit::OK)
}

fn as_json(cost: &Cost) -> serde_json::Value {
    let seasons = || cost.seasons.iter().enumerate();
    let by_season = |amount: &dyn Fn(usize) -> f64| {
        let all = seasons().map(|(place, name)| (name.clone(), cents(amount(place)).into()));
        all.collect::<serde_json::Map<_, _>>()
    };
    let line = |line: &Line| {
        json!({
            "urn": line.urn,
            "component": line.component(),
            "what": line.what,
            "counts": seasons().map(|(place, name)| (name, line.counts[place]))
                .collect::<std::collections::BTreeMap<_, _>>(),
            "monthly": by_season(&|season| line.amount(season)),
            "checked": line.checked,
            "source": line.source,
        })
    };
    json!({
        "event": "cost",
        "version": infra_core::event::EVENT_VERSION,
        "region": cost.prices.region,
        "currency": cost.prices.currency,
        "date": cost.prices.date,
        "monthly": by_season(&|season| cost.total(season)),
        "of_that_unchecked": by_season(&|season| cost.unchecked(season)),
        "lines": cost.lines.iter().map(line).collect::<Vec<_>>(),
        "not_counted": cost.not_counted,
        "notes": cost.notes,
    })
}

/// An amount to the cent.
fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}
