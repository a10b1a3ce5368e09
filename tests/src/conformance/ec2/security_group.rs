//! The case of `aws:ec2:SecurityGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{SecurityGroup, Vpc},
    prelude::*,
};

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: SecurityGroup::definition,
    build: |stack, v| {
        let (vpc, other) = (vpc(stack, "vpc"), vpc(stack, "other"));
        SecurityGroup::named("subject")
            .vpc_id(v.pick("vpc_id", &vpc, &other))
            .group_description(v.pick("group_description", "The database", "The cache"))
            .group_name(v.pick("group_name", "database", "cache"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "group_description",
            build: |stack| {
                SecurityGroup::named("subject")
                    .vpc_id(&vpc(stack, "vpc"))
                    .group_description("für die Datenbank")
                    .create(stack);
            },
            says: "contains 'ü'",
        },
        Refused {
            property: "group_description",
            build: |stack| {
                SecurityGroup::named("subject")
                    .vpc_id(&vpc(stack, "vpc"))
                    .group_description("x".repeat(256))
                    .create(stack);
            },
            says: "has 256 characters",
        },
        Refused {
            property: "group_name",
            build: |stack| {
                SecurityGroup::named("subject")
                    .vpc_id(&vpc(stack, "vpc"))
                    .group_description("a group")
                    .group_name("sg-web")
                    .create(stack);
            },
            says: "may neither be `default` nor begin with `sg-`",
        },
        Refused {
            // A name that is taken is looked at for whose it is, and then named by its id.
            property: "",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                for name in ["one", "subject"] {
                    SecurityGroup::named(name)
                        .vpc_id(&vpc)
                        .group_description("a group")
                        .group_name("web")
                        .create(stack);
                }
            },
            says: "exists already",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::SecurityGroup",
        differs: &[
            ("Id", "the same as the group's id since EC2-Classic ended"),
            ("SecurityGroupEgress", "rules are resources of their own: groups may name each other"),
            (
                "SecurityGroupIngress",
                "rules are resources of their own: groups may name each other",
            ),
            ("VpcId", "required here: the default VPC is no place for a production stack"),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[],
    },
}];
