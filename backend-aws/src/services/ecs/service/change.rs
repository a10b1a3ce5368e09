//! What an update changes of a service.

use aws_sdk_ecs::{operation::update_service::builders::UpdateServiceFluentBuilder, types as sdk};
use infra_core::{
    aws::ecs::{self, SchedulingStrategy},
    handler::TypedRequest,
    types::Seconds,
};
use serde_json::{Map, Value};

use super::{
    super::{numbers::int, placement},
    Type, balancing, deployment,
};
use crate::{aws::Aws, resource::changed};

/// What changes of a service only by new tasks, which AWS does not start by itself.
const FORCED: [&str; 6] = [
    "capacity_provider_strategy",
    "enable_ecs_managed_tags",
    "enable_execute_command",
    "placement_constraints",
    "placement_strategies",
    "propagate_tags",
];

/// What differs, of what the SDK does not know.
pub(super) fn members(request: &TypedRequest<'_, Type>) -> Map<String, Value> {
    let args = &request.args;
    let mut members = Map::new();
    if changed(request, &["deployment_configuration"]) {
        let given = args.deployment_configuration.as_ref();
        let deployment = deployment::whole_deployment(given, args.scheduling_strategy);
        members.insert("deploymentConfiguration".to_owned(), deployment);
    }
    if changed(request, &["monitoring"]) {
        let monitoring = deployment::monitoring(args.monitoring.as_ref());
        members.insert("monitoring".to_owned(), monitoring);
    }
    members
}

/// The call that changes what differs.
pub(super) fn call(aws: &Aws, request: &TypedRequest<'_, Type>) -> UpdateServiceFluentBuilder {
    let args = &request.args;
    let mut call = aws.ecs().update_service().cluster(args.cluster.as_str()).service(&*request.id);
    if changed(request, &["task_definition"]) {
        call = call.task_definition(args.task_definition.as_str());
    }
    if changed(request, &["capacity_provider_strategy"]) {
        let strategy = placement::strategy(&args.capacity_provider_strategy);
        call = call.set_capacity_provider_strategy(Some(strategy));
    }
    if changed(request, &["platform_version"]) {
        call = call.platform_version(args.platform_version.as_deref().unwrap_or("LATEST"));
    }
    if changed(request, &["network_configuration"]) {
        let none = || sdk::NetworkConfiguration::builder().build();
        let network = args.network_configuration.as_ref().map(placement::network);
        call = call.network_configuration(network.unwrap_or_else(none));
    }
    if changed(request, &["load_balancers"]) {
        let balancers = args.load_balancers.iter().map(balancing::balancer).collect();
        call = call.set_load_balancers(Some(balancers));
    }
    if changed(request, &["service_registries"]) {
        let registries = args.service_registries.iter().map(balancing::registry).collect();
        call = call.set_service_registries(Some(registries));
    }
    if changed(request, &["health_check_grace_period"]) {
        let Seconds(grace) = args.health_check_grace_period.unwrap_or(Seconds(0));
        call = call.health_check_grace_period_seconds(int(grace));
    }
    if changed(request, &["placement_strategies"]) {
        call = call.set_placement_strategy(Some(placement::rules(&args.placement_strategies)));
    }
    if changed(request, &["placement_constraints"]) {
        let constraints = placement::constraints(&args.placement_constraints);
        call = call.set_placement_constraints(Some(constraints));
    }
    if changed(request, &["availability_zone_rebalancing"]) {
        call = call.availability_zone_rebalancing(rebalancing(args));
    }
    if changed(request, &["enable_execute_command"]) {
        call = call.enable_execute_command(args.enable_execute_command);
    }
    if changed(request, &["enable_ecs_managed_tags"]) {
        call = call.enable_ecs_managed_tags(args.enable_ecs_managed_tags);
    }
    if changed(request, &["propagate_tags"]) {
        let whose = args.propagate_tags.map(|whose| whose.as_str().into());
        call = call.propagate_tags(whose.unwrap_or(sdk::PropagateTags::None));
    }
    let forced = Some(true).filter(|_| changed(request, &FORCED));
    call.set_force_new_deployment(forced)
}

/// What is said, or what AWS has of itself for its kind.
fn rebalancing(args: &ecs::ServiceArgs) -> sdk::AvailabilityZoneRebalancing {
    match (args.availability_zone_rebalancing, args.scheduling_strategy) {
        (Some(said), _) => said.as_str().into(),
        (None, SchedulingStrategy::Replica) => sdk::AvailabilityZoneRebalancing::Enabled,
        (None, SchedulingStrategy::Daemon) => sdk::AvailabilityZoneRebalancing::Disabled,
    }
}
