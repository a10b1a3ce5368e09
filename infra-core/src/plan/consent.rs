//! What may not be done without being allowed: protected resources, and data.

use super::{
    Cause, Pattern, Plan, PlanOptions, PlanProblem,
    changes::{dragged, holds},
};
use crate::{graph::Program, state::State, urn::Urn};

/// A deletion that loses data and that nobody has allowed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentNeeded {
    /// Whose data.
    pub urn: Urn,
    /// Why it is to go.
    pub reason: String,
    /// How to avoid it.
    pub way_out: Option<String>,
}

/// Finds what the plan does without being allowed to.
pub(super) fn check(
    plan: &mut Plan,
    program: Option<&Program>,
    state: &State,
    options: &PlanOptions,
) {
    let (mut problems, mut consent) = (vec![], vec![]);
    let uncertain = |place: u32| {
        let mut about = plan.decisions.iter().filter(|decision| decision.place == place);
        about.any(|decision| decision.action.replaces() && !decision.certain)
    };
    for deletion in plan.deletions.iter().filter(|deletion| !deletion.forget) {
        let record = state.record(deletion.place);
        if record.protect {
            problems.push(PlanProblem::Protected(record.urn.clone()));
        }
        let Some(ty) = record.ty.known() else {
            let (urn, ty) = (record.urn.clone(), record.ty.name().to_owned());
            problems.push(PlanProblem::UnknownType { urn, ty });
            continue;
        };
        let allowed = options.may_lose_data.iter().any(|pattern| pattern.matches(&record.urn));
        if ty.holds_data && !allowed && !uncertain(deletion.place) {
            let (reason, way_out) = explain(deletion.cause, plan, program, state);
            consent.push(ConsentNeeded { urn: record.urn.clone(), reason, way_out });
        }
    }
    // A replacement that may happen deletes too, if it does.
    for (node, decision) in plan.decisions.iter().enumerate() {
        let Some(program) = program else { break };
        if !decision.action.replaces() || decision.certain {
            continue;
        }
        let node = &program.nodes[node];
        if state.get(decision.place).is_some_and(|record| record.protect) {
            problems.push(PlanProblem::Protected(node.urn.clone()));
        }
        let allowed = options.may_lose_data.iter().any(|pattern| pattern.matches(&node.urn));
        if node.ty.holds_data && !allowed {
            consent.push(ConsentNeeded {
                urn: node.urn.clone(),
                reason: "it may have to be replaced; that depends on values not known yet"
                    .to_owned(),
                way_out: None,
            });
        }
    }
    problems.sort_by_key(ToString::to_string);
    problems.dedup();
    plan.problems.extend(problems);
    consent.sort_by(|a, b| a.urn.cmp(&b.urn));
    consent.dedup();
    plan.consent.extend(consent);
}

fn explain(
    cause: Cause,
    plan: &Plan,
    program: Option<&Program>,
    state: &State,
) -> (String, Option<String>) {
    let of_a_key = "give the new one another name or range, or say `alias` if it is the same";
    match cause {
        Cause::Removed => ("the program does not name it any more".to_owned(), None),
        Cause::Replaced => ("it is replaced".to_owned(), None),
        Cause::Deposed => ("a newer one has taken its place".to_owned(), None),
        Cause::Destroyed => ("the whole stack is destroyed".to_owned(), None),
        Cause::HoldsKey(node) => {
            let why = program.map(|program| holds(program, node)).unwrap_or_default();
            (format!("it {why}"), Some(of_a_key.to_owned()))
        }
        Cause::Dragged(place) => {
            let root = plan.root(place);
            let way_out = if let Some(Cause::HoldsKey(_)) = plan.cause(root) {
                of_a_key.to_owned()
            } else {
                let root = state.get(root).map_or("?", |record| record.urn.short());
                format!(
                    "change what makes old and new clash in `{root}` (a range, a name), so that \
                     the new one can come first and this can move over"
                )
            };
            (dragged(place, plan, program, state), Some(way_out))
        }
    }
}

/// Whether a pattern matches anything at all.
pub(super) fn matches_any(pattern: &Pattern, urns: impl IntoIterator<Item = Urn>) -> bool {
    urns.into_iter().any(|urn| pattern.matches(&urn))
}
