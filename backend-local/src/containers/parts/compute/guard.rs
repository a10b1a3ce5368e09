//! What ends a deployment: the circuit breaker of a service, and its alarms.

use std::time::Duration;

use infra_core::{
    aws::{
        cloudwatch,
        ecs::{ServiceDeploymentArgs, ThresholdType},
    },
    types::Seconds,
};

use crate::{
    containers::scheduler::{
        Pace,
        service::{Breaker, DeploymentAlarms, Threshold},
    },
    sim::View,
};

/// How long alarms are watched of which nobody knows how far back they look: five minutes of AWS's.
const BAKE: Duration = Duration::from_secs(300);

/// The circuit breaker of a service.
pub(super) fn breaker(deployment: &ServiceDeploymentArgs) -> Option<Breaker> {
    let breaker = deployment.deployment_circuit_breaker.as_ref().filter(|it| it.enable)?;
    let threshold = breaker.threshold_configuration.as_ref();
    Some(Breaker {
        rollback: breaker.rollback,
        threshold: threshold.map_or(Threshold::USUAL, |threshold| match threshold.threshold_type {
            ThresholdType::Count => Threshold::Count(threshold.value),
            ThresholdType::UnboundedPercent => Threshold::UnboundedPercent(threshold.value),
            _ => Threshold::BoundedPercent(threshold.value),
        }),
        reset_on_healthy_task: breaker.reset_on_healthy_task,
    })
}

/// The alarms of a service's deployments. They are watched for as long as they look back, since
/// ECS goes by their evaluation as well.
pub(super) fn alarms(view: &View, deployment: &ServiceDeploymentArgs) -> Option<DeploymentAlarms> {
    let alarms = deployment.alarms.as_ref().filter(|alarms| alarms.enable)?;
    let names: Vec<String> = alarms.alarm_names.iter().map(ToString::to_string).collect();
    let looks_back = names.iter().filter_map(|name| {
        type A = cloudwatch::MetricAlarm;
        let alarm = view.find::<A>(name)?;
        let periods = alarm.get(A::EVALUATION_PERIODS).unwrap_or(1);
        Some(window(alarm.get(A::PERIOD)?, periods))
    });
    let bake = looks_back.max().unwrap_or(BAKE);
    Some(DeploymentAlarms { names, rollback: alarms.rollback, bake: Pace::LOCAL.scale(bake) })
}

fn window(period: Seconds, periods: u32) -> Duration {
    Duration::from_secs(u64::from(period.0)).saturating_mul(periods)
}

#[cfg(test)]
mod tests {
    use infra_core::aws::ecs::{DeploymentAlarmsArgs, DeploymentStrategy};

    use super::*;
    use crate::sim::made_up::{Given, account};

    #[test]
    fn alarms_are_watched_for_as_long_as_they_look_back() {
        type A = cloudwatch::MetricAlarm;
        let alarm = |name: &str, periods: u32| {
            Given::new::<A>(name).with(A::EVALUATION_PERIODS, periods).with(A::PERIOD, Seconds(60))
        };
        let view = account([alarm("errors", 2), alarm("slow", 5)]);
        let guarded = |names: &[&str], enable| {
            let alarm_names = names.iter().map(|name| name.parse().unwrap()).collect();
            let alarms = DeploymentAlarmsArgs { alarm_names, enable, rollback: true };
            let deployment = ServiceDeploymentArgs {
                strategy: DeploymentStrategy::Rolling,
                minimum_healthy_percent: None,
                maximum_percent: None,
                deployment_circuit_breaker: None,
                alarms: Some(alarms),
                bake_time_in_minutes: None,
                lifecycle_hooks: vec![],
                canary_configuration: None,
                linear_configuration: None,
            };
            super::alarms(&view, &deployment)
        };
        let both = guarded(&["errors", "slow"], true).unwrap();
        assert_eq!((both.names.len(), both.rollback), (2, true));
        assert_eq!(both.bake, Duration::from_secs(10));
        assert_eq!(guarded(&["elsewhere"], true).unwrap().bake, Duration::from_secs(10));
        assert_eq!(guarded(&["errors"], true).unwrap().bake, Duration::from_secs(4));
        assert_eq!(guarded(&["errors"], false), None);
    }
}
