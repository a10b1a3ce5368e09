//! What a run came to, as people read it.

use std::fmt::Write;

use infra_core::{
    engine::{CriticalStep, Drift, DriftKind, Outcome},
    value::Value,
};

use super::{
    error,
    time::{duration, plural},
    value::{line, short},
};
use crate::ui::{Styles, Ui};

/// What the stack shows. Secrets stay hidden.
pub(crate) fn outputs<'a>(
    ui: &Ui,
    outputs: impl IntoIterator<Item = (&'a str, &'a Value)>,
) -> String {
    let outputs: Vec<(&str, &Value)> = outputs.into_iter().collect();
    let width = outputs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let strong = ui.styles.strong;
    let mut text = String::new();
    for (name, value) in outputs {
        let _ = writeln!(text, "  {strong}{name:width$}{strong:#}  {}", line(value));
    }
    text
}

/// How a run ended, on the last lines.
pub(crate) fn outcome(ui: &Ui, outcome: &Outcome, simulated: bool) -> String {
    let Styles { create, error: red, warning, dim, .. } = ui.styles;
    let mut text = String::new();
    for failure in &outcome.failures {
        let _ = writeln!(text, "{}", error::failure(ui, failure));
    }
    let took = duration(outcome.took);
    let time = if simulated { format!("{took} of AWS's time, simulated") } else { took };
    let steps = plural(outcome.done, "step");
    if outcome.is_success() {
        let _ = write!(text, "{create}Done:{create:#} {steps} in {time}.");
    } else if outcome.cancelled {
        let _ = write!(
            text,
            "{warning}Interrupted:{warning:#} {steps} done in {time}; run it again to go on."
        );
    } else {
        let failed = plural(outcome.failures.len(), "step");
        let _ = write!(text, "{red}Failed:{red:#} {failed} failed, {steps} done in {time}.");
        if !outcome.skipped.is_empty() {
            let names: Vec<&str> = outcome.skipped.iter().take(5).map(|urn| urn.short()).collect();
            let more = outcome.skipped.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ =
                write!(text, "\n{dim}Not begun because of that: {}{more}{dim:#}", names.join(", "));
        }
    }
    let path = critical_path(ui, &outcome.critical_path);
    if !path.is_empty() && outcome.took > 0 {
        let _ = write!(text, "\n{path}");
    }
    text
}

/// The steps that decided how long it took; those that took next to no time are left out.
fn critical_path(ui: &Ui, path: &[CriticalStep]) -> String {
    let dim = ui.styles.dim;
    let whole: u64 = path.iter().map(|step| step.took).sum();
    let long = path.iter().filter(|step| step.took * 50 >= whole.max(1));
    let shown: Vec<String> = long
        .map(|step| {
            let ty = step.urn.ty().rsplit(':').next().unwrap_or_default();
            format!("{ty} {} {}", step.urn.name(), duration(step.took))
        })
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("{dim}Critical path: {}{dim:#}", shown.join(" → "))
}

/// What differs from what was recorded.
pub(crate) fn drift(ui: &Ui, drift: &[Drift]) -> String {
    let Styles { create, update, delete, warning, strong, .. } = ui.styles;
    let mut text = String::new();
    for found in drift {
        let name = found.urn.short();
        match &found.kind {
            DriftKind::Gone => {
                let _ = writeln!(text, "{delete}  -{delete:#} {strong}{name}{strong:#}  is gone");
            }
            DriftKind::Unknown { id } => {
                let _ = writeln!(
                    text,
                    "{warning}  ?{warning:#} {strong}{name}{strong:#}  {id} carries this stack's tags, and the state does not know it"
                );
            }
            DriftKind::Changed(changes) => {
                let _ = writeln!(text, "{update}  ~{update:#} {strong}{name}{strong:#}  differs");
                for (property, old, new) in changes {
                    for part in super::value::differing(property, old, new) {
                        let (old, new) = (short(&part.old, 50), short(&part.new, 50));
                        let _ = writeln!(
                            text,
                            "        {}: {delete}{old}{delete:#} -> {create}{new}{create:#}",
                            part.path
                        );
                    }
                }
            }
        }
    }
    text
}
