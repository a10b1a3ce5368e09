//! What is told of a whole program before anything is touched.

use infra_core::{
    aws::{
        CertificateArn, LogGroupName, VpcId,
        cloudwatch::{AlarmAction, ComparisonOperator, MetricAlarm, TreatMissingData},
        ec2::{IpProtocol, RuleDirection, SecurityGroup, SecurityGroupRule, Subnet, Vpc},
        elbv2::{Action, FixedResponseAction, Listener, LoadBalancer, Protocol},
        iam::{PolicyDocument, Principal, Statement},
        kms::Key,
        logs::LogGroup,
        rds::DbSubnetGroup,
        sns::{Topic, TopicKey},
    },
    engine::EngineError,
    graph::Program,
    plan::PlanProblem,
    prelude::*,
};
use infra_tests::world::{World, program};

fn said(program: &Program) -> Vec<String> {
    program.problems.iter().map(ToString::to_string).collect()
}

/// A program with a VPC 10.0.0.0/16 and subnets of these ranges.
fn subnets(ranges: &[&str]) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        for (number, range) in ranges.iter().enumerate() {
            Subnet::named(format!("s{number}")).vpc_id(&vpc).cidr_block(*range).create(stack);
        }
    })
}

#[test]
fn subnets_that_overlap_are_told_once_each_with_the_earlier_one() {
    let good = subnets(&["10.0.0.0/24", "10.0.2.0/23", "10.0.1.0/24", "10.0.128.0/17"]);
    assert_eq!(said(&good), [""; 0]);
    let bad = subnets(&["10.0.1.0/24", "10.0.0.0/22", "10.0.1.128/25", "10.0.8.0/24"]);
    let found = said(&bad);
    assert_eq!(found.len(), 2, "{found:?}");
    let has = |text: &str| assert!(found.iter().any(|found| found.contains(text)), "{found:?}");
    has("Subnet/s1: `cidr_block` \"10.0.0.0/22\" overlaps with 10.0.1.0/24 of `aws:ec2:Subnet/s0`");
    has("Subnet/s2: `cidr_block` \"10.0.1.128/25\" overlaps with 10.0.0.0/22 of");
    assert_eq!(bad.problems[0].at.len(), 2, "the line of each");
}

#[test]
fn what_is_inside_of_the_widest_is_found_behind_a_narrow_one() {
    let found = said(&subnets(&["10.0.0.0/20", "10.0.1.0/24", "10.0.8.0/24"]));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|found| found.contains("overlaps with 10.0.0.0/20")), "{found:?}");
}

#[test]
fn a_range_that_is_there_twice_is_told_once() {
    let found = said(&subnets(&["10.0.1.0/24", "10.0.1.0/24"]));
    assert_eq!(found.len(), 1, "{found:?}");
    let wanted =
        "there is a Subnet with the same vpc_id and cidr_block already, `aws:ec2:Subnet/s0`";
    assert!(found[0].contains(wanted), "{found:?}");
}

#[test]
fn networks_do_not_get_in_each_others_way() {
    let program = program(|stack| {
        let there = VpcId::parse("vpc-0123456789abcdef0").unwrap();
        let made = ["a", "b"].map(|name| Vpc::named(name).cidr_block("10.0.0.0/16").create(stack));
        for (name, vpc) in ["a", "b"].into_iter().zip(&made) {
            Subnet::named(name).vpc_id(vpc).cidr_block("10.0.1.0/24").create(stack);
        }
        for (name, range) in [("c", "10.0.1.0/24"), ("d", "10.0.0.0/20")] {
            Subnet::named(name).vpc_id(there.clone()).cidr_block(range).create(stack);
        }
    });
    let found = said(&program);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("Subnet/d"), "in the VPC that was there before: {found:?}");
}

#[test]
fn a_subnet_outside_of_its_network_is_told_with_both_ranges() {
    let program = subnets(&["10.0.1.0/24", "10.1.0.0/24"]);
    let found = said(&program);
    let wanted = "`cidr_block` \"10.1.0.0/24\" lies outside of the VPC's 10.0.0.0/16";
    assert!(found[0].contains(wanted), "{found:?}");
    assert_eq!(program.problems[0].help.as_deref(), Some("choose a range within 10.0.0.0/16"));
    assert_eq!(program.problems[0].check.as_deref(), Some("subnet-ranges"));
}

#[test]
fn rules_are_told_apart_by_all_that_makes_them() {
    let rules = |ports: [i32; 2]| {
        program(|stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
            let group =
                SecurityGroup::named("web").vpc_id(&vpc).group_description("web").create(stack);
            for (name, port) in ["one", "other"].into_iter().zip(ports) {
                SecurityGroupRule::named(name)
                    .group_id(&group)
                    .direction(RuleDirection::Ingress)
                    .ip_protocol(IpProtocol::Tcp)
                    .from_port(port)
                    .to_port(port)
                    .cidr_ipv4("0.0.0.0/0")
                    .create(stack);
            }
        })
    };
    assert_eq!(said(&rules([80, 443])), [""; 0]);
    let found = said(&rules([80, 80]));
    assert!(found[0].contains("`cidr_ipv4` \"0.0.0.0/0\" is taken"), "{found:?}");
    assert!(found[0].contains("from_port and to_port and cidr_ipv4 already"), "{found:?}");
}

fn listener(
    stack: &Stack,
) -> infra_core::aws::elbv2::ListenerBuilder<
    infra_core::dsl::Provided,
    infra_core::dsl::Provided,
    infra_core::dsl::Provided,
    infra_core::dsl::Provided,
> {
    let balancer = LoadBalancer::named("web").create(stack);
    Listener::named("https")
        .load_balancer_arn(&balancer)
        .port(443)
        .protocol(Protocol::Https)
        .default_actions([Action::fixed_response(FixedResponseAction::new(404))])
}

#[test]
fn a_certificate_that_is_still_to_come_is_one() {
    let with = |known: bool| {
        program(move |stack| {
            let arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1234abcd";
            let arn = Output::plain(CertificateArn::parse(arn).unwrap());
            let later = if known { arn } else { arn.map(|arn| arn) };
            listener(stack).certificates([later]).create(stack);
        })
    };
    assert_eq!(said(&with(true)), [""; 0]);
    assert_eq!(said(&with(false)), [""; 0]);
    let without = program(|stack| {
        listener(stack).create(stack);
    });
    let found = said(&without);
    assert!(found[0].contains("a listener of protocol HTTPS needs a certificate"), "{found:?}");
}

/// An alarm that tells a topic, which is encrypted with a key of this policy.
fn alarming(policy: Option<PolicyDocument>) -> Program {
    program(|stack| {
        let key = Key::named("topics").maybe_key_policy(policy).create(stack);
        let topic = Topic::named("operators").kms_master_key_id(TopicKey::key(&key)).create(stack);
        MetricAlarm::named("slow")
            .namespace("AWS/ApplicationELB")
            .metric_name("TargetResponseTime")
            .statistic("p95")
            .period(Seconds(60))
            .evaluation_periods(5_u32)
            .comparison_operator(ComparisonOperator::GreaterThanThreshold)
            .threshold(2.0)
            .treat_missing_data(TreatMissingData::NotBreaching)
            .alarm_actions([AlarmAction::topic(&topic)])
            .create(stack);
    })
}

#[tokio::test]
async fn an_alarm_tells_a_topic_whose_key_it_may_use() {
    let account = Statement::allow()
        .principals([Principal::aws("arn:aws:iam::123456789012:root")])
        .actions(["kms:*"])
        .resources(["*"]);
    let alarms = Statement::allow()
        .principals([Principal::service("cloudwatch.amazonaws.com")])
        .actions(["kms:Decrypt", "kms:GenerateDataKey*"])
        .resources(["*"]);
    let good = alarming(Some(PolicyDocument::new([account.clone(), alarms])));
    assert_eq!(said(&good), [""; 0]);
    let world = World::default();
    world.up(&good).await;
    for bad in [None, Some(PolicyDocument::new([account]))] {
        let found = said(&alarming(bad));
        assert!(found[0].contains("cloudwatch.amazonaws.com can't publish"), "{found:?}");
    }
}

#[test]
fn subnets_whose_zone_aws_chooses_may_lie_anywhere() {
    let in_zones = |zones: [Option<&'static str>; 2]| {
        program(move |stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
            let subnets = [1, 2].map(|number| {
                Subnet::named(format!("s{number}"))
                    .vpc_id(&vpc)
                    .cidr_block(format!("10.0.{number}.0/24").as_str())
                    .maybe_availability_zone(zones[number - 1])
                    .create(stack)
            });
            DbSubnetGroup::named("data")
                .db_subnet_group_description("the database")
                .subnet_ids(subnets.each_ref())
                .create(stack);
        })
    };
    let (a, b) = (Some("eu-central-1a"), Some("eu-central-1b"));
    assert_eq!(said(&in_zones([a, b])), [""; 0]);
    assert_eq!(said(&in_zones([a, None])), [""; 0]);
    let found = said(&in_zones([a, a]));
    assert!(found[0].contains("`subnet_ids` cover eu-central-1a alone"), "{found:?}");
}

#[tokio::test]
async fn what_turns_out_to_be_one_name_is_told_by_the_plan() {
    let world = World::default();
    let twice = program(|stack| {
        let name: Output<String> = Output::plain("campus/web".to_owned());
        let name = name.try_map(|name: String| LogGroupName::parse(name.as_str()));
        LogGroup::named("one").log_group_name(&name).create(stack);
        LogGroup::named("other").log_group_name("campus/web").create(stack);
    });
    assert_eq!(said(&twice), [""; 0]);
    let Err(EngineError::Plan(problems)) = world.try_up(&twice).await else { panic!() };
    let [PlanProblem::SameKey { property, .. }] = &problems[..] else { panic!("{problems:?}") };
    assert_eq!(property, "log_group_name");
}
