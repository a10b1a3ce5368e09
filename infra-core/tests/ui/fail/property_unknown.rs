//! A property that the type does not have.

use infra_core::{aws::ec2::Vpc, prelude::*};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    Vpc::named("main").cidr_blok("10.0.0.0/16").create(&stack);
}
