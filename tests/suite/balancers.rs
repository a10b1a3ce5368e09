//! Load balancers: their way up and down, and rules that change places.

use backend_local::sim::{Faults, SimOptions};
use infra_core::{
    aws::{
        ec2::{InternetGateway, Subnet, Vpc},
        elbv2::{
            Action, FixedResponseAction, Listener, ListenerRule, LoadBalancer, LoadBalancerLogs,
            LoadBalancerScheme, PathPattern, Protocol, RuleCondition, TargetGroup, TargetType,
        },
        iam::{PolicyDocument, Principal, Statement},
        s3::{Bucket, BucketPolicy},
    },
    graph::Program,
    plan::ChangeKind,
    prelude::*,
};
use infra_tests::{
    calls::Calls,
    certificates::issued,
    world::{World, full_message, program},
};

use crate::network::delete;

fn path(pattern: &str) -> [RuleCondition; 1] {
    [RuleCondition::path_pattern(PathPattern::new().values([pattern]))]
}

fn group(stack: &Stack, vpc: &Vpc, name: &str) -> TargetGroup {
    TargetGroup::named(name)
        .vpc_id(vpc)
        .protocol(Protocol::Http)
        .port(80_u16)
        .target_type(TargetType::Ip)
        .create(stack)
}

/// Subnets in two zones.
fn subnets(stack: &Stack, vpc: &Vpc) -> [Subnet; 2] {
    [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")].map(|(zone, range)| {
        Subnet::named(zone)
            .vpc_id(vpc)
            .cidr_block(range)
            .availability_zone(format!("eu-central-1{zone}"))
            .create(stack)
    })
}

/// A load balancer that logs, with two listeners and two rules of these priorities.
fn site(files: u32, health: u32) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        InternetGateway::named("main").vpc_id(&vpc).create(stack);
        let subnets = subnets(stack, &vpc);
        let logs = Bucket::named("logs").create(stack);
        let write = Statement::allow()
            .principals([Principal::service("logdelivery.elasticloadbalancing.amazonaws.com")])
            .actions(["s3:PutObject"])
            .resources([interpolate!("{}/*", logs.arn())]);
        BucketPolicy::named("logs")
            .bucket(&logs)
            .policy_document(PolicyDocument::new([write]))
            .create(stack);
        let balancer = LoadBalancer::named("site")
            .subnets(subnets.each_ref())
            .deletion_protection(true)
            .access_logs(LoadBalancerLogs::new(&logs))
            .create(stack);
        let (web, other) = (group(stack, &vpc, "web"), group(stack, &vpc, "files"));
        let https = Listener::named("https")
            .load_balancer_arn(&balancer)
            .protocol(Protocol::Https)
            .port(443_u16)
            .certificates([issued(stack, "campus", "campus.example.org")])
            .default_actions([Action::to(&web)])
            .create(stack);
        Listener::named("http")
            .load_balancer_arn(&balancer)
            .protocol(Protocol::Http)
            .port(80_u16)
            .default_actions([Action::to_https()])
            .create(stack);
        ListenerRule::named("files")
            .listener_arn(&https)
            .priority(files)
            .conditions(path("/pluginfile.php/*"))
            .actions([Action::to(&other)])
            .create(stack);
        ListenerRule::named("health")
            .listener_arn(&https)
            .priority(health)
            .conditions(path("/status.txt"))
            .actions([Action::fixed_response(FixedResponseAction::new(200_u16))])
            .create(stack);
        stack.output("address", balancer.dns_name());
        stack.output("zone", balancer.canonical_hosted_zone_id());
    })
}

#[tokio::test]
async fn a_balancer_comes_up_and_goes_without_a_refused_call() {
    let (world, calls) = Calls::observe(SimOptions::default());
    let up = world.up(&site(10, 20)).await;
    let shown: Vec<&str> = up.outputs.iter().map(|(_, value)| value.as_str().unwrap()).collect();
    assert!(shown[0].starts_with("campus-test-site-"), "{shown:?}");
    assert!(shown[0].ends_with(".eu-central-1.elb.amazonaws.com"), "{shown:?}");
    assert_eq!(shown[1], "Z215JYRZR1TBD5");
    assert!(up.took >= 180_000, "a load balancer takes about three minutes, not {} ms", up.took);
    world.assert_in_step("up").await;
    let created = calls.count("Create");
    assert_eq!(created.values().sum::<usize>(), up.done, "each was made by one call");
    let made = calls.first("Create", "aws:elbv2:LoadBalancer");
    assert!(calls.first("Modify", "aws:ec2:InternetGateway") < made, "it needs a way out");
    assert!(calls.first("Create", "aws:s3:BucketPolicy") < made, "it must be allowed to log");

    calls.clear();
    world.destroy().await;
    assert_eq!(calls.count("Delete"), created, "nothing was tried too early");
    // The protection is taken off first, and the gateway is detached once nothing needs it.
    assert_eq!(calls.count("Modify").get("aws:elbv2:LoadBalancer"), Some(&1));
    assert_eq!(calls.count("Detach").get("aws:ec2:InternetGateway"), Some(&1));
}

#[tokio::test]
async fn two_rules_swap_their_priorities() {
    let world = World::default();
    world.up(&site(10, 20)).await;
    let preview = world.preview(&site(20, 10)).await;
    let kinds: Vec<(&str, ChangeKind)> =
        preview.changes.iter().map(|change| (change.urn.name(), change.kind)).collect();
    let replaced = kinds.iter().filter(|(_, kind)| *kind == ChangeKind::DeleteThenCreate).count();
    assert_eq!((kinds.len(), replaced), (2, 1), "one makes room for the other: {kinds:?}");
    world.up(&site(20, 10)).await;
    world.assert_in_step("swapped").await;
    let priorities = priorities(&world);
    assert_eq!(priorities, [("/pluginfile.php/*".to_owned(), 20), ("/status.txt".to_owned(), 10)]);
    assert!(world.preview(&site(20, 10)).await.is_empty());
    // A free priority is taken in place.
    let preview = world.preview(&site(30, 10)).await;
    let kinds: Vec<ChangeKind> = preview.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Update]);
    world.up(&site(30, 10)).await;
}

#[tokio::test]
async fn rules_swap_their_priorities_on_a_bad_day() {
    for seed in 0..20 {
        let faults = Faults { throttle: 0.2, lost: 0.2, lag_ms: 5_000, seed, ..Faults::default() };
        let world = World::new(SimOptions { faults, ..SimOptions::default() });
        world.up(&site(10, 20)).await;
        world.up(&site(20, 10)).await;
        world.assert_in_step(&format!("seed {seed}")).await;
        assert_eq!(priorities(&world).iter().map(|(_, priority)| *priority).sum::<i64>(), 30);
        world.destroy().await;
        assert!(world.objects().is_empty(), "seed {seed}");
    }
}

/// The rules of the account: what they are about, and their priority.
fn priorities(world: &World) -> Vec<(String, i64)> {
    let mut all: Vec<(String, i64)> = vec![];
    for rule in world.objects().iter().filter(|object| object.ty.name == "aws:elbv2:ListenerRule") {
        let conditions = rule.named("conditions").items()[0].clone();
        let values = conditions.field("path_pattern").unwrap().field("values").unwrap().clone();
        let path = values.items()[0].as_str().unwrap().to_owned();
        all.push((path, rule.named("priority").as_int().unwrap()));
    }
    all.sort();
    all
}

#[tokio::test]
async fn rules_go_with_their_listener_and_listeners_with_their_balancer() {
    let world = World::default();
    world.up(&site(10, 20)).await;
    let count = |ty: &str| world.objects().iter().filter(|object| object.ty.name == ty).count();
    let state = world.state().await;
    delete(&world, &state, "https", "aws:elbv2:Listener").await.unwrap();
    assert_eq!((count("aws:elbv2:Listener"), count("aws:elbv2:ListenerRule")), (2, 0));
    let error = delete(&world, &state, "site", "aws:elbv2:LoadBalancer").await.unwrap_err();
    assert_eq!(error.code, "OperationNotPermitted", "{error}");
    world.up(&site(10, 20)).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// Another scheme takes another load balancer, and target groups belong to one at a time.
#[tokio::test]
async fn target_groups_move_to_a_new_balancer() {
    let facing = |scheme: LoadBalancerScheme| {
        program(move |stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
            InternetGateway::named("main").vpc_id(&vpc).create(stack);
            let subnets = subnets(stack, &vpc);
            let balancer = LoadBalancer::named("site")
                .scheme(scheme)
                .subnets(subnets.each_ref())
                .create(stack);
            let web = group(stack, &vpc, "web");
            for (name, port) in [("one", 80_u16), ("other", 8080)] {
                let listener = Listener::named(name)
                    .load_balancer_arn(&balancer)
                    .protocol(Protocol::Http)
                    .port(port)
                    .default_actions([Action::to(&web)])
                    .create(stack);
                ListenerRule::named(name)
                    .listener_arn(&listener)
                    .priority(1_u32)
                    .conditions(path("/a"))
                    .actions([Action::to(&web)])
                    .create(stack);
            }
        })
    };
    let world = World::default();
    world.up(&facing(LoadBalancerScheme::InternetFacing)).await;
    world.up(&facing(LoadBalancerScheme::Internal)).await;
    world.assert_in_step("moved").await;
    assert!(world.preview(&facing(LoadBalancerScheme::Internal)).await.is_empty());
}

#[tokio::test]
async fn a_gateway_is_not_taken_from_a_balancer_that_faces_the_internet() {
    let network = |home: &'static str| {
        program(move |stack| {
            let [one, two] = ["one", "two"]
                .map(|name| (name, Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)));
            let gateway = if home == one.0 { &one.1 } else { &two.1 };
            InternetGateway::named("main").vpc_id(gateway).create(stack);
            let subnets = subnets(stack, &one.1);
            LoadBalancer::named("site").subnets(subnets.each_ref()).create(stack);
        })
    };
    let world = World::default();
    world.up(&network("one")).await;
    let outcome = world.try_up(&network("two")).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    let said = full_message(&failure.error);
    assert!(said.contains("mapped public addresses"), "{said}");
}
