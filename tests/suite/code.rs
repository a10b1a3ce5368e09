//! Resources as Rust code, as it was written when somebody last looked at it.

use infra_core::{
    aws::{
        ec2::{IpProtocol, RuleDirection, SecurityGroup, SecurityGroupRule, Subnet, Vpc},
        iam::{PolicyDocument, Role},
        logs::{LogGroup, Retention},
    },
    code::{Subject, rust},
    dsl::ResourceType,
    prelude::*,
    schema::TypeDef,
    urn::Urn,
    value::Properties,
};
use infra_tests::world::program;

/// A resource of a program as it is recorded: with ids for what it refers to.
struct Owned {
    ty: &'static TypeDef,
    urn: Urn,
    inputs: Properties,
    outputs: Properties,
}

impl Owned {
    fn subject(&self) -> Subject<'_> {
        Subject { ty: self.ty, urn: &self.urn, inputs: &self.inputs, outputs: &self.outputs }
    }
}

/// The resources of a program, with ids made up from their places.
fn recorded(build: impl Fn(&Stack)) -> Vec<Owned> {
    let program = program(build);
    assert_eq!(program.problems, []);
    program
        .nodes
        .iter()
        .map(|node| Owned {
            ty: node.ty,
            urn: node.urn.clone(),
            inputs: node.inputs.clone(),
            outputs: Properties::default(),
        })
        .collect()
}

fn told<R: ResourceType>(mut of: Owned, name: &str, value: &str) -> Owned {
    let slot = R::definition().slot(name).unwrap();
    of.outputs = of.outputs.with(slot, value.into());
    of
}

fn written(all: &[Owned], known: &[Owned]) -> String {
    let subjects: Vec<Subject<'_>> = all.iter().map(Owned::subject).collect();
    let known: Vec<Subject<'_>> = known.iter().map(Owned::subject).collect();
    rust(&subjects, &known)
}

fn network() -> Vec<Owned> {
    let mut all = recorded(|stack| {
        let network = stack.component("network");
        let subnet = |name: &str, range: &str| {
            Subnet::named(name)
                .vpc_id("vpc-0123456789abcdef0")
                .cidr_block(range)
                .availability_zone("eu-central-1a")
                .map_public_ip_on_launch(true)
                .create(&network);
        };
        subnet("public-a", "10.0.0.0/24");
        Vpc::named("main")
            .cidr_block("10.0.0.0/16")
            .tags([("owner", "us"), ("team", "platform")])
            .create(&network);
    });
    let vpc = all.pop().unwrap();
    let subnet = all.pop().unwrap();
    vec![subnet, told::<Vpc>(vpc, "vpc_id", "vpc-0123456789abcdef0")]
}

#[test]
fn what_is_referred_to_comes_first_and_has_a_variable() {
    insta::assert_snapshot!(written(&network(), &[]));
}

#[test]
fn what_is_known_is_named_and_what_is_not_stays_an_id() {
    let known = network().pop().unwrap();
    let all = recorded(|stack| {
        let group = |name: &str, vpc: &str| {
            SecurityGroup::named(name).vpc_id(vpc).group_description("it is").create(stack);
        };
        group("inside", "vpc-0123456789abcdef0");
        group("outside", "vpc-0123456789abcdef1");
    });
    insta::assert_snapshot!(written(&all, &[known]));
}

#[test]
fn structures_words_and_units_are_spelled_as_programs_do() {
    let all = recorded(|stack| {
        Role::named("host")
            .assume_role_policy_document(PolicyDocument::assumed_by_service("ec2.amazonaws.com"))
            .create(stack);
        SecurityGroupRule::named("443")
            .group_id("sg-0123456789abcdef0")
            .direction(RuleDirection::Egress)
            .ip_protocol(IpProtocol::All)
            .cidr_ipv4("0.0.0.0/0")
            .description("to \"everybody\"")
            .create(stack);
        LogGroup::named("type").retention_in_days(Retention::Days90).create(stack);
    });
    insta::assert_snapshot!(written(&all, &[]));
}
