//! What a cluster holds is not lost without consent, and not all of it with consent.

use infra_core::{
    aws::{
        ec2::{SecurityGroup, Subnet, Vpc},
        rds::{DbCluster, DbClusterSnapshot, DbInstance, DbSubnetGroup},
    },
    engine::EngineError,
    graph::Program,
    plan::{ConsentNeeded, Pattern, PlanOptions, PlanProblem},
    prelude::*,
};
use infra_tests::{calls::Calls, world::World};

use super::{Network, Placed, SimOptions, cluster_record, count, program};

/// A cluster with a last snapshot, and a machine.
fn database(build: impl FnOnce(Placed) -> Placed) -> Program {
    program(|stack| {
        let network = Network::new(stack);
        let cluster = network.cluster(stack, network.subnets.each_ref());
        let cluster = build(
            cluster
                .master_username("admin")
                .manage_master_user_password(true)
                .final_snapshot_identifier("last"),
        );
        let cluster = cluster.create(stack);
        DbInstance::named("machine")
            .db_cluster_identifier(&cluster)
            .db_instance_class("db.r7g.large")
            .create(stack);
    })
}

fn kept() -> Program {
    database(|it| it)
}

/// The network stays, something is added, the cluster is gone.
fn without_cluster() -> Program {
    program(|stack| {
        Network::new(stack);
        Vpc::named("more").cidr_block("10.1.0.0/16").create(stack);
    })
}

/// Another zone for one subnet of the same range: it can't be there twice, and what refers to it
/// has to go first, whether there is to be a cluster afterwards or not.
fn moved_subnet(cluster: bool) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let subnets = [("a", 1, "a"), ("b", 2, "b"), ("c", 3, "a")].map(|(name, number, zone)| {
            Subnet::named(name)
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{number}.0/24").as_str())
                .availability_zone(format!("eu-central-1{zone}").as_str())
                .create(stack)
        });
        if !cluster {
            return;
        }
        let group = SecurityGroup::named("database")
            .vpc_id(&vpc)
            .group_description("who reaches the database")
            .create(stack);
        let subnets = DbSubnetGroup::named("data")
            .db_subnet_group_description("the database")
            .subnet_ids(subnets.each_ref())
            .create(stack);
        DbCluster::named("moodle")
            .db_cluster_identifier("campus")
            .db_subnet_group_name(&subnets)
            .vpc_security_group_ids([&group])
            .master_username("admin")
            .manage_master_user_password(true)
            .final_snapshot_identifier("last")
            .create(stack);
    })
}

fn snapshots(world: &World) -> usize {
    count(world, DbClusterSnapshot::definition().name)
}

/// What must be allowed before the program can be deployed.
async fn needed(world: &World, program: &Program) -> Vec<ConsentNeeded> {
    let shown = world.preview(program).await.consent;
    let Err(EngineError::Consent(needed)) = world.try_up(program).await else {
        panic!("consent is asked for before anything happens")
    };
    assert_eq!(needed, shown, "a preview asks for the same");
    needed
}

/// A world with the cluster in it, where nothing may be lost, and what is asked of the account.
async fn deployed(program: &Program) -> (World, std::sync::Arc<Calls>) {
    let (mut world, calls) = Calls::observe(SimOptions::default());
    world.options.plan = PlanOptions::default();
    world.up(program).await;
    calls.clear();
    (world, calls)
}

/// Nothing was asked of the account but what there is, and the state is as it was.
async fn assert_untouched(world: &World, calls: &Calls, serial: u64) {
    for operation in ["Create", "Modify", "Delete", "Detach"] {
        assert!(calls.count(operation).is_empty(), "{operation}: {:?}", calls.count(operation));
    }
    assert_eq!(world.state().await.serial, serial);
    world.assert_in_step("untouched").await;
}

#[tokio::test]
async fn a_cluster_is_not_deleted_without_consent_and_nothing_is_touched() {
    let (world, calls) = deployed(&kept()).await;
    let serial = world.state().await.serial;
    let reasons = [
        (without_cluster(), "the program does not name it any more"),
        (database(|it| it.storage_encrypted(false)), "it is replaced"),
        (
            moved_subnet(true),
            "it refers to `aws:rds:DbSubnetGroup/data`, which goes because `aws:ec2:Subnet/c` has \
             to be deleted before its successor can come",
        ),
        (moved_subnet(false), "the program does not name it any more"),
    ];
    for (program, reason) in reasons {
        let needed = needed(&world, &program).await;
        let cluster = needed.iter().find(|consent| consent.urn.name() == "moodle").unwrap();
        assert!(cluster.reason.starts_with(reason), "{}", cluster.reason);
        assert_untouched(&world, &calls, serial).await;
    }
    let destroyed = world.engine().destroy("campus", "test", &world.options.plan).await;
    let Err(EngineError::Consent(needed)) = destroyed else { panic!("nothing is destroyed") };
    assert_eq!(needed[0].reason, "the whole stack is destroyed");
    assert_untouched(&world, &calls, serial).await;
}

#[tokio::test]
async fn what_a_change_takes_along_is_told_with_what_it_began_with() {
    let (world, _) = deployed(&kept()).await;
    let preview = world.preview(&moved_subnet(true)).await;
    let reason = |name: &str| {
        let change = preview.changes.iter().find(|change| change.urn.name() == name).unwrap();
        change.reason.clone().unwrap_or_default()
    };
    assert_eq!(reason("c"), "", "its own properties say why");
    assert!(reason("data").starts_with("it refers to `aws:ec2:Subnet/c`"), "{}", reason("data"));
    assert!(reason("moodle").contains("goes because `aws:ec2:Subnet/c`"), "{}", reason("moodle"));
    let way_out = preview.consent[0].way_out.as_deref().unwrap_or_default();
    assert!(way_out.contains("old and new clash in `aws:ec2:Subnet/c`"), "{way_out}");

    // What goes anyway is counted as what goes.
    let preview = world.preview(&moved_subnet(false)).await;
    assert_eq!((preview.counts.replace, preview.counts.delete), (1, 4), "{:?}", preview.counts);
}

#[tokio::test]
async fn consent_to_losing_something_else_is_not_consent_to_losing_a_cluster() {
    let (mut world, calls) = deployed(&kept()).await;
    let serial = world.state().await.serial;
    world.options.plan.may_lose_data = vec![Pattern::new("aws:efs:*"), Pattern::new("machine")];
    needed(&world, &without_cluster()).await;
    assert_untouched(&world, &calls, serial).await;
    world.options.plan.may_lose_data = vec![Pattern::new("aws:rds:DbCluster/moodle")];
    world.up(&without_cluster()).await;
    world.assert_in_step("allowed").await;
}

#[tokio::test]
async fn a_protected_cluster_is_not_deleted_with_consent_either() {
    let (mut world, calls) = deployed(&database(|it| it.protect(true))).await;
    world.options.plan.may_lose_data = vec![Pattern::new("*")];
    let serial = world.state().await.serial;
    let replaced = database(|it| it.storage_encrypted(false));
    for program in [without_cluster(), replaced, moved_subnet(true)] {
        let Err(EngineError::Plan(problems)) = world.try_up(&program).await else {
            panic!("protected is protected")
        };
        let [PlanProblem::Protected(urn)] = &problems[..] else { panic!("{problems:?}") };
        assert_eq!(urn.name(), "moodle");
        assert_untouched(&world, &calls, serial).await;
    }
    let destroyed = world.engine().destroy("campus", "test", &world.options.plan).await;
    let Err(EngineError::Plan(_)) = destroyed else { panic!("nothing is destroyed") };
    assert_untouched(&world, &calls, serial).await;

    // Saying nothing does not unprotect; saying so does.
    assert!(world.preview(&kept()).await.is_empty());
    world.up(&database(|it| it.protect(false))).await;
    world.up(&without_cluster()).await;
    assert_eq!(snapshots(&world), 1);
}

#[tokio::test]
async fn with_consent_the_guard_of_the_account_is_lifted_and_a_snapshot_stays() {
    let (mut world, calls) = deployed(&kept()).await;
    world.options.plan.may_lose_data = vec![Pattern::new("*")];
    world.up(&without_cluster()).await;
    world.assert_in_step("gone").await;
    let ty = DbCluster::definition().name;
    assert!(calls.first("Modify", ty) < calls.first("Delete", ty), "it refuses deletion before");
    assert_eq!(snapshots(&world), 1);

    let restored = program(|stack| {
        let network = Network::new(stack);
        Vpc::named("more").cidr_block("10.1.0.0/16").create(stack);
        network
            .cluster(stack, network.subnets.each_ref())
            .snapshot_identifier("last")
            .final_snapshot_identifier("last-2")
            .create(stack);
    });
    world.up(&restored).await;
    world.assert_in_step("restored").await;
    assert!(world.preview(&restored).await.is_empty());
}

#[tokio::test]
async fn a_replaced_cluster_leaves_a_snapshot_too() {
    let (mut world, _) = deployed(&kept()).await;
    let resource = DbCluster::DB_CLUSTER_RESOURCE_ID.slot;
    let before = cluster_record(&world).await.value(resource).clone();
    world.options.plan.may_lose_data = vec![Pattern::new("moodle")];
    world.up(&database(|it| it.storage_encrypted(false))).await;
    world.assert_in_step("replaced").await;
    assert_ne!(*cluster_record(&world).await.value(resource), before);
    assert_eq!(snapshots(&world), 1);
}
