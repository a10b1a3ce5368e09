//! Tasks and the instances that they run on.

use std::{collections::BTreeSet, time::Duration};

use super::{Failure, FailureKind, Loss, Sites, recovery};
use crate::{
    analysis::{Hosts, Outline, Tasks, health_checks},
    aws::{
        autoscaling::Group,
        ecs::{PlacementStrategyType, Service},
        elbv2::TargetGroup,
    },
    types::Seconds,
    value::Value,
};

/// The tasks of a service, and where they stand.
pub(super) struct Web<'a> {
    pub(super) tasks: Tasks<'a>,
    pub(super) zones: BTreeSet<String>,
    /// Whether nobody waits for them: no balancer sends them requests.
    pub(super) deferrable: bool,
    /// Whether they are dealt to the zones in turn.
    pub(super) spread: bool,
    /// How long one takes to start and to be called healthy; `None` if it has no checks.
    start: Option<Duration>,
}

impl Web<'_> {
    /// How many stand in the zone that has the most of them.
    pub(super) fn in_a_zone(&self) -> u32 {
        match self.spread {
            true => self.tasks.least.div_ceil(count(&self.zones)),
            false => self.tasks.least,
        }
    }

    /// How many are needed of them: as many as the loss of one of so many zones leaves.
    pub(super) fn needed(&self, width: u32) -> u32 {
        let least = self.tasks.least;
        (least - least.div_ceil(width.max(1)).min(least)).max(1)
    }

    /// What the loss of so many of them comes to.
    pub(super) fn loss(&self, lost: u32, width: u32, recovery: super::Recovery) -> Loss {
        let left = self.tasks.least.saturating_sub(lost);
        Loss {
            needed: self.needed(width),
            deferrable: self.deferrable,
            ..Loss::of(self.tasks.service.node, "tasks", lost, left, Some(recovery))
        }
    }
}

pub(super) fn count(zones: &BTreeSet<String>) -> u32 {
    u32::try_from(zones.len()).unwrap_or(u32::MAX).max(1)
}

pub(super) fn all<'a>(outline: &Outline<'a>, not_told: &mut Vec<String>) -> Vec<Web<'a>> {
    let mut all = vec![];
    for tasks in Tasks::all(outline) {
        let own = outline.zones_of_value(&tasks.subnets());
        let group = tasks.groups.first();
        let of_hosts = group.map(|group| outline.zones_of(group, Group::VPC_ZONE_IDENTIFIER));
        // A task stands where both its subnet and its instance are.
        let zones = match (own, of_hosts) {
            (Some(own), Some(Some(hosts))) => Some(own.intersection(&hosts).cloned().collect()),
            (Some(own), None) => Some(own),
            (None, Some(hosts)) => hosts,
            (Some(_), Some(None)) | (None, None) => None,
        };
        let Some(zones) = zones.filter(|zones: &BTreeSet<String>| !zones.is_empty()) else {
            let name = tasks.service.node.urn.short();
            not_told.push(format!("`{name}`: the program does not say in which zones it runs"));
            continue;
        };
        let balancers = tasks.service.node.inputs.get(Service::LOAD_BALANCERS.slot);
        all.push(Web {
            deferrable: balancers.items().is_empty(),
            spread: spread(outline, &tasks),
            start: start(outline, &tasks),
            zones,
            tasks,
        });
    }
    all
}

/// Whether tasks are dealt to the zones: ECS does where nothing is said, else the first strategy
/// has to.
fn spread(outline: &Outline<'_>, tasks: &Tasks<'_>) -> bool {
    let strategies = outline.value(&tasks.service, Service::PLACEMENT_STRATEGIES);
    let Some(first) = strategies.items().first() else { return true };
    let text = |field: &str| first.field(field).and_then(Value::as_str);
    text("strategy_type") == Some(PlacementStrategyType::Spread.as_str())
        && text("field") == Some("attribute:ecs.availability-zone")
}

fn start(outline: &Outline<'_>, tasks: &Tasks<'_>) -> Option<Duration> {
    let containers = tasks.containers(outline);
    let period = containers
        .iter()
        .filter_map(|it| it.field("health_check")?.field("start_period")?.as_int());
    let period = period.max().unwrap_or(0);
    let groups = outline.links::<_, _, TargetGroup>(&tasks.service, Service::LOAD_BALANCERS);
    let checks = groups.iter().map(|group| {
        let (Seconds(interval), answers) = health_checks(outline, group);
        interval * answers
    });
    let seconds = u64::try_from(period).unwrap_or(0) + u64::from(checks.max().unwrap_or(0));
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let width = sites.width();
    let task = |web: &Web<'_>| Failure {
        kind: FailureKind::Task,
        what: format!("a task of {}", web.tasks.service.node.urn.short()),
        losses: vec![web.loss(web.tasks.least.min(1), width, recovery::task(web.start))],
    };
    let mut failures: Vec<Failure> = sites.tasks.iter().map(task).collect();
    failures.extend(sites.hosts.iter().map(|hosts| {
        let group = hosts.group.node;
        let on = sites.tasks.iter().filter(|web| {
            web.tasks.groups.first().is_some_and(|other| std::ptr::eq(other.node, group))
        });
        let mut losses = vec![instances(hosts, 1, 1, recovery::INSTANCE)];
        losses
            .extend(on.map(|web| web.loss(on_an_instance(web, hosts), width, recovery::INSTANCE)));
        let what = format!("an instance of {}", group.urn.short());
        Failure { kind: FailureKind::Instance, what, losses }
    }));
    failures
}

/// How many tasks of a service may stand on one instance: as many as in its zone, and more where
/// there are fewer instances than zones.
fn on_an_instance(web: &Web<'_>, hosts: &Hosts<'_>) -> u32 {
    match hosts.least {
        // Instances come with the tasks.
        0 => web.in_a_zone(),
        some => web.in_a_zone().max(web.tasks.least.div_ceil(some)),
    }
}

/// What the loss of so many instances of a group comes to. The group may have none to begin with:
/// then tasks bring theirs.
pub(super) fn instances(
    hosts: &Hosts<'_>,
    lost: u32,
    needed: u32,
    recovery: super::Recovery,
) -> Loss {
    let (lost, left) = (lost.min(hosts.least), hosts.least.saturating_sub(lost));
    Loss {
        needed: needed.min(hosts.least),
        ..Loss::of(hosts.group.node, "instances", lost, left, Some(recovery))
    }
}
