//! [`Recipe`]: what tasks of a revision are made of.

use std::{collections::BTreeSet, time::Duration};

use infra_core::aws::ecs::{
    self, ContainerDefinitionArgs, NetworkConfigurationArgs, TaskOverrideArgs, VolumeArgs,
};

use crate::{
    containers::{
        parts::Subnet,
        scheduler::{ContainerSpec, Room, TaskSpec, service::Revision},
    },
    sim::View,
};

type T = ecs::TaskDefinition;

/// What a container may take where its definition says nothing, in MiB.
const MEMORY: u32 = 128;

/// What tasks of a revision are made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recipe {
    pub(super) revision: Revision,
    pub(super) containers: Vec<ContainerDefinitionArgs>,
    pub(super) volumes: Vec<VolumeArgs>,
    /// Where their interfaces are.
    pub(super) subnets: Vec<Subnet>,
    pub(super) groups: BTreeSet<String>,
    /// The container's port behind each target group.
    pub(super) targets: Vec<(String, u16)>,
}

impl Recipe {
    /// What a task definition of the account comes to, in a network.
    pub(super) fn read(
        view: &View,
        definition: &str,
        network: Option<&NetworkConfigurationArgs>,
    ) -> Option<Self> {
        let definition = view.find::<T>(definition)?;
        let containers = definition.get(T::CONTAINER_DEFINITIONS)?;
        let network = network.map(|network| &network.awsvpc_configuration);
        let subnets = network.map(|network| network.subnets.clone()).unwrap_or_default();
        let groups = network.map(|network| network.security_groups.clone()).unwrap_or_default();
        let id = definition.id().rsplit('/').next().unwrap_or_default().to_owned();
        let sum = |of: fn(&ContainerDefinitionArgs) -> u32| containers.iter().map(of).sum::<u32>();
        let room = Room {
            cpu: definition.get(T::CPU).unwrap_or_else(|| sum(|it| it.cpu.unwrap_or(0))),
            memory: definition.get(T::MEMORY).map_or_else(|| sum(memory), |memory| memory.0),
            interfaces: 1,
        };
        let specs = containers.iter().map(|container| ContainerSpec {
            name: container.name.clone(),
            essential: container.essential,
            checked: container.health_check.is_some(),
        });
        let task = TaskSpec { room, containers: specs.collect() };
        Some(Self {
            revision: Revision { id, task },
            volumes: definition.get(T::VOLUMES).unwrap_or_default(),
            containers,
            subnets: subnets.iter().filter_map(|id| Subnet::of(view, id.as_str())).collect(),
            groups: groups.iter().map(ToString::to_string).collect(),
            targets: vec![],
        })
    }

    /// With what a single run has otherwise.
    pub(super) fn with(mut self, overrides: &TaskOverrideArgs) -> Self {
        for other in &overrides.container_overrides {
            let named = self.containers.iter_mut().find(|it| it.name == other.name);
            let Some(container) = named else { continue };
            if let Some(command) = &other.command {
                container.command = Some(command.clone());
            }
            container.environment.extend(other.environment.clone());
        }
        self
    }

    /// How long its containers may take to end.
    pub(super) fn grace(&self) -> Duration {
        let all = self.containers.iter().filter_map(|it| it.stop_timeout);
        let longest = all.map(|seconds| seconds.0).max();
        // What the agent of ECS grants where nothing is said.
        Duration::from_secs(u64::from(longest.unwrap_or(30)))
    }
}

fn memory(container: &ContainerDefinitionArgs) -> u32 {
    let own = container.memory.or(container.memory_reservation);
    own.map_or(MEMORY, |memory| memory.0)
}
