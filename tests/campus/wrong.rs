//! Shapes that are wrong by themselves: nothing of them is deployed.

use infra_cli::ProgramError;
use infra_core::{
    aws::{
        ec2::{ElasticIp, InternetGateway, Subnet, Vpc},
        elbv2::LoadBalancer,
    },
    prelude::*,
};

/// Builds a shape that is wrong by itself, if it is one.
pub(crate) fn build(shape: &str, stack: &Stack) -> Option<Result<(), ProgramError>> {
    match shape {
        "bad-cidr" => bad_cidr(stack),
        "duplicate-names" => duplicate_names(stack),
        "duplicate-components" => duplicate_components(stack),
        "bad-resource-name" => bad_resource_name(stack),
        "name-too-long" => name_too_long(stack),
        "wrong-id" => wrong_id(stack),
        "computed-name" => computed_name(stack),
        "cycle" => cycle(stack),
        "many" => many(stack),
        "failing-map" => failing_map(stack),
        "foreign-output" => foreign_output(stack),
        "config-missing" => return Some(config(stack, "domain")),
        "config-number" => return Some(config_number(stack)),
        _ => return None,
    }
    Some(Ok(()))
}

fn vpc(stack: &Stack) -> Vpc {
    Vpc::named("main").cidr_block("10.0.0.0/16").create(stack)
}

fn bad_cidr(stack: &Stack) {
    vpc(stack);
    Vpc::named("other").cidr_block("10.1.0.0/33").tags([("owner", "it")]).create(stack);
}

fn duplicate_names(stack: &Stack) {
    vpc(stack);
    Vpc::named("main").cidr_block("10.1.0.0/16").create(stack);
}

fn duplicate_components(stack: &Stack) {
    let _ = stack.component("network");
    let _ = stack.component("network");
}

fn bad_resource_name(stack: &Stack) {
    Vpc::named("main/one").cidr_block("10.0.0.0/16").create(stack);
}

fn name_too_long(stack: &Stack) {
    LoadBalancer::named("web").name("a-load-balancer-with-a-name-that-goes-on").create(stack);
}

fn wrong_id(stack: &Stack) {
    Subnet::named("first")
        .vpc_id("subnet-0123456789abcdef0")
        .cidr_block("10.0.0.0/24")
        .create(stack);
}

/// A name that the program computes from the range of the VPC, and that is too long.
fn computed_name(stack: &Stack) {
    let vpc = vpc(stack);
    let name =
        vpc.cidr_block().map(|range| format!("a-load-balancer-for-{}", u32::from(range.addr())));
    LoadBalancer::named("web").name(interpolate!("{name}-and-more")).create(stack);
}

fn cycle(stack: &Stack) {
    let vpc = vpc(stack);
    let gateway = InternetGateway::named("main").vpc_id(&vpc).create(stack);
    let address = ElasticIp::named("nat").depends_on(&gateway).create(stack);
    stack.depend(&vpc, &address);
}

/// Several problems at once: all are reported.
fn many(stack: &Stack) {
    let network = stack.component("network");
    let vpc = Vpc::named("main").cidr_block("10.0.0.0").create(&network);
    Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.0/24").create(&network);
    Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(&network);
}

/// A function of the program that fails.
fn failing_map(stack: &Stack) {
    let zone: Output<String> = Output::plain("eu-central-1a".to_owned());
    let third = zone.try_map(|zone| {
        zone.split('-')
            .nth(4)
            .map(str::to_owned)
            .ok_or_else(|| format!("`{zone}` has no fifth part"))
    });
    let vpc = vpc(stack);
    Subnet::named("first")
        .vpc_id(&vpc)
        .cidr_block("10.0.0.0/24")
        .availability_zone(third)
        .create(stack);
}

fn foreign_output(stack: &Stack) {
    let other = Stack::new("campus", "other", Config::default()).expect("the names are valid");
    let vpc = vpc(&other);
    Subnet::named("first").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(stack);
}

fn config(stack: &Stack, key: &str) -> Result<(), ProgramError> {
    let domain: String = stack.config(key)?;
    Vpc::named("main").cidr_block("10.0.0.0/16").tags([("domain", domain)]).create(stack);
    Ok(())
}

fn config_number(stack: &Stack) -> Result<(), ProgramError> {
    let zones: u8 = stack.config("zones")?;
    let vpc = vpc(stack);
    for zone in 0..zones {
        super::network::subnet(stack, &vpc, &format!("zone-{zone}"), zone);
    }
    Ok(())
}
