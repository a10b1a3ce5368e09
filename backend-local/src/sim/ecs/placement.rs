//! What AWS refuses of where tasks are placed: what services, single tasks and clusters have in
//! common.

mod room;
mod rules;
mod start;

pub(super) use rules::{check_constraints, check_rules};
pub(super) use start::{Override, Start};

use infra_core::{
    aws::ecs::{self, CapacityProviderStrategyItemArgs},
    dsl::ResourceType,
};

use super::{capacity_provider::is_fargate, cluster::INVALID};
use crate::sim::{World, object::Object, refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// AWS: "Capacity providers per cluster".
pub(super) const PROVIDERS: usize = 20;

/// The capacity providers of a cluster, if it was given any.
pub(super) fn providers_of<'a>(world: &'a World, scope: &str, cluster: &str) -> Option<&'a Object> {
    world.get(ecs::ClusterCapacityProviders::definition().name, cluster, scope)
}

fn refused(property: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

/// A strategy that AWS can follow; whether its providers belong to the cluster is another question.
pub(super) fn check_strategy(
    property: &str,
    items: &[CapacityProviderStrategyItemArgs],
) -> Result<(), Refusal> {
    if items.is_empty() {
        return Ok(());
    }
    let name = |item: &CapacityProviderStrategyItemArgs| item.capacity_provider.to_string();
    if items.len() > PROVIDERS {
        let count = items.len();
        return refused(property, format!("`{property}` names {count} providers; {PROVIDERS} fit"));
    }
    for (place, item) in items.iter().enumerate() {
        if items[..place].iter().any(|other| other.capacity_provider == item.capacity_provider) {
            return refused(property, format!("`{property}` names {} twice", name(item)));
        }
        for (what, number, most) in [("weight", item.weight, 1_000), ("base", item.base, 100_000)] {
            if number > most {
                let message = format!(
                    "`{property}[{place}].{what}` {number} of {} is above {most}",
                    name(item)
                );
                return refused(property, message);
            }
        }
    }
    let bases: Vec<_> = items.iter().filter(|item| item.base > 0).map(name).collect();
    if let [one, other, ..] = &bases[..] {
        let message =
            format!("`{property}` has a `base` for {one} and for {other}; one can have it");
        return refused(property, message);
    }
    if items.iter().all(|item| item.weight == 0) {
        let message = format!("`{property}` gives no provider a `weight`, so that none gets tasks");
        return refused(property, message);
    }
    let fargate =
        |item: &&CapacityProviderStrategyItemArgs| is_fargate(item.capacity_provider.as_str());
    let (machines, groups) = (items.iter().find(fargate), items.iter().find(|item| !fargate(item)));
    if let (Some(machines), Some(group)) = (machines, groups) {
        let message = format!(
            "`{property}` mixes {} with {}; either all are of Fargate or none is",
            name(machines),
            name(group)
        );
        return refused(property, message);
    }
    Ok(())
}
