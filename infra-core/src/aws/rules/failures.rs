//! Nothing single takes more than may be lost.

use super::listed;
use crate::{
    analysis::{
        Outline,
        availability::{Availability, Loss, Verdict},
    },
    graph::ProgramProblem,
    urn::Urn,
};

/// `single-point-of-failure`: whatever single thing fails, enough is left of everything, or a
/// standby takes over by itself. The command `availability` shows all of it.
pub(super) fn single_point(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let availability = Availability::of(outline.program());
    let mut found: Vec<(&Loss, Vec<&str>)> = vec![];
    for failure in availability.single_points() {
        for loss in failure.losses.iter().filter(|loss| loss.verdict() == Verdict::SinglePoint) {
            match found.iter_mut().find(|(other, _)| other.urn == loss.urn) {
                Some((_, failures)) => failures.push(&failure.what),
                None => found.push((loss, vec![&failure.what])),
            }
        }
    }
    found.into_iter().map(|(loss, failures)| told(outline, loss, &failures)).collect()
}

fn told(outline: &Outline<'_>, loss: &Loss, failures: &[&str]) -> ProgramProblem {
    let Loss { urn, unit, left, needed, .. } = loss;
    let failures = listed(failures);
    let message = match left < needed {
        true => format!("has {left} {unit} left, and needs {needed}, without {failures}"),
        false => format!("goes on without {failures} only when somebody mends it"),
    };
    let help = "add what could take over, in another zone; `availability` shows what there is";
    ProgramProblem::new(message, sites(outline, urn)).of(urn).help(help)
}

fn sites(outline: &Outline<'_>, urn: &Urn) -> Vec<&'static std::panic::Location<'static>> {
    let program = outline.program();
    let node = program.nodes.iter().find(|node| node.urn == *urn);
    node.map(|node| program.sites(node, node.at)).unwrap_or_default()
}
