//! What AWS refuses of a service's target groups and names.

use infra_core::{
    aws::{
        ecs::{
            self, DeploymentStrategy, NetworkMode, ServiceLoadBalancerArgs, ServiceRegistryArgs,
        },
        elbv2::{self, TargetType},
    },
    dsl::ResourceType,
};

use super::refused;
use crate::sim::{
    ecs::placement::Start,
    elbv2::action::balancers_of,
    network::vpc_of,
    object::Object,
    refusal::Refusal,
    special::{Asked, of},
};

const PROPERTY: &str = "load_balancers";
/// AWS: "Target groups per service".
const GROUPS: usize = 5;

pub(super) fn check(asked: &Asked<'_>, start: &Start<'_>) -> Result<(), Refusal> {
    type S = ecs::Service;
    let balancers = asked.get(S::LOAD_BALANCERS).unwrap_or_default();
    if balancers.len() > GROUPS {
        let count = balancers.len();
        let message = format!("`{PROPERTY}` names {count} target groups; {GROUPS} are allowed");
        return refused(PROPERTY, message);
    }
    if let Some(period) = asked.get(S::HEALTH_CHECK_GRACE_PERIOD)
        && balancers.is_empty()
    {
        let message = format!(
            "`health_check_grace_period` {period}: without `{PROPERTY}` there are no health checks \
             to wait for"
        );
        return refused("health_check_grace_period", message);
    }
    let deployment = asked.get(S::DEPLOYMENT_CONFIGURATION);
    let rolls = deployment.is_none_or(|how| how.strategy == DeploymentStrategy::Rolling);
    for (place, balancer) in balancers.iter().enumerate() {
        if balancers[..place].contains(balancer) {
            let arn = &balancer.target_group_arn;
            return refused(PROPERTY, format!("`{PROPERTY}` names {arn} twice for one port"));
        }
        check_port(PROPERTY, start, &balancer.container_name, balancer.container_port)?;
        check_balancer(asked, start, balancer, rolls)?;
    }
    let registries = asked.get(S::SERVICE_REGISTRIES).unwrap_or_default();
    if registries.len() > 1 {
        let count = registries.len();
        let message = format!("`service_registries` names {count}; a service has one");
        return refused("service_registries", message);
    }
    registries.iter().try_for_each(|registry| check_registry(start, registry))
}

/// A container of the task, and a port among its mappings.
fn check_port(property: &str, start: &Start<'_>, name: &str, port: u16) -> Result<(), Refusal> {
    let Some(container) = start.definition.container(name) else {
        let known: Vec<&str> =
            start.definition.containers.iter().map(|container| &*container.name).collect();
        let message = format!(
            "`{property}`: {} has no container `{name}`; it has {}",
            start.revision,
            known.join(", ")
        );
        return refused(property, message);
    };
    if container.port_mappings.iter().any(|mapping| mapping.container_port == port) {
        return Ok(());
    }
    let message = format!(
        "`{property}`: the container `{name}` of {} does not map the port {port}; put it among its \
         `port_mappings`",
        start.revision
    );
    refused(property, message)
}

fn check_balancer(
    asked: &Asked<'_>,
    start: &Start<'_>,
    balancer: &ServiceLoadBalancerArgs,
    rolls: bool,
) -> Result<(), Refusal> {
    let arn = balancer.target_group_arn.as_str();
    match (&balancer.advanced_configuration, rolls) {
        (Some(_), true) => {
            let message = format!(
                "`{PROPERTY}`: `advanced_configuration` of {arn} does not go with the strategy \
                 ROLLING, which shifts no traffic"
            );
            return refused(PROPERTY, message);
        }
        (None, false) => {
            let message = format!(
                "`{PROPERTY}`: {arn} needs an `advanced_configuration`: the deployment's strategy \
                 shifts traffic to another target group"
            );
            return refused(PROPERTY, message);
        }
        _ => {}
    }
    let others = balancer.advanced_configuration.iter();
    let others = others.map(|advanced| advanced.alternate_target_group_arn.as_str());
    for arn in std::iter::once(arn).chain(others) {
        check_group(asked, start, arn)?;
    }
    Ok(())
}

fn check_group(asked: &Asked<'_>, start: &Start<'_>, arn: &str) -> Result<(), Refusal> {
    let ty = elbv2::TargetGroup::definition().name;
    let Some(group) = asked.world.get(ty, arn, asked.scope) else { return Ok(()) };
    let mode = start.definition.network_mode;
    let wanted = match mode {
        NetworkMode::Awsvpc => TargetType::Ip,
        NetworkMode::Bridge | NetworkMode::Host => TargetType::Instance,
        NetworkMode::None => {
            let message = format!(
                "`{PROPERTY}` {arn}: tasks of {} are not reached, since its network mode is none",
                start.revision
            );
            return refused(PROPERTY, message);
        }
    };
    let theirs = of(group, elbv2::TargetGroup::TARGET_TYPE).unwrap_or(TargetType::Instance);
    if theirs != wanted {
        let message = format!(
            "`{PROPERTY}` {arn} is for targets of type {theirs}, and tasks with the network mode \
             {mode} are of type {wanted}"
        );
        return refused(PROPERTY, message);
    }
    if balancers_of(asked.world, asked.scope, arn).is_empty() {
        let message = format!(
            "`{PROPERTY}` {arn}: no load balancer forwards to it; give a Listener or ListenerRule \
             an action that does"
        );
        return refused(PROPERTY, message);
    }
    check_vpc(asked, start, group)
}

/// Tasks with addresses of their own lie in the VPC of the target group.
fn check_vpc(asked: &Asked<'_>, start: &Start<'_>, group: &Object) -> Result<(), Refusal> {
    let subnets = start.network.as_ref().map(|network| &network.awsvpc_configuration.subnets);
    let subnet = subnets.and_then(|subnets| subnets.first());
    let home = subnet.and_then(|subnet| vpc_of(asked.world, asked.scope, subnet.as_str()));
    let theirs = group.text("vpc_id");
    match home.filter(|home| *home != theirs) {
        Some(home) => {
            let message = format!(
                "`{PROPERTY}` {} is for targets in {theirs}, and tasks lie in {home}",
                group.id
            );
            refused(PROPERTY, message)
        }
        None => Ok(()),
    }
}

fn check_registry(start: &Start<'_>, registry: &ServiceRegistryArgs) -> Result<(), Refusal> {
    const PROPERTY: &str = "service_registries";
    let by_container = (&registry.container_name, registry.container_port);
    if registry.port.is_some() && by_container != (&None, None) {
        let message = format!("`{PROPERTY}` takes one of `port` and the container's name and port");
        return refused(PROPERTY, message);
    }
    match by_container {
        (Some(name), Some(port)) => check_port(PROPERTY, start, name, port),
        (None, None) if start.definition.network_mode == NetworkMode::Awsvpc => Ok(()),
        (None, None) => {
            let message = format!(
                "`{PROPERTY}` needs `container_name` and `container_port` with the network mode {}",
                start.definition.network_mode
            );
            refused(PROPERTY, message)
        }
        _ => {
            let message =
                format!("`{PROPERTY}` takes `container_name` and `container_port` together");
            refused(PROPERTY, message)
        }
    }
}
