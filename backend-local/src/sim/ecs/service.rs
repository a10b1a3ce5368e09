//! What is special about a service: what its tasks can be started from, and where they are put.

mod balancing;
mod deployment;

use infra_core::{
    aws::ecs::{self, SchedulingStrategy, Switch},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    cluster::INVALID,
    placement::{Override, Start, check_constraints, check_rules},
    task_definition::Definition,
};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Service];

const CODES: Codes = Codes {
    not_found: "ServiceNotFoundException",
    not_ready: "ServiceNotActiveException",
    exists: "InvalidParameterException",
    in_use: "InvalidParameterException",
    quota: "LimitExceededException",
};
/// AWS: "Services per cluster".
const PER_CLUSTER: usize = 5_000;
/// AWS: "Tasks per service".
const TASKS: u32 = 5_000;
/// A service without tasks is stable at once.
const EMPTY: u64 = 5_000;

struct Service;

impl Special for Service {
    fn ty(&self) -> &'static TypeDef {
        ecs::Service::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        type S = ecs::Service;
        check_count(asked)?;
        let rules = asked.get(S::PLACEMENT_STRATEGIES).unwrap_or_default();
        check_rules("placement_strategies", &rules)?;
        let constraints = asked.get(S::PLACEMENT_CONSTRAINTS).unwrap_or_default();
        check_constraints("placement_constraints", &constraints)?;
        check_monitoring(asked)?;
        deployment::check(asked)?;
        check_rebalancing(asked)?;
        let Some(definition) = asked.referenced(S::TASK_DEFINITION) else { return Ok(()) };
        let start = start(asked, definition);
        start.check(asked)?;
        if start.is_on_fargate(asked) {
            check_fargate(asked)?;
        }
        balancing::check(asked, &start)
    }

    fn ready_in(&self, asked: &Asked<'_>) -> Option<u64> {
        (asked.get(ecs::Service::DESIRED_COUNT) == Some(0)).then_some(EMPTY)
    }
}

fn refused(property: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn start<'a>(asked: &'a Asked<'_>, definition: &'a Object) -> Start<'a> {
    type S = ecs::Service;
    Start {
        cluster: asked.inputs.get(S::CLUSTER.slot).as_str().unwrap_or_default(),
        revision: &definition.id,
        definition: Definition::of(definition),
        strategy: asked.get(S::CAPACITY_PROVIDER_STRATEGY).unwrap_or_default(),
        launch_type: asked.get(S::LAUNCH_TYPE),
        platform_version: asked.get(S::PLATFORM_VERSION),
        network: asked.get(S::NETWORK_CONFIGURATION),
        enable_execute_command: asked.get(S::ENABLE_EXECUTE_COMMAND) == Some(true),
        differs: Override::default(),
    }
}

/// The services of a cluster, given by what it has of capacity providers, that use one of these.
pub(super) fn users_of(world: &World, cluster: &Object, provider: &str) -> Vec<String> {
    type S = ecs::Service;
    let default = ecs::ClusterCapacityProviders::DEFAULT_CAPACITY_PROVIDER_STRATEGY;
    let default = of(cluster, default).unwrap_or_default();
    let services = world.all(S::definition().name, &cluster.scope);
    let services = services.filter(|service| service.text("cluster") == cluster.text("cluster"));
    let uses = |service: &&Object| {
        let own = of(service, S::CAPACITY_PROVIDER_STRATEGY).unwrap_or_default();
        let by_cluster = own.is_empty() && of(service, S::LAUNCH_TYPE).is_none();
        let strategy = if by_cluster { &default } else { &own };
        strategy.iter().any(|item| item.capacity_provider.as_str() == provider)
    };
    services
        .filter(uses)
        .map(|service| format!("Service {} (capacity_provider_strategy)", service.id))
        .collect()
}

fn is_daemon(asked: &Asked<'_>) -> bool {
    asked.get(ecs::Service::SCHEDULING_STRATEGY) == Some(SchedulingStrategy::Daemon)
}

fn check_count(asked: &Asked<'_>) -> Result<(), Refusal> {
    type S = ecs::Service;
    let cluster = asked.inputs.get(S::CLUSTER.slot).as_str().unwrap_or_default();
    let there = asked.world.all(S::definition().name, asked.scope);
    let there = there.filter(|service| service.text("cluster") == cluster).count();
    if asked.old.is_none() && there >= PER_CLUSTER {
        let quota = Refusal::quota("services of a cluster", PER_CLUSTER);
        return Err(quota.in_words_of(Some(&CODES)));
    }
    let Some(count) = asked.get(S::DESIRED_COUNT) else { return Ok(()) };
    if is_daemon(asked) {
        let message = format!(
            "`desired_count` {count} does not go with `scheduling_strategy` DAEMON, which runs one \
             task on every instance"
        );
        return refused("desired_count", message);
    }
    if count > TASKS {
        let message = format!("`desired_count` {count}: {TASKS} tasks of a service are allowed");
        return refused("desired_count", message);
    }
    Ok(())
}

fn check_monitoring(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(monitoring) = asked.get(ecs::Service::MONITORING) else { return Ok(()) };
    let count = monitoring.metric_configurations.len();
    if !(1..=2).contains(&count) {
        let message = format!("`monitoring` has {count} `metric_configurations`; one or two fit");
        return refused("monitoring", message);
    }
    for configuration in &monitoring.metric_configurations {
        let every = configuration.resolution_seconds;
        if !matches!(every.0, 20 | 60) {
            let message = format!("`monitoring`: `resolution_seconds` {every} is 20 or 60 s");
            return refused("monitoring", message);
        }
        if configuration.metric_names.is_empty() {
            return refused("monitoring", "`monitoring`: `metric_names` names no figure");
        }
    }
    Ok(())
}

/// Zones are balanced by starting a task in one before one ends in another.
fn check_rebalancing(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "availability_zone_rebalancing";
    type S = ecs::Service;
    if asked.get(S::AVAILABILITY_ZONE_REBALANCING) != Some(Switch::Enabled) {
        return Ok(());
    }
    if is_daemon(asked) {
        return refused(PROPERTY, format!("`{PROPERTY}` ENABLED does not go with DAEMON"));
    }
    let deployment = asked.get(S::DEPLOYMENT_CONFIGURATION);
    if let Some(most) = deployment.and_then(|deployment| deployment.maximum_percent)
        && most <= 100
    {
        let message =
            format!("`{PROPERTY}` ENABLED needs a `maximum_percent` above 100, not {most}");
        return refused(PROPERTY, message);
    }
    let rules = asked.get(S::PLACEMENT_STRATEGIES).unwrap_or_default();
    match rules.first().filter(|rule| rule.field.as_deref() != Some(ZONE)) {
        Some(rule) => {
            let message = format!(
                "`{PROPERTY}` ENABLED: the first of `placement_strategies` spreads by {ZONE}, not \
                 {} by {}",
                rule.strategy_type,
                rule.field.as_deref().unwrap_or("nothing")
            );
            refused(PROPERTY, message)
        }
        None => Ok(()),
    }
}

const ZONE: &str = "attribute:ecs.availability-zone";

/// What only tasks on instances have.
fn check_fargate(asked: &Asked<'_>) -> Result<(), Refusal> {
    type S = ecs::Service;
    let given = [
        (
            "placement_strategies",
            asked.get(S::PLACEMENT_STRATEGIES).is_some_and(|all| !all.is_empty()),
        ),
        (
            "placement_constraints",
            asked.get(S::PLACEMENT_CONSTRAINTS).is_some_and(|all| !all.is_empty()),
        ),
        ("scheduling_strategy", is_daemon(asked)),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((name, _)) => {
            let value = asked.value(ecs::Service::SCHEDULING_STRATEGY.slot);
            let what =
                if name == "scheduling_strategy" { format!(" {value}") } else { String::new() };
            refused(
                name,
                format!("`{name}`{what} does not go with Fargate, which has no instances"),
            )
        }
        None => Ok(()),
    }
}
