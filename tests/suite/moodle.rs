//! The production example: comes up, stays, changes by exactly what was changed, and goes.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{
    aws::{
        applicationautoscaling::{ScalableTarget, ScalingPolicy},
        ec2::{RuleDirection, SecurityGroupRule, Subnet, VpcEndpoint},
        ecs::Service,
        iam::RolePolicy,
        rds::DbCluster,
        s3::Object,
        secretsmanager::Secret,
    },
    dsl::ResourceType,
    engine::{EngineError, Preview, UpOptions},
    graph::{EdgeKind, Field, Graph, NodeView, Program},
    handler::Account,
    plan::{ChangeKind, PlanOptions},
    prelude::*,
    value::Value,
};
use infra_tests::{
    certificates::issued,
    world::{PROJECT, STACK, World, configured, program},
};
use moodle_infra::{
    Environment, InterfaceEndpoint, Moodle, MoodleBuilder, Network, NetworkSettings,
};

#[allow(dead_code)]
#[path = "../../examples/production.rs"]
pub(crate) mod production;

#[allow(dead_code)]
#[path = "../../examples/nonproduction.rs"]
pub(crate) mod nonproduction;

/// The site as the example has it, with settings as from the command line.
pub(crate) fn site(settings: &[(&str, &str)]) -> Program {
    let stack = configured(settings);
    production::site(&stack).unwrap();
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
    program
}

/// A site with a name and a certificate, of which nothing else has been said yet.
pub(crate) fn plain_site(stack: &Stack) -> MoodleBuilder {
    Moodle::named("site").domain("moodle.example.edu".parse().unwrap()).certificate(issued(
        stack,
        "site",
        "moodle.example.edu",
    ))
}

/// What changes, by the name that people know it by.
pub(crate) fn changed(preview: &Preview) -> BTreeMap<String, ChangeKind> {
    let name = |urn: &infra_core::urn::Urn| {
        format!("{} {}", urn.ty().rsplit(':').next().unwrap(), urn.name())
    };
    preview.changes.iter().map(|change| (name(&change.urn), change.kind)).collect()
}

#[tokio::test]
async fn it_comes_up_stays_and_goes() {
    let world = World::default();
    let program = site(&[]);
    let outcome = world.up(&program).await;
    assert!(outcome.counts.create > 90, "{:?}", outcome.counts);
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;

    let again = world.up(&program).await;
    assert_eq!((again.done, again.serial), (0, outcome.serial));
    world.destroy().await;
    assert!(world.objects().is_empty());
    assert!(world.state().await.is_empty());
}

#[tokio::test]
async fn the_cheap_twin_comes_up_stays_and_goes() {
    let world = World::default();
    let program = program(|stack| nonproduction::site(stack).unwrap());
    let outcome = world.up(&program).await;
    assert!(outcome.is_success(), "{outcome:?}");
    world.assert_in_step("up").await;
    let protected = world.objects().iter().any(|it| {
        it.ty.props.iter().any(|prop| {
            prop.name == "deletion_protection" && it.named(prop.name).as_bool() == Some(true)
        })
    });
    assert!(!protected);
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn two_sites_stand_in_one_stack() {
    let world = World::default();
    let program = program(|stack| {
        let whole = Environment::Production;
        for (name, environment) in [("science", whole), ("arts", Environment::NonProduction)] {
            let domain = format!("{name}.example.edu");
            let certificate = issued(stack, name, &domain);
            let site = Moodle::named(name)
                .domain(domain.parse().unwrap())
                .certificate(certificate)
                .environment(environment)
                .create(stack)
                .unwrap();
            stack.output(name, site.balancer.load_balancer.dns_name());
        }
    });
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[test]
fn a_version_that_the_database_is_too_old_for_is_refused() {
    let database = ("database", "8.0.mysql_aurora.3.10.0");
    let error = production::site(&configured(&[database])).unwrap_err().to_string();
    assert!(error.contains("Moodle 5.2.0 needs MySQL 8.4"), "{error}");

    production::site(&configured(&[database, ("moodle", "4.5.6")])).unwrap();
}

/// More students change how much there is and how large it is, and nothing else.
#[tokio::test]
async fn more_students_are_more_tasks_hosts_and_a_larger_database() {
    let world = World::default();
    world.up(&site(&[])).await;
    let next = site(&[("students", "20000")]);
    let names: Vec<String> = changed(&world.preview(&next).await).into_keys().collect();
    let expected = [
        "DbInstance database-0",
        "DbInstance database-1",
        "DbInstance database-2",
        "Group web",
        "MetricAlarm database-connections",
        "ScalableTarget moodle",
    ];
    assert_eq!(names, expected);
    let outcome = world.up(&next).await;
    let tasks = outcome.outputs.iter().find(|(name, _)| &**name == "tasks").unwrap();
    assert!(tasks.1.as_str().unwrap().starts_with("45 ("), "{tasks:?}");
}

#[tokio::test]
async fn another_domain_is_another_configuration_that_rolls_the_service() {
    let world = World::default();
    world.up(&site(&[])).await;
    let next = site(&[("domain", "learn.example.edu")]);
    let changes = changed(&world.preview(&next).await);
    let names: Vec<&str> = changes.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Certificate site",
            "CertificateValidation site",
            "HostedZone site",
            "Listener https",
            "Object config",
            "Record confirmation",
            "Record site",
            "Rule certificate-ends",
            "RunTask install",
            "Service adhoc",
            "Service cron",
            "Service moodle",
            "Service probe",
            "TaskDefinition adhoc",
            "TaskDefinition cron",
            "TaskDefinition install",
            "TaskDefinition moodle",
            "TaskDefinition probe",
        ]
    );
    world.up(&next).await;
    let config = configuration(&world);
    assert!(config.contains("https://learn.example.edu") && !config.contains("moodle.example.edu"));
}

fn configuration(world: &World) -> String {
    let objects = world.objects();
    let config = objects.iter().find(|object| {
        object.ty.name == Object::definition().name && object.text("key") == "config.php"
    });
    config.unwrap().text("content").to_owned()
}

#[tokio::test]
async fn the_configuration_names_what_there_is_and_holds_no_password() {
    let world = World::default();
    let outcome = world.up(&site(&[])).await;
    let config = configuration(&world);
    let database = outcome.outputs.iter().find(|(name, _)| &**name == "database").unwrap();
    assert!(config.contains(&format!("dbhost = '{}'", database.1.as_str().unwrap())), "{config}");
    let passwords: Vec<&str> = config.lines().filter(|line| line.contains("pass")).collect();
    assert!(!passwords.is_empty());
    assert!(passwords.iter().all(|line| line.contains("getenv(")), "{passwords:?}");
}

#[tokio::test]
async fn every_secret_that_a_task_is_given_may_be_read_for_it() {
    let world = World::default();
    world.up(&site(&[])).await;
    let objects = world.objects();
    let secrets = objects.iter().filter(|it| it.ty.name == Secret::definition().name);
    let secrets: Vec<String> = secrets.map(|it| it.id.to_string()).collect();
    assert_eq!(secrets.len(), 5, "{secrets:?}");
    let readable: String = objects
        .iter()
        .filter(|it| it.ty.name == RolePolicy::definition().name)
        .map(|it| it.named("policy_document").to_string())
        .filter(|document| document.contains("secretsmanager:GetSecretValue"))
        .collect();
    for secret in secrets {
        assert!(readable.contains(&secret), "{secret} is not in {readable}");
    }
}

#[tokio::test]
async fn what_was_changed_behind_its_back_is_shown_and_mended() {
    let world = World::default();
    let program = site(&[]);
    world.up(&program).await;
    let cluster = world.objects().into_iter().find(|it| it.ty.name == DbCluster::definition().name);
    let cluster = cluster.unwrap().id;
    Account::set(&world.sim, &cluster, "backup_retention_period", "1").unwrap();

    let found = world.engine().refresh(PROJECT, STACK).await.unwrap();
    let drifted: Vec<&str> = found.drift.iter().map(|drift| drift.urn.name()).collect();
    assert_eq!(drifted, ["database"]);

    let options = UpOptions { refresh: true, ..world.options.clone() };
    let outcome = world.engine().up(&program, &options).await.unwrap();
    assert!(outcome.is_success() && outcome.done == 1, "{outcome:?}");
    let mended = world.objects().into_iter().find(|it| it.id == cluster).unwrap();
    assert_eq!(mended.named("backup_retention_period").as_int(), Some(14));
}

#[tokio::test]
async fn data_is_not_lost_without_consent_and_nothing_is_touched() {
    let world = World::default();
    world.up(&site(&[])).await;
    let before = world.sim.objects().len();
    let strict = UpOptions { plan: PlanOptions::default(), ..UpOptions::default() };
    // The network alone: the database and all that stands on the network is to go.
    let network = program(|stack| {
        Network::create(stack, "network", &NetworkSettings::default()).unwrap();
    });
    let updated = world.engine().up(&network, &strict).await.unwrap_err();
    let destroyed = world.engine().destroy(PROJECT, STACK, &strict.plan).await.unwrap_err();
    for error in [updated, destroyed] {
        let EngineError::Consent(needed) = error else { panic!("{error}") };
        let lost: Vec<&str> = needed.iter().map(|consent| consent.urn.ty()).collect();
        assert!(lost.contains(&DbCluster::definition().name), "{lost:?}");
    }
    assert_eq!(world.sim.objects().len(), before);
    assert!(world.preview(&site(&[])).await.is_empty());
}

#[tokio::test]
async fn services_are_reached_without_nat_from_every_zone() {
    let world = World::default();
    let program = program(|stack| {
        let endpoints = InterfaceEndpoint::ALL.to_vec();
        let settings = NetworkSettings { endpoints, ..NetworkSettings::default() };
        Network::create(stack, "network", &settings).unwrap();
    });
    assert!(world.up(&program).await.is_success());
    let objects = world.objects();
    let endpoints = objects.iter().filter(|it| it.ty.name == VpcEndpoint::definition().name);
    let interfaces = endpoints.map(|it| match it.named("network_interface_ids") {
        Value::List(interfaces) => interfaces.len(),
        other => panic!("{other:?}"),
    });
    let mut interfaces: Vec<usize> = interfaces.collect();
    interfaces.sort_unstable();
    // The gateway endpoint of S3 has none.
    assert_eq!(interfaces, [0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn two_regions_in_one_stack() {
    let world = World::default();
    let regions = ["eu-central-1", "us-east-1"];
    let program = program(|stack| {
        for region in regions {
            let stack = stack.component_with(
                region,
                ComponentOptions::default().provider(Provider::aws(region)),
            );
            let network = Network::create(&stack, "network", &NetworkSettings::default()).unwrap();
            stack.output(region, network.zones[0].public.availability_zone());
        }
    });
    let outcome = world.up(&program).await;
    let shown: Vec<(&str, &str)> =
        outcome.outputs.iter().map(|(name, value)| (&**name, value.as_str().unwrap())).collect();
    assert_eq!(shown, [("eu-central-1", "eu-central-1a"), ("us-east-1", "us-east-1a")]);
    let scopes: BTreeSet<String> =
        world.objects().iter().map(|object| object.scope.to_string()).collect();
    let scopes: Vec<&str> = scopes.iter().map(|it| it.rsplit('/').next().unwrap()).collect();
    assert_eq!(scopes, ["eu-central-1", "global", "us-east-1"]);
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// What scales the site says by itself how many tasks there are; the program does not undo it.
#[tokio::test]
async fn the_service_grows_with_what_is_asked_of_it() {
    let world = World::default();
    let program = site(&[]);
    world.up(&program).await;
    let mut targets: Vec<_> = world
        .all::<ScalableTarget>()
        .into_iter()
        .map(|target| {
            let bounds = ["min_capacity", "max_capacity"];
            (bounds.map(|name| target.named(name).as_int().unwrap()), target)
        })
        .collect();
    targets.sort_by_key(|(bounds, _)| *bounds);
    // What is left for later grows apart from the pages.
    let [([2, 4], _), ([3, 7], target)] = &targets[..] else { panic!("{targets:?}") };
    assert_eq!(world.all::<ScalingPolicy>().len(), 3);

    let services = world.all::<Service>();
    let web =
        services.iter().find(|it| target.text("resource_id").ends_with(it.text("service_name")));
    Account::set(&world.sim, &web.unwrap().id, "desired_count", "4").unwrap();
    let options = UpOptions { refresh: true, ..world.options.clone() };
    let outcome = world.engine().up(&program, &options).await.unwrap();
    assert!(outcome.is_success() && outcome.done == 0, "{outcome:?}");
}

/// Two of them would each run what is due.
#[test]
fn one_alone_runs_the_schedule() {
    let program = site(&[]);
    let cron = program.all::<Service>().find(|it| it.node.urn.name() == "cron").unwrap();
    assert_eq!(cron.get(Service::DESIRED_COUNT), Field::Known(1));
    let Field::Known(rollout) = cron.get(Service::DEPLOYMENT_CONFIGURATION) else { panic!() };
    assert_eq!((rollout.minimum_healthy_percent, rollout.maximum_percent), (Some(0), Some(100)));
}

#[test]
fn only_the_balancer_is_reached_from_outside() {
    let program = site(&[]);
    let open: BTreeSet<String> = program
        .all::<SecurityGroupRule>()
        .filter(|rule| {
            matches!(rule.get(SecurityGroupRule::DIRECTION), Field::Known(RuleDirection::Ingress))
                && !matches!(rule.get(SecurityGroupRule::CIDR_IPV4), Field::Absent)
        })
        .filter_map(|rule| match rule.get(SecurityGroupRule::GROUP_ID) {
            Field::Reference(group) => {
                Some(program.nodes[group.node as usize].urn.name().to_owned())
            }
            _ => None,
        })
        .collect();
    assert_eq!(open, BTreeSet::from(["balancer".to_owned()]));
}

/// What stands in several zones stands in all three.
#[test]
fn the_loss_of_a_zone_is_survived() {
    let program = site(&[]);
    let graph = Graph::new(&program).unwrap();
    let mut spread = BTreeSet::new();
    for (place, node) in program.nodes.iter().enumerate() {
        let zones: BTreeSet<char> = graph
            .dependencies(place as u32)
            .filter(|(_, edge)| matches!(edge.kind, EdgeKind::Reference(..)))
            .map(|(other, _)| &program.nodes[other as usize])
            .filter(|other| NodeView::<Subnet>::new(other).is_some())
            .filter_map(|subnet| subnet.urn.name().chars().last())
            .collect();
        if zones.len() > 1 {
            assert_eq!(zones, BTreeSet::from(['a', 'b', 'c']), "{}", node.urn);
            spread.insert(node.ty.short_name());
        }
    }
    let expected =
        ["DbSubnetGroup", "Group", "LoadBalancer", "RunTask", "Schedule", "Service", "SubnetGroup"];
    assert_eq!(spread, BTreeSet::from(expected));
}
