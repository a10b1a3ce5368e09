//! What is special about a capacity provider: what managed termination protection needs, and those
//! that every account has.

use infra_core::{
    aws::{
        autoscaling,
        ecs::{self, Switch},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
};

use super::cluster::INVALID;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&CapacityProvider];

const CODES: Codes = Codes {
    not_found: "InvalidParameterException",
    not_ready: "UpdateInProgressException",
    exists: "ClientException",
    in_use: "ResourceInUseException",
    quota: "LimitExceededException",
};

struct CapacityProvider;

/// Whether AWS looks after the machines of a provider.
pub(super) fn is_fargate(provider: &str) -> bool {
    matches!(provider, "FARGATE" | "FARGATE_SPOT")
}

impl Special for CapacityProvider {
    fn ty(&self) -> &'static TypeDef {
        ecs::CapacityProvider::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn is_always_there(&self, id: &str) -> bool {
        is_fargate(id)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked.value(ecs::CapacityProvider::NAME.slot).as_str().unwrap_or_default())?;
        check_scaling(asked)?;
        check_protection(asked)
    }
}

fn refused(property: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let lower = name.to_ascii_lowercase();
    match ["aws", "ecs", "fargate"].into_iter().find(|kept| lower.starts_with(kept)) {
        Some(kept) => {
            refused("name", format!("`name` {name} begins with {kept}, which AWS keeps for itself"))
        }
        None => Ok(()),
    }
}

fn check_scaling(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "managed_scaling";
    let Some(scaling) = asked.get(ecs::CapacityProvider::MANAGED_SCALING) else { return Ok(()) };
    let Seconds(warmup) = scaling.instance_warmup_period;
    let numbers = [
        ("target_capacity", scaling.target_capacity, 1..=100),
        ("minimum_scaling_step_size", scaling.minimum_scaling_step_size, 1..=10_000),
        ("maximum_scaling_step_size", scaling.maximum_scaling_step_size, 1..=10_000),
        ("instance_warmup_period", warmup, 0..=10_000),
    ];
    for (name, number, allowed) in numbers {
        if !allowed.contains(&number) {
            let (first, last) = (allowed.start(), allowed.end());
            let message =
                format!("`{PROPERTY}.{name}` {number} must be between {first} and {last}");
            return refused(PROPERTY, message);
        }
    }
    let (least, most) = (scaling.minimum_scaling_step_size, scaling.maximum_scaling_step_size);
    if most < least {
        let message = format!(
            "`{PROPERTY}.maximum_scaling_step_size` {most} is less than \
             `minimum_scaling_step_size` {least}"
        );
        return refused(PROPERTY, message);
    }
    Ok(())
}

/// Instances with tasks are kept by taking the group's protection off the others.
fn check_protection(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "managed_termination_protection";
    let protection = asked.get(ecs::CapacityProvider::MANAGED_TERMINATION_PROTECTION);
    if protection != Some(Switch::Enabled) {
        return Ok(());
    }
    let scaling = asked.get(ecs::CapacityProvider::MANAGED_SCALING);
    if scaling.is_some_and(|scaling| scaling.status == Switch::Disabled) {
        let message =
            format!("`{PROPERTY}` ENABLED needs `managed_scaling.status` ENABLED, not DISABLED");
        return refused(PROPERTY, message);
    }
    let Some(group) = asked.referenced(ecs::CapacityProvider::AUTO_SCALING_GROUP_ARN) else {
        return Ok(());
    };
    let protected = of(group, autoscaling::Group::NEW_INSTANCES_PROTECTED_FROM_SCALE_IN);
    if protected == Some(true) {
        return Ok(());
    }
    let message = format!(
        "`{PROPERTY}` ENABLED needs `new_instances_protected_from_scale_in` of the group {}",
        group.id
    );
    refused(PROPERTY, message)
}
