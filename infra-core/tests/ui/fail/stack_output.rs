//! What a stack can't show.

use infra_core::{aws::ec2::Vpc, prelude::*};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    stack.output("vpc", &vpc);
    stack.output("both", vec!["a", "b"]);
}
