//! Values of other types than the properties have.

use infra_core::{
    aws::{
        ec2::Vpc,
        elbv2::{Protocol, TargetGroup},
    },
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    Vpc::named("main").cidr_block(true).create(&stack);
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").enable_dns_support("yes").create(&stack);
    TargetGroup::named("web").vpc_id(&vpc).protocol("HTTP").port("80").create(&stack);
    TargetGroup::named("web").vpc_id(&vpc).protocol(Protocol::Http).port(80_i64).create(&stack);
}
