//! [`Tasks`]: what a service of ECS runs, on what, and how many of it.

use crate::{
    aws::{
        applicationautoscaling::{ScalableDimension, ScalableTarget},
        autoscaling::Group,
        ecs::{
            CapacityProvider, Cluster, ClusterCapacityProviders, LaunchType, NetworkMode,
            SchedulingStrategy, Service, TaskDefinition,
        },
        elbv2::TargetGroup,
    },
    graph::NodeView,
    types::{MiB, Seconds},
    value::Value,
};

use super::Outline;

/// What a service runs.
#[derive(Debug)]
pub struct Tasks<'a> {
    /// The service.
    pub service: NodeView<'a, Service>,
    /// What its tasks are, if this program says it.
    pub definition: Option<NodeView<'a, TaskDefinition>>,
    /// The groups whose instances its tasks run on; none on Fargate.
    pub groups: Vec<NodeView<'a, Group>>,
    /// How few tasks there are: what scales it says so, else the number that it starts with.
    pub least: u32,
    /// How many there are at most.
    pub most: u32,
    /// How many percent of its tasks there may be during a rollout.
    pub maximum_percent: u32,
    /// Whether each has a network interface of its own.
    pub awsvpc: bool,
    /// Processor that a task reserves, in units of 1024 for a virtual processor.
    pub cpu: u32,
    /// Memory that a task reserves.
    pub memory: MiB,
}

impl<'a> Tasks<'a> {
    /// Those of all services that keep a number of tasks.
    #[must_use]
    pub fn all(outline: &Outline<'a>) -> Vec<Self> {
        let daemon = |service: &NodeView<'a, Service>| {
            outline.get(service, Service::SCHEDULING_STRATEGY) == Some(SchedulingStrategy::Daemon)
        };
        let services = outline.all::<Service>().filter(|service| !daemon(service));
        services.map(|service| Self::of(outline, service)).collect()
    }

    /// Those of a service.
    #[must_use]
    pub fn of(outline: &Outline<'a>, service: NodeView<'a, Service>) -> Self {
        let definition = outline
            .links::<_, _, TaskDefinition>(&service, Service::TASK_DEFINITION)
            .into_iter()
            .next();
        let desired = outline.get(&service, Service::DESIRED_COUNT).unwrap_or(1);
        let target = target(outline, &service);
        let bound = |prop| target.as_ref().and_then(|target| outline.get(target, prop));
        let deployment = outline.value(&service, Service::DEPLOYMENT_CONFIGURATION);
        let percent = deployment.field("maximum_percent").and_then(Value::as_int);
        let (cpu, memory) = definition.map_or((0, 0), |it| reserved(outline, &it));
        let mode = definition.and_then(|it| outline.get(&it, TaskDefinition::NETWORK_MODE));
        Self {
            groups: groups(outline, &service),
            least: bound(ScalableTarget::MIN_CAPACITY).unwrap_or(desired),
            most: bound(ScalableTarget::MAX_CAPACITY).unwrap_or(desired),
            maximum_percent: percent.and_then(|percent| percent.try_into().ok()).unwrap_or(200),
            awsvpc: mode == Some(NetworkMode::Awsvpc),
            cpu,
            memory: MiB(memory),
            service,
            definition,
        }
    }

    /// How many tasks there are while one of the largest number rolls out.
    #[must_use]
    pub fn surge(&self) -> u32 {
        let surge = u64::from(self.most) * u64::from(self.maximum_percent) / 100;
        u32::try_from(surge).unwrap_or(u32::MAX).max(self.most)
    }

    /// The containers of a task, as far as they are known.
    #[must_use]
    pub fn containers(&self, outline: &Outline<'a>) -> Vec<Value> {
        self.definition.map(|it| containers(outline, &it)).unwrap_or_default()
    }

    /// The subnets of its tasks, as the program names them; `Null` without awsvpc.
    #[must_use]
    pub fn subnets(&self) -> Value {
        let network = self.service.node.inputs.get(Service::NETWORK_CONFIGURATION.slot);
        let network = network.field("awsvpc_configuration");
        network.and_then(|network| network.field("subnets")).cloned().unwrap_or_default()
    }
}

/// The containers of a task definition, as far as they are known.
pub(crate) fn containers<'a>(
    outline: &Outline<'a>,
    definition: &NodeView<'a, TaskDefinition>,
) -> Vec<Value> {
    outline.value_by_item(definition, TaskDefinition::CONTAINER_DEFINITIONS)
}

/// How often a target group asks, and how many good answers it wants. Source for what counts where
/// nothing is said: CreateTargetGroup.
pub(crate) fn health_checks<'a>(
    outline: &Outline<'a>,
    group: &NodeView<'a, TargetGroup>,
) -> (Seconds, u32) {
    let interval = outline.get(group, TargetGroup::HEALTH_CHECK_INTERVAL_SECONDS);
    let answers = outline.get(group, TargetGroup::HEALTHY_THRESHOLD_COUNT);
    (interval.unwrap_or(Seconds(30)), answers.unwrap_or(5))
}

fn target<'a>(
    outline: &Outline<'a>,
    service: &NodeView<'a, Service>,
) -> Option<NodeView<'a, ScalableTarget>> {
    let counts = |target: &NodeView<'a, ScalableTarget>| {
        let dimension = outline.get(target, ScalableTarget::SCALABLE_DIMENSION);
        dimension == Some(ScalableDimension::EcsServiceDesiredCount)
    };
    outline.referring(ScalableTarget::RESOURCE_ID, service.node).find(counts)
}

/// What a task reserves: as much as it has altogether, else as much as its containers reserve.
fn reserved<'a>(outline: &Outline<'a>, definition: &NodeView<'a, TaskDefinition>) -> (u32, u32) {
    let containers = containers(outline, definition);
    let number = |container: &Value, names: &[&str]| {
        let given = names.iter().find_map(|name| container.field(name)?.as_int());
        given.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
    };
    let cpu = outline.get(definition, TaskDefinition::CPU);
    let memory = outline.get(definition, TaskDefinition::MEMORY);
    let cpu = cpu.unwrap_or_else(|| containers.iter().map(|it| number(it, &["cpu"])).sum());
    let kept = |it: &Value| number(it, &["memory_reservation", "memory"]);
    let memory = memory.map_or_else(|| containers.iter().map(kept).sum(), |MiB(size)| size);
    (cpu, memory)
}

/// The groups behind the capacity providers of a service, or of its cluster where it names none.
fn groups<'a>(outline: &Outline<'a>, service: &NodeView<'a, Service>) -> Vec<NodeView<'a, Group>> {
    if outline.get(service, Service::LAUNCH_TYPE) == Some(LaunchType::Fargate) {
        return vec![];
    }
    let mut providers: Vec<NodeView<'a, CapacityProvider>> =
        outline.links(service, Service::CAPACITY_PROVIDER_STRATEGY);
    if providers.is_empty() {
        let clusters = outline.links::<_, _, Cluster>(service, Service::CLUSTER);
        for cluster in clusters {
            let strategies = outline.referring(ClusterCapacityProviders::CLUSTER, cluster.node);
            for strategy in strategies {
                let prop = ClusterCapacityProviders::DEFAULT_CAPACITY_PROVIDER_STRATEGY;
                providers.extend(outline.links::<_, _, CapacityProvider>(&strategy, prop));
            }
        }
    }
    let group = CapacityProvider::AUTO_SCALING_GROUP_ARN;
    providers.iter().flat_map(|provider| outline.links(provider, group)).collect()
}
