//! A list of outputs and text without `inputs!`.

use infra_core::{
    aws::{
        ec2::{Subnet, Vpc},
        elbv2::LoadBalancer,
    },
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    let first = Subnet::named("first").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
    LoadBalancer::named("web")
        .subnets([first.subnet_id(), "subnet-0123456789abcdef0"])
        .create(&stack);
    LoadBalancer::named("other").subnets(first.subnet_id()).create(&stack);
}
