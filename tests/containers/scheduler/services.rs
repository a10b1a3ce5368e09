//! Properties of services.

use backend_local::containers::scheduler::{
    InstanceStatus,
    service::{Breaker, ServiceSpec},
};
use proptest::prelude::*;

use super::{
    cases,
    world::{Death, Fate, World, revision},
};

/// What may happen to a fleet.
#[derive(Clone, Copy, Debug)]
enum Mishap {
    Nothing,
    TaskKilled(usize),
    TaskLost(usize),
    TaskIll(usize),
    TaskProtected(usize),
    InstanceLost(usize),
    InstanceDrains(usize),
    InstanceBack(usize),
    ZoneLost(usize),
    ZoneBack(usize),
    Desired(u32),
    Deployed(Fate),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Good),
        1 => Just(Fate::NeverStarts),
        1 => Just(Fate::Exits),
        1 => Just(Fate::Ill),
    ]
}

fn mishap() -> impl Strategy<Value = Mishap> {
    let any = 0..100_usize;
    prop_oneof![
        6 => Just(Mishap::Nothing),
        2 => any.clone().prop_map(Mishap::TaskKilled),
        1 => any.clone().prop_map(Mishap::TaskLost),
        2 => any.clone().prop_map(Mishap::TaskIll),
        1 => any.clone().prop_map(Mishap::TaskProtected),
        1 => any.clone().prop_map(Mishap::InstanceLost),
        1 => any.clone().prop_map(Mishap::InstanceDrains),
        2 => any.clone().prop_map(Mishap::InstanceBack),
        1 => any.clone().prop_map(Mishap::ZoneLost),
        1 => any.prop_map(Mishap::ZoneBack),
        1 => (0..9_u32).prop_map(Mishap::Desired),
        2 => fate().prop_map(Mishap::Deployed),
    ]
}

fn death() -> impl Strategy<Value = Death> {
    prop_oneof![
        6 => Just(Death::No),
        1 => Just(Death::BeforeKept),
        2 => (0..4_usize).prop_map(Death::After),
    ]
}

/// Limits within which a deployment can always go on.
fn limits() -> impl Strategy<Value = (u32, u32)> {
    prop_oneof![Just((100, 200)), Just((50, 200)), Just((50, 100)), Just((0, 100)), Just((66, 150))]
}

fn service(desired: u32, (least, most): (u32, u32)) -> ServiceSpec {
    let mut spec = ServiceSpec::new("web", revision("web:1"), desired);
    (spec.minimum_healthy_percent, spec.maximum_percent) = (least, most);
    spec.breaker = Some(Breaker::GUARDED);
    spec
}

impl World {
    fn suffer(&mut self, mishap: Mishap, number: usize) {
        let zone = |zone: usize| format!("zone-{}", zone % 3);
        match mishap {
            Mishap::Nothing => {}
            Mishap::TaskKilled(task) => self.kill_task(task),
            Mishap::TaskLost(task) => self.lose_task(task),
            Mishap::TaskIll(task) => self.make_ill(task),
            Mishap::TaskProtected(task) => self.protect(task, 10),
            Mishap::InstanceLost(it) => self.set_instance(it, InstanceStatus::Lost),
            Mishap::InstanceDrains(it) => self.set_instance(it, InstanceStatus::Draining),
            Mishap::InstanceBack(it) => self.set_instance(it, InstanceStatus::Active),
            Mishap::ZoneLost(it) => self.set_zone(&zone(it), InstanceStatus::Lost),
            Mishap::ZoneBack(it) => self.set_zone(&zone(it), InstanceStatus::Active),
            Mishap::Desired(desired) => self.spec.desired = desired,
            Mishap::Deployed(fate) => self.deploy(&format!("web:{}", number + 2), fate),
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// Whatever happens, and whenever the agent is killed: no token starts two tasks; the scheduler
    /// itself never takes healthy tasks below the minimum, never starts above the maximum, never
    /// stops a protected task that is well (all checked by `World::round`). When it is over, there
    /// are as many healthy tasks of a good revision as there shall be, evenly over zones, and then
    /// nothing more is done.
    #[test]
    fn services_survive_what_happens(
        desired in 0..9_u32,
        limits in limits(),
        mishaps in prop::collection::vec((mishap(), death()), 1..60),
    ) {
        let mut world = World::new(service(desired, limits), 3, 2, 8);
        for (number, (mishap, death)) in mishaps.into_iter().enumerate() {
            world.suffer(mishap, number);
            world.pass();
            world.round(death);
        }
        for zone in 0..3 {
            world.set_zone(&format!("zone-{zone}"), InstanceStatus::Active);
        }
        world.deploy("web:good", Fate::Good);
        world.spec.desired = world.spec.desired.max(2);
        world.run(150);
        world.assert_settled("web:good");
        for _ in 0..30 {
            world.pass();
            world.round(Death::No);
            prop_assert_eq!(world.asked, 0, "{:#?}", world.events);
        }
    }

    /// A revision whose tasks fail is taken back, whatever makes them fail and whenever the agent
    /// is killed; meanwhile the tasks there were serve on: never fewer than there shall be at 100
    /// percent.
    #[test]
    fn bad_revisions_are_taken_back(
        desired in 1..12_u32,
        kind in prop_oneof![Just(Fate::NeverStarts), Just(Fate::Exits), Just(Fate::Ill)],
        deaths in prop::collection::vec(death(), 150),
    ) {
        let mut world = World::new(service(desired, (100, 200)), 3, 2, 8);
        world.run(30);
        world.assert_settled("web:1");
        world.deploy("web:2", kind);
        for death in deaths {
            world.pass();
            world.round(death);
            prop_assert!(world.healthy() >= desired as usize);
        }
        world.run(30);
        world.assert_settled("web:1");
        let told = world.events.join("\n");
        prop_assert!(told.contains("deployment failed: tasks failed to start."));
        prop_assert!(told.contains("rolling back to deployment ecs-svc/web-1."));
    }
}
