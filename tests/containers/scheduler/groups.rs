//! Properties of groups of instances, alone and with services on them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use backend_local::containers::scheduler::{
    Moment,
    group::{GroupAction, GroupKept, GroupSpec, Member, Phase, Refresh, plan_group},
};
use proptest::prelude::*;

use super::{cases, world::Death};

/// How long things take, in seconds.
const BOOT: u64 = 3;
const SHUTDOWN: u64 = 2;

/// Instances on virtual time.
struct Cloud {
    now: Moment,
    spec: GroupSpec,
    kept: GroupKept,
    members: BTreeMap<String, Member>,
    closed: BTreeSet<String>,
    /// Every token that ever launched an instance, but for those whose instance was gone before
    /// anybody saw it: these may be asked for again.
    launched: BTreeSet<String>,
    seen: BTreeSet<String>,
    asked: usize,
    events: Vec<String>,
}

impl Cloud {
    fn new((least, most): (u32, u32), desired: u32) -> Self {
        let zones = (0..3).map(|zone| format!("zone-{zone}")).collect();
        let mut spec = GroupSpec::new("web", (least, most), zones);
        spec.template = "v1".to_owned();
        spec.warmup = Duration::from_secs(2);
        spec.grace = Duration::from_secs(2);
        let kept = GroupKept::new(desired);
        let (members, closed, launched, seen) = Default::default();
        Self {
            now: Moment(0),
            spec,
            kept,
            members,
            closed,
            launched,
            seen,
            asked: 0,
            events: vec![],
        }
    }

    fn pass(&mut self) {
        self.now = Moment(self.now.0 + 1_000);
        let now = self.now;
        self.members.retain(|_, member| {
            let age = now.since(member.since).as_secs();
            if member.phase == Phase::Pending && age >= BOOT {
                (member.phase, member.since) = (Phase::InService, now);
            }
            !(member.phase == Phase::Terminating && age >= SHUTDOWN)
        });
    }

    fn round(&mut self, death: Death) {
        let members: Vec<Member> = self.members.values().cloned().collect();
        let decision = plan_group(&self.spec, &self.kept, &members, &self.closed, self.now);
        self.asked = decision.actions.len();
        let count = match death {
            Death::BeforeKept => return,
            Death::After(count) => count,
            Death::No => usize::MAX,
        };
        let text = serde_json::to_string(&decision.kept).unwrap();
        self.kept = serde_json::from_str(&text).unwrap();
        self.seen.extend(members.iter().map(|member| member.id.clone()));
        self.events.extend(decision.events.into_iter().map(|event| event.message));
        let launched = self.launched.len();
        for action in decision.actions.into_iter().take(count) {
            self.act(action);
        }
        // A group that is refreshed or balanced may have more than there shall be for a while.
        let percent = self.spec.refresh.map_or(100, |refresh| refresh.most_healthy_percent);
        let most = (self.kept.desired * percent / 100).max(self.kept.desired + 1);
        let more = self.launched.len() > launched;
        assert!(!more || self.live() <= most as usize, "{} of {most}", self.live());
        assert!((self.spec.least..=self.spec.most).contains(&self.kept.desired));
    }

    fn act(&mut self, action: GroupAction) {
        match action {
            GroupAction::Launch { token, zone, template } => {
                if self.members.contains_key(&token) {
                    return;
                }
                assert!(!self.closed.contains(&zone));
                assert!(self.launched.insert(token.clone()), "{token} is launched twice");
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
            GroupAction::GoOn { .. } => {}
            // Its tasks move.
            GroupAction::Drain { instance } => {
                self.members.get_mut(&instance).unwrap().busy = false;
            }
            GroupAction::Terminate { instance } => {
                let now = self.now;
                let member = self.members.get_mut(&instance).unwrap();
                assert!(!member.busy, "{instance} has tasks");
                (member.phase, member.since) = (Phase::Terminating, now);
            }
        }
    }

    fn live(&self) -> usize {
        let stays = |it: &&Member| it.phase != Phase::Terminating && !self.kept.leaves(&it.id);
        self.members.values().filter(stays).count()
    }

    fn nth(&mut self, number: usize) -> Option<&mut Member> {
        let there = |it: &&mut Member| it.phase != Phase::Terminating;
        let count = self.members.values_mut().filter(there).count();
        self.members.values_mut().filter(there).nth(number.checked_rem(count)?)
    }

    #[track_caller]
    fn assert_settled(&self) {
        let told = self.events.iter().rev().take(12).collect::<Vec<_>>();
        assert_eq!(self.live(), self.kept.desired as usize, "{told:#?}");
        assert!(self.members.values().all(|it| it.healthy && it.template == self.spec.template));
        let crowd = |zone: &String| self.members.values().filter(|it| it.zone == *zone).count();
        let crowds: Vec<usize> = self.spec.zones.iter().map(crowd).collect();
        let (least, most) = (crowds.iter().min().unwrap(), crowds.iter().max().unwrap());
        assert!(most - least <= 1, "{crowds:?} {told:#?}");
    }
}

/// What may happen to a group.
#[derive(Clone, Copy, Debug)]
enum Mishap {
    Nothing,
    Killed(usize),
    Ill(usize),
    Busy(usize),
    ZoneClosed(usize),
    ZoneOpen(usize),
    Desired(u32),
    Template(u32),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    let any = 0..100_usize;
    prop_oneof![
        5 => Just(Mishap::Nothing),
        1 => any.clone().prop_map(Mishap::Killed),
        1 => any.clone().prop_map(Mishap::Ill),
        2 => any.clone().prop_map(Mishap::Busy),
        1 => any.clone().prop_map(Mishap::ZoneClosed),
        1 => any.prop_map(Mishap::ZoneOpen),
        1 => (0..14_u32).prop_map(Mishap::Desired),
        1 => (1..5_u32).prop_map(Mishap::Template),
    ]
}

fn death() -> impl Strategy<Value = Death> {
    prop_oneof![
        5 => Just(Death::No),
        1 => Just(Death::BeforeKept),
        1 => (0..3_usize).prop_map(Death::After),
    ]
}

proptest! {
    #![proptest_config(cases(500))]

    /// Whatever happens, and whenever the agent is killed: no token launches two instances, no
    /// instance with tasks ends before it drained, there are never many more than there shall be
    /// (checked by `Cloud::round`). In the end there are as many of the newest template as there
    /// shall be, evenly over zones, and nothing more is done.
    #[test]
    fn groups_survive_what_happens(
        desired in 1..10_u32,
        refresh in
            prop_oneof![Just((90, 100)), Just((100, 200)), Just((50, 100)), Just((100, 110))],
        mishaps in prop::collection::vec((mishap(), death()), 1..50),
    ) {
        let mut cloud = Cloud::new((1, 12), desired);
        let (least_healthy_percent, most_healthy_percent) = refresh;
        cloud.spec.refresh = Some(Refresh { least_healthy_percent, most_healthy_percent });
        for (mishap, death) in mishaps {
            match mishap {
                Mishap::Nothing => {}
                Mishap::Killed(number) => {
                    let id = cloud.nth(number).map(|member| member.id.clone());
                    cloud.members.retain(|other, _| Some(other) != id.as_ref());
                    let gone = id.filter(|id| !cloud.seen.contains(id));
                    cloud.launched.retain(|other| Some(other) != gone.as_ref());
                }
                Mishap::Ill(number) => {
                    cloud.nth(number).into_iter().for_each(|member| member.healthy = false);
                }
                Mishap::Busy(number) => {
                    cloud.nth(number).into_iter().for_each(|member| member.busy = true);
                }
                Mishap::ZoneClosed(zone) => drop(cloud.closed.insert(format!("zone-{}", zone % 3))),
                Mishap::ZoneOpen(zone) => drop(cloud.closed.remove(&format!("zone-{}", zone % 3))),
                Mishap::Desired(desired) => cloud.kept.desired = desired,
                Mishap::Template(number) => cloud.spec.template = format!("v{number}"),
            }
            cloud.pass();
            cloud.round(death);
        }
        cloud.closed.clear();
        cloud.spec.protects_busy = false;
        for _ in 0..300 {
            cloud.pass();
            cloud.round(Death::No);
        }
        cloud.assert_settled();
        for _ in 0..20 {
            cloud.pass();
            cloud.round(Death::No);
            prop_assert_eq!(cloud.asked, 0, "{:#?}", cloud.events);
        }
    }

    /// Scale-in ends no instance that has tasks, or that was protected by name, however few there
    /// shall be.
    #[test]
    fn scale_in_spares_what_is_protected(
        busy in prop::collection::btree_set(0..8_usize, 0..8),
        named in prop::collection::btree_set(0..8_usize, 0..8),
        desired in 0..8_u32,
    ) {
        let mut cloud = Cloud::new((0, 8), 8);
        for _ in 0..10 {
            cloud.pass();
            cloud.round(Death::No);
        }
        for (place, member) in cloud.members.values_mut().enumerate() {
            (member.busy, member.protected) = (busy.contains(&place), named.contains(&place));
        }
        let spared = cloud.members.values().filter(|it| it.busy || it.protected);
        let spared: BTreeSet<String> = spared.map(|it| it.id.clone()).collect();
        cloud.kept.desired = desired;
        for _ in 0..20 {
            cloud.pass();
            cloud.round(Death::No);
        }
        prop_assert!(spared.iter().all(|id| cloud.members.contains_key(id)));
        prop_assert_eq!(cloud.live(), spared.len().max(desired as usize));
    }
}

#[test]
fn an_instance_that_leaves_drains_first_but_not_for_ever() {
    let mut cloud = Cloud::new((1, 4), 1);
    for _ in 0..10 {
        cloud.pass();
        cloud.round(Death::No);
    }
    cloud.spec.refresh = Some(Refresh { least_healthy_percent: 100, most_healthy_percent: 200 });
    cloud.spec.template = "v2".to_owned();
    let hook = cloud.spec.terminating.as_mut().unwrap();
    hook.heartbeat = Duration::from_secs(5);
    let old = cloud.members.keys().next().unwrap().clone();
    let (mut drained, mut ended) = (None, None);
    for second in 0..20 {
        cloud.pass();
        if let Some(member) = cloud.members.get_mut(&old) {
            member.busy = true;
        }
        let members: Vec<Member> = cloud.members.values().cloned().collect();
        let decision = plan_group(&cloud.spec, &cloud.kept, &members, &cloud.closed, cloud.now);
        cloud.kept = decision.kept;
        for action in decision.actions {
            match &action {
                GroupAction::Drain { .. } => drained = drained.or(Some(second)),
                GroupAction::Terminate { instance } => {
                    ended = ended.or(Some(second));
                    cloud.members.remove(instance);
                }
                _ => cloud.act(action),
            }
        }
    }
    assert_eq!(ended.unwrap() - drained.unwrap(), 5);
    assert_eq!(cloud.live(), 1);
}
