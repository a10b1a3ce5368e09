//! Who is told and how: what targets of rules and of schedules have in common.

use infra_core::{
    aws::{
        ClusterArn, FunctionArn, QueueArn, TopicArn,
        eventbridge::{RetryPolicyArgs, TargetArnArgs},
    },
    types::{self, IntoValue, Seconds},
    value::Value,
};

/// A target, by ARN.
pub(crate) fn arn(target: &TargetArnArgs) -> String {
    match target {
        TargetArnArgs::Topic(topic) => topic.to_string(),
        TargetArnArgs::Queue(queue) => queue.to_string(),
        TargetArnArgs::Function(function) => function.to_string(),
        TargetArnArgs::Cluster(cluster) => cluster.to_string(),
        TargetArnArgs::LogGroup(arn) | TargetArnArgs::Other(arn) => arn.clone(),
    }
}

/// A target as the engine keeps it: as it was recorded, if it is the same, by whatever word.
pub(crate) fn told_arn(arn: &str, recorded: &Value) -> Value {
    let known = recorded.entries().first().and_then(|(_, arn)| arn.as_str());
    if known == Some(arn) {
        return recorded.clone();
    }
    let topic = || TopicArn::parse(arn).ok().map(TargetArnArgs::Topic);
    let queue = || QueueArn::parse(arn).ok().map(TargetArnArgs::Queue);
    let function = || FunctionArn::parse(arn).ok().map(TargetArnArgs::Function);
    let cluster = || ClusterArn::parse(arn).ok().map(TargetArnArgs::Cluster);
    let group = || arn.contains(":log-group:").then(|| TargetArnArgs::LogGroup(arn.to_owned()));
    let known = topic().or_else(queue).or_else(function).or_else(cluster).or_else(group);
    known.unwrap_or_else(|| TargetArnArgs::Other(arn.to_owned())).into_value()
}

/// A document as it is sent.
pub(crate) fn json(document: &types::Json) -> Option<String> {
    document.to_json().ok().map(|json| json.to_string())
}

/// A document as it is told: what can't be read is a text.
pub(crate) fn told_json(text: &str) -> types::Json {
    let json = serde_json::from_str(text);
    types::Json::from(json.unwrap_or_else(|_| serde_json::Value::from(text)))
}

/// What AWS does where nobody says how long and how often: a day, 185 times.
pub(crate) const USUAL_RETRIES: RetryPolicyArgs =
    RetryPolicyArgs { maximum_event_age_in_seconds: Seconds(86_400), maximum_retry_attempts: 185 };

/// Defines for an SDK what it has under the same names as the other one: `ecs` and `told_ecs` for
/// the task that a cluster runs, `retry` and `told_retry` for how often somebody is told.
macro_rules! target_settings {
    ($sdk:ident) => {
        fn ecs(
            args: &infra_core::aws::eventbridge::EcsParametersArgs,
        ) -> $sdk::types::EcsParameters {
            use $sdk::types as sdk;

            use crate::plain::int;
            let strategy = args.capacity_provider_strategy.iter().map(|item| {
                sdk::CapacityProviderStrategyItem::builder()
                    .capacity_provider(item.capacity_provider.as_str())
                    .weight(int(item.weight))
                    .base(int(item.base))
                    .build()
                    .expect("the provider is there")
            });
            let strategy: Vec<_> = strategy.collect();
            let network = args.network_configuration.as_ref().map(|network| {
                let network = &network.awsvpc_configuration;
                let texts = |all: Vec<String>| Some(all).filter(|all| !all.is_empty());
                let groups = network.security_groups.iter().map(ToString::to_string).collect();
                let network = sdk::AwsVpcConfiguration::builder()
                    .set_subnets(Some(network.subnets.iter().map(ToString::to_string).collect()))
                    .set_security_groups(texts(groups))
                    .assign_public_ip(network.assign_public_ip.as_str().into());
                let network = network.build().expect("the subnets are there");
                sdk::NetworkConfiguration::builder().awsvpc_configuration(network).build()
            });
            let rules = args.placement_strategies.iter().map(|rule| {
                sdk::PlacementStrategy::builder()
                    .r#type(rule.strategy_type.as_str().into())
                    .set_field(rule.field.clone())
                    .build()
            });
            let rules: Vec<_> = rules.collect();
            let bounds = args.placement_constraints.iter().map(|bound| {
                sdk::PlacementConstraint::builder()
                    .r#type(bound.constraint_type.as_str().into())
                    .set_expression(bound.expression.clone())
                    .build()
            });
            let bounds: Vec<_> = bounds.collect();
            let passed_on = args.propagate_task_definition_tags;
            sdk::EcsParameters::builder()
                .task_definition_arn(args.task_definition_arn.as_str())
                .task_count(int(args.task_count))
                .set_launch_type(args.launch_type.map(|it| it.as_str().into()))
                .set_capacity_provider_strategy(Some(strategy).filter(|all| !all.is_empty()))
                .set_platform_version(args.platform_version.clone())
                .set_network_configuration(network)
                .set_group(args.group.clone())
                .enable_execute_command(args.enable_execute_command)
                .enable_ecs_managed_tags(args.enable_ecs_managed_tags)
                .set_propagate_tags(passed_on.then_some(sdk::PropagateTags::TaskDefinition))
                .set_placement_strategy(Some(rules).filter(|all| !all.is_empty()))
                .set_placement_constraints(Some(bounds).filter(|all| !all.is_empty()))
                .build()
                .expect("the task definition is there")
        }

        fn told_ecs(told: &$sdk::types::EcsParameters) -> infra_core::value::Value {
            use infra_core::{
                types::{IntoValue, structure},
                value::Value,
            };

            use crate::plain::count;
            let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
            let strategy = told.capacity_provider_strategy().iter().map(|item| {
                structure([
                    ("capacity_provider", item.capacity_provider().into()),
                    ("weight", count(item.weight()).into_value()),
                    ("base", count(item.base()).into_value()),
                ])
            });
            let network = told.network_configuration().and_then(|it| it.awsvpc_configuration());
            let network = network.map_or(Value::Null, |network| {
                let texts = |all: &[String]| Value::list(all.iter().map(|it| it.as_str().into()));
                let interfaces = structure([
                    ("subnets", texts(network.subnets())),
                    ("security_groups", texts(network.security_groups())),
                    ("assign_public_ip", text(network.assign_public_ip().map(|it| it.as_str()))),
                ]);
                structure([("awsvpc_configuration", interfaces)])
            });
            let rules = told.placement_strategy().iter().map(|rule| {
                structure([
                    ("strategy_type", text(rule.r#type().map(|it| it.as_str()))),
                    ("field", text(rule.field())),
                ])
            });
            let bounds = told.placement_constraints().iter().map(|bound| {
                structure([
                    ("constraint_type", text(bound.r#type().map(|it| it.as_str()))),
                    ("expression", text(bound.expression())),
                ])
            });
            let truth = |it: Option<bool>| it.unwrap_or_default().into_value();
            structure([
                ("task_definition_arn", told.task_definition_arn().into()),
                ("task_count", told.task_count().and_then(count).into_value()),
                ("launch_type", text(told.launch_type().map(|it| it.as_str()))),
                ("capacity_provider_strategy", Value::list(strategy)),
                ("platform_version", text(told.platform_version())),
                ("network_configuration", network),
                ("group", text(told.group())),
                ("enable_execute_command", truth(told.enable_execute_command().into())),
                ("enable_ecs_managed_tags", truth(told.enable_ecs_managed_tags().into())),
                ("propagate_task_definition_tags", told.propagate_tags().is_some().into_value()),
                ("placement_strategies", Value::list(rules)),
                ("placement_constraints", Value::list(bounds)),
            ])
        }

        fn retry(args: &infra_core::aws::eventbridge::RetryPolicyArgs) -> $sdk::types::RetryPolicy {
            $sdk::types::RetryPolicy::builder()
                .maximum_event_age_in_seconds(crate::plain::int(
                    args.maximum_event_age_in_seconds.0,
                ))
                .maximum_retry_attempts(crate::plain::int(args.maximum_retry_attempts))
                .build()
        }

        fn told_retry(told: Option<&$sdk::types::RetryPolicy>) -> infra_core::value::Value {
            use crate::{plain::count, targets::USUAL_RETRIES as usual};
            let age = told.and_then(|it| count(it.maximum_event_age_in_seconds()?));
            let attempts = told.and_then(|it| count(it.maximum_retry_attempts()?));
            let told = infra_core::aws::eventbridge::RetryPolicyArgs {
                maximum_event_age_in_seconds: age
                    .map_or(usual.maximum_event_age_in_seconds, infra_core::types::Seconds),
                maximum_retry_attempts: attempts.unwrap_or(usual.maximum_retry_attempts),
            };
            infra_core::types::IntoValue::into_value(told)
        }
    };
}

pub(crate) use target_settings;
