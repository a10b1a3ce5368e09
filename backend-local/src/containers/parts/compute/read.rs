//! What is wanted: services, groups of instances, and who owns what, out of the account.

use std::{collections::BTreeMap, time::Duration};

use infra_core::aws::{
    autoscaling,
    ec2::{self, InstanceSize},
    ecs::{
        self, PlacementConstraintArgs, PlacementConstraintType, PlacementStrategyArgs,
        PlacementStrategyType, SchedulingStrategy, Switch,
    },
};

use super::{
    fargate, guard,
    recipe::Recipe,
    scale::{Scaled, actions_of_group, is_watched, of_service, unscaled},
};
use crate::{
    containers::{
        parts::Subnet,
        scheduler::{
            Room,
            capacity::ProviderSpec,
            group::{GroupSpec, Hook},
            placement::{Constraint, Strategy},
            schedule::Scheduled,
            service::{ProviderShare, Scheduling, ServiceSpec},
        },
    },
    sim::{Thing, View},
};

type S = ecs::Service;
type G = autoscaling::Group;
type P = ecs::CapacityProvider;

/// A service that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Service {
    pub(super) arn: String,
    pub(super) cluster: String,
    pub(super) spec: ServiceSpec,
    pub(super) recipe: Recipe,
    /// By what it is scaled, if it is.
    pub(super) scaled: Option<Scaled>,
    /// Whether an alarm looks at what its tasks take.
    pub(super) watched: bool,
    /// Whether it is not for here.
    pub(super) on_fargate: bool,
}

/// A group of instances that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) spec: GroupSpec,
    pub(super) room: Room,
    pub(super) subnets: Vec<Subnet>,
    pub(super) groups: Vec<String>,
    /// The capacity provider that it belongs to.
    pub(super) provider: Option<Provider>,
    /// What the schedule does to its bounds.
    pub(super) actions: BTreeMap<String, Scheduled>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Provider {
    pub(super) spec: ProviderSpec,
    pub(super) scales: bool,
}

/// All that is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
    /// By the name of the service.
    pub(super) services: BTreeMap<String, Service>,
    /// By the name of the group.
    pub(super) groups: BTreeMap<String, Group>,
    /// What nothing here scales though the account says so, and what of it.
    pub(super) unscaled: BTreeMap<String, String>,
}

pub(super) fn read(view: &View) -> Wanted {
    let services = view.all::<S>().filter_map(|service| {
        let read = service_of(view, &service)?;
        Some((read.spec.id.clone(), read))
    });
    let groups =
        view.all::<G>().filter_map(|group| Some((group.id().to_owned(), group_of(view, &group)?)));
    Wanted { services: services.collect(), groups: groups.collect(), unscaled: unscaled(view) }
}

fn service_of(view: &View, service: &Thing<'_, S>) -> Option<Service> {
    let network = service.get(S::NETWORK_CONFIGURATION);
    let definition = service.get(S::TASK_DEFINITION)?;
    let mut recipe = Recipe::read(view, definition.as_str(), network.as_ref())?;
    let balancers = service.get(S::LOAD_BALANCERS).unwrap_or_default();
    recipe.targets =
        balancers.iter().map(|it| (it.target_group_arn.to_string(), it.container_port)).collect();
    let name = service.id().rsplit('/').next().unwrap_or_default().to_owned();
    let cluster = service.get(S::CLUSTER)?.to_string();
    let desired = service.get(S::DESIRED_COUNT).unwrap_or(1);
    let scaled = of_service(view, &cluster, &name);
    let mut spec = ServiceSpec::new(&name, recipe.revision.clone(), desired);
    if service.get(S::SCHEDULING_STRATEGY) == Some(SchedulingStrategy::Daemon) {
        spec.scheduling = Scheduling::Daemon;
    }
    if let Some(deployment) = service.get(S::DEPLOYMENT_CONFIGURATION) {
        if let Some(least) = deployment.minimum_healthy_percent {
            spec.minimum_healthy_percent = least;
        }
        if let Some(most) = deployment.maximum_percent {
            spec.maximum_percent = most;
        }
        spec.breaker = guard::breaker(&deployment);
        spec.alarms = guard::alarms(view, &deployment);
    }
    let grace = service.get(S::HEALTH_CHECK_GRACE_PERIOD).map_or(0, |grace| grace.0);
    spec.grace = Duration::from_secs(u64::from(grace));
    let strategies = service.get(S::PLACEMENT_STRATEGIES).unwrap_or_default();
    spec.strategies = strategies.iter().map(strategy).collect();
    let constraints = service.get(S::PLACEMENT_CONSTRAINTS).unwrap_or_default();
    spec.constraints = constraints.iter().map(constraint).collect();
    let shares = service.get(S::CAPACITY_PROVIDER_STRATEGY).unwrap_or_default();
    spec.providers = shares
        .iter()
        .map(|share| ProviderShare {
            provider: share.capacity_provider.to_string(),
            weight: share.weight,
            base: share.base,
        })
        .collect();
    spec.rebalancing = service.get(S::AVAILABILITY_ZONE_REBALANCING) != Some(Switch::Disabled);
    let watched = is_watched(view, &cluster, &name);
    let on_fargate = fargate::is_meant(view, &cluster, service.get(S::LAUNCH_TYPE), &shares);
    let arn = service.arn().to_owned();
    Some(Service { arn, cluster, spec, recipe, scaled, watched, on_fargate })
}

pub(super) fn strategy(strategy: &PlacementStrategyArgs) -> Strategy {
    let field = strategy.field.as_deref().unwrap_or_default();
    match strategy.strategy_type {
        PlacementStrategyType::Spread if field == "instanceId" || field == "host" => {
            Strategy::SpreadInstances
        }
        PlacementStrategyType::Spread => {
            Strategy::Spread(field.trim_start_matches("attribute:").to_owned())
        }
        PlacementStrategyType::Binpack if field == "cpu" => Strategy::BinpackCpu,
        PlacementStrategyType::Binpack => Strategy::BinpackMemory,
        _ => Strategy::Random,
    }
}

pub(super) fn constraint(constraint: &PlacementConstraintArgs) -> Constraint {
    match constraint.constraint_type {
        PlacementConstraintType::DistinctInstance => Constraint::DistinctInstance,
        _ => {
            let expression = constraint.expression.clone().unwrap_or_default();
            let read = expression.parse().map(Constraint::MemberOf);
            // Where it may not run a task runs nowhere, rather than everywhere.
            read.unwrap_or(Constraint::Unreadable(expression))
        }
    }
}

/// How long instances may drain before they end: as long as AWS lets them.
const DRAIN: Duration = Duration::from_secs(3600);

fn group_of(view: &View, group: &Thing<'_, G>) -> Option<Group> {
    let least = group.get(G::MIN_SIZE)?;
    let most = group.get(G::MAX_SIZE)?;
    let ids = group.get(G::VPC_ZONE_IDENTIFIER).unwrap_or_default();
    let subnets: Vec<Subnet> = ids.iter().filter_map(|id| Subnet::of(view, id.as_str())).collect();
    let zones = subnets.iter().map(|subnet| subnet.zone.clone()).collect();
    let mut spec = GroupSpec::new(group.id(), (least, most), zones);
    let mut room = Room { cpu: 2048, memory: 4096, interfaces: 10 };
    let mut groups = vec![];
    if let Some(template) = group.get(G::LAUNCH_TEMPLATE) {
        spec.template = format!("{}:{}", template.launch_template_id, template.version);
        type T = ec2::LaunchTemplate;
        let data = view.find::<T>(template.launch_template_id.as_str());
        let data = data.and_then(|template| template.get(T::LAUNCH_TEMPLATE_DATA));
        if let Some(data) = data {
            if let Some(size) = data.instance_type.as_deref().and_then(InstanceSize::of) {
                room = Room {
                    cpu: size.cpu_units(),
                    memory: size.memory.0,
                    interfaces: size.trunked_tasks.unwrap_or(size.interfaces),
                };
            }
            let ids = data.security_group_ids.unwrap_or_default();
            groups = ids.iter().map(ToString::to_string).collect();
        }
    }
    spec.terminating = Some(Hook { heartbeat: DRAIN, gives_up: false });
    let provider = provider_of(view, group, room);
    let actions = actions_of_group(view, group.id());
    Some(Group { spec, room, subnets, groups, provider, actions })
}

fn provider_of(view: &View, group: &Thing<'_, G>, room: Room) -> Option<Provider> {
    let mut all = view.all::<P>();
    let provider = all.find(|provider| {
        let of = provider.get(P::AUTO_SCALING_GROUP_ARN);
        of.is_some_and(|arn| arn.as_str() == group.arn())
    })?;
    let managed = provider.get(P::MANAGED_SCALING)?;
    Some(Provider {
        spec: ProviderSpec {
            id: provider.id().to_owned(),
            room,
            target_capacity: managed.target_capacity,
            least_step: managed.minimum_scaling_step_size,
            most_step: managed.maximum_scaling_step_size,
            warmup: Duration::from_secs(u64::from(managed.instance_warmup_period.0)),
        },
        scales: managed.status == Switch::Enabled,
    })
}
