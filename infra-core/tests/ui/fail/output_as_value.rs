//! An output, used as if its value were known while the program is built.

use infra_core::{
    aws::ec2::{Subnet, Vpc},
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    println!("{}", vpc.vpc_id());
    let short = vpc.vpc_id().map(|id| id.as_str());
    Subnet::named(vpc.vpc_id()).vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
    let _ = short;
}
