//! A secret in a property that is shown to everybody.

use infra_core::{
    aws::ec2::{SecurityGroup, Vpc},
    local::RandomPassword,
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    let password = RandomPassword::named("database").create(&stack);
    SecurityGroup::named("web")
        .vpc_id(&vpc)
        .group_description(password.password())
        .create(&stack);
}
