//! Shapes that the cloud refuses: something of them is deployed, and stays.

use infra_cli::ProgramError;
use infra_core::{
    aws::{
        autoscaling::{Group, LaunchTemplateSpecification},
        ec2::{InternetGateway, LaunchTemplate, LaunchTemplateData, Subnet, Vpc},
        ecs::{
            CapacityProvider, CapacityProviderStrategyItem, Cluster, ClusterCapacityProviders,
            ContainerDefinition, Service, TaskDefinition,
        },
        elbv2::{Action, FixedResponseAction, Listener, LoadBalancer, Protocol},
        iam::{PolicyDocument, Role, RolePolicy, Statement},
    },
    prelude::*,
};

use super::network::subnet;

/// Builds a shape that the cloud refuses, if it is one.
pub(crate) fn build(shape: &str, stack: &Stack) -> Option<Result<(), ProgramError>> {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    match shape {
        "overlapping-subnets" => overlapping(stack, &vpc),
        "subnet-outside" => outside(stack, &vpc),
        "unknown-zone" => unknown_zone(stack, &vpc),
        "no-certificate" => no_certificate(stack, &vpc),
        "bad-policy" => bad_policy(stack),
        "task-too-big" => task_too_big(stack, &vpc),
        "import-missing" => import(stack, "vpc-0fedcba9876543210"),
        "import" => import(stack, &super::variable("CAMPUS_ID").unwrap_or_default()),
        "failing-step" => failing_step(stack, &vpc),
        _ => return None,
    }
    Some(Ok(()))
}

fn overlapping(stack: &Stack, vpc: &Vpc) {
    let first = Subnet::named("first").vpc_id(vpc).cidr_block("10.0.0.0/20").create(stack);
    Subnet::named("second").vpc_id(vpc).cidr_block("10.0.8.0/24").depends_on(&first).create(stack);
}

fn outside(stack: &Stack, vpc: &Vpc) {
    Subnet::named("first").vpc_id(vpc).cidr_block("10.1.0.0/24").create(stack);
}

fn unknown_zone(stack: &Stack, vpc: &Vpc) {
    Subnet::named("first")
        .vpc_id(vpc)
        .cidr_block("10.0.0.0/24")
        .availability_zone("eu-central-1z")
        .create(stack);
}

fn no_certificate(stack: &Stack, vpc: &Vpc) {
    let gateway = InternetGateway::named("main").vpc_id(vpc).create(stack);
    let subnets = [subnet(stack, vpc, "first", 0), subnet(stack, vpc, "second", 1)];
    let balancer = LoadBalancer::named("web")
        .subnets(subnets.map(|subnet| subnet.subnet_id()))
        .depends_on(&gateway)
        .create(stack);
    Listener::named("https")
        .load_balancer_arn(&balancer)
        .protocol(Protocol::Https)
        .port(443_u16)
        .default_actions([Action::fixed_response(FixedResponseAction::new(404_u16))])
        .create(stack);
}

/// A task with as much memory as its instances have, of which the system needs a part.
fn task_too_big(stack: &Stack, vpc: &Vpc) {
    let data =
        LaunchTemplateData::new().image_id("ami-0123456789abcdef0").instance_type("m7g.large");
    let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
    let group = Group::named("web")
        .min_size(1_u32)
        .max_size(3_u32)
        .vpc_zone_identifier([&subnet(stack, vpc, "first", 0)])
        .launch_template(LaunchTemplateSpecification::latest(&template))
        .create(stack);
    let provider = CapacityProvider::named("web")
        .auto_scaling_group_arn(group.auto_scaling_group_arn())
        .create(stack);
    let cluster = Cluster::named("web").create(stack);
    ClusterCapacityProviders::named("web")
        .cluster(&cluster)
        .capacity_providers([&provider])
        .default_capacity_provider_strategy([CapacityProviderStrategyItem::new(&provider)])
        .create(stack);
    let task = TaskDefinition::named("moodle")
        .family("campus-moodle")
        .cpu(2048_u32)
        .memory(GiB(8))
        .container_definitions([ContainerDefinition::new("moodle", "moodle:5.2.0")])
        .create(stack);
    Service::named("moodle").cluster(&cluster).task_definition(&task).create(stack);
}

fn bad_policy(stack: &Stack) {
    let trust = PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com");
    let role = Role::named("task").assume_role_policy_document(trust).create(stack);
    RolePolicy::named("mail")
        .role_name(&role)
        .policy_name("mail")
        .policy_document(PolicyDocument::new([Statement::allow()
            .actions(["SendEmail"])
            .resources(["*"])]))
        .create(stack);
}

fn import(stack: &Stack, id: &str) {
    Vpc::named("old").cidr_block("10.9.0.0/16").import_id(id).create(stack);
}

/// One step fails, and what depends on it is not begun; what does not depend on it is done.
fn failing_step(stack: &Stack, vpc: &Vpc) {
    let zone = vpc.vpc_id().try_map(|id| match id.as_str() {
        "" => Ok("eu-central-1a".to_owned()),
        id => Err(format!("the zone of {id} is not known")),
    });
    let first = Subnet::named("first")
        .vpc_id(vpc)
        .cidr_block("10.0.0.0/24")
        .availability_zone(zone)
        .create(stack);
    let after = Subnet::named("after").vpc_id(vpc).cidr_block("10.0.1.0/24").depends_on(&first);
    after.create(stack);
    subnet(stack, vpc, "beside", 2);
}
