//! The part of a round that is about instances: how many each Auto Scaling group has, and which go.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Inner, launch::now, lock, memory::Kepts, note::InstanceNote, read::Group, round::Looked,
};
use crate::containers::{
    agent::Failure,
    scheduler::{
        Moment, Pace, TaskState, TaskStatus,
        capacity::plan_capacity,
        group::{GroupAction, GroupKept, Member, Phase, plan_group},
        service::Waiting,
    },
};

/// What an instance does that has a container. It is made before it is started, and the more a machine
/// has to do the longer before.
fn phase(looked: &Looked, id: &str, runs: bool) -> Phase {
    if looked.terminating.contains(id) {
        Phase::Terminating
    } else if looked.launching.contains_key(id) && !runs {
        Phase::Pending
    } else {
        Phase::InService
    }
}

/// What there is of a group that nobody wants any more.
#[derive(Debug, Default, PartialEq, Eq)]
struct Unwanted {
    instances: Vec<String>,
    /// Whether some are being launched, which nobody sees yet.
    is_coming: bool,
}

/// The groups that nobody wants any more; also those that are known by an instance alone, which an agent
/// that was killed had asked for.
fn unwanted(kepts: &Kepts, looked: &Looked) -> BTreeMap<String, Unwanted> {
    let mut all: BTreeMap<String, Unwanted> =
        kepts.groups.keys().map(|name| (name.clone(), Unwanted::default())).collect();
    for instance in &looked.instances {
        all.entry(instance.note.group.clone()).or_default().instances.push(instance.id.clone());
    }
    for group in looked.launching.values() {
        all.entry(group.clone()).or_default().is_coming = true;
    }
    all.retain(|name, _| !looked.wanted.groups.contains_key(name));
    all
}

impl Inner {
    pub(super) fn groups(
        self: &Arc<Self>,
        looked: &Looked,
        waiting: &[Waiting],
    ) -> Result<(), Failure> {
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
            let members: Vec<Member> = Self::members(looked, name);
            let decision = plan_group(&spec, kept, &members, &BTreeSet::new(), looked.now);
            *kept = decision.kept;
            self.say(name, decision.events);
            let there =
                members.iter().filter(|it| it.phase == Phase::InService && it.healthy).count();
            lock(&self.latest).groups.insert(name.clone(), (there, kept.desired));
            acts.push((name.clone(), group.clone(), decision.actions));
        }
        for (name, Unwanted { instances, is_coming }) in unwanted(&kepts, looked) {
            lock(&self.latest).groups.insert(name.clone(), (instances.len(), 0));
            for instance in &instances {
                self.terminate(instance);
            }
            if instances.is_empty() && !is_coming {
                kepts.groups.remove(&name);
                kepts.ranges.remove(&name);
                lock(&self.latest).groups.remove(&name);
            }
        }
        self.put_back(kepts);
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

    fn members(looked: &Looked, group: &str) -> Vec<Member> {
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
                phase: phase(looked, &instance.id, instance.container.running),
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
        if lock(&self.going).launching.insert(token.clone(), name.to_owned()).is_some() {
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
            while let Err(failure) = inner.launcher.terminate(&id).await {
                inner.around.log.line(format_args!("{id}: {}", failure.message));
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            lock(&inner.going).terminating.remove(&id);
            inner.changed.notify_one();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{super::note::Instance, *};
    use crate::{
        containers::{
            docker::{Health, Labels, Listed},
            parts::compute::Wanted,
            scheduler::Fleet,
        },
        sim::View,
    };

    fn looked(instances: Vec<Instance>, launching: &[(&str, &str)]) -> Looked {
        let launching = launching.iter().map(|(id, group)| ((*id).to_owned(), (*group).to_owned()));
        Looked {
            view: Arc::new(View::default()),
            wanted: Wanted::default(),
            runs: BTreeMap::new(),
            tasks: vec![],
            instances,
            launching: launching.collect(),
            terminating: BTreeSet::from(["old".to_owned()]),
            fleet: Fleet::default(),
            now: Moment(0),
        }
    }

    fn instance(id: &str, group: &str) -> Instance {
        let [zone, template] = ["a", "lt:1"].map(str::to_owned);
        let note = InstanceNote { group: group.to_owned(), zone, template, launched_at: 0 };
        let container = Listed {
            id: id.to_owned(),
            name: id.to_owned(),
            labels: Labels::default(),
            running: true,
            paused: false,
            health: Health::Unknown,
        };
        Instance { id: id.to_owned(), note, container }
    }

    #[test]
    fn a_group_is_gone_once_nothing_of_it_is_there_or_on_its_way() {
        let mut kepts = Kepts::default();
        kepts.groups.insert("web".to_owned(), GroupKept::new(2));
        let of = |instances: &[&str], is_coming| {
            let instances = instances.iter().map(|id| (*id).to_owned()).collect();
            BTreeMap::from([("web".to_owned(), Unwanted { instances, is_coming })])
        };
        assert_eq!(unwanted(&kepts, &looked(vec![], &[])), of(&[], false));
        assert_eq!(unwanted(&kepts, &looked(vec![], &[("web-1", "web")])), of(&[], true));
        // One that comes when its group is forgotten goes, too.
        let late = looked(vec![instance("web-1", "web")], &[]);
        assert_eq!(unwanted(&Kepts::default(), &late), of(&["web-1"], false));
    }

    #[test]
    fn an_instance_whose_container_is_not_yet_started_is_not_ill() {
        let looked = looked(vec![], &[("new", "web")]);
        assert_eq!(phase(&looked, "new", false), Phase::Pending);
        assert_eq!(phase(&looked, "new", true), Phase::InService);
        assert_eq!(phase(&looked, "old", false), Phase::Terminating);
        assert_eq!(phase(&looked, "other", false), Phase::InService);
    }
}
