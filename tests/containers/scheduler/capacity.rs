//! Services, single tasks and the instances that they need, together.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use backend_local::containers::scheduler::{
    Fleet, Health, InstanceSpec, InstanceStatus, Moment, Pace, Room, TaskState, TaskStatus,
    capacity::{ProviderKept, ProviderSpec, plan_capacity},
    group::{GroupAction, GroupKept, GroupSpec, Member, Phase, plan_group},
    run::{Run, RunSpec, plan_run},
    service::{Action, Kept, ProviderShare, ServiceSpec, Waiting, plan},
};
use proptest::prelude::*;

use super::{cases, world::revision};

const INSTANCE: Room = Room { cpu: 1024, memory: 2048, interfaces: 4 };

/// A service on the instances of a capacity provider.
struct Site {
    now: Moment,
    spec: ServiceSpec,
    kept: Kept,
    tasks: BTreeMap<String, (TaskState, Moment)>,
    provider: ProviderSpec,
    provider_kept: ProviderKept,
    group: GroupSpec,
    group_kept: GroupKept,
    members: BTreeMap<String, Member>,
}

impl Site {
    fn new(desired: u32, target_capacity: u32) -> Self {
        let mut spec = ServiceSpec::new("web", revision("web:1"), desired);
        let share = ProviderShare { provider: "hosts".to_owned(), weight: 1, base: 0 };
        spec.providers = vec![share];
        let provider = ProviderSpec {
            id: "hosts".to_owned(),
            room: INSTANCE,
            target_capacity,
            least_step: 1,
            most_step: 10_000,
            warmup: Duration::from_secs(300),
        };
        let zones = (0..3).map(|zone| format!("zone-{zone}")).collect();
        Self {
            now: Moment(0),
            spec,
            kept: Kept::default(),
            tasks: BTreeMap::new(),
            provider,
            provider_kept: ProviderKept::default(),
            group: GroupSpec::new("hosts", (0, 6), zones),
            group_kept: GroupKept::new(0),
            members: BTreeMap::new(),
        }
    }

    fn fleet(&self) -> Fleet {
        let up = self.members.values().filter(|it| it.phase == Phase::InService);
        let instances = up.map(|member| InstanceSpec {
            id: member.id.clone(),
            zone: member.zone.clone(),
            room: INSTANCE,
            status: if self.group_kept.leaves(&member.id) {
                InstanceStatus::Draining
            } else {
                InstanceStatus::Active
            },
            provider: Some("hosts".to_owned()),
            attributes: BTreeMap::new(),
        });
        let tasks = self.tasks.values().map(|(task, _)| task.clone()).collect();
        Fleet { instances: instances.collect(), tasks }
    }

    fn pass(&mut self) {
        self.now = Moment(self.now.0 + 1_000);
        let now = self.now;
        for (task, since) in self.tasks.values_mut() {
            let next = match task.status {
                TaskStatus::Pending => TaskStatus::Running,
                TaskStatus::Stopping => TaskStatus::Stopped,
                other => other,
            };
            if next != task.status && now.since(*since).as_secs() >= 2 {
                (task.status, *since) = (next, now);
                if next == TaskStatus::Running {
                    (task.started_at, task.target) = (Some(now), Health::Healthy);
                }
            }
        }
        let there = |it: &str, id: &str| it == id;
        for member in self.members.values_mut() {
            if member.phase == Phase::Pending && now.since(member.since).as_secs() >= 4 {
                (member.phase, member.since) = (Phase::InService, now);
            }
            let own = self.tasks.values().filter(|(task, _)| there(&task.instance, &member.id));
            member.busy = own.into_iter().any(|(task, _)| task.status != TaskStatus::Stopped);
        }
        let waiting = self.serve();
        self.scale(&waiting);
    }

    fn serve(&mut self) -> Vec<Waiting> {
        let fleet = self.fleet();
        let pace = Pace::LOCAL;
        let decision = plan(&self.spec, &self.kept, &fleet, &BTreeSet::new(), &pace, self.now);
        self.kept = decision.kept;
        for action in decision.actions {
            match action {
                Action::Stop { task, .. } => {
                    let (task, since) = self.tasks.get_mut(&task).unwrap();
                    (task.status, *since) = (TaskStatus::Stopping, self.now);
                }
                Action::Start { token, deployment, revision, instance } => {
                    let task = TaskState {
                        id: token.clone(),
                        owner: "web".to_owned(),
                        deployment,
                        revision,
                        instance,
                        room: self.spec.revision.task.room,
                        daemon: false,
                        status: TaskStatus::Pending,
                        container: Health::Unchecked,
                        target: Health::Unknown,
                        started_at: None,
                        exit_code: None,
                        reason: None,
                        protected_until: None,
                    };
                    self.tasks.insert(token, (task, self.now));
                }
            }
        }
        decision.forget.iter().for_each(|id| drop(self.tasks.remove(id)));
        decision.waiting
    }

    fn scale(&mut self, waiting: &[Waiting]) {
        let fleet = self.fleet();
        let (provider, kept) = (&self.provider, &self.provider_kept);
        let desired = self.group_kept.desired;
        let decision =
            plan_capacity(provider, kept, &fleet, waiting, desired, &Pace::LOCAL, self.now);
        self.provider_kept = decision.kept;
        self.group_kept.desired = decision.desired;
        let members: Vec<Member> = self.members.values().cloned().collect();
        let closed = BTreeSet::new();
        let decision = plan_group(&self.group, &self.group_kept, &members, &closed, self.now);
        self.group_kept = decision.kept;
        for action in decision.actions {
            match action {
                GroupAction::Launch { token, zone, template } => {
                    let member = Member {
                        id: token.clone(),
                        zone,
                        template,
                        phase: Phase::Pending,
                        since: self.now,
                        launched_at: self.now,
                        healthy: true,
                        protected: false,
                        busy: false,
                    };
                    self.members.insert(token, member);
                }
                GroupAction::Terminate { instance } => {
                    assert!(!self.members[&instance].busy, "{instance} has tasks");
                    self.members.remove(&instance);
                }
                GroupAction::Drain { .. } | GroupAction::GoOn { .. } => {}
            }
        }
        assert!(self.members.len() <= self.group.most as usize);
    }

    fn running(&self) -> usize {
        self.tasks.values().filter(|(task, _)| task.status == TaskStatus::Running).count()
    }
}

proptest! {
    #![proptest_config(cases(60))]

    /// Tasks that find no room bring instances, up to the group's bound; tasks that go let
    /// instances go that have nothing left to do, and none that has; then nothing changes any more.
    #[test]
    fn instances_follow_tasks(
        wanted in prop::collection::vec(0..24_u32, 1..5),
        target in prop_oneof![Just(100), Just(80)],
    ) {
        let mut site = Site::new(0, target);
        for desired in wanted {
            site.spec.desired = desired;
            (0..200).for_each(|_| site.pass());
            prop_assert_eq!(site.running(), desired.min(24) as usize);
            let (members, kept) = (site.members.len(), site.group_kept.clone());
            (0..60).for_each(|_| site.pass());
            prop_assert_eq!(members, site.members.len());
            prop_assert_eq!(kept, site.group_kept.clone());
            let busy = site.members.values().filter(|it| it.busy).count();
            let spare = (busy * 100).div_ceil(target as usize).min(6);
            prop_assert_eq!(members, spare, "{} busy", busy);
        }
    }
}

fn task(id: &str, status: TaskStatus) -> TaskState {
    TaskState {
        id: id.to_owned(),
        owner: id.to_owned(),
        deployment: String::new(),
        revision: "install:1".to_owned(),
        instance: "i-1".to_owned(),
        room: revision("x").task.room,
        daemon: false,
        status,
        container: Health::Unchecked,
        target: Health::Unchecked,
        started_at: None,
        exit_code: None,
        reason: None,
        protected_until: None,
    }
}

fn run_spec() -> RunSpec {
    RunSpec {
        id: "install".to_owned(),
        revision: revision("install:1"),
        strategies: vec![],
        constraints: vec![],
        provider: None,
        time_limit: Duration::from_secs(60),
        patience: Duration::from_secs(30),
    }
}

fn one_instance() -> Fleet {
    let instance = InstanceSpec {
        id: "i-1".to_owned(),
        zone: "zone-0".to_owned(),
        room: INSTANCE,
        status: InstanceStatus::Active,
        provider: None,
        attributes: BTreeMap::new(),
    };
    Fleet { instances: vec![instance], tasks: vec![] }
}

#[test]
fn a_single_task_starts_once_and_says_how_it_ended() {
    let (spec, mut fleet) = (run_spec(), one_instance());
    let first = plan_run(&spec, &Run::New, &fleet, false, Moment(0));
    assert_eq!(first.start.as_deref(), Some("i-1"));
    // The agent died before it acted: the same again.
    let again = plan_run(&spec, &first.kept, &fleet, false, Moment(1_000));
    assert_eq!((again.start.as_deref(), &again.kept), (Some("i-1"), &first.kept));
    let mut seen = task("install", TaskStatus::Running);
    seen.started_at = Some(Moment(2_000));
    fleet.tasks = vec![seen.clone()];
    let runs = plan_run(&spec, &again.kept, &fleet, false, Moment(3_000));
    assert_eq!((runs.start, runs.again), (None, Some(Moment(62_000))));
    // It is too slow.
    let late = plan_run(&spec, &runs.kept, &fleet, false, Moment(62_000));
    assert!(late.stop);
    (seen.status, seen.exit_code) = (TaskStatus::Stopped, Some(137));
    fleet.tasks = vec![seen];
    let done = plan_run(&spec, &late.kept, &fleet, false, Moment(63_000)).kept;
    let Run::Done { exit_code: Some(137), reason } = &done else { panic!("{done:?}") };
    assert!(reason.contains("limit of 60 s"));
    // It is over whatever is seen afterwards.
    fleet.tasks.clear();
    let after = plan_run(&spec, &done, &fleet, false, Moment(64_000));
    assert_eq!((after.start, after.kept), (None, done));
    // One that vanishes is not started anew.
    let gone = plan_run(&spec, &runs.kept, &fleet, false, Moment(4_000));
    assert!(matches!(gone.kept, Run::Done { exit_code: None, .. }) && gone.start.is_none());
}

#[test]
fn a_single_task_waits_for_room_as_long_as_it_has_patience() {
    let (spec, mut fleet) = (run_spec(), one_instance());
    fleet.instances[0].room.cpu = 10;
    let waits = plan_run(&spec, &Run::New, &fleet, false, Moment(0));
    assert!(waits.waiting.unwrap().reason.contains("has insufficient CPU units available"));
    assert_eq!(waits.again, Some(Moment(30_000)));
    let waits = plan_run(&spec, &waits.kept, &fleet, false, Moment(29_000));
    assert!(waits.waiting.is_some());
    let done = plan_run(&spec, &waits.kept, &fleet, false, Moment(30_000)).kept;
    assert!(matches!(done, Run::Done { exit_code: None, .. }));
    let cancelled = plan_run(&spec, &waits.kept, &one_instance(), true, Moment(29_500));
    assert!(matches!(cancelled.kept, Run::Done { .. }) && cancelled.start.is_none());
}
