//! Shapes that the cloud refuses: something of them is deployed, and stays.

use infra_cli::ProgramError;
use infra_core::{
    aws::{
        ec2::{InternetGateway, Subnet, Vpc},
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
