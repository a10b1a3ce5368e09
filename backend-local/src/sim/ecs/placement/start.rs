//! [`Start`]: what AWS looks at before it starts tasks, of a service or a single one.

use infra_core::{
    aws::{
        RoleArn,
        ecs::{
            self, AwsvpcConfigurationArgs, CapacityProviderStrategyItemArgs, Compatibility,
            ContainerDefinitionArgs, LaunchType, NetworkConfigurationArgs, NetworkMode, Switch,
        },
    },
    types::MiB,
};

use super::{check_strategy, providers_of, refused, room};
use crate::sim::{
    World,
    ecs::{capacity_provider::is_fargate, cluster::INVALID, task_definition::Definition},
    network::{check_groups, one_vpc},
    refusal::Refusal,
    special::{Asked, of},
};

/// AWS: "up to 16 subnets" in an `awsvpcConfiguration`.
const SUBNETS: usize = 16;

pub(super) type Container = ContainerDefinitionArgs;

/// What a single task has otherwise than its definition says.
#[derive(Default)]
pub(in crate::sim::ecs) struct Override {
    pub(in crate::sim::ecs) cpu: Option<u32>,
    pub(in crate::sim::ecs) memory: Option<MiB>,
    pub(in crate::sim::ecs) task_role: Option<RoleArn>,
    pub(in crate::sim::ecs) execution_role: Option<RoleArn>,
}

/// What AWS looks at before it starts tasks. The properties are called the same of a service and of
/// a single task.
pub(in crate::sim::ecs) struct Start<'a> {
    pub(in crate::sim::ecs) cluster: &'a str,
    /// The task definition's ARN.
    pub(in crate::sim::ecs) revision: &'a str,
    pub(in crate::sim::ecs) definition: Definition,
    /// What is asked for; the cluster's where that is nothing.
    pub(in crate::sim::ecs) strategy: Vec<CapacityProviderStrategyItemArgs>,
    pub(in crate::sim::ecs) launch_type: Option<LaunchType>,
    pub(in crate::sim::ecs) platform_version: Option<String>,
    pub(in crate::sim::ecs) network: Option<NetworkConfigurationArgs>,
    pub(in crate::sim::ecs) enable_execute_command: bool,
    pub(in crate::sim::ecs) differs: Override,
}

impl Start<'_> {
    /// Refuses what AWS refuses, and what it would never start.
    pub(in crate::sim::ecs) fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        self.check_providers(asked)?;
        self.check_compatible(asked)?;
        self.check_network(asked)?;
        if self.enable_execute_command && self.task_role().is_none() {
            let message = "`enable_execute_command` needs a `task_role_arn` in the task \
                           definition, by which the container is reached";
            return refused("enable_execute_command", message.to_owned());
        }
        for role in [self.task_role(), self.execution_role()].into_iter().flatten() {
            check_trust(asked, role)?;
        }
        room::check(asked, self)
    }

    /// The capacity providers that count: its own, else the cluster's where no launch type says
    /// otherwise.
    pub(in crate::sim::ecs) fn strategy(
        &self,
        world: &World,
        scope: &str,
    ) -> Vec<CapacityProviderStrategyItemArgs> {
        if !self.strategy.is_empty() || self.launch_type.is_some() {
            return self.strategy.clone();
        }
        let prop = ecs::ClusterCapacityProviders::DEFAULT_CAPACITY_PROVIDER_STRATEGY;
        let cluster = providers_of(world, scope, self.cluster);
        cluster.and_then(|providers| of(providers, prop)).unwrap_or_default()
    }

    /// Whether tasks run on machines that AWS looks after.
    pub(in crate::sim::ecs) fn is_on_fargate(&self, asked: &Asked<'_>) -> bool {
        let strategy = self.strategy(asked.world, asked.scope);
        self.launch_type == Some(LaunchType::Fargate)
            || strategy.iter().any(|item| is_fargate(item.capacity_provider.as_str()))
    }

    /// The property that decides how large the task is.
    pub(super) fn sized_by(&self) -> &'static str {
        let differs = self.differs.cpu.is_some() || self.differs.memory.is_some();
        if differs { "overrides" } else { "task_definition" }
    }

    pub(super) fn sized_value(&self) -> String {
        let cpu = self.differs.cpu.map(|cpu| format!("cpu {cpu}"));
        let memory = self.differs.memory.map(|memory| format!("memory {memory}"));
        let parts: Vec<String> = cpu.into_iter().chain(memory).collect();
        if parts.is_empty() { self.revision.to_owned() } else { parts.join(" and ") }
    }

    fn task_role(&self) -> Option<&RoleArn> {
        self.differs.task_role.as_ref().or(self.definition.task_role.as_ref())
    }

    fn execution_role(&self) -> Option<&RoleArn> {
        self.differs.execution_role.as_ref().or(self.definition.execution_role.as_ref())
    }

    fn check_providers(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        const PROPERTY: &str = "capacity_provider_strategy";
        if let Some(launch_type) = self.launch_type.filter(|_| !self.strategy.is_empty()) {
            let message = format!(
                "`launch_type` {launch_type} and `{PROPERTY}` are both given; one of them decides"
            );
            return refused("launch_type", message);
        }
        check_strategy(PROPERTY, &self.strategy)?;
        let prop = ecs::ClusterCapacityProviders::CAPACITY_PROVIDERS;
        let cluster = providers_of(asked.world, asked.scope, self.cluster);
        let there = cluster.and_then(|providers| of(providers, prop)).unwrap_or_default();
        match self.strategy.iter().find(|item| !there.contains(&item.capacity_provider)) {
            Some(item) => {
                let message = format!(
                    "`{PROPERTY}` names {}, which the cluster {} does not have; put it among \
                     `capacity_providers` of the cluster's ClusterCapacityProviders",
                    item.capacity_provider, self.cluster
                );
                refused(PROPERTY, message)
            }
            None => Ok(()),
        }
    }

    fn check_compatible(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let fargate = self.is_on_fargate(asked);
        let wanted = if fargate { Compatibility::Fargate } else { Compatibility::Ec2 };
        let theirs = &self.definition.compatibilities;
        if !theirs.is_empty() && !theirs.contains(&wanted) {
            let message = format!(
                "`task_definition` {} is not for {wanted}; put it among its \
                 `requires_compatibilities`",
                self.revision
            );
            return refused("task_definition", message);
        }
        if fargate {
            return self.definition.check_fargate().map_err(|refusal| {
                let message = format!("`task_definition` {}: {}", self.revision, refusal.message);
                Refusal::invalid("task_definition", INVALID, message)
            });
        }
        match &self.platform_version {
            Some(version) => {
                let message = format!("`platform_version` {version}: only Fargate has versions");
                refused("platform_version", message)
            }
            None => Ok(()),
        }
    }

    fn check_network(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        const PROPERTY: &str = "network_configuration";
        let mode = self.definition.network_mode;
        let network = self.network.as_ref().map(|network| &network.awsvpc_configuration);
        match (mode == NetworkMode::Awsvpc, network) {
            (true, None) => {
                let message = format!(
                    "`{PROPERTY}` is needed: the network mode of {} is awsvpc, whose tasks lie in \
                     subnets of their own",
                    self.revision
                );
                refused(PROPERTY, message)
            }
            (false, Some(_)) => {
                let message = format!(
                    "`{PROPERTY}` goes with the network mode awsvpc, and that of {} is {mode}",
                    self.revision
                );
                refused(PROPERTY, message)
            }
            (true, Some(network)) => check_interfaces(asked, network, self.is_on_fargate(asked)),
            (false, None) => Ok(()),
        }
    }
}

fn check_interfaces(
    asked: &Asked<'_>,
    network: &AwsvpcConfigurationArgs,
    fargate: bool,
) -> Result<(), Refusal> {
    const PROPERTY: &str = "network_configuration";
    let count = network.subnets.len();
    if !(1..=SUBNETS).contains(&count) {
        let message = format!("`{PROPERTY}` names {count} subnets; 1 to {SUBNETS} are allowed");
        return refused(PROPERTY, message);
    }
    if network.assign_public_ip == Switch::Enabled && !fargate {
        let message = format!(
            "`{PROPERTY}`: `assign_public_ip` ENABLED: only tasks on Fargate get public addresses"
        );
        return refused(PROPERTY, message);
    }
    let vpc = one_vpc(asked, PROPERTY, &network.subnets, INVALID)?;
    check_groups(asked, PROPERTY, &network.security_groups, vpc, INVALID)
}

/// ECS must be allowed to take a role on, or no task starts.
fn check_trust(asked: &Asked<'_>, role: &RoleArn) -> Result<(), Refusal> {
    const TASKS: &str = "ecs-tasks.amazonaws.com";
    if asked.can_take_on(TASKS, role) {
        return Ok(());
    }
    let message = format!(
        "`task_definition`: ECS can't take on the role {role}: its `assume_role_policy_document` \
         does not let {TASKS} do so"
    );
    refused("task_definition", message)
}
