//! What a program costs in a month, as people read it.

use std::{collections::BTreeSet, fmt::Write};

use infra_core::analysis::cost::{Cost, HOURS, Line};

use super::list;
use crate::ui::Ui;

/// How wide a season's column is: how many, and how much.
const COUNT: usize = 7;
const AMOUNT: usize = 12;

/// By component and line, season by season, with what all of it comes to.
pub(crate) fn text(ui: &Ui, cost: &Cost) -> String {
    let mut text = String::new();
    let strong = ui.styles.strong;
    let width =
        cost.lines.iter().map(|line| line.what.chars().count() + 4).max().unwrap_or(0).max(34);
    let columns = cost.seasons.iter().map(|name| format!("{:COUNT$}{name:>AMOUNT$}", ""));
    let columns: String = columns.collect();
    let title = format!("{} a month of {HOURS} h", cost.prices.currency);
    let _ = writeln!(text, "{strong}{title:width$}{columns}{strong:#}");
    for lines in cost.lines.chunk_by(|one, other| one.component() == other.component()) {
        component(&mut text, ui, cost, lines, width);
    }
    let all: String = (0..cost.seasons.len()).map(|season| sum(cost.total(season))).collect();
    let _ = writeln!(text, "\n{strong}{:width$}{all}{strong:#}", "altogether");
    about(&mut text, cost);
    text
}

fn component(text: &mut String, ui: &Ui, cost: &Cost, lines: &[Line], width: usize) {
    let strong = ui.styles.strong;
    let name = lines.first().map(Line::component).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "the stack itself".to_owned());
    let seasons = 0..cost.seasons.len();
    let sums =
        seasons.clone().map(|season| sum(lines.iter().map(|line| line.amount(season)).sum()));
    let sums: String = sums.collect();
    let _ = writeln!(text, "\n{strong}{name:width$}{sums}{strong:#}");
    for line in lines {
        let mark = if line.checked { "" } else { " ?" };
        let what = format!("  {}{mark}", line.what);
        let cells = seasons.clone().map(|season| {
            format!("{:>COUNT$}{:>AMOUNT$.2}", count(line.counts[season]), line.amount(season))
        });
        let _ = writeln!(text, "{what:width$}{}", cells.collect::<String>());
    }
}

fn sum(amount: f64) -> String {
    format!("{:COUNT$}{amount:>AMOUNT$.2}", "")
}

/// How many: whole numbers without a fraction.
fn count(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count:.0}") } else { count.to_string() }
}

fn about(text: &mut String, cost: &Cost) {
    let prices = cost.prices;
    let _ = writeln!(text, "\nPrices of {} on {}. {}", prices.region, prices.date, prices.note);
    let unchecked: Vec<String> = cost
        .seasons
        .iter()
        .enumerate()
        .filter(|(season, _)| cost.unchecked(*season) > 0.0)
        .map(|(season, name)| format!("{:.2} of {name}", cost.unchecked(season)))
        .collect();
    if !unchecked.is_empty() {
        let _ = writeln!(text, "? not verified: {}.", unchecked.join(", "));
    }
    for note in &cost.notes {
        let _ = writeln!(text, "\n{note}.");
    }
    list(text, "Not counted", &cost.not_counted);
    let sources: BTreeSet<&str> = cost.lines.iter().map(|line| line.source).collect();
    list(text, "Where these prices stand", sources);
}
