//! `depends_on` with a name, and with an output.

use infra_core::{aws::ec2::Vpc, prelude::*};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let first = Vpc::named("first").cidr_block("10.0.0.0/16").create(&stack);
    Vpc::named("by-name").cidr_block("10.1.0.0/16").depends_on("first").create(&stack);
    Vpc::named("by-output").cidr_block("10.2.0.0/16").depends_on(&first.vpc_id()).create(&stack);
}
