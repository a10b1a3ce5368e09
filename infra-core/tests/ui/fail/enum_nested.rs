//! The wrong content for a variant of a nested enum.

use infra_core::{
    aws::{
        ec2::Vpc,
        elbv2::{Action, Listener, Protocol},
    },
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    Listener::named("web")
        .load_balancer_arn("arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188")
        .protocol(Protocol::Http)
        .port(80_u16)
        .default_actions([Action::fixed_response("404")])
        .create(&stack);
    Listener::named("other")
        .load_balancer_arn(&vpc)
        .protocol(Protocol::Http)
        .port(80_u16)
        .default_actions(["forward"])
        .create(&stack);
}
