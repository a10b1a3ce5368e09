//! What a program computes, checked as soon as it is known: a preview that says nothing of it
//! would promise what `up` can't do.

use super::{PlanProblem, PlannedWorld};
use crate::{
    graph::Node,
    schema::{Problem, validate},
    value::{ExprError, Path, Slot, Value, resolve},
};

impl PlannedWorld<'_> {
    /// What is wrong with what a node's properties are computed to, as far as that is known.
    pub(super) fn computed_problems(&self, node: &Node) -> Vec<PlanProblem> {
        let mut problems = vec![];
        for (slot, value) in node.inputs.iter().filter(|(_, value)| value.has_computed()) {
            let value = match resolve(value, self) {
                Ok(value) => value,
                Err(error) => {
                    problems.push(failed(node, slot, error));
                    continue;
                }
            };
            let prop = node.ty.prop(slot);
            let mut found = vec![];
            let mut path = Path::property(prop.name);
            validate(&prop.shape, &value, &mut path, &mut found);
            let rule = node.ty.name_rule.filter(|rule| rule.slot == slot);
            if let (Some(rule), Value::Str(name)) = (rule, &value)
                && let Err(message) = rule.check(name)
            {
                found.push(Problem { path, value: format!("{name:?}"), message });
            }
            problems.extend(found.into_iter().map(|problem| PlanProblem::Invalid {
                urn: node.urn.clone(),
                property: problem.path.to_string(),
                value: problem.value,
                message: problem.message,
            }));
        }
        problems
    }
}

/// A function of the program failed.
pub(super) fn failed(node: &Node, slot: Slot, error: ExprError) -> PlanProblem {
    PlanProblem::Computation {
        urn: node.urn.clone(),
        property: node.ty.prop(slot).name.to_owned(),
        message: error.message,
        at: error.at,
    }
}
