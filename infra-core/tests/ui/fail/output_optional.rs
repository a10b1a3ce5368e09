//! An output that may be absent, where a value must be.

use infra_core::{aws::ec2::Vpc, prelude::*};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let range: Output<Option<Ipv4Net>> = Output::plain(None);
    Vpc::named("main").cidr_block(&range).create(&stack);
    Vpc::named("other").cidr_block(Some("10.0.0.0/16")).create(&stack);
}
