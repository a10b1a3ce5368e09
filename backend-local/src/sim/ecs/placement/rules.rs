//! Rules and constraints by which instances are chosen.

use infra_core::aws::ecs::{
    PlacementConstraintArgs, PlacementConstraintType as Constraint, PlacementStrategyArgs,
    PlacementStrategyType as Strategy,
};

use super::refused;
use crate::sim::refusal::Refusal;

/// AWS: `PlacementStrategy`, up to five rules.
const RULES: usize = 5;
/// AWS: "up to 10 constraints per task".
const CONSTRAINTS: usize = 10;
const EXPRESSION: usize = 2_000;

/// Rules by which tasks are spread over instances.
pub(in crate::sim::ecs) fn check_rules(
    property: &str,
    rules: &[PlacementStrategyArgs],
) -> Result<(), Refusal> {
    if rules.len() > RULES {
        let count = rules.len();
        return refused(property, format!("`{property}` has {count} rules; {RULES} are allowed"));
    }
    for (place, rule) in rules.iter().enumerate() {
        let field = rule.field.as_deref();
        let fits = match rule.strategy_type {
            Strategy::Random => field.is_none(),
            Strategy::Binpack => matches!(field, Some("cpu" | "memory")),
            Strategy::Spread => {
                field.is_some_and(|field| field == "instanceId" || field.starts_with("attribute:"))
            }
        };
        if !fits {
            let theirs = match rule.strategy_type {
                Strategy::Random => "none",
                Strategy::Binpack => "cpu or memory",
                Strategy::Spread => {
                    "instanceId or an attribute such as attribute:ecs.availability-zone"
                }
            };
            let message = format!(
                "`{property}[{place}].field` is {}; {} takes {theirs}",
                field.unwrap_or("absent"),
                rule.strategy_type
            );
            return refused(property, message);
        }
    }
    Ok(())
}

/// Constraints on the instances that tasks run on.
pub(in crate::sim::ecs) fn check_constraints(
    property: &str,
    constraints: &[PlacementConstraintArgs],
) -> Result<(), Refusal> {
    if constraints.len() > CONSTRAINTS {
        let count = constraints.len();
        let message = format!("`{property}` has {count} constraints; {CONSTRAINTS} are allowed");
        return refused(property, message);
    }
    for (place, constraint) in constraints.iter().enumerate() {
        let path = format!("`{property}[{place}].expression`");
        match (constraint.constraint_type, &constraint.expression) {
            (Constraint::MemberOf, None) => {
                return refused(property, format!("{path} is needed for memberOf"));
            }
            (Constraint::DistinctInstance, Some(_)) => {
                return refused(property, format!("{path} does not go with distinctInstance"));
            }
            (Constraint::MemberOf, Some(text)) if text.chars().count() > EXPRESSION => {
                let message = format!("{path} is longer than {EXPRESSION} characters");
                return refused(property, message);
            }
            _ => {}
        }
    }
    Ok(())
}
