//! What AWS refuses of deployments.

use std::ops::RangeInclusive;

use infra_core::{
    aws::ecs::{
        self, DeploymentCircuitBreakerArgs, DeploymentHookTarget, DeploymentLifecycleHookArgs,
        DeploymentStrategy as Strategy, ServiceDeploymentArgs, ThresholdType,
    },
    types::Minutes,
};

use super::{is_daemon, refused};
use crate::sim::{refusal::Refusal, special::Asked};

const PROPERTY: &str = "deployment_configuration";
/// A day.
const BAKE: RangeInclusive<u32> = 0..=1_440;

pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(deployment) = asked.get(ecs::Service::DEPLOYMENT_CONFIGURATION) else {
        return Ok(());
    };
    check_percents(asked, &deployment)?;
    check_strategy(&deployment)?;
    for hook in &deployment.lifecycle_hooks {
        check_hook(hook)?;
    }
    if let Some(breaker) = &deployment.deployment_circuit_breaker {
        check_breaker(breaker)?;
    }
    match &deployment.alarms {
        Some(alarms) if alarms.alarm_names.is_empty() => {
            here("`alarms.alarm_names` names no alarm".to_owned())
        }
        _ => Ok(()),
    }
}

/// Everything stands in one property; the message says where in it.
fn here(message: String) -> Result<(), Refusal> {
    refused(PROPERTY, format!("`{PROPERTY}`: {message}"))
}

fn check_percents(asked: &Asked<'_>, deployment: &ServiceDeploymentArgs) -> Result<(), Refusal> {
    let daemon = is_daemon(asked);
    let (least, most) = (deployment.minimum_healthy_percent, deployment.maximum_percent);
    if let Some(least) = least.filter(|least| *least > 100) {
        return here(format!("`minimum_healthy_percent` {least} must be between 0 and 100"));
    }
    if let Some(most) = most.filter(|most| *most < 100) {
        return here(format!("`maximum_percent` {most} must be 100 or more"));
    }
    if let Some(most) = most.filter(|most| daemon && *most != 100) {
        return here(format!("`maximum_percent` {most} must be 100 with DAEMON"));
    }
    let least = least.unwrap_or(if daemon { 0 } else { 100 });
    let most = most.unwrap_or(if daemon { 100 } else { 200 });
    if least == 100 && most == 100 {
        let message = "`minimum_healthy_percent` and `maximum_percent` are both 100, so that no \
                       task can be replaced; lower the one or raise the other";
        return here(message.to_owned());
    }
    Ok(())
}

/// What goes with the way in which old tasks make room.
fn check_strategy(deployment: &ServiceDeploymentArgs) -> Result<(), Refusal> {
    let strategy = deployment.strategy;
    let parts = [
        ("lifecycle_hooks", !deployment.lifecycle_hooks.is_empty(), strategy != Strategy::Rolling),
        (
            "canary_configuration",
            deployment.canary_configuration.is_some(),
            strategy == Strategy::Canary,
        ),
        (
            "linear_configuration",
            deployment.linear_configuration.is_some(),
            strategy == Strategy::Linear,
        ),
    ];
    if let Some((name, ..)) = parts.into_iter().find(|(_, given, fits)| *given && !fits) {
        return here(format!("`{name}` does not go with the strategy {strategy}"));
    }
    let canary = deployment.canary_configuration.as_ref();
    let linear = deployment.linear_configuration.as_ref();
    let times = [
        ("bake_time_in_minutes", deployment.bake_time_in_minutes),
        (
            "canary_configuration.canary_bake_time_in_minutes",
            canary.map(|canary| canary.canary_bake_time_in_minutes),
        ),
        (
            "linear_configuration.step_bake_time_in_minutes",
            linear.map(|linear| linear.step_bake_time_in_minutes),
        ),
    ];
    for (name, time) in times {
        if let Some(Minutes(minutes)) = time.filter(|time| !BAKE.contains(&time.0)) {
            let last = BAKE.end();
            return here(format!("`{name}` {minutes} min must be between 0 and {last} min"));
        }
    }
    let steps = [
        ("canary_percent", canary.map(|canary| canary.canary_percent), 0.1),
        ("step_percent", linear.map(|linear| linear.step_percent), 3.0),
    ];
    for (name, step, least) in steps {
        if let Some(step) = step.filter(|step| !(least..=100.0).contains(step)) {
            return here(format!("`{name}` {step} must be between {least} and 100"));
        }
    }
    Ok(())
}

fn check_hook(hook: &DeploymentLifecycleHookArgs) -> Result<(), Refusal> {
    if hook.lifecycle_stages.is_empty() {
        return here("`lifecycle_hooks`: `lifecycle_stages` names no stage".to_owned());
    }
    let called = hook.hook_target_arn.is_some() && hook.role_arn.is_some();
    let named = hook.hook_target_arn.is_some() || hook.role_arn.is_some();
    match hook.target_type {
        DeploymentHookTarget::AwsLambda if !called => here(
            "`lifecycle_hooks`: a function is called by its `hook_target_arn` as a `role_arn`; both \
             are needed"
                .to_owned(),
        ),
        DeploymentHookTarget::Pause if named => here(
            "`lifecycle_hooks`: PAUSE waits for somebody, and takes neither `hook_target_arn` nor \
             `role_arn`"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

fn check_breaker(breaker: &DeploymentCircuitBreakerArgs) -> Result<(), Refusal> {
    if breaker.rollback && !breaker.enable {
        let message = "`deployment_circuit_breaker.rollback` goes with `enable`";
        return here(message.to_owned());
    }
    let Some(threshold) = &breaker.threshold_configuration else { return Ok(()) };
    let (value, kind) = (threshold.value, threshold.threshold_type);
    let most = if kind == ThresholdType::Count { u32::MAX } else { 100 };
    if (1..=most).contains(&value) {
        return Ok(());
    }
    here(format!("`threshold_configuration.value` {value} of {kind} must be between 1 and {most}"))
}
