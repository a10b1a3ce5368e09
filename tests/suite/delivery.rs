//! The controller of the delivery: who reaches it, what it may do, and that there is one.

use std::collections::BTreeSet;

use infra_core::{
    aws::{
        ec2::{RuleDirection, SecurityGroupRule},
        ecs::{Service, TaskDefinition},
        elbv2::{ActionArgs, ListenerRule, RuleConditionArgs},
        iam::{Effect, PolicyDocument, Role, RolePolicy},
        secretsmanager::Secret,
    },
    dsl::ResourceType,
    graph::{Field, Program},
    prelude::*,
};
use infra_tests::world::{World, configured, program};
use moodle_infra::{
    DeliverySettings, Environment, GitRepository, ImageRepository, Moodle, SettingsError,
};

use crate::moodle::plain_site;

const ARN: &str = "arn:aws:ecr:eu-central-1:123456789012:repository/moodle";

/// Settings of a delivery, whose repository is private.
fn settings(stack: &Stack) -> DeliverySettings {
    let registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    let trust = infra_core::aws::iam::PolicyDocument::assumed_by_service("ec2.amazonaws.com");
    let deploy = Role::named("deploy").assume_role_policy_document(trust).create(stack);
    let git = Secret::named("git").create(stack);
    DeliverySettings::new(
        "delivery.example.edu".parse().unwrap(),
        ["192.0.2.0/24".parse().unwrap()],
        format!("{registry}/controller:1"),
        GitRepository::private("https://git.example.edu/site.git", git.arn()),
        ImageRepository::new(format!("{registry}/moodle"), ARN),
        deploy.arn(),
    )
}

fn create(
    stack: &Stack,
    edge: &str,
    change: impl Fn(&mut DeliverySettings),
) -> Result<Moodle, SettingsError> {
    let mut settings = settings(stack);
    change(&mut settings);
    plain_site(stack)
        .environment(Environment::NonProduction)
        .reached_from([edge.parse().unwrap()])
        .delivery(settings)
        .create(stack)
}

fn site(edge: &str, change: impl Fn(&mut DeliverySettings)) -> Program {
    program(|stack| {
        create(stack, edge, &change).unwrap();
    })
}

fn plain() -> Program {
    site("0.0.0.0/0", |_| {})
}

#[tokio::test]
async fn it_comes_up_stays_and_goes() {
    let world = World::default();
    for program in [plain(), site("0.0.0.0/0", |it| it.executors = 0)] {
        assert!(world.up(&program).await.is_success());
        world.assert_in_step("up").await;
        assert!(world.preview(&program).await.is_empty());
    }
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// Whether something stands in the delivery's component.
fn delivers(urn: &infra_core::urn::Urn) -> bool {
    urn.path().any(|component| component == "delivery")
}

#[test]
fn there_is_one_alone() {
    let program = plain();
    let service = program.all::<Service>().find(|it| delivers(&it.node.urn)).unwrap();
    assert_eq!(service.get(Service::DESIRED_COUNT), Field::Known(1));
    let Field::Known(rollout) = service.get(Service::DEPLOYMENT_CONFIGURATION) else { panic!() };
    assert_eq!((rollout.minimum_healthy_percent, rollout.maximum_percent), (Some(0), Some(100)));
}

/// What the rules of the delivery are about, and whether they let in.
fn rules(program: &Program) -> Vec<(u32, usize, bool)> {
    let mut found: Vec<_> = program
        .all::<ListenerRule>()
        .filter(|rule| delivers(&rule.node.urn))
        .map(|rule| {
            let Field::Known(priority) = rule.get(ListenerRule::PRIORITY) else { panic!() };
            let Field::Known(conditions) = rule.get(ListenerRule::CONDITIONS) else { panic!() };
            let mut ranges = 0;
            let mut host = false;
            for condition in conditions {
                match condition {
                    RuleConditionArgs::HostHeader(it) => {
                        host = it.values == ["delivery.example.edu"];
                    }
                    RuleConditionArgs::SourceIp(it) => ranges = it.values.len(),
                    other => panic!("{other:?}"),
                }
            }
            assert!(host);
            let refuses = matches!(
                rule.get(ListenerRule::ACTIONS),
                Field::Known(actions) if matches!(&actions[..], [ActionArgs::FixedResponse(it)] if it.status_code == 403)
            );
            (priority, ranges, !refuses)
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn it_is_reached_from_the_given_addresses_alone() {
    assert_eq!(rules(&plain()), [(100, 1, true), (101, 0, false)]);
    // AWS takes five values a rule, of which the name is one.
    let many = site("0.0.0.0/0", |it| {
        it.reached_from = (0..6).map(|net| format!("192.0.2.{net}/32").parse().unwrap()).collect();
    });
    assert_eq!(rules(&many), [(100, 4, true), (101, 2, true), (102, 0, false)]);
}

/// The ranges that the balancer is opened for, by the rules of the delivery.
fn opened(program: &Program) -> Vec<String> {
    let rules = program.all::<SecurityGroupRule>().filter(|rule| delivers(&rule.node.urn));
    let rules = rules.filter(|rule| rule.node.urn.name().starts_with("balancer-"));
    let ranges = rules.filter_map(|rule| match rule.get(SecurityGroupRule::CIDR_IPV4) {
        Field::Known(range) => Some(range.to_string()),
        _ => None,
    });
    ranges.collect()
}

#[tokio::test]
async fn the_balancer_is_opened_for_those_whom_the_edge_keeps_out() {
    assert_eq!(opened(&plain()), [""; 0]);
    assert_eq!(opened(&site("192.0.0.0/16", |_| {})), [""; 0]);
    let program = site("198.51.100.0/24", |_| {});
    assert_eq!(opened(&program), ["192.0.2.0/24"]);
    let world = World::default();
    assert!(world.up(&program).await.is_success());
}

/// Only the balancer is reached from outside, with the delivery as without it.
#[test]
fn nobody_comes_past_the_balancer() {
    let program = site("198.51.100.0/24", |_| {});
    let mut open = BTreeSet::new();
    for rule in program.all::<SecurityGroupRule>() {
        let inward =
            matches!(rule.get(SecurityGroupRule::DIRECTION), Field::Known(RuleDirection::Ingress));
        let ranges = !matches!(rule.get(SecurityGroupRule::CIDR_IPV4), Field::Absent);
        if let (true, Field::Reference(group)) =
            (inward && ranges, rule.get(SecurityGroupRule::GROUP_ID))
        {
            open.insert(program.nodes[group.node as usize].urn.name().to_owned());
        }
    }
    assert_eq!(open, BTreeSet::from(["balancer".to_owned()]));
}

/// Nothing that it may do is about all there is, but for two calls that AWS knows no resource for.
#[tokio::test]
async fn it_may_do_what_it_is_for() {
    let world = World::default();
    let program = plain();
    world.up(&program).await;
    let mut about_all = BTreeSet::new();
    let mut actions = BTreeSet::new();
    for object in world.objects() {
        let ours = object.text("role_name").contains("-jenkins-");
        if object.ty.name != RolePolicy::definition().name || !ours {
            continue;
        }
        let document = <PolicyDocument as infra_core::types::PropertyType>::decode(
            object.named("policy_document"),
        );
        for statement in document.unwrap().statements {
            assert_eq!(statement.effect, Effect::Allow);
            assert!(statement.not_actions.is_empty() && statement.not_resources.is_empty());
            for action in &statement.actions {
                assert!(!action.contains('*'), "{action}");
                actions.insert(action.clone());
                if statement.resources.iter().any(|resource| resource == "*") {
                    about_all.insert(action.clone());
                }
            }
        }
    }
    let expected = ["ecr:GetAuthorizationToken", "ecs:ListTasks"];
    assert_eq!(about_all, expected.map(str::to_owned).into());
    for action in ["ecr:PutImage", "sts:AssumeRole", "elasticfilesystem:ClientMount"] {
        assert!(actions.contains(action), "{actions:?}");
    }
    let services: BTreeSet<&str> =
        actions.iter().map(|action| action.split(':').next().unwrap()).collect();
    assert_eq!(services, BTreeSet::from(["ecr", "ecs", "elasticfilesystem", "sts"]));
}

/// The container of the controller.
fn container(program: &Program) -> String {
    let mut tasks = program.all::<TaskDefinition>();
    let task = tasks.find(|it| delivers(&it.node.urn)).unwrap();
    format!("{:?}", task.node.inputs)
}

#[tokio::test]
async fn secrets_are_named_and_not_said() {
    let world = World::default();
    world.up(&plain()).await;
    let objects = world.objects();
    let task = objects
        .iter()
        .filter(|it| it.ty.name == TaskDefinition::definition().name)
        .find(|it| it.text("family").ends_with("-jenkins"))
        .unwrap();
    let said = task.named("container_definitions").to_string();
    for part in
        ["ADMIN_PASSWORD", "GIT_PASSWORD", "json_key: \"password\"", "GIT_USERNAME", "INFRA"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("INFRA_PASSPHRASE"), "{said}");
    // ECS may read each of them, and nothing else.
    let readable: String = objects
        .iter()
        .filter(|it| it.ty.name == RolePolicy::definition().name)
        .map(|it| it.named("policy_document").to_string())
        .filter(|document| document.contains("secretsmanager:GetSecretValue"))
        .collect();
    let secrets = objects.iter().filter(|it| it.ty.name == Secret::definition().name);
    for secret in secrets {
        assert!(readable.contains(&*secret.id), "{} is not in {readable}", secret.id);
    }
}

#[test]
fn dockers_socket_is_there_where_builds_run_and_nowhere_else() {
    let builds = container(&plain());
    assert!(builds.contains("/var/run/docker.sock") && builds.contains("SETUID"), "{builds}");
    let agents = container(&site("0.0.0.0/0", |it| it.executors = 0));
    assert!(!agents.contains("docker.sock") && !agents.contains("SETUID"), "{agents}");
}

#[test]
fn what_makes_no_delivery_is_told() {
    let wrong = |change: fn(&mut DeliverySettings)| {
        let stack = configured(&[]);
        create(&stack, "0.0.0.0/0", change).unwrap_err().to_string()
    };
    let everybody = wrong(|it| it.reached_from.push("0.0.0.0/0".parse().unwrap()));
    assert!(everybody.contains("reached from everywhere (0.0.0.0/0): name"), "{everybody}");
    assert!(wrong(|it| it.reached_from.clear()).contains("reached from nowhere: name"));
    let same = wrong(|it| it.domain = "moodle.example.edu".parse().unwrap());
    assert!(same.contains("the name of the site, moodle.example.edu"), "{same}");
    let git = wrong(|it| it.git.url = "git@git.example.edu:site.git".to_owned());
    assert!(git.contains("begins with https://"), "{git}");
}
