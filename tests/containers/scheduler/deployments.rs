//! Deployments step by step, in the words that people read.

use std::time::Duration;

use backend_local::containers::scheduler::{
    InstanceStatus,
    placement::{Constraint, Strategy},
    service::{Breaker, DeploymentAlarms, Rollout, Scheduling, ServiceSpec},
};

use super::world::{Death, Fate, World, revision};

fn world(desired: u32) -> World {
    let mut spec = ServiceSpec::new("web", revision("web:1"), desired);
    spec.breaker = Some(Breaker::GUARDED);
    let mut world = World::new(spec, 3, 2, 4);
    world.run(20);
    world.assert_settled("web:1");
    world
}

#[track_caller]
fn assert_told(world: &World, message: &str) {
    let told = world.events.iter().any(|event| event == message);
    assert!(told, "{message} {:#?}", world.events);
}

#[test]
fn a_new_service_says_what_it_does() {
    let world = world(3);
    let expected = [
        "(service web) has started 3 tasks: (task web-1) (task web-2) (task web-3).",
        "(service web) (deployment ecs-svc/web-1) deployment completed.",
        "(service web) has reached a steady state.",
    ];
    assert_eq!(world.events, expected);
    assert!(world.spread().values().all(|count| *count == 1));
}

#[test]
fn new_tasks_are_healthy_before_old_ones_go() {
    let mut world = world(3);
    world.deploy("web:2", Fate::Good);
    let mut most = 0;
    for _ in 0..25 {
        world.pass();
        world.round(Death::No);
        assert!(world.healthy() >= 3);
        most = most.max(world.live());
    }
    assert_eq!(most, 6);
    world.assert_settled("web:2");
    assert_told(&world, "(service web) (deployment ecs-svc/web-2) deployment completed.");
}

#[test]
fn without_room_to_grow_old_tasks_go_first() {
    let mut world = world(4);
    (world.spec.minimum_healthy_percent, world.spec.maximum_percent) = (50, 100);
    world.deploy("web:2", Fate::Good);
    let mut least = 4;
    for _ in 0..40 {
        world.pass();
        world.round(Death::No);
        assert!(world.live() <= 4);
        least = least.min(world.healthy());
    }
    assert_eq!(least, 2);
    world.assert_settled("web:2");
}

#[test]
fn a_zone_that_is_lost_is_made_up_for_elsewhere_and_filled_again() {
    let mut world = world(6);
    world.set_zone("zone-1", InstanceStatus::Lost);
    world.run(15);
    let spread: Vec<usize> = world.spread().into_values().collect();
    assert_eq!((spread, world.healthy()), (vec![3, 3], 6));
    world.set_zone("zone-1", InstanceStatus::Active);
    world.run(60);
    world.assert_settled("web:1");
    assert!(world.events.iter().any(|event| event.contains("AZ rebalancing")));
}

#[test]
fn a_task_that_is_ill_is_replaced_before_it_goes() {
    let mut world = world(3);
    world.make_ill(0);
    for _ in 0..20 {
        world.pass();
        world.round(Death::No);
        assert!(world.healthy() >= 2);
    }
    world.assert_settled("web:1");
    assert_told(&world, "(service web) (task web-1) failed health checks.");
    // A completed deployment does not fail by that.
    assert_eq!(world.kept.primary().unwrap().rollout, Rollout::Completed);
}

#[test]
fn protected_tasks_outlive_a_deployment() {
    let mut world = world(2);
    world.protect(0, 40);
    world.deploy("web:2", Fate::Good);
    world.run(30);
    assert_eq!((world.healthy(), world.live()), (3, 3));
    assert_eq!(world.kept.primary().unwrap().rollout, Rollout::InProgress);
    world.run(30);
    world.assert_settled("web:2");
}

#[test]
fn a_first_deployment_that_fails_has_nothing_to_go_back_to() {
    let mut spec = ServiceSpec::new("web", revision("web:1"), 2);
    spec.breaker = Some(Breaker::GUARDED);
    let mut world = World::new(spec, 3, 2, 4);
    world.fates.insert("web:1".to_owned(), Fate::NeverStarts);
    world.run(60);
    let primary = world.kept.primary().unwrap();
    assert_eq!(primary.rollout, Rollout::Failed);
    assert_eq!(primary.reason, "ECS deployment circuit breaker: tasks failed to start.");
    assert_eq!((world.live(), world.asked), (0, 0));
    world.deploy("web:2", Fate::Good);
    world.run(30);
    world.assert_settled("web:2");
}

#[test]
fn without_a_breaker_starts_are_held_back() {
    let mut world = world(1);
    world.spec.breaker = None;
    world.deploy("web:2", Fate::NeverStarts);
    world.run(600);
    assert!(world.healthy() == 1);
    let starts = world.events.iter().filter(|event| event.contains("has started")).count();
    assert!((5..40).contains(&starts), "{starts}");
    assert_told(&world, "(service web) is unable to consistently start tasks successfully.");
    world.deploy("web:3", Fate::Good);
    world.run(30);
    world.assert_settled("web:3");
}

#[test]
fn alarms_take_a_deployment_back_unless_they_were_off_before() {
    let alarms = DeploymentAlarms {
        names: vec!["errors".to_owned()],
        rollback: true,
        bake: Duration::from_secs(20),
    };
    let mut world = world(2);
    world.spec.alarms = Some(alarms);
    world.deploy("web:2", Fate::Good);
    world.run(15);
    // All are new, and the alarms are still watched.
    assert_eq!(world.kept.primary().unwrap().rollout, Rollout::InProgress);
    world.firing.insert("errors".to_owned());
    world.run(30);
    world.assert_settled("web:1");
    assert!(world.events.iter().any(|event| event.contains("alarm detected (errors)")));
    world.deploy("web:3", Fate::Good);
    world.run(40);
    world.assert_settled("web:3");
}

#[test]
fn what_finds_no_room_waits_and_says_why() {
    let mut world = world(2);
    world.spec.constraints = vec![Constraint::DistinctInstance];
    world.spec.desired = 8;
    world.run(15);
    assert_eq!(world.healthy(), 6);
    world.pass();
    let decision = world.round(Death::No);
    let waiting = &decision.waiting[0];
    assert_eq!((waiting.count, waiting.distinct), (2, true));
    assert!(waiting.reason.contains("The closest matching (container-instance i-"));
    let told = world.events.iter().filter(|event| event.contains("was unable to place")).count();
    assert_eq!(told, 1);
    for zone in ["zone-0", "zone-1", "zone-2"] {
        world.set_zone(zone, InstanceStatus::Draining);
    }
    world.run(5);
    let none = "Reason: No Container Instances were found in your cluster.";
    assert!(world.round(Death::No).waiting[0].reason.ends_with(none));
    assert_eq!(world.healthy(), 6);
}

#[test]
fn packing_fills_instances_and_empties_them_again() {
    let mut spec = ServiceSpec::new("web", revision("web:1"), 4);
    spec.strategies = vec![Strategy::BinpackMemory];
    let mut world = World::new(spec, 1, 3, 4);
    world.run(20);
    let used = |world: &World| {
        let instances: std::collections::BTreeSet<String> =
            world.fleet().tasks.into_iter().map(|task| task.instance).collect();
        instances.len()
    };
    assert_eq!(used(&world), 1);
    world.spec.desired = 6;
    world.run(20);
    assert_eq!(used(&world), 2);
    world.spec.desired = 4;
    world.run(20);
    assert_eq!(used(&world), 1);
}

#[test]
fn a_daemon_has_one_task_on_every_instance() {
    let mut spec = ServiceSpec::new("agent", revision("agent:1"), 0);
    spec.scheduling = Scheduling::Daemon;
    (spec.minimum_healthy_percent, spec.maximum_percent) = (50, 100);
    let mut world = World::new(spec, 3, 2, 4);
    let each = |world: &World| {
        let all: Vec<String> = world
            .fleet()
            .tasks
            .into_iter()
            .filter(|task| task.is_live())
            .map(|task| task.instance)
            .collect();
        let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
        (all.len(), distinct.len())
    };
    world.run(15);
    assert_eq!(each(&world), (6, 6));
    world.deploy("agent:2", Fate::Good);
    for _ in 0..40 {
        world.pass();
        world.round(Death::No);
        assert!(world.healthy() >= 3, "{}", world.healthy());
    }
    assert_eq!(each(&world), (6, 6));
    assert_eq!(world.kept.primary().unwrap().rollout, Rollout::Completed);
    world.set_instance(0, InstanceStatus::Draining);
    world.run(10);
    assert_eq!(each(&world), (5, 5));
}
