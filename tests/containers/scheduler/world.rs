//! A fleet on virtual time, and an agent that carries decisions out until it is killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use backend_local::containers::scheduler::{
    Fleet, Health, InstanceSpec, InstanceStatus, Moment, Pace, Room, TaskSpec, TaskState,
    TaskStatus,
    service::{Action, Decision, Kept, Revision, Rollout, Scheduling, ServiceSpec, plan},
};

/// What becomes of the tasks of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// They run and are healthy.
    Good,
    /// They never run: the image is not there.
    NeverStarts,
    /// They end a second after they ran.
    Exits,
    /// Their checks find them ill.
    Ill,
}

/// How long things take, in seconds.
const BOOT: u64 = 2;
const WARM: u64 = 3;
const DRAIN: u64 = 3;
const TASK: Room = Room { cpu: 256, memory: 512, interfaces: 1 };

/// A second.
const TICK: u64 = 1_000;

struct Sim {
    state: TaskState,
    fate: Fate,
    /// When it came to the status it has.
    since: Moment,
    /// An illness that came later.
    falls_ill: bool,
}

/// A fleet with one service.
pub(super) struct World {
    pub(super) now: Moment,
    pub(super) spec: ServiceSpec,
    pub(super) instances: Vec<InstanceSpec>,
    pub(super) kept: Kept,
    pub(super) fates: BTreeMap<String, Fate>,
    pub(super) firing: BTreeSet<String>,
    pub(super) events: Vec<String>,
    /// How many actions were asked for in the last decision.
    pub(super) asked: usize,
    /// Whether a task was placed while a zone had no room.
    crowded: bool,
    tasks: BTreeMap<String, Sim>,
    /// Every token that ever started a task, but for those whose task was gone before anybody saw
    /// it: these may be asked for again.
    started: BTreeSet<String>,
    seen: BTreeSet<String>,
    pace: Pace,
}

/// When the agent dies in a round.
#[derive(Clone, Copy, Debug)]
pub(super) enum Death {
    /// It does not.
    No,
    /// Before it kept what it decided.
    BeforeKept,
    /// After so many actions.
    After(usize),
}

pub(super) fn revision(id: &str) -> Revision {
    Revision { id: id.to_owned(), task: TaskSpec { room: TASK, containers: vec![] } }
}

impl World {
    /// Zones with so many instances of so many tasks each.
    pub(super) fn new(spec: ServiceSpec, zones: u32, instances: u32, tasks: u32) -> Self {
        let mut all = vec![];
        for zone in 0..zones {
            for number in 0..instances {
                all.push(InstanceSpec {
                    id: format!("i-{zone}{number}"),
                    zone: format!("zone-{zone}"),
                    room: Room {
                        cpu: TASK.cpu * tasks,
                        memory: TASK.memory * tasks,
                        interfaces: tasks,
                    },
                    status: InstanceStatus::Active,
                    provider: None,
                    attributes: BTreeMap::new(),
                });
            }
        }
        Self {
            now: Moment(1_000_000),
            fates: BTreeMap::from([(spec.revision.id.clone(), Fate::Good)]),
            spec,
            instances: all,
            kept: Kept::default(),
            firing: BTreeSet::new(),
            events: vec![],
            asked: 0,
            crowded: false,
            tasks: BTreeMap::new(),
            started: BTreeSet::new(),
            seen: BTreeSet::new(),
            pace: Pace { settle: Duration::from_secs(3), ..Pace::LOCAL },
        }
    }

    pub(super) fn fleet(&self) -> Fleet {
        let tasks = self.tasks.values().map(|task| task.state.clone()).collect();
        Fleet { instances: self.instances.clone(), tasks }
    }

    /// What goes on by itself in a second.
    pub(super) fn pass(&mut self) {
        self.now = Moment(self.now.0 + TICK);
        for task in self.tasks.values_mut() {
            let age = self.now.since(task.since).as_secs();
            let lost = self.instances.iter().find(|it| it.id == task.state.instance);
            if lost.is_none_or(|it| it.status == InstanceStatus::Lost) {
                task.end(self.now, "Host EC2 instance terminated");
                continue;
            }
            match task.state.status {
                TaskStatus::Pending if age >= BOOT && task.fate == Fate::NeverStarts => {
                    task.end(self.now, "CannotPullContainerError");
                }
                TaskStatus::Pending if age >= BOOT => {
                    task.enter(TaskStatus::Running, self.now);
                    task.state.started_at = Some(self.now);
                    task.state.target = Health::Unknown;
                }
                TaskStatus::Running if task.fate == Fate::Exits && age >= 1 => {
                    task.end(self.now, "Essential container in task exited");
                }
                TaskStatus::Running if age >= WARM => {
                    let ill = task.falls_ill || task.fate == Fate::Ill;
                    task.state.target = if ill { Health::Unhealthy } else { Health::Healthy };
                }
                TaskStatus::Stopping if age >= DRAIN => task.end(self.now, "Stopped"),
                _ => {}
            }
        }
    }

    /// One decision, carried out until the agent dies; checks what must always hold.
    pub(super) fn round(&mut self, death: Death) -> Decision {
        let fleet = self.fleet();
        let decision = plan(&self.spec, &self.kept, &fleet, &self.firing, &self.pace, self.now);
        // Deciding twice decides the same: there is no chance and no clock in it.
        let again = plan(&self.spec, &self.kept, &fleet, &self.firing, &self.pace, self.now);
        assert_eq!(decision, again);
        self.asked = decision.actions.len();
        let Death::BeforeKept = death else {
            // It is read back from disk.
            let text = serde_json::to_string(&decision.kept).unwrap();
            self.kept = serde_json::from_str(&text).unwrap();
            self.seen.extend(fleet.tasks.iter().map(|task| task.id.clone()));
            self.events.extend(decision.events.iter().map(|event| event.message.clone()));
            let actions = match death {
                Death::After(count) => &decision.actions[..count.min(decision.actions.len())],
                _ => &decision.actions[..],
            };
            self.carry_out(actions);
            for id in &decision.forget {
                self.tasks.remove(id);
            }
            return decision;
        };
        decision
    }

    fn carry_out(&mut self, actions: &[Action]) {
        let healthy = self.healthy();
        let desired = match self.spec.scheduling {
            Scheduling::Replica => self.spec.desired,
            Scheduling::Daemon => {
                let active = self.instances.iter().filter(|it| it.status == InstanceStatus::Active);
                u32::try_from(active.count()).unwrap()
            }
        };
        let least = self.spec.least(desired) as usize;
        let live = self.live();
        let mut starts = 0;
        for action in actions {
            match action {
                Action::Start { token, deployment, revision, instance } => {
                    starts += usize::from(self.start(token, deployment, revision, instance));
                }
                Action::Stop { task, .. } => {
                    let now = self.now;
                    let sim = self.tasks.get_mut(task).unwrap();
                    assert!(sim.state.is_live(), "{task} stops already");
                    let ill = sim.state.target == Health::Unhealthy;
                    assert!(ill || !sim.state.is_protected(now), "{task} is protected");
                    sim.enter(TaskStatus::Stopping, now);
                }
            }
        }
        assert!(
            self.healthy() >= healthy.min(least),
            "{} healthy of {healthy}, at least {least}: {actions:?}",
            self.healthy()
        );
        let most = self.spec.most(desired) as usize;
        assert!(starts == 0 || self.live() <= most.max(live), "{} of {most}", self.live());
        assert!(starts == 0 || self.live() <= most, "{} of {most}: {actions:?}", self.live());
    }

    fn start(&mut self, token: &str, deployment: &str, revision: &str, instance: &str) -> bool {
        if self.tasks.contains_key(token) {
            return false;
        }
        assert!(self.started.insert(token.to_owned()), "{token} starts twice");
        let place = self.instances.iter().find(|it| it.id == instance).unwrap();
        assert_eq!(place.status, InstanceStatus::Active);
        let fleet = self.fleet();
        assert!(fleet.left(place).fits(TASK), "{instance} has no room");
        let active = || self.instances.iter().filter(|it| it.status == InstanceStatus::Active);
        let has_room = |zone: &str| active().any(|it| it.zone == zone && fleet.left(it).fits(TASK));
        self.crowded |= !active().all(|it| has_room(&it.zone));
        let state = TaskState {
            id: token.to_owned(),
            owner: self.spec.id.clone(),
            deployment: deployment.to_owned(),
            revision: revision.to_owned(),
            instance: instance.to_owned(),
            room: TASK,
            daemon: self.spec.scheduling == Scheduling::Daemon,
            status: TaskStatus::Pending,
            container: Health::Unchecked,
            target: Health::Unknown,
            started_at: None,
            exit_code: None,
            reason: None,
            protected_until: None,
        };
        let fate = self.fates[revision];
        let sim = Sim { state, fate, since: self.now, falls_ill: false };
        self.tasks.insert(token.to_owned(), sim);
        true
    }

    /// Time passes and decisions are made, for so many seconds.
    pub(super) fn run(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.pass();
            self.round(Death::No);
        }
    }

    pub(super) fn deploy(&mut self, id: &str, fate: Fate) {
        self.fates.insert(id.to_owned(), fate);
        self.spec.revision = revision(id);
    }

    fn nth(&mut self, number: usize) -> Option<&mut Sim> {
        let live: Vec<String> = self.live_ids();
        let id = live.get(number.checked_rem(live.len())?)?;
        self.tasks.get_mut(id)
    }

    fn live_ids(&self) -> Vec<String> {
        let live = self.tasks.values().filter(|task| task.state.is_live());
        live.map(|task| task.state.id.clone()).collect()
    }

    pub(super) fn kill_task(&mut self, number: usize) {
        let now = self.now;
        if let Some(task) = self.nth(number) {
            task.end(now, "killed");
        }
    }

    /// Its container is gone without a trace.
    pub(super) fn lose_task(&mut self, number: usize) {
        let Some(id) = self.nth(number).map(|task| task.state.id.clone()) else { return };
        self.tasks.remove(&id);
        if !self.seen.contains(&id) {
            self.started.remove(&id);
        }
    }

    pub(super) fn make_ill(&mut self, number: usize) {
        if let Some(task) = self.nth(number) {
            task.falls_ill = true;
        }
    }

    pub(super) fn protect(&mut self, number: usize, seconds: u64) {
        let until = Moment(self.now.0 + seconds * TICK);
        let runs = |task: &&mut Sim| task.state.status == TaskStatus::Running;
        if let Some(task) = self.nth(number).filter(runs) {
            task.state.protected_until = Some(until);
        }
    }

    pub(super) fn set_instance(&mut self, number: usize, status: InstanceStatus) {
        let count = self.instances.len();
        self.instances[number % count].status = status;
    }

    pub(super) fn set_zone(&mut self, zone: &str, status: InstanceStatus) {
        for instance in self.instances.iter_mut().filter(|it| it.zone == zone) {
            instance.status = status;
        }
    }

    pub(super) fn live(&self) -> usize {
        self.live_ids().len()
    }

    pub(super) fn healthy(&self) -> usize {
        let settle = self.pace.settle;
        let well = |task: &&Sim| task.state.healthy_from(settle).is_some_and(|at| at <= self.now);
        self.tasks.values().filter(well).count()
    }

    /// How many tasks of a revision live in each zone that has instances for them.
    pub(super) fn spread(&self) -> BTreeMap<String, usize> {
        let mut zones = BTreeMap::new();
        for instance in self.instances.iter().filter(|it| it.status == InstanceStatus::Active) {
            zones.entry(instance.zone.clone()).or_insert(0);
        }
        for task in self.tasks.values().filter(|task| task.state.is_live()) {
            let instance = self.instances.iter().find(|it| it.id == task.state.instance);
            if let Some(count) = instance.and_then(|it| zones.get_mut(&it.zone)) {
                *count += 1;
            }
        }
        zones
    }

    /// All is as it shall be: so many healthy tasks of one revision, evenly over zones. As on AWS tasks do
    /// not move to a zone that was full when they started if there may be no more than there shall be.
    #[track_caller]
    pub(super) fn assert_settled(&self, revision: &str) {
        let primary = self.kept.primary().unwrap();
        let told = self.events.iter().rev().take(12).collect::<Vec<_>>();
        assert_eq!(primary.rollout, Rollout::Completed, "{told:#?}");
        assert_eq!(primary.revision.id, revision);
        assert_eq!(self.healthy(), self.spec.desired as usize, "{told:#?}");
        assert_eq!(self.live(), self.spec.desired as usize, "{told:#?}");
        let live = self.tasks.values().filter(|task| task.state.is_live());
        assert!(live.into_iter().all(|task| task.state.revision == revision));
        let spread = self.spread();
        let (most, least) = (spread.values().max(), spread.values().min());
        let stays = self.crowded && self.spec.most(self.spec.desired) <= self.spec.desired;
        assert!(stays || most.unwrap() - least.unwrap() <= 1, "{spread:?} {told:#?}");
    }
}

impl Sim {
    fn enter(&mut self, status: TaskStatus, now: Moment) {
        self.state.status = status;
        self.since = now;
    }

    fn end(&mut self, now: Moment, reason: &str) {
        if self.state.status != TaskStatus::Stopped {
            self.enter(TaskStatus::Stopped, now);
            self.state.reason = Some(reason.to_owned());
        }
    }
}
