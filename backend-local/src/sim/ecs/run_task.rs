//! What is special about a single task: what it comes to, and when that is a failure.

use std::time::Duration;

use infra_core::{
    aws::ecs::{self, ContainerOverrideArgs, TaskOverrideArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
    value::PropertiesBuilder,
};

use super::{
    cluster::INVALID,
    placement::{Override, Start, check_constraints, check_rules},
    task_definition::Definition,
};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
    workload::{End, Starting},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RunTask];

const CODES: Codes = Codes {
    not_found: "InvalidParameterException",
    not_ready: "ClientException",
    exists: "ConflictException",
    in_use: "ClientException",
    quota: "LimitExceededException",
};
/// What AWS says when a container ended that is essential.
const ENDED: &str = "Essential container in task exited";
/// The code of a process that was killed.
const KILLED: i32 = 137;

struct RunTask;

impl Special for RunTask {
    fn ty(&self) -> &'static TypeDef {
        ecs::RunTask::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        type T = ecs::RunTask;
        let rules = asked.get(T::PLACEMENT_STRATEGIES).unwrap_or_default();
        check_rules("placement_strategies", &rules)?;
        let constraints = asked.get(T::PLACEMENT_CONSTRAINTS).unwrap_or_default();
        check_constraints("placement_constraints", &constraints)?;
        if asked.get(T::ACCEPTED_EXIT_CODES).unwrap_or_default().is_empty() {
            return refused(
                "accepted_exit_codes",
                "`accepted_exit_codes` is empty; no end is good",
            );
        }
        if asked.get(T::TIME_LIMIT) == Some(Seconds(0)) {
            return refused("time_limit", "`time_limit` 0 s leaves no time to run");
        }
        let Some(definition) = asked.referenced(T::TASK_DEFINITION) else { return Ok(()) };
        let start = start(asked, definition);
        check_overrides(&start, &containers(asked))?;
        start.check(asked)
    }

    /// What it comes to is decided now, and told when it has ended.
    fn created(&self, world: &mut World, place: u32) {
        let end = end(world, &world.objects[place as usize]);
        let object = &mut world.objects[place as usize];
        let mut outputs = PropertiesBuilder::from(object.outputs.clone());
        let (reason, after) = match end {
            End::Exited { code, after } => {
                tell(&mut outputs, ecs::RunTask::EXIT_CODE, code);
                (ENDED.to_owned(), after)
            }
            End::NotStarted { reason } => (reason, usual()),
        };
        tell(&mut outputs, ecs::RunTask::STOPPED_REASON, reason);
        object.outputs = outputs.build();
        world.end_in(place, u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
    }

    fn time_limit(&self, asked: &Asked<'_>) -> Option<u64> {
        asked.get(ecs::RunTask::TIME_LIMIT).map(|Seconds(seconds)| u64::from(seconds) * 1_000)
    }

    fn stopped(&self, outputs: &mut PropertiesBuilder) {
        tell(outputs, ecs::RunTask::EXIT_CODE, KILLED);
        let reason = "stopped: its `time_limit` is over";
        tell(outputs, ecs::RunTask::STOPPED_REASON, reason.to_owned());
    }

    fn failure(&self, object: &Object) -> Option<String> {
        type T = ecs::RunTask;
        let reason = of(object, T::STOPPED_REASON).unwrap_or_default();
        let (id, definition) = (&object.id, object.text("task_definition"));
        let Some(code) = of(object, T::EXIT_CODE) else {
            return Some(format!("the task {id} of {definition} did not start: {reason}"));
        };
        let accepted = of(object, T::ACCEPTED_EXIT_CODES).unwrap_or_default();
        if accepted.contains(&code) && reason == ENDED {
            return None;
        }
        let accepted: Vec<String> = accepted.iter().map(ToString::to_string).collect();
        Some(format!(
            "the task {id} of {definition} ended with the code {code}, and `accepted_exit_codes` \
             are {} ({reason}); its log says why",
            accepted.join(", ")
        ))
    }
}

fn refused(property: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

/// What differs in containers.
fn containers(asked: &Asked<'_>) -> Vec<ContainerOverrideArgs> {
    let differs = asked.get(ecs::RunTask::OVERRIDES);
    differs.map(|differs| differs.container_overrides).unwrap_or_default()
}

fn differs(differs: TaskOverrideArgs) -> Override {
    Override {
        cpu: differs.cpu,
        memory: differs.memory,
        task_role: differs.task_role_arn,
        execution_role: differs.execution_role_arn,
    }
}

fn start<'a>(asked: &'a Asked<'_>, definition: &'a Object) -> Start<'a> {
    type T = ecs::RunTask;
    Start {
        cluster: asked.inputs.get(T::CLUSTER.slot).as_str().unwrap_or_default(),
        revision: &definition.id,
        definition: Definition::of(definition),
        strategy: asked.get(T::CAPACITY_PROVIDER_STRATEGY).unwrap_or_default(),
        launch_type: asked.get(T::LAUNCH_TYPE),
        platform_version: asked.get(T::PLATFORM_VERSION),
        network: asked.get(T::NETWORK_CONFIGURATION),
        enable_execute_command: asked.get(T::ENABLE_EXECUTE_COMMAND) == Some(true),
        differs: asked.get(T::OVERRIDES).map(differs).unwrap_or_default(),
    }
}

/// Overrides are about containers that the definition has.
fn check_overrides(start: &Start<'_>, all: &[ContainerOverrideArgs]) -> Result<(), Refusal> {
    for other in all {
        let Some(container) = start.definition.container(&other.name) else {
            let known: Vec<&str> =
                start.definition.containers.iter().map(|container| &*container.name).collect();
            let message = format!(
                "`overrides`: {} has no container `{}`; it has {}",
                start.revision,
                other.name,
                known.join(", ")
            );
            return refused("overrides", message);
        };
        let hard = other.memory.or(container.memory);
        let soft = other.memory_reservation.or(container.memory_reservation);
        if let (Some(hard), Some(soft)) = (hard, soft)
            && soft >= hard
        {
            let message = format!(
                "`overrides`: `memory` {hard} of `{}` must be more than its `memory_reservation` \
                 {soft}",
                other.name
            );
            return refused("overrides", message);
        }
    }
    Ok(())
}

/// How long a container runs of which nobody says anything.
fn usual() -> Duration {
    Duration::from_millis(ecs::RunTask::definition().durations.create)
}

/// What a task comes to: what its first essential container does that ends, or what keeps one from
/// starting.
fn end(world: &World, task: &Object) -> End {
    let good = End::Exited { code: 0, after: usual() };
    let Some(workload) = &world.workload else { return good };
    let revision = task.text("task_definition");
    let definition = world.get(ecs::TaskDefinition::definition().name, revision, &task.scope);
    let Some(definition) = definition.map(Definition::of) else { return good };
    let differs = of(task, ecs::RunTask::OVERRIDES);
    let differs = differs.map(|differs| differs.container_overrides).unwrap_or_default();
    let mut first: Option<(Duration, i32)> = None;
    for container in &definition.containers {
        let named = |other: &&ContainerOverrideArgs| other.name == container.name;
        let command = differs.iter().find(named).and_then(|other| other.command.as_ref());
        let command = command.or(container.command.as_ref());
        let starting = Starting {
            task_definition: revision,
            container: &container.name,
            image: &container.image,
            command: command.map(Vec::as_slice).unwrap_or_default(),
        };
        match workload.end(&starting).unwrap_or_else(|| good.clone()) {
            End::NotStarted { reason } => return End::NotStarted { reason },
            End::Exited { code, after } if container.essential => {
                if first.is_none_or(|(earliest, _)| after < earliest) {
                    first = Some((after, code));
                }
            }
            End::Exited { .. } => {}
        }
    }
    first.map_or(good, |(after, code)| End::Exited { code, after })
}
