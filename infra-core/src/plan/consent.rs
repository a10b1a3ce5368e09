//! What may not be done without being allowed: protected resources, and data.

use super::{Cause, Pattern, Plan, PlanOptions, PlanProblem};
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
            let (reason, way_out) = explain(deletion.cause, program, state);
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

fn explain(cause: Cause, program: Option<&Program>, state: &State) -> (String, Option<String>) {
    let name = |place: u32| state.get(place).map_or("?", |record| record.urn.short());
    match cause {
        Cause::Removed => ("the program does not name it any more".to_owned(), None),
        Cause::Replaced => ("it is replaced".to_owned(), None),
        Cause::Deposed => ("a newer one has taken its place".to_owned(), None),
        Cause::Destroyed => ("the whole stack is destroyed".to_owned(), None),
        Cause::HoldsKey(node) => {
            let by = program.map_or("?", |program| program.nodes[node as usize].urn.short());
            let way_out =
                "give the new one another name or range, or say `alias` if it is the same"
                    .to_owned();
            (format!("it holds a name or range that `{by}` must have"), Some(way_out))
        }
        Cause::Dragged(place) => (
            format!(
                "it refers to `{}`, which has to be deleted before its successor can come",
                name(place)
            ),
            Some(format!(
                "change what makes old and new clash in `{}` (a range, a name), so that the new one \
                 can come first and this can move over",
                name(place)
            )),
        ),
    }
}

/// Whether a pattern matches anything at all.
pub(super) fn matches_any(pattern: &Pattern, urns: impl IntoIterator<Item = Urn>) -> bool {
    urns.into_iter().any(|urn| pattern.matches(&urn))
}
