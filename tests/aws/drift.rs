//! What somebody changes behind the engine's back is shown, and mended.

use infra_core::{
    aws::ec2::{InternetGateway, RouteTable, RouteTableAssociation, Subnet, Vpc},
    engine::{Drift, DriftKind},
    graph::Program,
};
use infra_tests::world::program;

use infra_tests::http::query;

use crate::{
    server::{Kind, Server},
    world::AwsWorld,
};

fn network() -> Program {
    program(|stack| {
        let vpc =
            Vpc::named("main").cidr_block("10.0.0.0/16").tags([("owner", "us")]).create(stack);
        InternetGateway::named("main").vpc_id(&vpc).create(stack);
        let table = RouteTable::named("private").vpc_id(&vpc).create(stack);
        for (name, range) in [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")] {
            let subnet = Subnet::named(name).vpc_id(&vpc).cidr_block(range).create(stack);
            RouteTableAssociation::named(name)
                .subnet_id(&subnet)
                .route_table_id(&table)
                .create(stack);
        }
    })
}

/// What was found, in words that do not depend on ids.
fn said(drift: &[Drift]) -> Vec<String> {
    let mut said: Vec<String> = drift
        .iter()
        .map(|drift| {
            let what = match &drift.kind {
                DriftKind::Gone => "is gone".to_owned(),
                DriftKind::Unknown { .. } => "is not known".to_owned(),
                DriftKind::Changed(changes) => {
                    let names: Vec<&str> = changes.iter().map(|(name, ..)| *name).collect();
                    format!("has another {}", names.join(", "))
                }
            };
            format!("{} {} {what}", drift.urn.ty(), drift.urn.name())
        })
        .collect();
    said.sort();
    said
}

#[tokio::test]
async fn drift_is_shown_and_mended() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let world = AwsWorld::new(&server);
    let program = network();
    world.up(&program).await.unwrap();
    let state = world.state().await;
    let id = |ty: &str, name: &str| {
        let is_it = |urn: &infra_core::urn::Urn| urn.ty() == ty && urn.name() == name;
        let found = state.iter().find(|(_, record)| is_it(&record.urn)).unwrap();
        found.1.id.to_string()
    };
    let vpc = id("aws:ec2:Vpc", "main");
    let subnet = id("aws:ec2:Subnet", "a");
    let association = id("aws:ec2:RouteTableAssociation", "b");
    let ec2 = |asked: &str| query(server.place(), "ec2", "2016-11-15", asked);
    ec2(&format!("Action=CreateTags&ResourceId.1={vpc}&Tag.1.Key=owner&Tag.1.Value=them"));
    ec2(&format!("Action=ModifyVpcAttribute&VpcId={vpc}&EnableDnsHostnames.Value=false"));
    ec2(&format!("Action=ModifySubnetAttribute&SubnetId={subnet}&MapPublicIpOnLaunch.Value=true"));
    ec2(&format!("Action=DisassociateRouteTable&AssociationId={association}"));
    let expected = [
        "aws:ec2:RouteTableAssociation b is gone",
        "aws:ec2:Subnet a has another map_public_ip_on_launch",
        "aws:ec2:Vpc main has another enable_dns_hostnames, tags",
    ];
    let preview = world.preview_mending(&program).await.unwrap();
    assert_eq!(said(&preview.drift), expected);
    assert_eq!((preview.counts.create, preview.counts.update), (1, 2));
    // A preview writes nothing down.
    assert_eq!(said(&world.refresh().await.unwrap().drift), expected);
    let outcome = world.mend(&program).await.unwrap();
    assert_eq!((outcome.counts.create, outcome.counts.update), (1, 2));
    let after = world.refresh().await.unwrap();
    assert_eq!(said(&after.drift), Vec::<String>::new());
    assert!(world.preview(&program).await.unwrap().is_empty());
    let tags = ec2(&format!("Action=DescribeVpcs&VpcId.1={vpc}"));
    assert!(tags.contains("<value>us</value>"), "{tags}");
}

#[tokio::test]
async fn what_lost_its_tags_is_still_there() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let world = AwsWorld::new(&server);
    world.up(&network()).await.unwrap();
    let state = world.state().await;
    let subnets = state.iter().filter(|(_, record)| record.ty.name() == "aws:ec2:Subnet");
    for (_, record) in subnets {
        let asked = format!("Action=DeleteTags&ResourceId.1={}&Tag.1.Key=infra%3Astack", record.id);
        query(server.place(), "ec2", "2016-11-15", &asked);
    }
    assert_eq!(said(&world.refresh().await.unwrap().drift), Vec::<String>::new());
}
