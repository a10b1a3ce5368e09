//! What each single failure would take, as people read it.

use std::{collections::BTreeSet, fmt::Write, time::Duration};

use infra_core::analysis::availability::{
    Availability, Failure, FailureKind, Loss, Recovery, Verdict,
};

use super::{
    list,
    time::{duration, plural},
};
use crate::ui::{Styles, Ui};

/// The name of a verdict in JSON.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Survives => "survives",
        Verdict::Interrupted => "interrupted",
        Verdict::SinglePoint => "single_point",
    }
}

/// All failures by kind, each with what it takes, and what comes of them altogether.
pub(crate) fn text(ui: &Ui, availability: &Availability) -> String {
    let mut text = String::new();
    let mut kind: Option<FailureKind> = None;
    for failure in &availability.failures {
        if kind != Some(failure.kind) {
            let (strong, name) = (ui.styles.strong, failure.kind.name());
            let _ = writeln!(text, "{strong}{name}{strong:#}");
            kind = Some(failure.kind);
        }
        one(&mut text, ui, failure);
    }
    sum(&mut text, ui, availability);
    let recoveries = availability.failures.iter().flat_map(|failure| &failure.losses);
    let recoveries = recoveries.filter_map(|loss| loss.recovery.as_ref());
    let sources: BTreeSet<(&str, &str)> = recoveries.map(|it| (it.by, it.source)).collect();
    list(
        &mut text,
        "Where the times are from",
        sources.iter().map(|(by, source)| format!("{by}: {source}")),
    );
    list(&mut text, "Not told", &availability.not_told);
    text
}

fn one(text: &mut String, ui: &Ui, failure: &Failure) {
    let Styles { create, update, error, .. } = ui.styles;
    let (style, words) = match failure.verdict() {
        Verdict::Survives => (create, "goes on    "),
        Verdict::Interrupted => (update, "interrupted"),
        Verdict::SinglePoint => (error, "OUTAGE     "),
    };
    let _ = writeln!(text, "  {style}{words}{style:#}  {}", failure.what);
    // What fails has been named, but for zones.
    let named = failure.kind != FailureKind::Zone && failure.losses.len() == 1;
    for loss in &failure.losses {
        let who = if named { String::new() } else { format!("{}: ", loss.urn.short()) };
        let _ = writeln!(text, "{:15}{who}{}", "", told(loss));
    }
}

fn told(loss: &Loss) -> String {
    let Loss { unit, lost, left, needed, recovery, .. } = loss;
    let counts = format!("{lost} of {} {unit} lost, {left} left, {needed} needed", lost + left);
    let millis = |within: Duration| u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
    match recovery {
        Some(Recovery { by, within: Some(within), .. }) => {
            format!("{counts}; {by}, within {}", duration(millis(*within)))
        }
        Some(Recovery { by, .. }) => format!("{counts}; {by}"),
        None => format!("{counts}; nothing brings it back by itself"),
    }
}

fn sum(text: &mut String, ui: &Ui, availability: &Availability) {
    let Styles { create, error, .. } = ui.styles;
    let (all, single) = (availability.failures.len(), availability.single_points().count());
    let interrupted = |failure: &&Failure| failure.verdict() == Verdict::Interrupted;
    let noticed = availability.failures.iter().filter(interrupted).count();
    let of = plural(all, "single failure");
    let _ = match single {
        _ if all == 0 => writeln!(
            text,
            "Nothing to lose: the program has no services, databases, caches, files or balancers."
        ),
        0 => writeln!(
            text,
            "\n{create}No single point of failure:{create:#} of {of} {noticed} would be noticed \
             until something takes over."
        ),
        some => {
            let points = plural(some, "single point");
            writeln!(text, "\n{error}{points} of failure{error:#} among {of}.")
        }
    };
}
