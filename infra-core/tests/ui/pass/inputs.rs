//! What goes into properties: values, text, outputs of the same type, lists of all of these.

use infra_core::{
    aws::{
        SubnetId,
        ec2::{SecurityGroup, Subnet, Vpc},
        elbv2::LoadBalancer,
    },
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let range: Ipv4Net = "10.0.0.0/16".parse().unwrap();
    let vpc = Vpc::named("main").cidr_block(range).tags([("owner", "it")]).create(&stack);
    let first = Subnet::named("first").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
    let zone: Option<&str> = None;
    let second = Subnet::named("second")
        .vpc_id(vpc.vpc_id())
        .cidr_block(String::from("10.0.1.0/24").as_str())
        .maybe_availability_zone(zone)
        .create(&stack);
    let third = SubnetId::parse("subnet-0123456789abcdef0").unwrap();
    LoadBalancer::named("same").subnets([&first, &second].map(|it| it.subnet_id())).create(&stack);
    LoadBalancer::named("mixed")
        .subnets(inputs![first.subnet_id(), third, "subnet-0123456789abcdef1"])
        .subnets_push(&second)
        .create(&stack);
    SecurityGroup::named("web")
        .vpc_id(&vpc)
        .group_description(interpolate!("of {}", vpc.vpc_id()))
        .depends_on(&first)
        .create(&stack);
    stack.output("vpc", vpc.vpc_id());
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
}
