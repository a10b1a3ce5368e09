//! [`Compute`]: tasks of ECS on instances of EC2: what the scheduler decides is carried out here.
//!
//! | module | is |
//! |---|---|
//! | `read` | what is wanted, out of the account |
//! | `guard` | what ends a deployment |
//! | `recipe` | what tasks of a revision are made of |
//! | `note` | what containers say about themselves, and what that makes of them |
//! | `memory` | what must be remembered when the agent is killed |
//! | `scale` | how many tasks a load needs |
//! | `round` | one round: look, decide, keep, act |
//! | `services` | the part of it about services |
//! | `instances` | the part of it about instances |
//! | `launch` | starting and ending |
//! | `strays` | what earlier agents have left half made or half removed |
//! | `mounts` | what instances have mounted, and tasks whose mount died |
//! | `fargate` | what runs elsewhere on AWS, and nowhere here |
//! | `early` | whether what starts is well, before Docker asks |
//! | `going` | what is on its way, and what a look makes of it |
//! | `runs` | single tasks |
//! | `told` | what is where, and how many |
//! | `secrets` | what tasks are given by reference |
//! | `bad_image` | a drill: a revision whose image nobody has |

mod bad_image;
mod early;
mod fargate;
mod going;
mod guard;
mod instances;
mod launch;
mod memory;
mod mounts;
mod note;
mod read;
mod recipe;
mod round;
mod runs;
mod scale;
mod secrets;
mod services;
mod strays;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use infra_core::{engine::full_message, handler::BoxFuture};
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use super::{Net, alarms::Signals, counted, figures::Figures, files::Shared, targets::Targets};
use crate::{
    containers::{
        agent::{
            AgentError, DrillAct, Part, Place, Sample, Series, Surroundings,
            protocol::{Level, PartReport, Ran, Run, State, ThingReport, Which},
        },
        docker::{Known, Labels},
        images::Images,
        scheduler::{Fleet, TaskState, TaskStatus, service::Rollout},
    },
    sim::View,
};
use bad_image::Drilled;
use early::Early;
use going::Going;
use launch::Launcher;
use memory::{Kepts, Memory};
use read::Wanted;
use secrets::Secrets;

/// How often it is looked at what runs.
const LOOK: Duration = Duration::from_millis(400);
/// After which time Docker is asked again to tell what ends.
const AGAIN: Duration = Duration::from_secs(1);
/// How long ended runs are remembered.
const REMEMBERED: Duration = Duration::from_secs(3600);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was seen last, for those who ask.
#[derive(Default)]
struct Latest {
    fleet: Fleet,
    /// The containers of each task.
    containers: BTreeMap<String, Vec<String>>,
    steady: BTreeMap<String, bool>,
    events: BTreeMap<String, Vec<(u64, String)>>,
    groups: BTreeMap<String, (usize, u32)>,
    /// Whether anybody has said what is wanted.
    told: bool,
    /// Whether a round has looked since what is wanted changed.
    looked: bool,
}

struct Inner {
    around: Surroundings,
    launcher: Launcher,
    targets: Arc<Targets>,
    figures: Figures,
    /// What alarms say.
    signals: watch::Receiver<Signals>,
    /// In which second tasks and instances were counted last.
    counted: AtomicU64,
    wanted: Mutex<(Arc<View>, Wanted)>,
    kepts: Mutex<Kepts>,
    memory: Mutex<Memory>,
    going: Mutex<Going>,
    /// Whether what earlier agents have left was removed.
    cleared: AtomicBool,
    early: Mutex<Early>,
    latest: Mutex<Latest>,
    /// The service that a drill has given another revision.
    drilled: Mutex<Option<Drilled>>,
    /// The containers that Docker has told the end of since the last look.
    ended: Mutex<BTreeSet<String>>,
    changed: Notify,
}

/// Tasks of ECS on instances of EC2.
pub(super) struct Compute(Arc<Inner>);

impl Compute {
    pub(super) fn new(
        around: &Surroundings,
        net: &Arc<Net>,
        images: &Images,
        files: &Shared,
        (targets, figures, signals): (&Arc<Targets>, &Figures, &watch::Receiver<Signals>),
    ) -> Result<Self, AgentError> {
        let (memory, kepts) = Memory::open(around.folder.memory())?;
        let launcher = Launcher {
            around: around.clone(),
            net: Arc::clone(net),
            images: images.clone(),
            files: Arc::clone(files),
            secrets: Secrets::new(around),
        };
        let inner = Arc::new(Inner {
            around: around.clone(),
            launcher,
            targets: Arc::clone(targets),
            figures: figures.clone(),
            signals: signals.clone(),
            counted: AtomicU64::new(0),
            wanted: Mutex::default(),
            kepts: Mutex::new(kepts),
            memory: Mutex::new(memory),
            going: Mutex::default(),
            cleared: AtomicBool::new(false),
            early: Mutex::default(),
            latest: Mutex::default(),
            drilled: Mutex::default(),
            ended: Mutex::default(),
            changed: Notify::new(),
        });
        tokio::spawn(Arc::clone(&inner).rounds());
        tokio::spawn(Arc::clone(&inner).hear());
        tokio::spawn(Arc::clone(&inner).measure());
        tokio::spawn(Arc::clone(&inner).keep_mounts());
        Ok(Self(inner))
    }
}

impl Inner {
    /// Looks, decides, keeps and acts, again and again.
    async fn rounds(self: Arc<Self>) {
        let mut known = Known::default();
        loop {
            if let Err(failure) = self.round(&mut known).await {
                self.around.log.line(format_args!("scheduler: {}", failure.message));
            }
            let changed = self.changed.notified();
            let _ = tokio::time::timeout(LOOK, changed).await;
        }
    }

    /// Looks at once when a task ends, as far as Docker tells of it; else it is found by a look.
    async fn hear(self: Arc<Self>) {
        let labels = Labels::of_kind(self.around.account(), note::TASK);
        loop {
            let mut ends = pin!(self.around.docker.ends(&labels));
            while let Some(Ok(id)) = ends.next().await {
                lock(&self.ended).insert(id);
                self.changed.notify_one();
            }
            sleep(AGAIN).await;
        }
    }

    fn say(&self, owner: &str, events: Vec<crate::containers::scheduler::Event>) {
        let mut latest = lock(&self.latest);
        let own = latest.events.entry(owner.to_owned()).or_default();
        for event in events {
            self.around.log.line(&event.message);
            own.push((event.at.0, event.message));
        }
        let many = own.len().saturating_sub(30);
        own.drain(..many);
    }

    fn keep(&self) -> Result<(), AgentError> {
        let kepts = lock(&self.kepts).clone();
        let starting = lock(&self.going).starting.clone();
        lock(&self.memory).keep(&kepts.outliving(&starting))
    }
}

impl Part for Compute {
    fn name(&self) -> &'static str {
        "compute"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:ecs:Service", "aws:autoscaling:Group"]
    }

    fn want(&self, view: &Arc<View>) {
        *lock(&self.0.wanted) = (Arc::clone(view), read::read(view));
        let mut latest = lock(&self.0.latest);
        (latest.told, latest.looked) = (true, false);
        drop(latest);
        self.0.changed.notify_one();
    }

    fn state(&self, which: &Which) -> State {
        let name = which.id.rsplit('/').next().unwrap_or_default();
        let latest = lock(&self.0.latest);
        if !latest.looked {
            return State::pending("it is being looked at");
        }
        if which.ty == "aws:autoscaling:Group" {
            return match latest.groups.get(name) {
                None => State::default(),
                Some((there, wanted)) if *there >= *wanted as usize => State::ready(),
                Some((there, wanted)) => {
                    State::pending(format!("{there} of {wanted} instances are in service"))
                }
            };
        }
        let of_service =
            |task: &&TaskState| task.owner == name && task.status != TaskStatus::Stopped;
        let there = latest.fleet.tasks.iter().filter(of_service).count();
        let last = latest.events.get(name).and_then(|events| events.last());
        let last = last.map(|(_, words)| words.clone()).unwrap_or_default();
        let kepts = lock(&self.0.kepts);
        let on_fargate = lock(&self.0.wanted).1.services.get(name).map(|it| it.on_fargate);
        if on_fargate == Some(true) {
            return State::failed(fargate::NOT_HERE);
        }
        let wanted = on_fargate.is_some();
        let Some(kept) = kepts.services.get(name) else {
            return if wanted || there > 0 {
                State::pending("it begins")
            } else {
                State::default()
            };
        };
        if !wanted {
            return State::pending(format!("{there} tasks are ending"));
        }
        match kept.primary() {
            Some(primary) if primary.rollout == Rollout::Failed => State::failed(&primary.reason),
            Some(primary)
                if primary.rollout == Rollout::Completed
                    && latest.steady.get(name).copied().unwrap_or(false) =>
            {
                // What was taken back is not what was asked for.
                let asked =
                    lock(&self.0.wanted).1.services.get(name).map(|it| it.spec.revision.id.clone());
                if asked.as_deref() == Some(&primary.revision.id) {
                    State::ready()
                } else {
                    State::failed(format!("the deployment was taken back: {}", primary.reason))
                }
            }
            _ => State::pending(last),
        }
    }

    fn report(&self) -> PartReport {
        let latest = lock(&self.0.latest);
        let wanted = lock(&self.0.wanted).1.clone();
        let desired = lock(&self.0.kepts).desired.clone();
        let mut things = vec![];
        for (name, service) in &wanted.services {
            let own: Vec<&TaskState> =
                latest.fleet.tasks.iter().filter(|task| task.owner == *name).collect();
            let running = own.iter().filter(|task| task.status == TaskStatus::Running).count();
            let zones: BTreeSet<&str> = own
                .iter()
                .filter_map(|task| latest.fleet.instance(&task.instance))
                .map(|instance| instance.zone.as_str())
                .collect();
            let steady = latest.steady.get(name).copied().unwrap_or(false);
            let shall = desired.get(name).copied().unwrap_or(service.spec.desired);
            things.push(ThingReport {
                id: name.clone(),
                level: if steady { Level::Ready } else { Level::Pending },
                message: format!("{running} of {shall} tasks run"),
                redundant: service.recipe.targets.is_empty() || zones.len() > 1,
                parts: own
                    .iter()
                    .map(|task| {
                        let how =
                            format!("{:?} on {}, {}", task.status, task.instance, task.revision);
                        (task.id.clone(), how)
                    })
                    .collect(),
                events: latest.events.get(name).cloned().unwrap_or_default(),
            });
        }
        for (name, group) in &wanted.groups {
            let (there, desired) = latest.groups.get(name).copied().unwrap_or_default();
            things.push(ThingReport {
                id: name.clone(),
                level: if there >= desired as usize { Level::Ready } else { Level::Pending },
                message: format!("{there} of {desired} instances, at most {}", group.spec.most),
                redundant: there > 1,
                parts: latest
                    .fleet
                    .instances
                    .iter()
                    .map(|it| (it.id.clone(), format!("{:?} in {}", it.status, it.zone)))
                    .collect(),
                events: latest.events.get(name).cloned().unwrap_or_default(),
            });
        }
        for (id, dimension) in &wanted.unscaled {
            things.push(ThingReport {
                id: id.clone(),
                level: Level::Ready,
                message: format!("stays as it is: nothing here scales {dimension}"),
                redundant: true,
                parts: vec![],
                events: vec![],
            });
        }
        PartReport { name: self.name().to_owned(), things }
    }

    fn series(&self) -> Option<Series> {
        Some(counted::series(&self.0.figures, launch::now()))
    }

    fn samples(&self) -> Vec<Sample> {
        self.0.samples()
    }

    fn places(&self) -> Vec<Place> {
        self.0.places()
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<Option<Ran>, AgentError>> {
        Box::pin(async move {
            if run.ty != "aws:ecs:RunTask" {
                return Ok(None);
            }
            let ran =
                self.0.run(run).inspect_err(|error| self.0.around.log.line(full_message(error)));
            ran.map(Some)
        })
    }

    fn drill<'a>(&'a self, act: &'a DrillAct) -> BoxFuture<'a, Result<Option<String>, AgentError>> {
        Box::pin(async move {
            match act {
                DrillAct::DeployBadImage => self.0.deploy_bad_image().map(Some),
                DrillAct::TakeBackImage => Ok(self.0.take_back_image()),
                DrillAct::Fail(_) | DrillAct::Cut(_) => Ok(None),
            }
        })
    }
}
