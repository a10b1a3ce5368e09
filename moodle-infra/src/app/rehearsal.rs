//! Whether files and database agree, asked on demand.

use infra_core::{
    aws::ecs::{NetworkConfiguration, RunTask, TaskDefinition},
    prelude::*,
};

use super::{Foundation, capacity};

/// How long looking at all files may take: of a million on EFS it takes less than one hour.
const TIME_LIMIT: Seconds = Seconds(6 * 3600);

/// Looks at the files, once for each text: neither another image nor another configuration is a
/// reason to look again.
pub(super) fn create(
    stack: &Stack,
    on: &Foundation<'_>,
    text: &str,
    definition: &TaskDefinition,
    place: NetworkConfiguration,
    installed: &RunTask,
) -> RunTask {
    RunTask::named("verify")
        .cluster(&on.hosts.cluster)
        .task_definition(definition)
        .capacity_provider_strategy(capacity(on.hosts))
        .network_configuration(place)
        .triggers([("rehearse", text)])
        .time_limit(TIME_LIMIT)
        .ignore_changes(RunTask::TASK_DEFINITION)
        .ignore_changes(RunTask::CLUSTER)
        .ignore_changes(RunTask::CAPACITY_PROVIDER_STRATEGY)
        .ignore_changes(RunTask::NETWORK_CONFIGURATION)
        .depends_on(installed)
        .create(stack)
}
