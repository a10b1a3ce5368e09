//! [`Runners`]: what works beside the web, without anybody waiting for it.

use infra_core::{
    aws::ecs::{
        NetworkConfiguration, PlacementStrategy, RunTask, Service, ServiceDeployment, Switch,
        TaskDefinition,
    },
    prelude::*,
};

use super::{Foundation, capacity};

/// What works beside the web: Moodle's schedule, and what pages left for later.
///
/// They are services of their own, so that an import of a thousand courses takes nothing from the
/// pages, and each comes and goes in numbers of its own.
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
}

impl Runners {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        (cron_definition, adhoc_definition): (TaskDefinition, TaskDefinition),
        place: &NetworkConfiguration,
        adhoc: u32,
        install: &RunTask,
    ) -> Self {
        let service = |name: &str, definition: &TaskDefinition, tasks: u32, bounds: (u32, u32)| {
            let (least, most) = bounds;
            let deployment =
                ServiceDeployment::guarded().minimum_healthy_percent(least).maximum_percent(most);
            Service::named(name)
                .cluster(&on.hosts.cluster)
                .task_definition(definition)
                .desired_count(tasks)
                .capacity_provider_strategy(capacity(on.hosts))
                .network_configuration(place.clone())
                .deployment_configuration(deployment)
                .placement_strategies([
                    PlacementStrategy::spread("attribute:ecs.availability-zone"),
                    PlacementStrategy::binpack("memory"),
                ])
                .availability_zone_rebalancing(match most {
                    ..=100 => Switch::Disabled,
                    _ => Switch::Enabled,
                })
                .depends_on(install)
                .create(stack)
        };
        Self {
            cron: service("cron", &cron_definition, 1, (0, 100)),
            adhoc: service("adhoc", &adhoc_definition, adhoc, (50, 200)),
            cron_definition,
            adhoc_definition,
        }
    }
}
