//! [`Runners`]: what works beside the web, without anybody waiting for it.

use infra_core::{
    aws::ecs::{NetworkConfiguration, Service, TaskDefinition},
    prelude::*,
};

use super::{AdhocScaling, Kept};

/// What works beside the web: Moodle's schedule, and what pages left for later.
///
/// They are services of their own, so that an import of a thousand courses takes nothing from the
/// pages, and each comes and goes in numbers of its own. ECS ends a task of theirs between two runs:
/// while one is at something it asks to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Runners {
    /// What a task that runs the schedule is.
    pub cron_definition: TaskDefinition,
    /// Runs the schedule every minute. There is one alone: an old one ends before a new one begins.
    pub cron: Service,
    /// What a task that works off what was left for later is.
    pub adhoc_definition: TaskDefinition,
    /// Works off what was left for later. Several share the work: Moodle locks each piece of it.
    pub adhoc: Service,
    /// By what their number grows and shrinks.
    pub scaling: AdhocScaling,
}

impl Runners {
    pub(super) fn create(
        stack: &Stack,
        kept: &Kept<'_>,
        (cron_definition, adhoc_definition): (TaskDefinition, TaskDefinition),
        place: &NetworkConfiguration,
    ) -> Self {
        let service = |name: &str, definition: &TaskDefinition, tasks: u32, bounds: (u32, u32)| {
            kept.running(name, definition, place.clone(), tasks, bounds).create(stack)
        };
        let adhoc = service("adhoc", &adhoc_definition, kept.settings.adhoc, (50, 200));
        Self {
            cron: service("cron", &cron_definition, 1, (0, 100)),
            scaling: AdhocScaling::create(stack, kept.on, &adhoc, kept.settings),
            adhoc,
            cron_definition,
            adhoc_definition,
        }
    }
}
