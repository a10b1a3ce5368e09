//! A required property was not set.

use infra_core::{
    aws::ec2::{Subnet, Vpc},
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    Subnet::named("first").vpc_id(&vpc).create(&stack);
}
