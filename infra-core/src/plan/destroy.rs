//! The plan that deletes what state knows.

use super::{Cause, Plan, PlanOptions, PlanProblem, PlannedDeletion, consent};
use crate::{schema::TypeKind, state::State, urn::Urn};

/// The plan that deletes everything that state knows, or what the options limit it to together
/// with whatever refers to that.
#[must_use]
pub fn destroy_plan(state: &State, options: &PlanOptions) -> Plan {
    let mut plan = Plan::default();
    for pattern in options.targets.iter().chain(&options.excludes) {
        if !state.iter().any(|(_, record)| pattern.matches(&record.urn)) {
            plan.problems.push(PlanProblem::NothingMatches(pattern.as_str().to_owned()));
        }
    }
    let excluded = |urn: &Urn| options.excludes.iter().any(|pattern| pattern.matches(urn));
    let mut goes = vec![false; state.next_place() as usize];
    for (place, record) in state.iter() {
        let targeted = options.targets.is_empty()
            || options.targets.iter().any(|pattern| pattern.matches(&record.urn));
        goes[place as usize] = targeted && !excluded(&record.urn);
    }
    // What refers to something that goes has to go too, or what it refers to has to stay.
    loop {
        let mut changed = false;
        for (place, record) in state.iter() {
            for dep in record.deps.iter().filter(|dep| dep.kind.binds()) {
                let target_goes = goes.get(dep.target as usize).copied().unwrap_or(false);
                if goes[place as usize] || !target_goes || state.get(dep.target).is_none() {
                    continue;
                }
                changed = true;
                if options.targets.is_empty() {
                    goes[dep.target as usize] = false;
                } else if excluded(&record.urn) {
                    goes[dep.target as usize] = false;
                    let needed = state.record(dep.target).urn.clone();
                    plan.problems.push(PlanProblem::ExcludedNeeded {
                        needed: record.urn.clone(),
                        by: needed,
                    });
                } else {
                    goes[place as usize] = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    for (place, record) in state.iter().filter(|(place, _)| goes[*place as usize]) {
        let never_called = record.ty.known().is_some_and(|ty| ty.kind != TypeKind::Resource);
        plan.deletions.push(PlannedDeletion {
            place,
            cause: Cause::Destroyed,
            first: false,
            forget: never_called || record.retain_on_delete,
        });
    }
    plan.outputs_change = !state.outputs.is_empty() && goes.iter().all(|goes| *goes);
    consent::check(&mut plan, None, state, options);
    plan
}
