//! Where tasks run, and how they are reached, in the SDK's words and back.

use aws_sdk_ecs::types as sdk;
use infra_core::{
    aws::ecs::{
        AwsvpcConfigurationArgs, CapacityProviderStrategyItem, CapacityProviderStrategyItemArgs,
        NetworkConfigurationArgs, PlacementConstraintArgs, PlacementStrategyArgs, Switch,
    },
    dsl::Prop,
    handler::Request,
};

use super::{
    numbers::{int, unsigned},
    word, words,
};
use crate::{alike::in_order, resource::recorded};

pub(super) fn strategy(
    items: &[CapacityProviderStrategyItemArgs],
) -> Vec<sdk::CapacityProviderStrategyItem> {
    let item = |item: &CapacityProviderStrategyItemArgs| {
        sdk::CapacityProviderStrategyItem::builder()
            .capacity_provider(item.capacity_provider.as_str())
            .weight(int(item.weight))
            .base(int(item.base))
            .build()
            .expect("the provider is there")
    };
    items.iter().map(item).collect()
}

/// A strategy, in the order of the recorded one: AWS goes by shares alone.
pub(super) fn strategy_seen<R>(
    request: &Request,
    prop: Prop<R, Vec<CapacityProviderStrategyItem>>,
    items: &[sdk::CapacityProviderStrategyItem],
) -> Vec<CapacityProviderStrategyItemArgs> {
    let item = |item: &sdk::CapacityProviderStrategyItem| {
        Some(CapacityProviderStrategyItemArgs {
            capacity_provider: word(item.capacity_provider())?,
            weight: unsigned(item.weight()),
            base: unsigned(item.base()),
        })
    };
    let told = items.iter().filter_map(item).collect();
    in_order(&recorded(request, prop).unwrap_or_default(), told)
}

pub(super) fn network(args: &NetworkConfigurationArgs) -> sdk::NetworkConfiguration {
    let args = &args.awsvpc_configuration;
    let interfaces = sdk::AwsVpcConfiguration::builder()
        .set_subnets(Some(args.subnets.iter().map(ToString::to_string).collect()))
        .set_security_groups(Some(args.security_groups.iter().map(ToString::to_string).collect()))
        .assign_public_ip(args.assign_public_ip.as_str().into())
        .build()
        .expect("the subnets are there");
    sdk::NetworkConfiguration::builder().awsvpc_configuration(interfaces).build()
}

/// A network, with subnets and groups in the recorded order.
pub(super) fn network_seen(
    recorded: Option<&NetworkConfigurationArgs>,
    network: &sdk::NetworkConfiguration,
) -> Option<NetworkConfigurationArgs> {
    let told = network.awsvpc_configuration()?;
    let recorded = recorded.map(|recorded| &recorded.awsvpc_configuration);
    let subnets = recorded.map(|recorded| &*recorded.subnets).unwrap_or_default();
    let groups = recorded.map(|recorded| &*recorded.security_groups).unwrap_or_default();
    let public = told.assign_public_ip().and_then(|it| word(it.as_str()));
    let awsvpc_configuration = AwsvpcConfigurationArgs {
        subnets: in_order(subnets, words(told.subnets())),
        security_groups: in_order(groups, words(told.security_groups())),
        assign_public_ip: public.unwrap_or(Switch::Disabled),
    };
    Some(NetworkConfigurationArgs { awsvpc_configuration })
}

pub(super) fn rules(rules: &[PlacementStrategyArgs]) -> Vec<sdk::PlacementStrategy> {
    let rule = |rule: &PlacementStrategyArgs| {
        sdk::PlacementStrategy::builder()
            .r#type(rule.strategy_type.as_str().into())
            .set_field(rule.field.clone())
            .build()
    };
    rules.iter().map(rule).collect()
}

pub(super) fn rules_seen(rules: &[sdk::PlacementStrategy]) -> Vec<PlacementStrategyArgs> {
    let rule = |rule: &sdk::PlacementStrategy| {
        let strategy_type = word(rule.r#type()?.as_str())?;
        let field = rule.field().filter(|field| !field.is_empty()).map(str::to_owned);
        Some(PlacementStrategyArgs { strategy_type, field })
    };
    rules.iter().filter_map(rule).collect()
}

pub(super) fn constraints(all: &[PlacementConstraintArgs]) -> Vec<sdk::PlacementConstraint> {
    let constraint = |constraint: &PlacementConstraintArgs| {
        sdk::PlacementConstraint::builder()
            .r#type(constraint.constraint_type.as_str().into())
            .set_expression(constraint.expression.clone())
            .build()
    };
    all.iter().map(constraint).collect()
}

pub(super) fn constraints_seen(all: &[sdk::PlacementConstraint]) -> Vec<PlacementConstraintArgs> {
    let constraint = |constraint: &sdk::PlacementConstraint| {
        let constraint_type = word(constraint.r#type()?.as_str())?;
        let expression = constraint.expression().filter(|text| !text.is_empty());
        Some(PlacementConstraintArgs { constraint_type, expression: expression.map(str::to_owned) })
    };
    all.iter().filter_map(constraint).collect()
}
