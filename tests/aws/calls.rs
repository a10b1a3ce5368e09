//! How many calls a network takes, against Terraform's: at most half as many.
//!
//! ```text
//! cargo nextest run -p infra-tests --features aws --test aws calls --no-capture
//! ```
//!
//! prints the table. Terraform's figures are those of Terraform 1.11 with its AWS provider 5.100 for
//! the same 23 resources on moto.

use std::{fs, time::Instant};

use infra_core::{
    aws::ec2::{
        InternetGateway, IpProtocol, RouteTable, RouteTableAssociation, RuleDirection,
        SecurityGroup, SecurityGroupRule, Subnet, Vpc,
    },
    graph::Program,
    prelude::*,
};
use infra_tests::world::program;

use crate::{
    proxy::{Calls, Proxy},
    server::{Kind, Server},
    world::AwsWorld,
};

/// A VPC, an internet gateway, 4 route tables, 6 subnets with their associations, 3 security groups
/// and 2 rules.
fn network(stack: &Stack, owner: &str) {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").tags([("owner", owner)]).create(stack);
    InternetGateway::named("main").vpc_id(&vpc).create(stack);
    let table = |name: &str| RouteTable::named(name).vpc_id(&vpc).create(stack);
    let public = table("public");
    for (number, zone) in ["a", "b", "c"].into_iter().enumerate() {
        let subnet = |name: &str, third: usize, is_public: bool, table: &RouteTable| {
            let name = format!("{name}-{zone}");
            let subnet = Subnet::named(&name)
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{third}.0/24").as_str())
                .availability_zone(format!("eu-central-1{zone}"))
                .map_public_ip_on_launch(is_public)
                .create(stack);
            RouteTableAssociation::named(name)
                .subnet_id(&subnet)
                .route_table_id(table)
                .create(stack);
        };
        subnet("public", number, true, &public);
        subnet("private", 16 + number, false, &table(&format!("private-{zone}")));
    }
    let group = |name: &str| {
        SecurityGroup::named(name).vpc_id(&vpc).group_description("of the network").create(stack)
    };
    let (balancer, hosts, database) = (group("balancer"), group("hosts"), group("database"));
    let rule = |name: &str, port: i32, to: &SecurityGroup, from: &SecurityGroup| {
        SecurityGroupRule::named(name)
            .group_id(to)
            .direction(RuleDirection::Ingress)
            .ip_protocol(IpProtocol::Tcp)
            .from_port(port)
            .to_port(port)
            .referenced_group_id(from)
            .create(stack);
    };
    rule("web", 443, &hosts, &balancer);
    rule("sql", 3306, &database, &hosts);
}

fn owned_by(owner: &str) -> Program {
    program(|stack| network(stack, owner))
}

/// What Terraform takes: to apply, for a no-op, for the change of a tag, to destroy.
const TERRAFORM: [(&str, u64); 4] =
    [("create 23 resources", 98), ("nothing to do", 31), ("one tag changes", 34), ("destroy", 89)];

/// CPU seconds so far and the most memory so far in MiB, of this process, as Linux tells them: of
/// this test alone where each has a process of its own.
fn usage() -> Option<(f64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak: u64 = peak.split_whitespace().next()?.parse().ok()?;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    // Linux counts hundredths of a second.
    Some(((ticks()? + ticks()?) / 100.0, peak / 1024))
}

fn sum(calls: (Calls, Calls)) -> u64 {
    calls.0.values().chain(calls.1.values()).sum()
}

#[tokio::test]
async fn a_network_takes_half_the_calls_of_terraform() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let proxy = Proxy::before(&server.url).await;
    let world = AwsWorld::at(&proxy.url, Kind::Moto, &[]);
    let before = owned_by("one");
    assert_eq!(before.nodes.len(), 23);
    let mut counted = vec![];
    let mut count = |calls: (Calls, Calls)| {
        println!("{calls:?}");
        counted.push(sum(calls));
    };
    world.mend(&before).await.unwrap();
    count(proxy.take_calls());
    // As Terraform does, a plan looks at everything that is there.
    let outcome = world.mend(&before).await.unwrap();
    assert_eq!(outcome.counts.create + outcome.counts.update, 0);
    count(proxy.take_calls());
    let outcome = world.mend(&owned_by("another")).await.unwrap();
    assert_eq!(outcome.counts.update, 1);
    count(proxy.take_calls());
    let cpu = usage();
    let began = Instant::now();
    assert!(world.preview_mending(&owned_by("another")).await.unwrap().is_empty());
    let took = began.elapsed();
    let spent = usage().zip(cpu).map(|((after, peak), (before, _))| (after - before, peak));
    let plan = sum(proxy.take_calls());
    world.destroy().await.unwrap();
    count(proxy.take_calls());
    println!("| | Terraform | here |\n|---|---|---|");
    for ((what, theirs), ours) in TERRAFORM.iter().zip(&counted) {
        println!("| {what} | {theirs} calls | {ours} calls |");
    }
    if let Some((cpu, peak)) = spent {
        println!("| CPU of a plan | about 10 s | {cpu:.2} s |");
        println!("| memory of a plan | 800 MiB | {peak} MiB |");
    }
    println!("a plan made {plan} calls in {:.2} s", took.as_secs_f64());
    for ((what, theirs), ours) in TERRAFORM.iter().zip(&counted) {
        assert!(ours * 2 <= *theirs, "{what}: {ours} calls, and Terraform makes {theirs}");
    }
}
