//! The id of a subnet, where that of a VPC belongs.

use infra_core::{
    aws::ec2::{Subnet, Vpc},
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    let first = Subnet::named("first").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
    Subnet::named("by-resource").vpc_id(&first).cidr_block("10.0.1.0/24").create(&stack);
    Subnet::named("by-output").vpc_id(first.subnet_id()).cidr_block("10.0.2.0/24").create(&stack);
}
