//! How a service's tasks are reached, for AWS and back.

use aws_sdk_ecs::types as sdk;
use infra_core::aws::ecs::{
    AdvancedConfigurationArgs, ServiceLoadBalancerArgs, ServiceRegistryArgs,
};

use super::super::{numbers::port, word};

pub(super) fn balancer(args: &ServiceLoadBalancerArgs) -> sdk::LoadBalancer {
    sdk::LoadBalancer::builder()
        .target_group_arn(args.target_group_arn.as_str())
        .container_name(&args.container_name)
        .container_port(args.container_port.into())
        .set_advanced_configuration(args.advanced_configuration.as_ref().map(advanced))
        .build()
}

fn advanced(args: &AdvancedConfigurationArgs) -> sdk::AdvancedConfiguration {
    let test = args.test_listener_rule.as_ref();
    sdk::AdvancedConfiguration::builder()
        .alternate_target_group_arn(args.alternate_target_group_arn.as_str())
        .production_listener_rule(args.production_listener_rule.as_str())
        .role_arn(args.role_arn.as_str())
        .set_test_listener_rule(test.map(ToString::to_string))
        .build()
}

pub(super) fn balancer_seen(told: &sdk::LoadBalancer) -> Option<ServiceLoadBalancerArgs> {
    let advanced = match told.advanced_configuration() {
        Some(told) => Some(advanced_seen(told)?),
        None => None,
    };
    Some(ServiceLoadBalancerArgs {
        target_group_arn: word(told.target_group_arn()?)?,
        container_name: told.container_name()?.to_owned(),
        container_port: told.container_port().map(port)?,
        advanced_configuration: advanced,
    })
}

fn advanced_seen(told: &sdk::AdvancedConfiguration) -> Option<AdvancedConfigurationArgs> {
    Some(AdvancedConfigurationArgs {
        alternate_target_group_arn: word(told.alternate_target_group_arn()?)?,
        production_listener_rule: word(told.production_listener_rule()?)?,
        role_arn: word(told.role_arn()?)?,
        test_listener_rule: told.test_listener_rule().and_then(word),
    })
}

pub(super) fn registry(args: &ServiceRegistryArgs) -> sdk::ServiceRegistry {
    sdk::ServiceRegistry::builder()
        .registry_arn(args.registry_arn.as_str())
        .set_container_name(args.container_name.clone())
        .set_container_port(args.container_port.map(Into::into))
        .set_port(args.port.map(Into::into))
        .build()
}

pub(super) fn registry_seen(told: &sdk::ServiceRegistry) -> Option<ServiceRegistryArgs> {
    let some = |number: Option<i32>| number.filter(|number| *number != 0).map(port);
    Some(ServiceRegistryArgs {
        registry_arn: word(told.registry_arn()?)?,
        container_name: told.container_name().map(str::to_owned),
        container_port: some(told.container_port()),
        port: some(told.port()),
    })
}
