//! Caches over time: versions, encryption, tokens, shards, and nodes that come and go.

use backend_local::sim::{Faults, SimOptions};
use infra_core::{
    aws::{
        ec2::{SecurityGroup, Subnet, Vpc},
        elasticache::{
            AuthenticationMode, ClusterMode, Engine, ParameterGroup, ReplicationGroup,
            ReplicationGroupBuilder, SubnetGroup, TransitEncryptionMode, User, UserGroup,
        },
    },
    dsl::Provided,
    graph::Program,
    prelude::*,
    value::{Slot, Value},
};
use infra_tests::{
    calls::Calls,
    world::{World, program},
};

type Placed = ReplicationGroupBuilder<Provided, Provided, Provided, Provided>;

fn placed(stack: &Stack, zones: &[&str]) -> Placed {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    let subnets = [("a", 1), ("b", 2), ("c", 3)].map(|(zone, number)| {
        Subnet::named(zone)
            .vpc_id(&vpc)
            .cidr_block(format!("10.0.{number}.0/24").as_str())
            .availability_zone(format!("eu-central-1{zone}").as_str())
            .create(stack)
    });
    let group = SecurityGroup::named("cache")
        .vpc_id(&vpc)
        .group_description("who reaches the caches")
        .create(stack);
    let letters = ["a", "b", "c"].into_iter().zip(&subnets);
    let chosen: Vec<&Subnet> =
        letters.filter(|(letter, _)| zones.contains(letter)).map(|(_, subnet)| subnet).collect();
    let subnets = SubnetGroup::named("data")
        .cache_subnet_group_description("the caches")
        .subnet_ids(chosen)
        .create(stack);
    ReplicationGroup::named("sessions")
        .replication_group_id("campus")
        .replication_group_description("the sessions")
        .cache_node_type("cache.r7g.large")
        .cache_subnet_group_name(&subnets)
        .security_group_ids([&group])
}

/// A program with one cache in three zones.
fn cache(build: impl FnOnce(Placed) -> Placed) -> Program {
    program(|stack| {
        build(placed(stack, &["a", "b", "c"])).create(stack);
    })
}

fn pair(cache: Placed) -> Placed {
    cache.num_cache_clusters(2).automatic_failover_enabled(true)
}

/// A property or output of the cache as the state has it.
async fn value(world: &World, slot: Slot) -> Value {
    let state = world.state().await;
    let ty = ReplicationGroup::definition().name;
    let found = state.iter().find(|(_, record)| record.ty.name() == ty);
    found.map(|(_, record)| record.value(slot).clone()).unwrap()
}

async fn texts(world: &World, slot: Slot) -> Vec<String> {
    let Value::List(all) = value(world, slot).await else { panic!("no list") };
    all.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

async fn text(world: &World, slot: Slot) -> String {
    value(world, slot).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_cache_in_three_zones_comes_up_and_goes_without_a_refused_call() {
    let world = World::default();
    let program = cache(|it| {
        it.num_cache_clusters(3).automatic_failover_enabled(true).multi_az_enabled(true)
    });
    let outcome = world.up(&program).await;
    assert!((10 * 60_000..11 * 60_000).contains(&outcome.took), "{}", outcome.took);
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;
    let zones = texts(&world, ReplicationGroup::MEMBER_AVAILABILITY_ZONES.slot).await;
    assert_eq!(zones, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    world.destroy().await;
    assert_eq!(world.retries.load(std::sync::atomic::Ordering::Relaxed), 0);
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn parameters_are_set_before_the_cache_that_begins_with_them() {
    let program = program(|stack| {
        // The last thing that the cache waits for.
        let slow = Vpc::named("slow").cidr_block("10.1.0.0/16").create(stack);
        let slow = Subnet::named("slow").vpc_id(&slow).cidr_block("10.1.0.0/24").create(stack);
        let slow = SubnetGroup::named("slow")
            .cache_subnet_group_description("what takes a while")
            .subnet_ids([&slow])
            .create(stack);
        let parameters = ParameterGroup::named("shards")
            .depends_on(&slow)
            .cache_parameter_group_family("valkey8")
            .description("several shards")
            .parameters([("cluster-enabled", "yes")])
            .create(stack);
        placed(stack, &["a", "b"])
            .cluster_mode(ClusterMode::Enabled)
            .cache_parameter_group_name(&parameters)
            .num_node_groups(2)
            .replicas_per_node_group(1)
            .automatic_failover_enabled(true)
            .create(stack);
    });
    for seed in 0..10 {
        // Calls are refused and made again, so that one can overtake another.
        let faults = Faults { throttle: 0.5, seed, ..Faults::default() };
        let (world, calls) = Calls::observe(SimOptions { faults, ..SimOptions::default() });
        world.up(&program).await;
        let set = calls.last("Modify", ParameterGroup::definition().name);
        assert!(set < calls.last("Create", ReplicationGroup::definition().name), "seed {seed}");
    }
}

#[tokio::test]
async fn redis_becomes_valkey_and_stays_it() {
    let world = World::default();
    let of = |engine: Engine, version: &'static str| {
        cache(move |it| pair(it).engine(engine).engine_version(version))
    };
    world.up(&of(Engine::Redis, "7.1")).await;
    let slot = ReplicationGroup::CACHE_PARAMETER_GROUP_NAME.slot;
    assert_eq!(text(&world, slot).await, "default.redis7");
    let said = world.refusals(&of(Engine::Redis, "6.2")).await.concat();
    assert!(said.contains("lies below 7.1; versions go up alone"), "{said}");
    let outcome = world.up(&of(Engine::Valkey, "8.2")).await;
    assert_eq!((outcome.counts.update, outcome.counts.replace), (1, 0));
    assert_eq!(text(&world, slot).await, "default.valkey8");
    let said = world.refusals(&of(Engine::Redis, "7.1")).await.concat();
    assert!(said.contains("only a new cache can be redis"), "{said}");
}

#[tokio::test]
async fn encryption_comes_by_way_of_preferred_and_moves_the_endpoints() {
    let world = World::default();
    let clear = || cache(|it| pair(it).transit_encryption_enabled(false));
    let with =
        |mode: TransitEncryptionMode| cache(move |it| pair(it).transit_encryption_mode(mode));
    world.up(&clear()).await;
    let endpoint = ReplicationGroup::PRIMARY_ENDPOINT.slot;
    assert!(text(&world, endpoint).await.starts_with("campus."));
    let said = world.refusals(&with(TransitEncryptionMode::Required)).await.concat();
    assert!(said.contains("goes on by way of the `transit_encryption_mode` preferred"), "{said}");
    world.up(&with(TransitEncryptionMode::Preferred)).await;
    assert!(text(&world, endpoint).await.starts_with("master.campus."));
    world.up(&with(TransitEncryptionMode::Required)).await;
    let said = world.refusals(&clear()).await.concat();
    assert!(said.contains("goes off by way of"), "{said}");
    world.up(&with(TransitEncryptionMode::Preferred)).await;
    world.up(&clear()).await;
    assert!(text(&world, endpoint).await.starts_with("campus."));
    assert!(world.preview(&clear()).await.is_empty());
}

#[tokio::test]
async fn old_engines_are_encrypted_by_a_new_cache_alone() {
    let world = World::default();
    let old = |encrypted: bool| {
        cache(move |it| {
            let it = pair(it).engine(Engine::Redis).engine_version("6.2");
            it.transit_encryption_enabled(encrypted)
        })
    };
    world.up(&old(false)).await;
    let said = world.refusals(&old(true)).await.concat();
    assert!(said.contains("can be changed from the version 7.0 on; this is 6.2"), "{said}");
}

#[tokio::test]
async fn a_token_goes_only_where_users_take_its_place() {
    let world = World::default();
    world.up(&cache(|it| pair(it).auth_token("a-token-of-16-at-least"))).await;
    let said = world.refusals(&cache(pair)).await.concat();
    assert!(said.contains("give `user_group_ids` in its place"), "{said}");
    let with_users = program(|stack| {
        let moodle = User::named("moodle")
            .user_name("moodle")
            .engine(Engine::Valkey)
            .access_string("on ~* +@all -@admin")
            .authentication_mode(AuthenticationMode::with("correct-horse-battery"))
            .create(stack);
        let group = UserGroup::named("site").engine(Engine::Valkey).user_ids([&moodle]);
        pair(placed(stack, &["a", "b", "c"])).user_group_ids([&group.create(stack)]).create(stack);
    });
    world.up(&with_users).await;
    world.assert_in_step("users").await;
}

#[tokio::test]
async fn one_shard_becomes_several_in_two_steps() {
    let world = World::default();
    let shards = |number: u32| {
        cache(move |it| {
            it.cluster_mode(ClusterMode::Enabled)
                .num_node_groups(number)
                .replicas_per_node_group(1)
                .automatic_failover_enabled(true)
        })
    };
    world.up(&cache(pair)).await;
    let said = world.refusals(&shards(1)).await.concat();
    assert!(said.contains("goes from disabled to compatible first"), "{said}");
    world.up(&cache(|it| pair(it).cluster_mode(ClusterMode::Compatible))).await;
    let (all, primary) =
        (ReplicationGroup::CONFIGURATION_ENDPOINT.slot, ReplicationGroup::PRIMARY_ENDPOINT.slot);
    assert!(text(&world, all).await.starts_with("clustercfg.campus."));
    assert!(text(&world, primary).await.starts_with("master.campus."));
    world.up(&shards(1)).await;
    assert!(value(&world, primary).await.is_null(), "there is no one primary any more");
    world.up(&shards(3)).await;
    let nodes = texts(&world, ReplicationGroup::MEMBER_CLUSTERS.slot).await;
    assert_eq!(nodes.len(), 6);
    assert_eq!(nodes[5], "campus-0003-002");
    let said =
        world.refusals(&cache(|it| pair(it).cluster_mode(ClusterMode::Compatible))).await.concat();
    assert!(said.contains("`cluster_mode` enabled stays"), "{said}");
}

#[tokio::test]
async fn parameters_in_use_do_not_change_how_many_shards_there_can_be() {
    let world = World::default();
    let with = |enabled: &'static str| {
        program(move |stack| {
            let parameters = ParameterGroup::named("parameters")
                .cache_parameter_group_family("valkey8")
                .description("the caches")
                .parameters([("cluster-enabled", enabled)])
                .create(stack);
            pair(placed(stack, &["a", "b"])).cache_parameter_group_name(&parameters).create(stack);
        })
    };
    world.up(&with("no")).await;
    let said = world.refusals(&with("yes")).await.concat();
    assert!(said.contains("`parameters.cluster-enabled` can't be changed: campus uses"), "{said}");
}

#[tokio::test]
async fn a_subnet_that_a_node_lies_in_stays() {
    let world = World::default();
    let within = |subnets: &'static [&'static str], zones: [&'static str; 2]| {
        program(move |stack| {
            let zones = zones.map(|zone| format!("eu-central-1{zone}"));
            pair(placed(stack, subnets)).preferred_cache_cluster_azs(zones).create(stack);
        })
    };
    world.up(&within(&["a", "b", "c"], ["a", "c"])).await;
    let said = world.refusals(&within(&["a", "b"], ["a", "b"])).await.concat();
    assert!(said.contains("SubnetInUse"), "{said}");
    assert!(said.contains("where a node of campus lies"), "{said}");
    world.up(&within(&["a", "c"], ["a", "c"])).await;
    world.assert_in_step("smaller").await;
}

#[tokio::test]
async fn nodes_that_are_added_go_where_they_are_asked_to_and_others_stay() {
    let world = World::default();
    let nodes = |zones: &'static [&'static str]| {
        cache(move |it| {
            let zones: Vec<String> =
                zones.iter().map(|zone| format!("eu-central-1{zone}")).collect();
            it.num_cache_clusters(zones.len() as u32)
                .automatic_failover_enabled(true)
                .preferred_cache_cluster_azs(zones)
        })
    };
    world.up(&nodes(&["a", "b"])).await;
    let outcome = world.up(&nodes(&["b", "c", "c"])).await;
    assert_eq!((outcome.counts.update, outcome.counts.replace), (1, 0));
    let there = texts(&world, ReplicationGroup::MEMBER_AVAILABILITY_ZONES.slot).await;
    assert_eq!(there, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
}
