//! How far a service's deployment is, and why it came to nothing.

use aws_sdk_ecs::types::{self as sdk, DeploymentRolloutState, DesiredStatus};

use super::super::{MANY, name_of};
use crate::{aws::Aws, error::Answer, seen::Seen};

/// How many events and reasons are told.
const FEW: usize = 5;

/// What of a deployment counts.
enum Rollout {
    Steady,
    UnderWay(String),
    Failed(String),
}

/// Words in events of a deployment that came to nothing.
const GIVEN_UP: [&str; 3] = ["deployment failed", "rolled back", "rolling back"];

fn rollout(service: &sdk::Service, wanted: Option<&str>) -> Rollout {
    let all = service.deployments();
    let failed = all.iter().find(|it| it.rollout_state() == Some(&DeploymentRolloutState::Failed));
    if let Some(failed) = failed {
        let reason = failed.rollout_state_reason().unwrap_or("its deployment failed");
        return Rollout::Failed(reason.to_owned());
    }
    let Some(primary) = all.iter().find(|it| it.status() == Some("PRIMARY")) else {
        return Rollout::UnderWay("it has no deployment yet".to_owned());
    };
    let running = format!("{} of {} run", primary.running_count(), primary.desired_count());
    let steady = match primary.rollout_state() {
        Some(state) => *state == DeploymentRolloutState::Completed,
        // Of other deployments than ECS's own the counts alone tell.
        None => all.len() == 1 && primary.running_count() == primary.desired_count(),
    };
    if !steady {
        return Rollout::UnderWay(running);
    }
    let definition = primary.task_definition().unwrap_or_default();
    match wanted.filter(|wanted| *wanted != definition) {
        None => Rollout::Steady,
        Some(wanted) => {
            let given_up = |event: &sdk::ServiceEvent| {
                let message = event.message().unwrap_or_default();
                GIVEN_UP.iter().any(|words| message.contains(words))
            };
            let why = format!("it runs {definition}, not {wanted}");
            if service.events().iter().take(FEW).any(given_up) {
                Rollout::Failed(format!("its deployment was taken back: {why}"))
            } else {
                Rollout::UnderWay(why)
            }
        }
    }
}

/// Says of a service how far it is, for one that shall run a task definition.
pub(super) async fn with_state(
    aws: &Aws,
    seen: Seen,
    service: &sdk::Service,
    wanted: Option<&str>,
) -> Answer<Seen> {
    if service.status() != Some("ACTIVE") {
        return Ok(seen.state(service.status(), &[], &["DRAINING"], &[]));
    }
    match rollout(service, wanted) {
        Rollout::Steady => Ok(seen),
        Rollout::UnderWay(what) => Ok(seen.state(Some(&what), &[], &[], &[])),
        Rollout::Failed(why) => {
            let told = explanation(aws, service).await?;
            let mut seen = seen.state(Some(&why), &[], &[], &[]);
            seen.failed = Some(format!("{}: {why}{told}", seen.id));
            Ok(seen)
        }
    }
}

/// The newest events, and why tasks stopped.
async fn explanation(aws: &Aws, service: &sdk::Service) -> Answer<String> {
    let events = service.events().iter().filter_map(|event| event.message()).take(FEW);
    let mut said: Vec<String> = events.map(str::to_owned).collect();
    let cluster = service.cluster_arn().map(name_of).unwrap_or_default();
    let ask = aws.ecs().list_tasks().cluster(cluster).desired_status(DesiredStatus::Stopped);
    let ask = ask.service_name(service.service_name().unwrap_or_default());
    let mut stopped = ask.send().await?.task_arns.unwrap_or_default();
    stopped.truncate(MANY);
    if !stopped.is_empty() {
        let ask = aws.ecs().describe_tasks().cluster(cluster).set_tasks(Some(stopped));
        let mut tasks = ask.send().await?.tasks.unwrap_or_default();
        tasks.sort_by_key(|task| std::cmp::Reverse(task.stopped_at().map(|at| at.secs())));
        let mut reasons: Vec<String> = tasks.iter().map(ended).collect();
        reasons.dedup();
        said.extend(reasons.into_iter().take(FEW));
    }
    Ok(said.into_iter().map(|said| format!("\n  {said}")).collect())
}

/// Why a task ended, and with what its containers did.
pub(in super::super) fn ended(task: &sdk::Task) -> String {
    let reason = task.stopped_reason().unwrap_or("it does not say why").trim();
    let containers = task.containers().iter().filter_map(|container| {
        let name = container.name()?;
        match (container.exit_code(), container.reason()) {
            (_, Some(reason)) => Some(format!("; {name}: {reason}")),
            (Some(code), None) => Some(format!("; {name} ended with {code}")),
            (None, None) => None,
        }
    });
    format!("a task stopped: {reason}{}", containers.collect::<String>())
}
