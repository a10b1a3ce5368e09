//! One round: look, decide, keep, act.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use super::{
    Inner,
    launch::now,
    lock,
    memory::{Kepts, Running},
    note::{self, INSTANCE, Instance, TASK, Task},
    read::Wanted,
    recipe::Recipe,
};
use crate::{
    containers::{
        agent::Failure,
        balancer::TargetState,
        docker::{Known, Labels},
        scheduler::{Fleet, Health, Moment, TaskState, TaskStatus},
    },
    sim::View,
};

/// How a task looks that is about to start.
pub(super) fn pending(
    (token, owner, deployment, instance): (&str, &str, &str, &str),
    daemon: bool,
    recipe: &Recipe,
) -> TaskState {
    let revision = &recipe.revision;
    TaskState {
        daemon,
        container: Health::Unknown,
        target: Health::Unknown,
        ..TaskState::pending(token, owner, deployment, &revision.id, instance, revision.task.room)
    }
}

/// What a round saw.
pub(super) struct Looked {
    pub(super) view: Arc<View>,
    pub(super) wanted: Wanted,
    /// The single runs that were asked for before the account was read: it knows what they are of.
    pub(super) runs: BTreeMap<String, Running>,
    pub(super) tasks: Vec<Task>,
    pub(super) instances: Vec<Instance>,
    /// The instances that were being launched, each with its group.
    pub(super) launching: BTreeMap<String, String>,
    /// The instances that were being terminated.
    pub(super) terminating: BTreeSet<String>,
    pub(super) fleet: Fleet,
    pub(super) now: Moment,
}

impl Inner {
    pub(super) async fn round(self: &Arc<Self>, known: &mut Known) -> Result<(), Failure> {
        // Before the account was read nothing is known to be wanted, and nothing to be unwanted.
        if !lock(&self.latest).told {
            return Ok(());
        }
        let mut looked = self.look(known).await?;
        if self.clear(&looked).await? {
            looked = self.look(known).await?;
        }
        self.serve(&looked);
        // Who decides later finds the room taken that was given away before.
        let mut fleet = looked.fleet.clone();
        let mut waiting = self.services(&looked, &mut fleet)?;
        waiting.extend(self.runs(&looked, &mut fleet)?);
        self.groups(&looked, &waiting)?;
        self.count(&looked);
        let mut latest = lock(&self.latest);
        let names = |task: &Task| task.containers.values().map(|it| it.name.clone()).collect();
        latest.containers =
            looked.tasks.iter().map(|task| (task.id.clone(), names(task))).collect();
        latest.fleet = looked.fleet;
        latest.looked = lock(&self.wanted).1 == looked.wanted;
        Ok(())
    }

    async fn look(self: &Arc<Self>, known: &mut Known) -> Result<Looked, Failure> {
        // First the runs: whoever asks for one has made its definition before.
        let runs = lock(&self.kepts).runs.clone();
        let (view, wanted) = lock(&self.wanted).clone();
        let (docker, account) = (&self.around.docker, self.around.account());
        let before = lock(&self.going).clone();
        for id in std::mem::take(&mut *lock(&self.ended)) {
            known.forget(&id);
        }
        let tasks = docker.find_again(&Labels::of_kind(account, TASK), known).await?;
        let mut tasks = note::tasks(tasks);
        let instances = note::instances(docker.list(&Labels::of_kind(account, INSTANCE)).await?);
        self.early(&mut tasks);
        let without_files = self.without_files(&tasks).await?;
        let now = now();
        let mut fleet = Fleet::default();
        let kepts = lock(&self.kepts);
        for instance in &instances {
            let group = wanted.groups.get(&instance.note.group);
            let room = group.map(|group| group.room).unwrap_or_default();
            let provider = group.and_then(|group| Some(group.provider.as_ref()?.spec.id.clone()));
            let leaves = kepts
                .groups
                .get(&instance.note.group)
                .is_some_and(|kept| kept.leaves(&instance.id));
            fleet.instances.push(instance.seen(room, provider, leaves));
        }
        drop(kepts);
        let mut current = lock(&self.going);
        let going = current.since(before);
        for task in &tasks {
            if going.forgetting.contains(&task.id) {
                continue;
            }
            let starting = going.starting.contains_key(&task.id);
            let whole = !starting && task.containers.values().all(|container| container.running);
            if whole {
                current.started_at.entry(task.id.clone()).or_insert(now);
            }
            let started_at = current.started_at.get(&task.id).copied();
            let target = self.target_health(task);
            let mut seen = task.seen(starting, &going.stopping, started_at, target);
            if without_files.contains(&task.id) {
                // Whether or not anything checks it.
                seen.container = Health::Unhealthy;
            }
            fleet.tasks.push(seen);
        }
        let seen: BTreeSet<String> = fleet.tasks.iter().map(|task| task.id.clone()).collect();
        fleet.tasks.extend(going.unseen(&seen));
        current.started_at.retain(|id, _| seen.contains(id));
        drop(current);
        let (launching, terminating) = (going.launching, going.terminating);
        Ok(Looked { view, wanted, runs, tasks, instances, launching, terminating, fleet, now })
    }

    /// What the balancers say of a task.
    pub(super) fn target_health(&self, task: &Task) -> Health {
        let mut all = Health::Unchecked;
        for (group, port) in &task.note.targets {
            let address = SocketAddr::new(IpAddr::V4(task.note.address), *port);
            let state = self.targets.status(group, address).map(|status| status.state);
            let health = match state {
                Some(TargetState::Healthy) => Health::Healthy,
                Some(TargetState::Unhealthy) => Health::Unhealthy,
                Some(TargetState::Unused) => Health::Unchecked,
                Some(TargetState::Initial | TargetState::Draining) | None => Health::Unknown,
            };
            all = match (all, health) {
                (Health::Unhealthy, _) | (_, Health::Unhealthy) => Health::Unhealthy,
                (Health::Unknown, _) | (_, Health::Unknown) => Health::Unknown,
                (Health::Healthy, _) | (_, Health::Healthy) => Health::Healthy,
                _ => Health::Unchecked,
            };
        }
        all
    }

    /// Tells the balancers who serves.
    fn serve(&self, looked: &Looked) {
        let mut wanted: BTreeMap<String, BTreeSet<SocketAddr>> = BTreeMap::new();
        let serves = |task: &&Task| {
            let seen = looked.fleet.task(&task.id);
            seen.is_some_and(|seen| seen.status == TaskStatus::Running)
        };
        for task in looked.tasks.iter().filter(serves) {
            for (group, port) in &task.note.targets {
                let address = SocketAddr::new(IpAddr::V4(task.note.address), *port);
                wanted.entry(group.clone()).or_default().insert(address);
            }
        }
        self.targets.serve(wanted);
    }

    /// Puts back what was decided by a copy of what is kept. Single runs are not among it: they are
    /// asked for, and their last words are read, meanwhile.
    pub(super) fn put_back(&self, mut kepts: Kepts) {
        let mut now = lock(&self.kepts);
        kepts.runs = std::mem::take(&mut now.runs);
        *now = kepts;
    }
}
