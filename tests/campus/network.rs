//! Shapes that can be deployed.

use infra_cli::ProgramError;
use infra_core::{
    aws::{
        acm::Certificate,
        ec2::{
            ElasticIp, InternetGateway, IpProtocol, NatGateway, Route, RouteTable,
            RouteTableAssociation, RuleDirection, SecurityGroup, SecurityGroupRule, Subnet, Vpc,
        },
        route53::HostedZone,
        s3::Bucket,
        secretsmanager,
    },
    local::RandomPassword,
    prelude::*,
};

/// Builds a shape that can be deployed, if it is one.
pub(crate) fn build(shape: &str, stack: &Stack) -> Option<Result<(), ProgramError>> {
    Some(match shape {
        "empty" => Ok(()),
        "network" => network(stack),
        "zones" => zones(stack),
        "vault" => vault(stack),
        "store" => store(stack),
        "domains" => domains(stack),
        _ => return None,
    })
}

/// A network with two subnets in a component. The configuration says its range (`range`), who
/// owns it (`owner`), what the group is for (`purpose`), and whether it has the second subnet
/// (`second`).
fn network(stack: &Stack) -> Result<(), ProgramError> {
    let range: String = stack.config_or("range", "10.0.0.0/16".to_owned())?;
    let owner: String = stack.config_or("owner", "it".to_owned())?;
    let purpose: String = stack.config_or("purpose", "the web servers".to_owned())?;
    let network = stack.component("network");
    let vpc =
        Vpc::named("main").cidr_block(range.as_str()).tags([("owner", owner)]).create(&network);
    let first = subnet(&network, &vpc, "first", 0);
    if stack.config_or("second", true)? {
        subnet(&network, &vpc, "second", 1);
    }
    let group = SecurityGroup::named("web").vpc_id(&vpc).group_description(purpose).create(stack);
    SecurityGroupRule::named("web-https")
        .group_id(&group)
        .direction(RuleDirection::Ingress)
        .ip_protocol(IpProtocol::Tcp)
        .from_port(443)
        .to_port(443)
        .cidr_ipv4("0.0.0.0/0")
        .create(stack);
    stack.output("vpc_id", vpc.vpc_id());
    stack.output("first_zone", first.availability_zone());
    Ok(())
}

/// A zone and a certificate for a domain that is nobody's: the simulator does not mind.
fn domains(stack: &Stack) -> Result<(), ProgramError> {
    HostedZone::named("campus").name("campus.test").create(stack);
    Certificate::named("web").domain_name("moodle.campus.test").create(stack);
    Ok(())
}

pub(crate) fn subnet(stack: &Stack, vpc: &Vpc, name: &str, number: u8) -> Subnet {
    let zone = ["a", "b", "c"][usize::from(number % 3)];
    Subnet::named(name)
        .vpc_id(vpc)
        .cidr_block(format!("10.0.{number}.0/24").as_str())
        .availability_zone(format!("eu-central-1{zone}"))
        .create(stack)
}

/// Three zones with a way out each: 26 resources.
fn zones(stack: &Stack) -> Result<(), ProgramError> {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    let gateway = InternetGateway::named("main").vpc_id(&vpc).create(stack);
    let out = RouteTable::named("public").vpc_id(&vpc).create(stack);
    Route::named("public")
        .route_table_id(&out)
        .destination_cidr_block("0.0.0.0/0")
        .gateway_id(&gateway)
        .create(stack);
    SecurityGroup::named("web").vpc_id(&vpc).group_description("web servers").create(stack);
    for (number, zone) in (0_u8..).zip(["a", "b", "c"]) {
        let component = stack.component(zone);
        let public = subnet(&component, &vpc, "public", number);
        let private = subnet(&component, &vpc, "private", number + 3);
        RouteTableAssociation::named("public")
            .subnet_id(&public)
            .route_table_id(&out)
            .create(&component);
        let address = ElasticIp::named("nat").create(&component);
        let nat =
            NatGateway::named("nat").subnet_id(&public).allocation_id(&address).create(&component);
        let table = RouteTable::named("private").vpc_id(&vpc).create(&component);
        RouteTableAssociation::named("private")
            .subnet_id(&private)
            .route_table_id(&table)
            .create(&component);
        Route::named("out")
            .route_table_id(&table)
            .destination_cidr_block("0.0.0.0/0")
            .nat_gateway_id(&nat)
            .create(&component);
    }
    Ok(())
}

/// A password, the secret that keeps it, and outputs of it.
fn vault(stack: &Stack) -> Result<(), ProgramError> {
    let password = RandomPassword::named("database").create(stack);
    let secret =
        secretsmanager::Secret::named("database").secret_string(password.password()).create(stack);
    stack.output("secret_arn", secret.arn());
    stack.output("password", password.password());
    Ok(())
}

/// A bucket that is protected or not (`protect`), or gone (`keep`).
fn store(stack: &Stack) -> Result<(), ProgramError> {
    Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    if stack.config_or("keep", true)? {
        let protect: bool = stack.config_or("protect", false)?;
        Bucket::named("backups").protect(protect).create(stack);
    }
    Ok(())
}
