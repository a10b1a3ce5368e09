//! Tasks that run once and end.

use infra_core::{
    aws::ecs::{NetworkConfiguration, RunTask, RunTaskBuilder, TaskDefinition},
    dsl::Provided,
    prelude::*,
};

use super::{Foundation, capacity};

/// A task that runs once on the site's instances.
#[track_caller]
pub(super) fn once(
    on: &Foundation<'_>,
    name: &str,
    definition: &TaskDefinition,
    place: &NetworkConfiguration,
) -> RunTaskBuilder<Provided, Provided> {
    RunTask::named(name)
        .cluster(&on.hosts.cluster)
        .task_definition(definition)
        .capacity_provider_strategy(capacity(on.hosts))
        .network_configuration(place.clone())
}

/// The same once the machines of the database are there.
pub(super) fn with_database(
    on: &Foundation<'_>,
    task: RunTaskBuilder<Provided, Provided>,
) -> RunTaskBuilder<Provided, Provided> {
    on.database.instances.iter().fold(task, |task, machine| task.depends_on(machine))
}

/// The same for its triggers alone: not again because the task is another, or runs elsewhere.
pub(super) fn for_triggers_alone(
    task: RunTaskBuilder<Provided, Provided>,
) -> RunTaskBuilder<Provided, Provided> {
    task.ignore_changes(RunTask::TASK_DEFINITION)
        .ignore_changes(RunTask::CLUSTER)
        .ignore_changes(RunTask::CAPACITY_PROVIDER_STRATEGY)
        .ignore_changes(RunTask::NETWORK_CONFIGURATION)
}
