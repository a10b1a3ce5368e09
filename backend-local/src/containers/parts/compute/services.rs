//! The part of a round that is about services: how many tasks each has, and of which revision.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use super::{
    Inner, bad_image,
    launch::Start,
    lock,
    note::{self, Task},
    recipe::Recipe,
    round::{Looked, pending},
};
use crate::containers::{
    agent::Failure,
    docker::Labels,
    scheduler::{
        Fleet, InstanceStatus, Pace, TaskState, TaskStatus,
        service::{Action, Scheduling, Waiting, expect, plan},
    },
};

impl Inner {
    pub(super) fn services(
        self: &Arc<Self>,
        looked: &Looked,
        fleet: &mut Fleet,
    ) -> Result<Vec<Waiting>, Failure> {
        let (mut waiting, mut acts) = (vec![], vec![]);
        let mut kepts = lock(&self.kepts).clone();
        let signals = self.signals.borrow().clone();
        for (name, service) in looked.wanted.services.iter().filter(|(_, it)| !it.on_fargate) {
            let mut spec = service.spec.clone();
            spec.desired = self.desired(&mut kepts, service, &signals, looked.now);
            let kept = kepts.services.entry(name.clone()).or_default();
            self.revise(name, &mut spec, kept);
            let decision = plan(&spec, kept, fleet, &signals.firing, &Pace::LOCAL, looked.now);
            expect(fleet, &spec, &decision);
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
        self.put_back(kepts);
        // Durable before anything is done.
        self.keep()?;
        for (name, actions, forget) in acts {
            let service = &looked.wanted.services[&name];
            for action in actions {
                match action {
                    Action::Start { token, deployment, revision, instance } => {
                        let recipe = self.recipe(looked, &service.recipe, &revision);
                        let daemon = service.spec.scheduling == Scheduling::Daemon;
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
        let state = pending((token, owner, deployment, instance), daemon, &recipe);
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

    /// Takes a task out of its target groups, lets it finish, and ends it; one that starts, as soon
    /// as it has started.
    pub(super) fn stop(self: &Arc<Self>, looked: &Looked, id: &str) {
        let mut going = lock(&self.going);
        if !going.stopping.insert(id.to_owned()) {
            return;
        }
        let starts = going.starting.contains_key(id);
        drop(going);
        let seen = looked.tasks.iter().find(|task| task.id == id).filter(|_| !starts).cloned();
        // An instance that is gone has nobody left to wait for.
        let lost = looked
            .fleet
            .task(id)
            .and_then(|task| looked.fleet.instance(&task.instance))
            .is_none_or(|it| it.status == InstanceStatus::Lost);
        let (inner, id) = (Arc::clone(self), id.to_owned());
        tokio::spawn(async move {
            let task = match seen {
                None => inner.once_started(&id).await,
                seen => Ok(seen),
            };
            let ended = match task {
                Ok(Some(task)) => inner.end(&task, lost).await,
                Ok(None) => Ok(()),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = ended {
                inner.around.log.line(format_args!("{id}: {}", failure.message));
            }
            lock(&inner.going).stopping.remove(&id);
            inner.changed.notify_one();
        });
    }

    /// A task, when it has started; `None` if nothing of it is there.
    async fn once_started(&self, id: &str) -> Result<Option<Task>, Failure> {
        while lock(&self.going).starting.contains_key(id) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let task = Labels::of_thing(self.around.account(), note::TASK, id);
        Ok(note::tasks(self.around.docker.find(&task).await?).pop())
    }

    async fn end(&self, task: &Task, lost: bool) -> Result<(), Failure> {
        if !lost {
            self.drained(task).await;
        }
        let grace = if lost { Duration::ZERO } else { Duration::from_secs(task.note.grace) };
        let names: Vec<String> =
            task.containers.values().map(|container| container.name.clone()).collect();
        self.launcher.end(&names, grace).await
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
}
