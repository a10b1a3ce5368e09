//! Files that tasks share: a file system, and where each zone mounts it.

use std::collections::BTreeSet;

use super::{
    Failure, FailureKind, Loss, Sites, recovery,
    tasks::{Web, count},
};
use crate::{
    analysis::Outline,
    aws::{
        ec2::Subnet,
        ecs::TaskDefinition,
        efs::{FileSystem, MountTarget},
    },
    graph::NodeView,
};

/// A file system that tasks mount.
pub(super) struct Files<'a> {
    files: NodeView<'a, FileSystem>,
    /// The one zone that holds everything, if it is so.
    only: Option<String>,
    /// The zones that it can be mounted in.
    targets: BTreeSet<String>,
    /// The zones of the tasks that mount it.
    used: BTreeSet<String>,
}

pub(super) fn all<'a>(outline: &Outline<'a>, tasks: &[Web<'a>]) -> Vec<Files<'a>> {
    let of = |files: NodeView<'a, FileSystem>| {
        let targets = outline.referring(MountTarget::FILE_SYSTEM_ID, files.node);
        let subnets =
            targets.flat_map(|it| outline.links::<_, _, Subnet>(&it, MountTarget::SUBNET_ID));
        let mounts = |web: &&Web<'a>| {
            web.tasks.definition.is_some_and(|definition| {
                let volumes = definition.node.inputs.get(TaskDefinition::VOLUMES.slot);
                outline.refers(volumes, files.node)
            })
        };
        Files {
            only: outline.get(&files, FileSystem::AVAILABILITY_ZONE_NAME),
            targets: subnets.filter_map(|subnet| outline.zone(&subnet)).collect(),
            used: tasks.iter().filter(mounts).flat_map(|web| web.zones.clone()).collect(),
            files,
        }
    };
    outline.all::<FileSystem>().map(of).collect()
}

impl Files<'_> {
    /// What the loss of a zone takes of the ways to it.
    pub(super) fn without_zone(&self, zone: &str) -> Option<Loss> {
        if self.only.as_deref() == Some(zone) {
            let loss = Loss::of(self.files.node, "zones with the files", 1, 0, None);
            return Some(Loss { interrupts: true, ..loss });
        }
        self.targets.contains(zone).then(|| {
            let left = count(&self.targets) - 1;
            let recovery = (left > 0).then_some(recovery::FILES);
            Loss::of(self.files.node, "mount targets", 1, left, recovery)
        })
    }

    /// Zones whose tasks have no way to the files: they never start there.
    fn missing(&self) -> impl Iterator<Item = &String> {
        self.used.difference(&self.targets)
    }
}

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let mut failures = vec![];
    for files in &sites.files {
        let node = files.files.node;
        let name = node.urn.short();
        // A node is less than a zone, and what it has lies on others of its zone too.
        let left = if files.only.is_some() { 1 } else { sites.width().max(2) };
        let loss = Loss::of(node, "zones with the files", 0, left, Some(recovery::FILES));
        let kind = FailureKind::StorageNode;
        let what = format!("a storage node of {name}");
        failures.push(Failure { kind, what, losses: vec![loss] });
        for zone in files.missing() {
            let loss = Loss::of(node, "mount targets for its tasks", 0, 0, None);
            let what = format!("{zone}, from where {name} can't be mounted");
            failures.push(Failure { kind, what, losses: vec![loss] });
        }
    }
    failures
}
