//! The cases of `aws:ec2:SecurityGroupRule`: one for each direction, as CloudFormation has two
//! types.

use crate::conformance::{Case, Cfn, Refused, Variant};
use infra_core::{
    aws::ec2::{
        AddressFamily, IpProtocol, PrefixList, RuleDirection, SecurityGroup, SecurityGroupRule,
        SecurityGroupRuleBuilder, Vpc,
    },
    dsl::Provided,
    prelude::*,
};

type Builder = SecurityGroupRuleBuilder<Provided, Provided, Provided>;

fn group(stack: &Stack, vpc: &Vpc, name: &str) -> SecurityGroup {
    SecurityGroup::named(name).vpc_id(vpc).group_description("a group").create(stack)
}

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

/// What both cases have in common, up to the other side.
fn rule(
    stack: &Stack,
    v: &Variant,
    directions: [RuleDirection; 2],
) -> (Builder, [SecurityGroup; 2]) {
    let vpc = vpc(stack, "vpc");
    let groups = ["one", "two"].map(|name| group(stack, &vpc, name));
    let [one, two] = &groups;
    let [direction, other] = directions;
    let builder = SecurityGroupRule::named("subject")
        .group_id(v.pick("group_id", one, two))
        .direction(v.pick("direction", direction, other))
        .ip_protocol(v.pick("ip_protocol", IpProtocol::Tcp, IpProtocol::Udp))
        .from_port(v.pick("from_port", 443, 442))
        .to_port(v.pick("to_port", 443, 444))
        .description(v.pick("description", "web", "the web"))
        .tags(v.pick("tags", [("a", "b")], [("a", "c")]));
    (builder, groups)
}

/// A rule without ports and another side, of a group without rules.
fn subject(stack: &Stack, protocol: IpProtocol) -> Builder {
    let group = group(stack, &vpc(stack, "vpc"), "group");
    SecurityGroupRule::named("subject")
        .group_id(&group)
        .direction(RuleDirection::Ingress)
        .ip_protocol(protocol)
}

fn list(stack: &Stack, name: &str, max_entries: u32) -> PrefixList {
    PrefixList::named(name)
        .prefix_list_name(name)
        .address_family(AddressFamily::Ipv4)
        .max_entries(max_entries)
        .create(stack)
}

const REFUSED: &[Refused] = &[
    Refused {
        property: "referenced_group_id",
        build: |stack| {
            subject(stack, IpProtocol::All).create(stack);
        },
        says: "a rule needs another side",
    },
    Refused {
        property: "prefix_list_id",
        build: |stack| {
            subject(stack, IpProtocol::All)
                .cidr_ipv4("10.0.0.0/8")
                .prefix_list_id(&list(stack, "campus", 1))
                .create(stack);
        },
        says: "both `cidr_ipv4` and `prefix_list_id` are given",
    },
    Refused {
        property: "",
        build: |stack| {
            let list = list(stack, "campus", 61);
            subject(stack, IpProtocol::All).prefix_list_id(&list).create(stack);
        },
        says: "the quota of 60 ingress rules of a security group is exhausted",
    },
    Refused {
        property: "prefix_list_id",
        build: |stack| {
            subject(stack, IpProtocol::All).prefix_list_id("pl-01234567").create(stack);
        },
        says: "is none of the lists that AWS has in eu-central-1",
    },
    Refused {
        property: "to_port",
        build: |stack| {
            subject(stack, IpProtocol::Tcp).cidr_ipv4("10.0.0.0/8").from_port(80).create(stack);
        },
        says: "`to_port` is required for tcp",
    },
    Refused {
        property: "from_port",
        build: |stack| {
            subject(stack, IpProtocol::Udp)
                .cidr_ipv4("10.0.0.0/8")
                .from_port(81)
                .to_port(80)
                .create(stack);
        },
        says: "81 lies behind `to_port` 80",
    },
    Refused {
        property: "to_port",
        build: |stack| {
            subject(stack, IpProtocol::Tcp)
                .cidr_ipv4("10.0.0.0/8")
                .from_port(80)
                .to_port(65_536)
                .create(stack);
        },
        says: "tcp takes 0 to 65535",
    },
    Refused {
        property: "from_port",
        build: |stack| {
            subject(stack, IpProtocol::All).cidr_ipv4("10.0.0.0/8").from_port(80).create(stack);
        },
        says: "all protocols go together with all ports",
    },
    Refused {
        property: "description",
        build: |stack| {
            subject(stack, IpProtocol::All)
                .cidr_ipv4("10.0.0.0/8")
                .description("für alle")
                .create(stack);
        },
        says: "contains 'ü'",
    },
    Refused {
        property: "referenced_group_id",
        build: |stack| {
            let other = vpc(stack, "other");
            let other = group(stack, &other, "elsewhere");
            subject(stack, IpProtocol::All).referenced_group_id(&other).create(stack);
        },
        says: "both must belong to one network",
    },
    Refused {
        property: "",
        build: |stack| {
            let group = group(stack, &vpc(stack, "vpc"), "group");
            for number in 0..61 {
                SecurityGroupRule::named(format!("rule-{number}"))
                    .group_id(&group)
                    .direction(RuleDirection::Egress)
                    .ip_protocol(IpProtocol::All)
                    .cidr_ipv4(format!("10.{number}.0.0/16").as_str())
                    .create(stack);
            }
        },
        says: "the quota of 60 egress rules of a security group is exhausted",
    },
];

const ONE_SIDE: &str = "a rule has one other side, and this case has another one";

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: SecurityGroupRule::definition,
        build: |stack, v| {
            let (rule, [one, two]) =
                rule(stack, v, [RuleDirection::Ingress, RuleDirection::Egress]);
            rule.referenced_group_id(v.pick("referenced_group_id", &two, &one)).create(stack);
        },
        refused: REFUSED,
        fixed: &[("cidr_ipv4", ONE_SIDE), ("prefix_list_id", ONE_SIDE)],
        cfn: Cfn {
            name: "AWS::EC2::SecurityGroupIngress",
            differs: &[
                ("CidrIpv6", "left out: the architecture is IPv4 inside"),
                ("GroupId", "required here: groups are named by id alone"),
                ("GroupName", "left out: groups are named by id alone"),
                ("SourceSecurityGroupName", "left out: groups are named by id alone"),
                ("SourceSecurityGroupOwnerId", "left out: groups of other accounts are left out"),
                ("direction", "one type here for what are two there"),
                ("tags", "from TagSpecifications of the call; CloudFormation has no tags here"),
                ("arn", "made of region, account and id; CloudFormation does not tell it"),
            ],
            renamed: &[
                ("Id", "security_group_rule_id"),
                ("CidrIp", "cidr_ipv4"),
                ("SourcePrefixListId", "prefix_list_id"),
                ("SourceSecurityGroupId", "referenced_group_id"),
            ],
        },
    },
    Case {
        ty: SecurityGroupRule::definition,
        build: |stack, v| {
            let (rule, _) = rule(stack, v, [RuleDirection::Egress, RuleDirection::Ingress]);
            let [one, two] = ["campus", "college"].map(|name| list(stack, name, 10));
            rule.prefix_list_id(v.pick("prefix_list_id", &one, &two)).create(stack);
        },
        refused: REFUSED,
        fixed: &[("cidr_ipv4", ONE_SIDE), ("referenced_group_id", ONE_SIDE)],
        cfn: Cfn {
            name: "AWS::EC2::SecurityGroupEgress",
            differs: &[
                ("CidrIpv6", "left out: the architecture is IPv4 inside"),
                ("direction", "one type here for what are two there"),
                ("tags", "from TagSpecifications of the call; CloudFormation has no tags here"),
                ("arn", "made of region, account and id; CloudFormation does not tell it"),
            ],
            renamed: &[
                ("Id", "security_group_rule_id"),
                ("CidrIp", "cidr_ipv4"),
                ("DestinationPrefixListId", "prefix_list_id"),
                ("DestinationSecurityGroupId", "referenced_group_id"),
            ],
        },
    },
    Case {
        ty: SecurityGroupRule::definition,
        build: |stack, v| {
            let (rule, _) = rule(stack, v, [RuleDirection::Ingress, RuleDirection::Egress]);
            rule.cidr_ipv4(v.pick("cidr_ipv4", "0.0.0.0/0", "10.0.0.0/8")).create(stack);
        },
        refused: REFUSED,
        fixed: &[("prefix_list_id", ONE_SIDE), ("referenced_group_id", ONE_SIDE)],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
