//! Times that have to fit each other.

use super::about_part;
use crate::{
    analysis::{Outline, Tasks, health_checks},
    aws::{
        ecs::{Service, TaskDefinition},
        elbv2::TargetGroup,
    },
    graph::{NodeView, ProgramProblem},
    types::Seconds,
    value::Value,
};

/// How long ECS lets a container end where nothing is said. Source: `ECS_CONTAINER_STOP_TIMEOUT` of
/// the agent.
const STOP_TIMEOUT: i64 = 30;

/// A container of a service that a target group sends requests to.
struct Target<'a> {
    group: NodeView<'a, TargetGroup>,
    definition: NodeView<'a, TaskDefinition>,
    container: Value,
}

fn targets<'a>(outline: &Outline<'a>, tasks: &Tasks<'a>) -> Vec<Target<'a>> {
    let Some(definition) = tasks.definition else { return vec![] };
    let containers = tasks.containers(outline);
    let balancers = tasks.service.node.inputs.get(Service::LOAD_BALANCERS.slot);
    let mut targets = vec![];
    for balancer in balancers.items() {
        let named = balancer.field("container_name").and_then(Value::as_str);
        let container = containers.iter().find(|it| name(it) == named);
        for group in outline.linked::<TargetGroup>(balancer) {
            targets.extend(container.cloned().map(|container| Target {
                group,
                definition,
                container,
            }));
        }
    }
    targets
}

fn name(container: &Value) -> Option<&str> {
    container.field("name").and_then(Value::as_str)
}

/// `stop-after-drain`: a container is not killed before its target group has let it finish.
pub(super) fn stop_after_drain(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for target in Tasks::all(outline).iter().flat_map(|tasks| targets(outline, tasks)) {
        let drain = outline.get(&target.group, TargetGroup::DEREGISTRATION_DELAY);
        let drain = drain.map_or(300, |drain| i64::from(drain.0));
        let stop = target.container.field("stop_timeout").map_or(Some(STOP_TIMEOUT), Value::as_int);
        let Some(stop) = stop.filter(|stop| *stop < drain) else { continue };
        let name = name(&target.container).unwrap_or("?");
        let message = format!(
            "is {stop} s, and `{}` sends it requests and lets it finish them for {drain} s",
            target.group.node.urn.short()
        );
        let prop = TaskDefinition::CONTAINER_DEFINITIONS;
        let part = format!("{name}.stop_timeout");
        let problem = about_part(outline, &target.definition, prop, &part, message);
        found
            .push(problem.help(format!("give {drain} s or more, or lower `deregistration_delay`")));
    }
    found
}

/// `grace-covers-start`: health checks of a task do not count before it can have started.
pub(super) fn grace_covers_start(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for tasks in Tasks::all(outline) {
        let starts = targets(outline, &tasks).into_iter().map(|it| start(outline, &it)).max();
        let grace = outline.value(&tasks.service, Service::HEALTH_CHECK_GRACE_PERIOD);
        let grace = if grace.is_null() { Some(0) } else { grace.as_int() };
        let (Some(start), Some(grace)) = (starts, grace) else { continue };
        if grace >= start {
            continue;
        }
        let message = format!(
            "is {grace} s, and a task takes up to {start} s: it would be replaced while it starts"
        );
        let prop = Service::HEALTH_CHECK_GRACE_PERIOD;
        let problem = outline.program().about(&tasks.service, prop, message).without_value();
        found.push(problem.help(format!("give {start} s or more")));
    }
    found
}

/// How long a task may take until its target group calls it healthy: it starts, and answers well as
/// often as it is asked to.
fn start<'a>(outline: &Outline<'a>, target: &Target<'a>) -> i64 {
    let (Seconds(interval), answers) = health_checks(outline, &target.group);
    let health = target.container.field("health_check");
    let start = health.and_then(|health| health.field("start_period")).and_then(Value::as_int);
    start.unwrap_or(0) + i64::from(interval) * i64::from(answers)
}

/// `rollout-guarded`: a rollout whose tasks do not start is taken back.
pub(super) fn rollout_guarded(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for tasks in Tasks::all(outline) {
        let deployment = outline.value(&tasks.service, Service::DEPLOYMENT_CONFIGURATION);
        let on = |part: &str, field: &str| {
            deployment.field(part).and_then(|it| it.field(field)).and_then(Value::as_bool)
                == Some(true)
        };
        let guarded = ["deployment_circuit_breaker", "alarms"]
            .iter()
            .any(|part| on(part, "enable") && on(part, "rollback"));
        if guarded {
            continue;
        }
        let message = "takes back no rollout that fails: its tasks would be started for ever";
        let prop = Service::DEPLOYMENT_CONFIGURATION;
        let problem = outline.program().about(&tasks.service, prop, message).without_value();
        found.push(problem.help("give `ServiceDeployment::guarded()`, or alarms with rollback"));
    }
    found
}
