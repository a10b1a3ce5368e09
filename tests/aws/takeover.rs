//! What is there without a state: made by hand, or by a run whose state was lost.

use std::collections::BTreeMap;

use infra_core::{
    aws::ec2::{
        InternetGateway, IpProtocol, Route, RouteTable, RouteTableAssociation, RuleDirection,
        SecurityGroup, SecurityGroupRule, Subnet, Vpc,
    },
    dsl::{Provider, ResourceType},
    engine::{Importing, RebuildOptions},
    graph::Program,
    state::State,
    urn::Urn,
};
use infra_tests::world::{PROJECT, STACK, program};

use infra_tests::http::query;

use crate::{
    inventory::network as network_of,
    server::{Kind, Server},
    world::AwsWorld,
};

/// What stands between two tags of an answer.
fn between<'a>(text: &'a str, tag: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{tag}>")).unwrap();
    rest.split_once(&format!("</{tag}>")).unwrap().0
}

/// Somebody makes a VPC with two subnets by hand. Returns what they are.
fn by_hand(server: &Server) -> Vec<Importing> {
    let ec2 = |asked: &str| query(server.place(), "ec2", "2016-11-15", asked);
    let importing = |ty, name: &str, id: &str| Importing {
        ty,
        urn: Urn::new(PROJECT, STACK, "", ty.name, name).unwrap(),
        id: id.into(),
        provider: Provider::of_kind("aws"),
    };
    let made = ec2("Action=CreateVpc&CidrBlock=10.7.0.0%2F16");
    let vpc = between(&made, "vpcId");
    ec2(&format!("Action=CreateTags&ResourceId.1={vpc}&Tag.1.Key=owner&Tag.1.Value=them"));
    let mut things = vec![importing(Vpc::definition(), "main", vpc)];
    for (name, third, zone) in [("a", 0, "a"), ("b", 1, "b")] {
        let range = format!("10.7.{third}.0%2F24");
        let made = ec2(&format!(
            "Action=CreateSubnet&VpcId={vpc}&CidrBlock={range}&AvailabilityZone=eu-central-1{zone}"
        ));
        let id = between(&made, "subnetId");
        let change = "MapPublicIpOnLaunch.Value=true";
        ec2(&format!("Action=ModifySubnetAttribute&SubnetId={id}&{change}"));
        things.push(importing(Subnet::definition(), name, id));
    }
    things
}

/// The code that `import` writes, as a program.
fn theirs() -> Program {
    program(|stack| {
        let main = Vpc::named("main")
            .cidr_block("10.7.0.0/16")
            .enable_dns_hostnames(false)
            .tags([("owner", "them")])
            .create(stack);
        for (name, range) in [("a", "10.7.0.0/24"), ("b", "10.7.1.0/24")] {
            Subnet::named(name)
                .vpc_id(&main)
                .cidr_block(range)
                .availability_zone(format!("eu-central-1{name}"))
                .map_public_ip_on_launch(true)
                .create(stack);
        }
    })
}

#[tokio::test]
async fn what_was_made_by_hand_imports_as_no_change() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let things = by_hand(&server);
    let world = AwsWorld::new(&server);
    world.engine().import(PROJECT, STACK, &things, false).await.unwrap();
    let urns: Vec<Urn> = things.iter().map(|thing| thing.urn.clone()).collect();
    insta::assert_snapshot!(world.engine().code(&urns).await.unwrap());
    let preview = world.preview(&theirs()).await.unwrap();
    assert!(preview.is_empty(), "{:?}", preview.changes);
    assert_eq!(world.refresh().await.unwrap().drift, []);
    world.destroy().await.unwrap();
    let left = query(server.place(), "ec2", "2016-11-15", "Action=DescribeSubnets");
    assert!(!left.contains("10.7."), "{left}");
}

fn network() -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let gateway = InternetGateway::named("main").vpc_id(&vpc).create(stack);
        let table = RouteTable::named("public").vpc_id(&vpc).create(stack);
        Route::named("out")
            .route_table_id(&table)
            .destination_cidr_block("0.0.0.0/0")
            .gateway_id(&gateway)
            .create(stack);
        for (name, range) in [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")] {
            let subnet = Subnet::named(name).vpc_id(&vpc).cidr_block(range).create(stack);
            RouteTableAssociation::named(name)
                .subnet_id(&subnet)
                .route_table_id(&table)
                .create(stack);
        }
        let group = SecurityGroup::named("web").vpc_id(&vpc).group_description("it").create(stack);
        SecurityGroupRule::named("web")
            .group_id(&group)
            .direction(RuleDirection::Ingress)
            .ip_protocol(IpProtocol::Tcp)
            .from_port(443)
            .to_port(443)
            .cidr_ipv4("0.0.0.0/0")
            .create(stack);
        stack.output("vpc", vpc.vpc_id());
    })
}

/// What a state says, apart from places and times.
fn said(state: &State) -> BTreeMap<String, String> {
    let records = state.iter().map(|(_, record)| {
        let mut deps: Vec<_> = record
            .deps
            .iter()
            .map(|dep| format!("{} {} {:?}", state.record(dep.target).urn, dep.slot, dep.kind))
            .collect();
        deps.sort();
        let tags = record.ty.known().and_then(|ty| ty.tags);
        let owner = tags.map(|_| (record.stable, record.token.clone()));
        let said = format!(
            "{} {:?} {:?} {:?} {deps:?} {owner:?}",
            record.id, record.status, record.inputs, record.outputs
        );
        (record.urn.to_string(), said)
    });
    records.collect()
}

#[tokio::test]
async fn a_lost_state_is_made_anew_from_tags() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let program = network();
    let lost = AwsWorld::new(&server);
    lost.up(&program).await.unwrap();
    let before = lost.state().await;
    let world = AwsWorld::new(&server);
    let rebuilt = world.engine().rebuild(&program, &RebuildOptions::default()).await.unwrap();
    assert_eq!((rebuilt.lost, rebuilt.others), (vec![], vec![]));
    let after = world.state().await;
    assert_eq!(said(&after), said(&before));
    assert_eq!(after.outputs, before.outputs);
    let preview = world.preview_mending(&program).await.unwrap();
    assert!(preview.is_empty() && preview.drift.is_empty(), "{:?}", preview.changes);
    world.destroy().await.unwrap();
    let counted = network_of(&server);
    let empty = AwsWorld::new(&server);
    assert!(empty.engine().rebuild(&program, &RebuildOptions::default()).await.is_err());
    assert_eq!(network_of(&server), counted);
}
