//! One round: look, decide, keep, act.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use super::{
    Inner, bad_image,
    launch::{Start, now},
    lock,
    note::{self, INSTANCE, Instance, InstanceNote, TASK, Task},
    read::{Group, Wanted},
    recipe::Recipe,
};
use crate::{
    containers::{
        agent::Failure,
        balancer::TargetState,
        docker::Labels,
        scheduler::{
            Fleet, Health, Moment, Pace, TaskState, TaskStatus,
            capacity::plan_capacity,
            group::{GroupAction, GroupKept, Member, Phase, plan_group},
            service::{Action, Waiting, plan},
        },
    },
    sim::View,
};

/// What a round saw.
pub(super) struct Looked {
    pub(super) view: Arc<View>,
    pub(super) wanted: Wanted,
    pub(super) tasks: Vec<Task>,
    pub(super) instances: Vec<Instance>,
    pub(super) fleet: Fleet,
    pub(super) now: Moment,
}

impl Inner {
    pub(super) async fn round(self: &Arc<Self>) -> Result<(), Failure> {
        // Before the account was read nothing is known to be wanted, and nothing to be unwanted.
        if !lock(&self.latest).told {
            return Ok(());
        }
        let looked = self.look().await?;
        self.serve(&looked);
        let mut waiting = self.services(&looked)?;
        waiting.extend(self.runs(&looked)?);
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

    async fn look(&self) -> Result<Looked, Failure> {
        let (view, wanted) = lock(&self.wanted).clone();
        let (docker, account) = (&self.around.docker, self.around.account());
        let tasks = note::tasks(docker.find(&Labels::of_kind(account, TASK)).await?);
        let instances = note::instances(docker.find(&Labels::of_kind(account, INSTANCE)).await?);
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
        let mut going = lock(&self.going);
        for task in &tasks {
            if going.forgetting.contains(&task.id) {
                continue;
            }
            let starting = going.starting.contains_key(&task.id);
            let whole = !starting && task.containers.values().all(|container| container.running);
            if whole {
                going.started_at.entry(task.id.clone()).or_insert(now);
            }
            let started_at = going.started_at.get(&task.id).copied();
            let target = self.target_health(task);
            fleet.tasks.push(task.seen(starting, &going.stopping, started_at, target));
        }
        let seen: BTreeSet<String> = fleet.tasks.iter().map(|task| task.id.clone()).collect();
        let unseen = |task: &&TaskState| !seen.contains(&task.id);
        fleet.tasks.extend(going.starting.values().filter(unseen).cloned());
        fleet.tasks.extend(going.failed.values().filter(unseen).cloned());
        going.started_at.retain(|id, _| seen.contains(id));
        Ok(Looked { view, wanted, tasks, instances, fleet, now })
    }

    /// What the balancers say of a task.
    fn target_health(&self, task: &Task) -> Health {
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

    fn services(self: &Arc<Self>, looked: &Looked) -> Result<Vec<Waiting>, Failure> {
        let (mut waiting, mut acts) = (vec![], vec![]);
        let mut kepts = lock(&self.kepts).clone();
        for (name, service) in &looked.wanted.services {
            let mut spec = service.spec.clone();
            spec.desired = self.desired(&mut kepts, service, looked.now);
            let kept = kepts.services.entry(name.clone()).or_default();
            self.revise(name, &mut spec, kept);
            let decision =
                plan(&spec, kept, &looked.fleet, &BTreeSet::new(), &Pace::LOCAL, looked.now);
            *kept = decision.kept;
            waiting.extend(decision.waiting);
            self.say(name, decision.events);
            lock(&self.latest).steady.insert(name.clone(), decision.steady);
            acts.push((name.clone(), decision.actions, decision.forget));
        }
        // What nobody wants any more ends.
        let gone: Vec<String> = kepts
            .services
            .keys()
            .filter(|name| !looked.wanted.services.contains_key(*name))
            .cloned()
            .collect();
        for name in gone {
            let own = looked.fleet.tasks.iter().filter(|task| task.owner == name);
            let (ended, live): (Vec<_>, Vec<_>) =
                own.partition(|task| task.status == TaskStatus::Stopped);
            if ended.is_empty() && live.is_empty() {
                kepts.services.remove(&name);
                kepts.desired.remove(&name);
                kepts.asked.remove(&name);
                kepts.scaled.remove(&name);
                let mut latest = lock(&self.latest);
                latest.steady.remove(&name);
                latest.events.remove(&name);
            }
            for task in live.iter().filter(|task| task.is_live()) {
                self.stop(looked, &task.id);
            }
            for task in ended {
                self.forget(&task.id);
            }
        }
        *lock(&self.kepts) = kepts;
        // Durable before anything is done.
        self.keep()?;
        for (name, actions, forget) in acts {
            let service = &looked.wanted.services[&name];
            for action in actions {
                match action {
                    Action::Start { token, deployment, revision, instance } => {
                        let recipe = self.recipe(looked, &service.recipe, &revision);
                        let daemon = service.spec.scheduling
                            == crate::containers::scheduler::service::Scheduling::Daemon;
                        self.start(looked, (&token, &name, &deployment, &instance), daemon, recipe);
                    }
                    Action::Stop { task, .. } => self.stop(looked, &task),
                }
            }
            for task in forget {
                self.forget(&task);
            }
        }
        Ok(waiting)
    }

    /// What a revision is made of: the one that is asked for, or an earlier one of the same service.
    fn recipe(&self, looked: &Looked, asked: &Recipe, revision: &str) -> Recipe {
        if asked.revision.id == revision {
            return asked.clone();
        }
        if revision == bad_image::REVISION {
            return bad_image::recipe(asked);
        }
        let definitions = looked.view.all::<infra_core::aws::ecs::TaskDefinition>();
        let named = |id: &str| id.rsplit('/').next() == Some(revision);
        let id = definitions.into_iter().find(|it| named(it.id())).map(|it| it.id().to_owned());
        let earlier = id.and_then(|id| Recipe::read(&looked.view, &id, None));
        earlier.map_or_else(
            || asked.clone(),
            |earlier| Recipe {
                subnets: asked.subnets.clone(),
                groups: asked.groups.clone(),
                targets: asked.targets.clone(),
                ..earlier
            },
        )
    }

    pub(super) fn start(
        self: &Arc<Self>,
        looked: &Looked,
        (token, owner, deployment, instance): (&str, &str, &str, &str),
        daemon: bool,
        recipe: Recipe,
    ) {
        let zone = looked.fleet.instance(instance).map(|it| it.zone.clone()).unwrap_or_default();
        let state = TaskState {
            id: token.to_owned(),
            owner: owner.to_owned(),
            deployment: deployment.to_owned(),
            revision: recipe.revision.id.clone(),
            instance: instance.to_owned(),
            room: recipe.revision.task.room,
            daemon,
            status: TaskStatus::Pending,
            container: Health::Unknown,
            target: Health::Unknown,
            started_at: None,
            exit_code: None,
            reason: None,
            protected_until: None,
        };
        let mut going = lock(&self.going);
        if going.starting.contains_key(token) || going.failed.contains_key(token) {
            return;
        }
        going.starting.insert(token.to_owned(), state.clone());
        drop(going);
        let (inner, view) = (Arc::clone(self), Arc::clone(&looked.view));
        tokio::spawn(async move {
            let start = Start {
                token: &state.id,
                owner: &state.owner,
                deployment: &state.deployment,
                daemon,
                instance: &state.instance,
                zone: &zone,
                recipe: &recipe,
            };
            let started = inner.launcher.start(&view, &start).await;
            let mut going = lock(&inner.going);
            going.starting.remove(&state.id);
            if let Err(failure) = started {
                inner.around.log.line(format_args!("{}: {}", state.id, failure.message));
                let failed = TaskState {
                    status: TaskStatus::Stopped,
                    reason: Some(failure.message),
                    ..state.clone()
                };
                going.failed.insert(state.id, failed);
            }
            drop(going);
            inner.changed.notify_one();
        });
    }

    /// Takes a task out of its target groups, lets it finish, and ends it.
    pub(super) fn stop(self: &Arc<Self>, looked: &Looked, id: &str) {
        if !lock(&self.going).stopping.insert(id.to_owned()) {
            return;
        }
        let Some(task) = looked.tasks.iter().find(|task| task.id == id).cloned() else {
            lock(&self.going).stopping.remove(id);
            return;
        };
        // An instance that is gone has nobody left to wait for.
        let lost = looked
            .fleet
            .instance(&task.note.instance)
            .is_none_or(|it| it.status == crate::containers::scheduler::InstanceStatus::Lost);
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            if !lost {
                inner.drained(&task).await;
            }
            let grace = if lost { Duration::ZERO } else { Duration::from_secs(task.note.grace) };
            let names: Vec<String> =
                task.containers.values().map(|container| container.name.clone()).collect();
            if let Err(failure) = inner.launcher.end(&names, grace).await {
                inner.around.log.line(format_args!("{}: {}", task.id, failure.message));
            }
            lock(&inner.going).stopping.remove(&task.id);
            inner.changed.notify_one();
        });
    }

    /// Waits until no balancer has a task as a target any more.
    async fn drained(&self, task: &Task) {
        let addresses = task.note.targets.iter().map(|(group, port)| {
            (group.clone(), SocketAddr::new(IpAddr::V4(task.note.address), *port))
        });
        let addresses: Vec<(String, SocketAddr)> = addresses.collect();
        // The next round tells the balancers; they end the wait themselves after their delay.
        tokio::time::sleep(super::LOOK).await;
        while addresses
            .iter()
            .any(|(group, address)| self.targets.status(group, *address).is_some())
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(super) fn forget(self: &Arc<Self>, id: &str) {
        let mut going = lock(&self.going);
        going.failed.remove(id);
        if !going.forgetting.insert(id.to_owned()) {
            return;
        }
        drop(going);
        let (inner, id) = (Arc::clone(self), id.to_owned());
        tokio::spawn(async move {
            while let Err(failure) = inner.launcher.forget(&id).await {
                inner.around.log.line(format_args!("{id}: {}", failure.message));
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            lock(&inner.going).forgetting.remove(&id);
        });
    }

    fn groups(self: &Arc<Self>, looked: &Looked, waiting: &[Waiting]) -> Result<(), Failure> {
        let mut kepts = lock(&self.kepts).clone();
        let mut acts = vec![];
        for (name, group) in &looked.wanted.groups {
            let mut spec = group.spec.clone();
            let range = kepts.ranges.entry(name.clone()).or_default();
            let given = (spec.least, spec.most);
            let (said, events) = range.pass(name, given, &group.actions, false, looked.now);
            (spec.least, spec.most) = range.now();
            self.say(name, events);
            let (least, most) = (spec.least, spec.most.max(spec.least));
            let kept = kepts.groups.entry(name.clone()).or_insert_with(|| GroupKept::new(least));
            kept.desired = said.unwrap_or(kept.desired).clamp(least, most);
            if let Some(provider) = group.provider.as_ref().filter(|provider| provider.scales) {
                let own = kepts.providers.entry(provider.spec.id.clone()).or_default();
                let decision = plan_capacity(
                    &provider.spec,
                    own,
                    &looked.fleet,
                    waiting,
                    kept.desired,
                    &Pace::LOCAL,
                    looked.now,
                );
                *own = decision.kept;
                kept.desired = decision.desired.clamp(least, most);
                self.say(name, decision.events);
            }
            let members: Vec<Member> = self.members(looked, name);
            let decision = plan_group(&spec, kept, &members, &BTreeSet::new(), looked.now);
            *kept = decision.kept;
            self.say(name, decision.events);
            let there =
                members.iter().filter(|it| it.phase == Phase::InService && it.healthy).count();
            lock(&self.latest).groups.insert(name.clone(), (there, kept.desired));
            acts.push((name.clone(), group.clone(), decision.actions));
        }
        let names: Vec<String> = kepts.groups.keys().cloned().collect();
        for name in names.into_iter().filter(|name| !looked.wanted.groups.contains_key(name)) {
            let own = looked.instances.iter().filter(|it| it.note.group == name);
            let own: Vec<&Instance> = own.collect();
            lock(&self.latest).groups.insert(name.clone(), (own.len(), 0));
            for instance in &own {
                self.terminate(&instance.id);
            }
            if own.is_empty() {
                kepts.groups.remove(&name);
                kepts.ranges.remove(&name);
                lock(&self.latest).groups.remove(&name);
            }
        }
        *lock(&self.kepts) = kepts;
        self.keep()?;
        for (name, group, actions) in acts {
            for action in actions {
                match action {
                    GroupAction::Launch { token, zone, template } => {
                        self.launch(&name, &group, token, zone, template);
                    }
                    GroupAction::Terminate { instance } => self.terminate(&instance),
                    GroupAction::GoOn { .. } | GroupAction::Drain { .. } => {}
                }
            }
        }
        Ok(())
    }

    fn members(&self, looked: &Looked, group: &str) -> Vec<Member> {
        let going = lock(&self.going);
        let busy = |id: &str| {
            let there = |task: &TaskState| {
                task.instance == id && !task.daemon && task.status != TaskStatus::Stopped
            };
            looked.fleet.tasks.iter().any(there)
        };
        let own = looked.instances.iter().filter(|it| it.note.group == group);
        own.map(|instance| {
            let launched_at = Moment(instance.note.launched_at);
            Member {
                id: instance.id.clone(),
                zone: instance.note.zone.clone(),
                template: instance.note.template.clone(),
                phase: if going.terminating.contains(&instance.id) {
                    Phase::Terminating
                } else {
                    Phase::InService
                },
                since: launched_at,
                launched_at,
                healthy: instance.container.running && !instance.container.paused,
                protected: false,
                busy: busy(&instance.id),
            }
        })
        .collect()
    }

    fn launch(
        self: &Arc<Self>,
        name: &str,
        group: &Group,
        token: String,
        zone: String,
        template: String,
    ) {
        if !lock(&self.going).launching.insert(token.clone()) {
            return;
        }
        let note = InstanceNote { group: name.to_owned(), zone, template, launched_at: now().0 };
        let (inner, group) = (Arc::clone(self), group.clone());
        tokio::spawn(async move {
            let subnet = group.subnets.iter().find(|subnet| subnet.zone == note.zone);
            let launched = match subnet {
                Some(subnet) => inner.launcher.launch(&token, &note, subnet, &group.groups).await,
                None => Ok(()),
            };
            if let Err(failure) = launched {
                inner.around.log.line(format_args!("{token}: {}", failure.message));
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            lock(&inner.going).launching.remove(&token);
            inner.changed.notify_one();
        });
    }

    fn terminate(self: &Arc<Self>, id: &str) {
        if !lock(&self.going).terminating.insert(id.to_owned()) {
            return;
        }
        let (inner, id) = (Arc::clone(self), id.to_owned());
        tokio::spawn(async move {
            if let Err(failure) = inner.launcher.terminate(&id).await {
                inner.around.log.line(format_args!("{id}: {}", failure.message));
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            lock(&inner.going).terminating.remove(&id);
            inner.changed.notify_one();
        });
    }
}
