//! Whether files and database agree, asked on demand.

use infra_core::{
    aws::ecs::{NetworkConfiguration, RunTask, TaskDefinition},
    prelude::*,
};

use super::{
    Foundation,
    once::{for_triggers_alone, once},
};

/// How long looking at all files may take: of a million on EFS it takes less than one hour.
const TIME_LIMIT: Seconds = Seconds(6 * 3600);

/// Looks at the files, once for each text: neither another image nor another configuration is a
/// reason to look again.
pub(super) fn create(
    stack: &Stack,
    on: &Foundation<'_>,
    text: &str,
    definition: &TaskDefinition,
    place: &NetworkConfiguration,
    installed: &RunTask,
) -> RunTask {
    let task = once(on, "verify", definition, place)
        .triggers([("rehearse", text)])
        .time_limit(TIME_LIMIT)
        .depends_on(installed);
    for_triggers_alone(task).create(stack)
}
