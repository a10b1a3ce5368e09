//! Aurora clusters over time: upgrades, passwords, snapshots, and machines that come and go.

mod consent;

use backend_local::sim::{Faults, SimOptions};
use infra_core::{
    aws::{
        ec2::{InternetGateway, SecurityGroup, Subnet, Vpc},
        rds::{
            DbCluster, DbClusterBuilder, DbClusterParameterGroup, DbClusterSnapshot, DbInstance,
            DbSubnetGroup, StorageType,
        },
        secretsmanager::Secret,
    },
    dsl::Provided,
    graph::Program,
    prelude::*,
    state::Record,
};
use infra_tests::{
    calls::Calls,
    world::{DAY, World, full_message, program},
};

type Placed = DbClusterBuilder<Provided, Provided>;

struct Network {
    vpc: Vpc,
    subnets: [Subnet; 3],
    group: SecurityGroup,
}

impl Network {
    fn new(stack: &Stack) -> Self {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let subnets = [("a", 1), ("b", 2), ("c", 3)].map(|(zone, number)| {
            Subnet::named(zone)
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{number}.0/24").as_str())
                .availability_zone(format!("eu-central-1{zone}").as_str())
                .create(stack)
        });
        let group = SecurityGroup::named("database")
            .vpc_id(&vpc)
            .group_description("who reaches the database")
            .create(stack);
        Self { vpc, subnets, group }
    }

    fn cluster<const N: usize>(&self, stack: &Stack, subnets: [&Subnet; N]) -> Placed {
        let subnets = DbSubnetGroup::named("data")
            .db_subnet_group_description("the database")
            .subnet_ids(subnets)
            .create(stack);
        DbCluster::named("moodle")
            .db_cluster_identifier("campus")
            .db_subnet_group_name(&subnets)
            .vpc_security_group_ids([&self.group])
    }
}

/// A program with one cluster in three zones.
fn cluster(build: impl FnOnce(Placed) -> Placed) -> Program {
    program(|stack| {
        let network = Network::new(stack);
        build(network.cluster(stack, network.subnets.each_ref())).create(stack);
    })
}

fn new(cluster: Placed) -> Placed {
    cluster.master_username("admin").manage_master_user_password(true).skip_final_snapshot(true)
}

/// The record of the first resource of a type.
async fn record(world: &World, ty: &str) -> Record {
    let state = world.state().await;
    let found = state.iter().find(|(_, record)| record.ty.name() == ty);
    found.map(|(_, record)| record.clone()).unwrap()
}

async fn cluster_record(world: &World) -> Record {
    record(world, DbCluster::definition().name).await
}

/// How many things of a type the account has, whoever made them.
fn count(world: &World, ty: &str) -> usize {
    world.sim.with_world(|account| account.live().filter(|object| object.ty.name == ty).count())
}

#[tokio::test]
async fn a_cluster_of_three_machines_comes_up_in_three_zones_and_goes_without_a_refused_call() {
    let world = World::default();
    let program = program(|stack| {
        let network = Network::new(stack);
        let cluster = network.cluster(stack, network.subnets.each_ref());
        let cluster = new(cluster).create(stack);
        for name in ["one", "two", "three"] {
            DbInstance::named(name)
                .db_cluster_identifier(&cluster)
                .db_instance_class("db.r7g.large")
                .create(stack);
        }
    });
    let outcome = world.up(&program).await;
    // Seven minutes for the cluster, eight for the instances, which do not wait for each other.
    assert!((15 * 60_000..16 * 60_000).contains(&outcome.took), "{}", outcome.took);
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;
    let instances = DbInstance::definition().name;
    let mut zones: Vec<String> = world.sim.with_world(|account| {
        let all = account.live().filter(|object| object.ty.name == instances);
        all.map(|object| object.text("availability_zone").to_owned()).collect()
    });
    zones.sort();
    assert_eq!(zones, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    world.destroy().await;
    assert_eq!(world.retries.load(std::sync::atomic::Ordering::Relaxed), 0);
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_version_goes_up_and_a_major_one_only_when_that_is_meant() {
    let world = World::default();
    let at = |version: &str, major: bool| {
        cluster(|it| new(it).engine_version(version).allow_major_version_upgrade(major))
    };
    let (old, new) = ("8.0.mysql_aurora.3.08.2", "8.4.mysql_aurora.8.4.7");
    world.up(&at(old, false)).await;
    let said = world.refusals(&at(new, false)).await.concat();
    assert!(said.contains("`engine_version` 8.4.mysql_aurora.8.4.7"), "{said}");
    assert!(said.contains("`allow_major_version_upgrade` must say that this is meant"), "{said}");
    let slot = DbCluster::DB_CLUSTER_PARAMETER_GROUP_NAME.slot;
    let parameters = cluster_record(&world).await.value(slot).clone();
    assert_eq!(parameters.as_str(), Some("default.aurora-mysql8.0"));
    world.up(&at(new, true)).await;
    let parameters = cluster_record(&world).await.value(slot).clone();
    assert_eq!(parameters.as_str(), Some("default.aurora-mysql8.4"), "they go with the version");
    let said = world.refusals(&at(old, true)).await.concat();
    assert!(said.contains("versions go up alone"), "{said}");
}

#[tokio::test]
async fn parameters_are_set_before_the_cluster_whose_machines_begin_with_them() {
    let program = program(|stack| {
        let network = Network::new(stack);
        let cluster = network.cluster(stack, network.subnets.each_ref());
        // The last thing that the cluster waits for.
        let parameters = DbClusterParameterGroup::named("moodle")
            .depends_on(&network.group)
            .family("aurora-mysql8.0")
            .description("the database")
            .parameters([("binlog_format", "ROW")])
            .create(stack);
        new(cluster).db_cluster_parameter_group_name(&parameters).create(stack);
    });
    for seed in 0..10 {
        // Calls are refused and made again, so that one can overtake another.
        let faults = Faults { throttle: 0.5, seed, ..Faults::default() };
        let (world, calls) = Calls::observe(SimOptions { faults, ..SimOptions::default() });
        world.up(&program).await;
        let set = calls.last("Modify", DbClusterParameterGroup::definition().name);
        assert!(set < calls.last("Create", DbCluster::definition().name), "seed {seed}");
    }
}

#[tokio::test]
async fn what_a_cluster_was_not_made_with_it_does_not_get() {
    let world = World::default();
    world.up(&cluster(new)).await;
    let said =
        world.refusals(&cluster(|it| new(it).backtrack_window(Seconds(3600)))).await.concat();
    assert!(said.contains("only a new one can have it"), "{said}");
}

#[tokio::test]
async fn a_last_snapshot_stays_and_makes_a_new_cluster() {
    let world = World::default();
    let first = |name: &str| {
        let name = name.to_owned();
        cluster(move |it| {
            it.master_username("admin")
                .manage_master_user_password(true)
                .final_snapshot_identifier(name.as_str())
                .tags([("backup", "daily")])
        })
    };
    world.up(&first("last")).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
    let snapshots = DbClusterSnapshot::definition().name;
    assert_eq!(count(&world, snapshots), 1);

    let restored = cluster(|it| it.snapshot_identifier("last").final_snapshot_identifier("last"));
    world.up(&restored).await;
    world.assert_in_step("restored").await;
    assert!(world.preview(&restored).await.is_empty());

    // The name is taken. Another one is a change without a replacement, and then it goes.
    let plan = &world.options.plan;
    let outcome = world.engine().destroy("campus", "test", plan).await.unwrap();
    let said = full_message(&outcome.failures[0].error);
    assert!(said.contains("DBClusterSnapshotAlreadyExistsFault"), "{said}");
    assert!(said.contains("`final_snapshot_identifier` last"), "{said}");
    world
        .up(&cluster(|it| it.snapshot_identifier("last").final_snapshot_identifier("last-2")))
        .await;
    world.destroy().await;
    assert_eq!(count(&world, snapshots), 2);
}

#[tokio::test]
async fn aws_keeps_the_password_in_a_secret_for_as_long_as_it_is_to() {
    let world = World::default();
    let (secrets, slot) = (Secret::definition().name, DbCluster::MASTER_USER_SECRET_ARN.slot);
    let own = || {
        cluster(|it| {
            let it = it.master_username("admin").skip_final_snapshot(true);
            it.master_user_password("hunter2-2")
        })
    };
    world.up(&cluster(new)).await;
    assert_eq!(count(&world, secrets), 1);
    let arn = cluster_record(&world).await.value(slot).clone();
    assert!(arn.as_str().unwrap().contains(":secret:rds!cluster-"), "{arn}");

    world.up(&own()).await;
    assert_eq!(count(&world, secrets), 0);
    let arn = cluster_record(&world).await.value(slot).clone();
    assert!(arn.is_null(), "the state still tells {arn}");
    assert!(world.preview(&own()).await.is_empty());

    world.up(&cluster(new)).await;
    assert_eq!(count(&world, secrets), 1);
    world.destroy().await;
    assert_eq!(count(&world, secrets), 0);
}

#[tokio::test]
async fn a_subnet_that_a_machine_lies_in_stays() {
    let world = World::default();
    let with = |zone: &'static str, two: bool| {
        program(move |stack| {
            let network = Network::new(stack);
            let [a, b, c] = network.subnets.each_ref();
            let cluster = if two {
                network.cluster(stack, [a, b])
            } else {
                network.cluster(stack, [a, b, c])
            };
            let cluster = new(cluster).create(stack);
            DbInstance::named("machine")
                .db_cluster_identifier(&cluster)
                .db_instance_class("db.r7g.large")
                .availability_zone(zone)
                .create(stack);
        })
    };
    world.up(&with("eu-central-1c", false)).await;
    let said = world.refusals(&with("eu-central-1c", true)).await.concat();
    assert!(said.contains("SubnetAlreadyInUse"), "{said}");
    assert!(said.contains("where the instance"), "{said}");
    world.up(&with("eu-central-1a", false)).await;
    world.up(&with("eu-central-1a", true)).await;
    world.assert_in_step("moved").await;
}

#[tokio::test]
async fn a_machine_becomes_public_where_the_vpc_leads_to_the_internet() {
    let world = World::default();
    let public = |public: bool| {
        program(move |stack| {
            let network = Network::new(stack);
            InternetGateway::named("way-out").vpc_id(&network.vpc).create(stack);
            let cluster = network.cluster(stack, network.subnets.each_ref());
            let cluster = new(cluster).create(stack);
            DbInstance::named("machine")
                .db_cluster_identifier(&cluster)
                .db_instance_class("db.r7g.large")
                .publicly_accessible(public)
                .create(stack);
        })
    };
    world.up(&public(false)).await;
    let outcome = world.up(&public(true)).await;
    assert_eq!((outcome.counts.update, outcome.counts.replace), (1, 0));
}

#[tokio::test]
async fn storage_is_paid_for_by_size_alone_once_in_thirty_days() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let paid = |storage: StorageType| cluster(|it| new(it).storage_type(storage));
    let world = World::on_disk(&path, 0);
    world.up(&paid(StorageType::Aurora)).await;
    world.up(&paid(StorageType::AuroraIopt1)).await;
    world.up(&paid(StorageType::Aurora)).await;
    let said = world.refusals(&paid(StorageType::AuroraIopt1)).await.concat();
    assert!(said.contains("once in 30 days (days left: 30)"), "{said}");
    let world = world.reopened(&path, 31 * DAY);
    world.up(&paid(StorageType::AuroraIopt1)).await;
    world.assert_in_step("a month later").await;
}
