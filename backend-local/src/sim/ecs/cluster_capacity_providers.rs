//! What is special about a cluster's capacity providers: those that services use are not taken
//! away.

use infra_core::{
    aws::{CapacityProviderName, ecs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    cluster::INVALID,
    placement::{PROVIDERS, check_strategy},
    service::users_of,
};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ClusterCapacityProviders];

const CODES: Codes = Codes {
    not_found: "ClusterNotFoundException",
    not_ready: "UpdateInProgressException",
    exists: "ClientException",
    in_use: "ResourceInUseException",
    quota: "LimitExceededException",
};

struct ClusterCapacityProviders;

impl Special for ClusterCapacityProviders {
    fn ty(&self) -> &'static TypeDef {
        ecs::ClusterCapacityProviders::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        type P = ecs::ClusterCapacityProviders;
        let providers = asked.get(P::CAPACITY_PROVIDERS).unwrap_or_default();
        if providers.len() > PROVIDERS {
            let count = providers.len();
            let message = format!("`capacity_providers` names {count}; {PROVIDERS} are allowed");
            return Err(Refusal::invalid("capacity_providers", INVALID, message));
        }
        let strategy = asked.get(P::DEFAULT_CAPACITY_PROVIDER_STRATEGY).unwrap_or_default();
        let property = "default_capacity_provider_strategy";
        check_strategy(property, &strategy)?;
        let foreign = strategy.iter().find(|item| !providers.contains(&item.capacity_provider));
        if let Some(item) = foreign {
            let message = format!(
                "`{property}` names {}, which is not among `capacity_providers`",
                item.capacity_provider
            );
            return Err(Refusal::invalid(property, INVALID, message));
        }
        check_kept(asked, &providers)
    }

    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        let providers = of(object, ecs::ClusterCapacityProviders::CAPACITY_PROVIDERS);
        let mut by = vec![];
        for provider in providers.unwrap_or_default() {
            by.extend(users_of(world, object, provider.as_str()));
        }
        if by.is_empty() {
            return Ok(());
        }
        by.dedup();
        Err(Refusal::in_use(&object.id, by).in_words_of(Some(&CODES)))
    }
}

/// A provider that a service uses stays.
fn check_kept(asked: &Asked<'_>, providers: &[CapacityProviderName]) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    let before = of(old, ecs::ClusterCapacityProviders::CAPACITY_PROVIDERS).unwrap_or_default();
    for provider in before.iter().filter(|provider| !providers.contains(provider)) {
        if let Some(user) = users_of(asked.world, old, provider.as_str()).first() {
            let message = format!(
                "`capacity_providers` without {provider}, which {user} uses; keep it until the \
                 service has moved to another one"
            );
            return Err(Refusal::invalid("capacity_providers", CODES.in_use, message));
        }
    }
    Ok(())
}
