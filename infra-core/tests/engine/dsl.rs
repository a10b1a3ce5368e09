//! What programs can say, and what they are told when they say it wrong.

#![allow(clippy::unwrap_used)]

use infra_core::{
    aws::{
        RoleName, VpcId,
        ec2::{Subnet, Vpc},
        iam::{InstanceProfile, PolicyDocument, Role},
    },
    graph::{EdgeKind, Graph, Program},
    prelude::*,
    schema::Reference,
};

fn stack() -> Stack {
    Stack::new("campus", "test", Config::default()).unwrap()
}

fn problems(program: &Program) -> Vec<String> {
    program.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_program_becomes_a_graph() {
    let stack = stack();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").tags_push("a", "b").create(&stack);
    let network = stack.component("network");
    let subnet = Subnet::named("a")
        .vpc_id(&vpc)
        .cidr_block("10.0.1.0/24".parse::<Ipv4Net>().unwrap())
        .maybe_availability_zone(None::<String>)
        .create(&network);
    stack.output("subnet", subnet.subnet_id());
    let program = stack.finish();
    assert_eq!(problems(&program), [""; 0]);
    let urns: Vec<&str> = program.nodes.iter().map(|node| node.urn.as_str()).collect();
    assert_eq!(urns, ["campus/test/aws:ec2:Vpc/main", "campus/test/network/aws:ec2:Subnet/a"]);
    let graph = Graph::new(&program).unwrap();
    assert_eq!(graph.dependencies(1).map(|(node, _)| node).collect::<Vec<_>>(), [0]);
    assert_eq!(graph.order, [0, 1]);
}

#[test]
fn problems_are_collected_and_name_the_line() {
    let stack = stack();
    let line = line!() + 1;
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/99").create(&stack);
    Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    Subnet::named("a/b").vpc_id(vpc.vpc_id()).cidr_block("10.0.0.1/24").create(&stack);
    let program = stack.finish();
    let problem = &program.problems[0];
    assert_eq!(problem.at[0].line(), line);
    assert_eq!(
        problems(&program),
        [
            r#"campus/test/aws:ec2:Vpc/main: `cidr_block` "10.0.0.0/99" is not an IPv4 range (an address, a slash, 0 to 32: 10.0.0.0/16)"#,
            "campus/test/aws:ec2:Vpc/main is created twice",
            "`aws:ec2:Subnet` can't be named `a/b`: the name `a/b` contains '/'; letters, digits, space and _ . : + = @ - are allowed",
            r#"campus/test/aws:ec2:Subnet/problem-2: `cidr_block` "10.0.0.1/24" has bits set behind its prefix; write 10.0.0.0/24"#,
        ]
    );
}

#[test]
fn outputs_of_another_stack_are_refused() {
    let (one, two) = (stack(), stack());
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&one);
    Subnet::named("a").vpc_id(vpc.vpc_id()).cidr_block("10.0.0.0/24").create(&two);
    let program = two.finish();
    assert_eq!(
        problems(&program),
        ["campus/test/aws:ec2:Subnet/a: `vpc_id` is the output of another stack"]
    );
}

#[test]
fn a_cycle_is_told_by_its_names_and_lines() {
    let stack = stack();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
    let line = line!() + 1;
    stack.depend(&vpc, &subnet);
    let problem = Graph::new(&stack.finish()).unwrap_err();
    assert_eq!(
        problem.message,
        "these resources wait for each other: aws:ec2:Vpc/main -> aws:ec2:Subnet/a -> aws:ec2:Vpc/main"
    );
    assert_eq!(problem.at[0].line(), line);
}

#[test]
fn combinators_keep_types() {
    let stack = stack();
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
    let name: Output<String> = vpc.vpc_id().map(|id: VpcId| format!("of-{id}"));
    let url: Output<String> = interpolate!("https://{name}/{}", vpc.default_security_group());
    let both: Output<i64> = Output::all((&name, &url)).map(|(a, b)| (a.len() + b.len()) as i64);
    let mixed: Vec<Input<String>> = inputs!["a", name, &url, vpc.vpc_id()];
    assert_eq!(mixed.len(), 4);
    let _ = both;
}

#[test]
fn a_name_is_no_reference_to_what_it_is_made_of() {
    let stack = stack();
    let role = |name: &str| {
        let trust = PolicyDocument::assumed_by_service("ec2.amazonaws.com");
        Role::named(name).assume_role_policy_document(trust)
    };
    let one = role("one").create(&stack);
    let name = one.role_name().try_map(|name| RoleName::parse(&format!("{name}-2")));
    role("other").role_name(name).create(&stack);
    InstanceProfile::named("hosts").role_name(&one).create(&stack);
    let graph = Graph::new(&stack.finish()).unwrap();
    let kinds = |node| graph.dependencies(node).map(|(_, edge)| edge.kind).collect::<Vec<_>>();
    assert_eq!(kinds(1), [EdgeKind::Value(Role::ROLE_NAME.slot)]);
    let role_name = InstanceProfile::ROLE_NAME.slot;
    assert_eq!(kinds(2), [EdgeKind::Reference(role_name, Reference::Strong)]);
}
