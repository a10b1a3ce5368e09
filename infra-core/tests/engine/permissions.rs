//! What must be allowed to whoever deploys a program.

use std::sync::Arc;

use infra_core::{
    Provider,
    analysis::permissions::{LIMIT, Permissions},
    aws::{
        ec2::Vpc,
        ecs::TaskDefinition,
        iam::{InstanceProfile, PolicyDocument, Role, RolePolicy, Statement},
        sns::Topic,
    },
    clock::{Clock, SystemClock},
    dsl::ResourceType,
    graph::Program,
    handler::{
        Backend, BoxFuture, Context, DynHandler, HandlerError, Listed, Need, On, Phases, Registry,
        When,
    },
    prelude::*,
    state::State,
    testing::Fake,
};
use serde_json::{Value as Json, json};

use crate::world::{World, program};

const ROLE: &[On] = &[On::Arn("arn:aws:iam::{account}:role*/{role_name}")];
const PASSED: &[On] = &[On::Of(&["aws:iam:Role"])];
const BEHIND: &[On] = &[On::Of(&["aws:iam:InstanceProfile", "aws:iam:Role"])];

const TO_TASKS: &[When] = &[When {
    operator: "StringEquals",
    key: "iam:PassedToService",
    values: &["ecs-tasks.amazonaws.com"],
}];

/// What serves a type, and what it needs.
type Served = (fn() -> &'static infra_core::schema::TypeDef, &'static [Need]);

const NEEDS: [Served; 6] = [
    (
        Vpc::definition,
        &[
            Phases::CREATE.needs("ec2:CreateVpc").on(&[On::Own]),
            Phases::UPDATE.needs("ec2:ModifyVpcTenancy").on(&[On::Own]).ours(),
            Phases::READ.and(Phases::LIST).needs("ec2:DescribeVpcs"),
            Phases::DELETE.needs("ec2:DeleteVpc").on(&[On::Own]).ours(),
        ],
    ),
    (Role::definition, &[Phases::CREATE.needs("iam:CreateRole").on(&[On::Own])]),
    (RolePolicy::definition, &[Phases::CREATE.needs("iam:PutRolePolicy").on(ROLE)]),
    (
        Topic::definition,
        &[
            Phases::CREATE.needs("sns:CreateTopic").on(&[On::Own]),
            Phases::DELETE.needs("sns:DeleteTopic").on(&[On::Own]),
            Phases::CREATE.needs("kms:Decrypt").given("display_name"),
        ],
    ),
    (TaskDefinition::definition, &[Phases::CREATE.needs("iam:PassRole").on(PASSED).when(TO_TASKS)]),
    (InstanceProfile::definition, &[Phases::CREATE.needs("iam:PassRole").on(PASSED)]),
];

/// A handler that does nothing, and says what it would need.
struct Says(&'static [Need]);

impl DynHandler for Says {
    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<Listed>, HandlerError>> {
        Box::pin(std::future::ready(Ok(vec![])))
    }

    fn needs(&self) -> &'static [Need] {
        self.0
    }
}

struct Cloud(Registry);

impl Cloud {
    fn new() -> Self {
        let mut registry = Registry::new();
        for (ty, needs) in NEEDS {
            registry.add(ty(), Arc::new(Says(needs)));
        }
        Self(registry)
    }
}

impl Backend for Cloud {
    fn name(&self) -> &'static str {
        "cloud"
    }

    fn registry(&self) -> &Registry {
        &self.0
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock)
    }

    fn concurrency(&self) -> usize {
        1
    }

    fn needs(&self) -> &'static [Need] {
        const OWN: &[Need] = &[Phases::READ.needs("sts:GetCallerIdentity")];
        OWN
    }
}

fn of(program: &Program, state: Option<&State>) -> Permissions {
    Permissions::of(program, state, &Cloud::new())
}

/// The statements that allow an action, of the only policy.
fn allowing(permissions: &Permissions, action: &str) -> Vec<Json> {
    let mut policies = permissions.policies();
    assert_eq!(policies.len(), 1);
    let document = policies.remove(0).document.to_json();
    let all = document["Statement"].as_array().unwrap().clone().into_iter();
    all.filter(|it| it["Action"].as_array().unwrap().contains(&json!(action))).collect()
}

fn resources(permissions: &Permissions, action: &str) -> Json {
    let mut statements = allowing(permissions, action);
    assert_eq!(statements.len(), 1, "{statements:#?}");
    statements.remove(0)["Resource"].clone()
}

fn trust() -> PolicyDocument {
    PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com")
}

#[test]
fn names_are_those_of_the_stack_or_those_that_were_given() {
    let permissions = of(
        &program(|stack| {
            let role = Role::named("web").assume_role_policy_document(trust()).create(stack);
            let policy = PolicyDocument::new([Statement::allow().actions(["*"])]);
            RolePolicy::named("all")
                .role_name(role.role_name())
                .policy_name("all")
                .policy_document(policy)
                .create(stack);
            Topic::named("given").topic_name("alarms").create(stack);
        }),
        None,
    );
    let role = json!(["arn:aws:iam::*:role/campus-test-*"]);
    assert_eq!(resources(&permissions, "iam:CreateRole"), role);
    // What refers to a name has the pattern of it.
    let of_policy = json!(["arn:aws:iam::*:role*/campus-test-*"]);
    assert_eq!(resources(&permissions, "iam:PutRolePolicy"), of_policy);
    assert_eq!(resources(&permissions, "sns:CreateTopic"), json!(["arn:aws:sns:*:*:alarms"]));
}

#[test]
fn the_provider_says_region_and_account() {
    let there = || Provider::aws("eu-west-1").account("123456789012");
    let permissions = of(
        &program(|stack| {
            Vpc::named("main").cidr_block("10.0.0.0/16").provider(&there()).create(stack);
        }),
        None,
    );
    let vpc = json!(["arn:aws:ec2:eu-west-1:123456789012:vpc/*"]);
    assert_eq!(resources(&permissions, "ec2:CreateVpc"), vpc);
    assert_eq!(resources(&permissions, "sts:GetCallerIdentity"), json!(["*"]));
}

#[test]
fn a_role_that_is_assumed_has_a_policy_of_its_own() {
    const ROLE: &str = "arn:aws:iam::123456789012:role/deployer";
    let there = || Provider::aws("eu-west-1").role(ROLE);
    let permissions = of(
        &program(|stack| {
            Vpc::named("main").cidr_block("10.0.0.0/16").provider(&there()).create(stack);
        }),
        None,
    );
    let policies = permissions.policies();
    let roles: Vec<Option<&str>> = policies.iter().map(|policy| policy.role.as_deref()).collect();
    assert_eq!(roles, [None, Some(ROLE)]);
    let own = policies[0].document.to_json();
    let assume = json!({ "Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": [ROLE] });
    assert!(own["Statement"].as_array().unwrap().contains(&assume), "{own:#}");
    let of_role = policies[1].document.to_string();
    assert!(of_role.contains("arn:aws:ec2:eu-west-1:123456789012:vpc/*"), "{of_role}");
}

fn task(stack: &Stack, role: Option<&Role>) {
    use infra_core::aws::ecs::ContainerDefinition;
    let container = ContainerDefinition::new("web", "nginx").memory(MiB(128));
    let task = TaskDefinition::named("web").family("web").container_definitions([container]);
    match role {
        Some(role) => task.task_role_arn(role.arn()).create(stack),
        None => task.create(stack),
    };
}

#[test]
fn roles_are_passed_on_where_one_is_named() {
    let without = of(&program(|stack| task(stack, None)), None);
    assert!(!without.actions().contains("iam:PassRole"));
    let with = of(
        &program(|stack| {
            let role = Role::named("web").assume_role_policy_document(trust()).create(stack);
            task(stack, Some(&role));
        }),
        None,
    );
    let passed = allowing(&with, "iam:PassRole").remove(0);
    assert_eq!(passed["Resource"], json!(["arn:aws:iam::*:role/campus-test-*"]));
    let to_tasks =
        json!({ "StringEquals": { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } });
    assert_eq!(passed["Condition"], to_tasks);
}

#[test]
fn what_needs_a_property_is_needed_with_it_alone() {
    let topic = |name: Option<&'static str>| {
        let built = program(|stack| {
            let topic = Topic::named("alarms");
            match name {
                Some(name) => topic.display_name(name).create(stack),
                None => topic.create(stack),
            };
        });
        of(&built, None).actions().contains("kms:Decrypt")
    };
    assert!(topic(Some("Alarms")));
    assert!(!topic(None));
}

/// A refresh looks for what carries the stack's tags among things of every type.
#[test]
fn types_that_the_program_does_not_have_are_listed() {
    let permissions = of(
        &program(|stack| {
            Topic::named("alarms").create(stack);
        }),
        None,
    );
    assert_eq!(resources(&permissions, "ec2:DescribeVpcs"), json!(["*"]));
    assert!(!permissions.actions().contains("ec2:CreateVpc"));
}

#[test]
fn what_is_deleted_carries_the_tags_of_a_stack_unless_it_was_there_before() {
    let ours = json!({ "Null": { "aws:ResourceTag/infra:stack": "false" } });
    let vpc = |import: Option<&str>| {
        let built = program(|stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16");
            match import {
                Some(id) => vpc.import_id(id).create(stack),
                None => vpc.create(stack),
            };
        });
        allowing(&of(&built, None), "ec2:DeleteVpc").remove(0)["Condition"].clone()
    };
    assert_eq!(
        vpc(None),
        json!({ "Null": { "aws:ResourceTag/infra:stack": ["false"] } }),
        "{ours}"
    );
    assert_eq!(vpc(Some("vpc-0123456789abcdef0")), Json::Null);
}

#[tokio::test]
async fn what_the_state_alone_knows_is_deleted_and_not_made() {
    let world = World { fake: Fake::new([Topic::definition()]), ..World::default() };
    let before = program(|stack| {
        Topic::named("alarms").topic_name("old").create(stack);
    });
    world.up(&before).await;
    let state = world.state().await;
    let permissions = of(&program(|_| ()), Some(&state));
    assert!(permissions.actions().contains("sns:DeleteTopic"));
    assert!(!permissions.actions().contains("sns:CreateTopic"));
    // By the ARN that it was told to have.
    assert_eq!(resources(&permissions, "sns:DeleteTopic"), json!(["arn:fake:1"]));
}

#[test]
fn what_is_longer_than_a_policy_may_be_is_several() {
    let many = program(|stack| {
        for at in 0..100 {
            let name = format!("a-topic-of-the-campus-with-a-long-name-of-its-own-{at}");
            Topic::named(format!("topic{at}")).topic_name(name).create(stack);
        }
    });
    let policies = of(&many, None).policies();
    assert!(policies.len() > 1);
    let mut named = 0;
    for policy in policies {
        let text = policy.document.to_string();
        assert!(text.len() <= LIMIT, "{}", text.len());
        named += text.matches("a-topic-of").count();
    }
    // None is lost: each is created and deleted.
    assert!(named >= 100, "{named}");
}

#[test]
fn what_has_no_handler_is_told() {
    let bare = Cloud(Registry::new());
    let topic = program(|stack| {
        Topic::named("alarms").create(stack);
    });
    let permissions = Permissions::of(&topic, None, &bare);
    assert_eq!(permissions.unserved().collect::<Vec<_>>(), ["aws:sns:Topic"]);
    assert!(permissions.is_empty());
}

#[test]
fn roles_are_found_behind_what_names_them() {
    let registry = || {
        let mut registry = Cloud::new().0;
        const BEHIND_PROFILE: &[Need] = &[Phases::CREATE.needs("iam:PassRole").on(BEHIND)];
        registry.add(infra_core::aws::ec2::Instance::definition(), Arc::new(Says(BEHIND_PROFILE)));
        Cloud(registry)
    };
    let built = program(|stack| {
        let role = Role::named("host").role_name("host").assume_role_policy_document(trust());
        let role = role.create(stack);
        let profile = InstanceProfile::named("host").role_name(role.role_name()).create(stack);
        infra_core::aws::ec2::Instance::named("one")
            .image_id("ami-0123456789abcdef0")
            .instance_type("t4g.small")
            .subnet_id("subnet-0123456789abcdef0")
            .iam_instance_profile(profile.instance_profile_name())
            .create(stack);
    });
    let permissions = Permissions::of(&built, None, &registry());
    let passed = resources(&permissions, "iam:PassRole");
    assert_eq!(passed, json!(["arn:aws:iam::*:role/host"]));
}
