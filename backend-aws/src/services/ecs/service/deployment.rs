//! How a deployment goes and how a service is watched, in AWS's JSON and back: the SDK does not
//! know all of it yet.

use infra_core::{
    aws::ecs::{
        CanaryConfigurationArgs, DeploymentAlarmsArgs, DeploymentCircuitBreakerArgs,
        DeploymentHookTarget, DeploymentLifecycleHookArgs, DeploymentStrategy,
        LinearConfigurationArgs, MetricConfigurationArgs, SchedulingStrategy,
        ServiceDeploymentArgs, ServiceMonitoringArgs, ThresholdConfigurationArgs, ThresholdType,
    },
    types::{Minutes, PropertyType, Seconds},
    value::Value as Recorded,
};
use serde_json::{Map, Value, json};

use super::super::word;

/// A structure without what is absent.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let given = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(given.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

pub(super) fn deployment(args: &ServiceDeploymentArgs) -> Value {
    let hooks: Vec<Value> = args.lifecycle_hooks.iter().map(hook).collect();
    object([
        ("strategy", json!(args.strategy.as_str())),
        ("minimumHealthyPercent", json!(args.minimum_healthy_percent)),
        ("maximumPercent", json!(args.maximum_percent)),
        (
            "deploymentCircuitBreaker",
            args.deployment_circuit_breaker.as_ref().map_or(Value::Null, breaker),
        ),
        ("alarms", args.alarms.as_ref().map_or(Value::Null, alarms)),
        ("bakeTimeInMinutes", json!(args.bake_time_in_minutes.map(|time| time.0))),
        ("lifecycleHooks", if hooks.is_empty() { Value::Null } else { json!(hooks) }),
        ("canaryConfiguration", args.canary_configuration.as_ref().map_or(Value::Null, canary)),
        ("linearConfiguration", args.linear_configuration.as_ref().map_or(Value::Null, linear)),
    ])
}

/// A deployment that takes the place of another one: what is absent is AWS's own again.
pub(super) fn whole_deployment(
    args: Option<&ServiceDeploymentArgs>,
    scheduling: SchedulingStrategy,
) -> Value {
    let [least, most] = percents(scheduling);
    let mut whole = json!({
        "strategy": DeploymentStrategy::Rolling.as_str(),
        "minimumHealthyPercent": least,
        "maximumPercent": most,
        "deploymentCircuitBreaker": { "enable": false, "rollback": false },
        "alarms": { "alarmNames": [], "enable": false, "rollback": false },
        "lifecycleHooks": [],
    });
    if let (Value::Object(whole), Some(Value::Object(given))) = (&mut whole, args.map(deployment)) {
        whole.extend(given);
    }
    whole
}

/// Between how many percent of its tasks a service is during a deployment, unless it is said.
fn percents(scheduling: SchedulingStrategy) -> [u32; 2] {
    match scheduling {
        SchedulingStrategy::Replica => [100, 200],
        SchedulingStrategy::Daemon => [0, 100],
    }
}

fn breaker(args: &DeploymentCircuitBreakerArgs) -> Value {
    let threshold = args.threshold_configuration.as_ref().map(
        |threshold| json!({ "type": threshold.threshold_type.as_str(), "value": threshold.value }),
    );
    object([
        ("enable", json!(args.enable)),
        ("rollback", json!(args.rollback)),
        ("resetOnHealthyTask", json!(args.reset_on_healthy_task)),
        ("thresholdConfiguration", json!(threshold)),
    ])
}

fn alarms(args: &DeploymentAlarmsArgs) -> Value {
    let names: Vec<&str> = args.alarm_names.iter().map(|name| name.as_str()).collect();
    json!({ "alarmNames": names, "enable": args.enable, "rollback": args.rollback })
}

fn hook(args: &DeploymentLifecycleHookArgs) -> Value {
    let stages: Vec<&str> = args.lifecycle_stages.iter().map(|stage| stage.as_str()).collect();
    object([
        ("lifecycleStages", json!(stages)),
        ("targetType", json!(args.target_type.as_str())),
        ("hookTargetArn", json!(args.hook_target_arn.as_ref().map(ToString::to_string))),
        ("roleArn", json!(args.role_arn.as_ref().map(ToString::to_string))),
    ])
}

fn canary(args: &CanaryConfigurationArgs) -> Value {
    json!({
        "canaryPercent": args.canary_percent,
        "canaryBakeTimeInMinutes": args.canary_bake_time_in_minutes.0,
    })
}

fn linear(args: &LinearConfigurationArgs) -> Value {
    json!({
        "stepPercent": args.step_percent,
        "stepBakeTimeInMinutes": args.step_bake_time_in_minutes.0,
    })
}

/// What a service is watched by; without anything, by what AWS does by itself.
pub(super) fn monitoring(args: Option<&ServiceMonitoringArgs>) -> Value {
    let Some(args) = args else {
        return json!({ "metricConfigurations": [{
            "metricNames": ["CPUUtilization", "MemoryUtilization"],
            "resolutionSeconds": USUAL_RESOLUTION,
        }] });
    };
    let all = args.metric_configurations.iter().map(|configuration| {
        let names = configuration.metric_names.iter().map(|name| name.as_str());
        json!({
            "metricNames": names.collect::<Vec<_>>(),
            "resolutionSeconds": configuration.resolution_seconds.0,
        })
    });
    json!({ "metricConfigurations": all.collect::<Vec<_>>() })
}

const USUAL_RESOLUTION: u32 = 60;

fn number(json: &Value, name: &str) -> Option<u32> {
    json.get(name)?.as_u64()?.try_into().ok()
}

fn is(json: &Value, name: &str) -> bool {
    json.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn named<T: PropertyType<Resolved = T>>(json: &Value, name: &str) -> Option<T> {
    json.get(name)?.as_str().and_then(word)
}

fn all<T: PropertyType<Resolved = T>>(json: &Value, name: &str) -> Vec<T> {
    let items = json.get(name).and_then(Value::as_array);
    let words = items.into_iter().flatten().filter_map(Value::as_str);
    words.filter_map(word).collect()
}

/// What AWS tells of deployments; what it fills in by itself is among it.
pub(super) fn deployment_seen(json: &Value) -> ServiceDeploymentArgs {
    let hooks = json.get("lifecycleHooks").and_then(Value::as_array);
    ServiceDeploymentArgs {
        strategy: named(json, "strategy").unwrap_or(DeploymentStrategy::Rolling),
        minimum_healthy_percent: number(json, "minimumHealthyPercent"),
        maximum_percent: number(json, "maximumPercent"),
        deployment_circuit_breaker: json.get("deploymentCircuitBreaker").map(breaker_seen),
        alarms: json.get("alarms").map(|json| DeploymentAlarmsArgs {
            alarm_names: all(json, "alarmNames"),
            enable: is(json, "enable"),
            rollback: is(json, "rollback"),
        }),
        bake_time_in_minutes: number(json, "bakeTimeInMinutes").map(Minutes),
        lifecycle_hooks: hooks.into_iter().flatten().map(hook_seen).collect(),
        canary_configuration: json.get("canaryConfiguration").and_then(|json| {
            Some(CanaryConfigurationArgs {
                canary_percent: json.get("canaryPercent")?.as_f64()?,
                canary_bake_time_in_minutes: Minutes(number(json, "canaryBakeTimeInMinutes")?),
            })
        }),
        linear_configuration: json.get("linearConfiguration").and_then(|json| {
            Some(LinearConfigurationArgs {
                step_percent: json.get("stepPercent")?.as_f64()?,
                step_bake_time_in_minutes: Minutes(number(json, "stepBakeTimeInMinutes")?),
            })
        }),
    }
}

fn breaker_seen(json: &Value) -> DeploymentCircuitBreakerArgs {
    let threshold = json.get("thresholdConfiguration").and_then(|json| {
        Some(ThresholdConfigurationArgs {
            threshold_type: named(json, "type")?,
            value: number(json, "value")?,
        })
    });
    let reset = json.get("resetOnHealthyTask").and_then(Value::as_bool);
    DeploymentCircuitBreakerArgs {
        enable: is(json, "enable"),
        rollback: is(json, "rollback"),
        reset_on_healthy_task: reset.unwrap_or(true),
        threshold_configuration: threshold,
    }
}

fn hook_seen(json: &Value) -> DeploymentLifecycleHookArgs {
    DeploymentLifecycleHookArgs {
        lifecycle_stages: all(json, "lifecycleStages"),
        target_type: named(json, "targetType").unwrap_or(DeploymentHookTarget::AwsLambda),
        hook_target_arn: named(json, "hookTargetArn"),
        role_arn: named(json, "roleArn"),
    }
}

/// Whether AWS filled something of a deployment in.
pub(super) fn filled(
    scheduling: SchedulingStrategy,
) -> impl Fn(&str, &Recorded, &Recorded) -> bool {
    let [least, most] = percents(scheduling).map(|percent| Recorded::Int(percent.into()));
    let off = |value: &Recorded| value.field("enable") == Some(&Recorded::Bool(false));
    move |field, value, _| match field {
        "minimum_healthy_percent" => *value == least,
        "maximum_percent" => *value == most,
        "strategy" => value.as_str() == Some(DeploymentStrategy::Rolling.as_str()),
        "deployment_circuit_breaker" | "alarms" => off(value),
        "bake_time_in_minutes" => *value == Recorded::Int(0),
        "threshold_configuration" => {
            let kind = value.field("threshold_type").and_then(Recorded::as_str);
            kind == Some(ThresholdType::BoundedPercent.as_str())
                && value.field("value") == Some(&Recorded::Int(50))
        }
        _ => false,
    }
}

/// What AWS tells of how a service is watched; `None` for what it does by itself.
pub(super) fn monitoring_seen(json: &Value) -> Option<ServiceMonitoringArgs> {
    let all_of = json.get("metricConfigurations")?.as_array()?;
    let configurations = all_of.iter().filter_map(|json| {
        Some(MetricConfigurationArgs {
            metric_names: all(json, "metricNames"),
            resolution_seconds: Seconds(number(json, "resolutionSeconds")?),
        })
    });
    let metric_configurations: Vec<_> = configurations.collect();
    (!metric_configurations.is_empty()).then_some(ServiceMonitoringArgs { metric_configurations })
}
