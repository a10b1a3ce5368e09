//! What each single failure would take: nothing of the production example, and of each redundancy
//! that is taken away.

use infra_core::{
    analysis::availability::{Availability, FailureKind, Verdict},
    graph::Program,
    value::Value,
};
use infra_tests::world::program;

use crate::{edits::Edited, moodle::nonproduction};

/// The single points of failure, as `kind: what`.
fn single_points(program: &Program) -> Vec<String> {
    let availability = Availability::of(program);
    let shown = availability.single_points().map(|it| format!("{}: {}", it.kind.name(), it.what));
    shown.collect()
}

/// Holds which single points of failure a change makes.
#[track_caller]
fn makes(edited: &Edited, expected: &[&str]) {
    assert_eq!(single_points(edited.program()), expected);
}

const ZONES: [&str; 3] = ["zone: zone-a", "zone: zone-b", "zone: zone-c"];

#[test]
fn production_has_none() {
    let edited = Edited::production();
    makes(&edited, &[]);
    let availability = Availability::of(edited.program());
    // Each kind is looked at.
    for kind in [
        FailureKind::Task,
        FailureKind::Instance,
        FailureKind::Zone,
        FailureKind::DatabaseWriter,
        FailureKind::CachePrimary,
        FailureKind::StorageNode,
        FailureKind::Nat,
        FailureKind::Edge,
    ] {
        assert!(availability.failures.iter().any(|it| it.kind == kind), "{kind:?}");
    }
    let zones = availability.failures.iter().filter(|it| it.kind == FailureKind::Zone);
    let zones: Vec<usize> = zones.map(|it| it.losses.len()).collect();
    // Instances, four services, database, two caches, files, NAT, balancer.
    assert_eq!(zones, [11, 11, 11]);
}

#[test]
fn one_nat_gateway_for_two_zones() {
    let edited = Edited::production().copy("Route/app-b", "nat_gateway_id", "Route/app-a");
    makes(&edited, &["zone: zone-a", "NAT: site/network/aws:ec2:NatGateway/a"]);
}

#[test]
fn a_database_of_one_machine() {
    let edited = Edited::production().without("database-1").without("database-2");
    let writer =
        "database writer: the machine of site/database/aws:rds:DbCluster/database that writes";
    makes(&edited, &["zone: zone-a", writer]);
    makes(&Edited::production().without("database-1"), &[]);
}

#[test]
fn a_database_in_one_zone() {
    let zone = "availability_zone";
    let edited = Edited::production().copy("DbInstance/database-1", zone, "DbInstance/database-0");
    makes(&edited.copy("DbInstance/database-2", zone, "DbInstance/database-0"), &["zone: zone-a"]);
}

#[test]
fn a_cache_of_one_node() {
    let edited = Edited::production().set("ReplicationGroup/sessions", "num_cache_clusters", 1);
    let node = "cache primary: the node of site/caches/aws:elasticache:ReplicationGroup/sessions \
                that answers";
    makes(&edited, &[&ZONES[..], &[node]].concat());
}

#[test]
fn a_cache_that_does_not_fail_over() {
    let off = "automatic_failover_enabled";
    let edited = Edited::production().set("ReplicationGroup/store", off, false);
    let node = "cache primary: the node of site/caches/aws:elasticache:ReplicationGroup/store that \
                answers";
    makes(&edited, &[&ZONES[..], &[node]].concat());
}

#[test]
fn a_cache_in_one_zone() {
    let edited = Edited::production().set("ReplicationGroup/store", "multi_az_enabled", false);
    makes(&edited, &ZONES);
    let edited = Edited::production().cut("SubnetGroup/caches", "subnet_ids", 1);
    makes(&edited, &["zone: zone-a"]);
}

#[test]
fn one_task() {
    let edited = Edited::production().set("ScalableTarget/moodle", "min_capacity", 1);
    let task = "task: a task of site/app/aws:ecs:Service/moodle";
    let instance = "instance: an instance of site/hosts/aws:autoscaling:Group/web";
    makes(&edited, &[&[task, instance][..], &ZONES].concat());
}

#[test]
fn what_scales_a_service_says_how_few_tasks_there_are() {
    let edited = Edited::production().set("Service/moodle", "desired_count", 1);
    makes(&edited, &[]);
    let bare = edited.without("ScalableTarget/moodle");
    assert!(single_points(bare.program())[0].starts_with("task: a task of"));
}

#[test]
fn one_instance() {
    let edited = Edited::production().set("Group/web", "min_size", 1);
    let instance = "instance: an instance of site/hosts/aws:autoscaling:Group/web";
    makes(&edited, &[&[instance][..], &ZONES].concat());
}

#[test]
fn one_zone_fewer() {
    let edited = Edited::production().cut("Group/web", "vpc_zone_identifier", 2);
    let task = "instance: an instance of site/hosts/aws:autoscaling:Group/web";
    makes(&edited, &[task, "zone: zone-a", "zone: zone-b"]);
    let edited = Edited::production().cut("LoadBalancer/web", "subnets", 1);
    makes(&edited, &["zone: zone-a", "edge: a node of site/balancer/aws:elbv2:LoadBalancer/web"]);
}

#[test]
fn tasks_that_are_not_dealt_to_zones() {
    let first = "placement_strategies.0.strategy_type";
    let edited = Edited::production().set("Service/moodle", first, "random");
    let instance = "instance: an instance of site/hosts/aws:autoscaling:Group/web";
    makes(&edited, &[&[instance][..], &ZONES].concat());
}

#[test]
fn a_zone_without_mount_target() {
    let edited = Edited::production().without("MountTarget/files-c");
    makes(
        &edited,
        &[
            "storage node: zone-c, from where site/storage/aws:efs:FileSystem/files can't be mounted",
        ],
    );
}

#[test]
fn files_in_one_zone() {
    let edited = Edited::production().set("FileSystem/files", "availability_zone_name", "zone-b");
    makes(&edited, &["zone: zone-b"]);
}

#[test]
fn what_nobody_waits_for_may_stop_for_a_while() {
    let edited = Edited::production();
    let availability = Availability::of(edited.program());
    let cron = availability.failures.iter().find(|it| it.what.contains("Service/cron")).unwrap();
    assert_eq!((cron.kind, cron.verdict()), (FailureKind::Task, Verdict::Interrupted));
    assert_eq!((cron.losses[0].left, cron.losses[0].needed), (0, 1));
}

#[test]
fn the_cheap_twin_has_many_and_says_so() {
    let program = program(|stack| nonproduction::site(stack).unwrap());
    let found = single_points(&program);
    for kind in ["task", "instance", "zone", "database writer", "cache primary", "NAT"] {
        assert!(found.iter().any(|it| it.starts_with(&format!("{kind}: "))), "{kind}: {found:#?}");
    }
    let allowed = program.allowed.iter().filter_map(|it| it.problem.check.as_deref());
    assert!(allowed.filter(|rule| *rule == "single-point-of-failure").count() > 4);
}

#[test]
fn what_the_program_does_not_say_is_named() {
    let edited = Edited::production().set("Subnet/data-a", "availability_zone", Value::Null);
    let availability = Availability::of(edited.program());
    let named =
        availability.not_told.iter().filter(|it| it.contains("does not say in which zones"));
    assert_eq!(named.count(), 2, "both caches: {:#?}", availability.not_told);
}
