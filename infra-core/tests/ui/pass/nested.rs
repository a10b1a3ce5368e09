//! Nested structures and enums, with outputs at any depth.

use infra_core::{
    aws::{
        LoadBalancerArn,
        ec2::Vpc,
        elbv2::{Action, FixedResponseAction, Listener, Protocol, TargetGroup},
        iam::{PolicyDocument, Role, RolePolicy, Statement},
        s3::Bucket,
    },
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    let web = TargetGroup::named("web")
        .vpc_id(&vpc)
        .protocol(Protocol::Http)
        .port(80_u16)
        .create(&stack);
    let balancer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188";
    let listener = |name: &str, port: u16, action: Action| {
        Listener::named(name)
            .load_balancer_arn(LoadBalancerArn::parse(balancer).unwrap())
            .protocol(Protocol::Http)
            .port(port)
            .default_actions([action])
            .create(&stack)
    };
    listener("web", 80, Action::to(&web));
    listener("none", 81, Action::fixed_response(FixedResponseAction::new(404_u16)));
    let bucket = Bucket::named("files").create(&stack);
    let role = Role::named("task")
        .assume_role_policy_document(PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com"))
        .create(&stack);
    let files = Statement::allow()
        .actions(["s3:GetObject"])
        .resources([interpolate!("{}/*", bucket.arn())]);
    RolePolicy::named("files")
        .role_name(&role)
        .policy_name("files")
        .policy_document(PolicyDocument::new([files]))
        .create(&stack);
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
}
