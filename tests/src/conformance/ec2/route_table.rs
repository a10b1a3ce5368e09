//! The case of `aws:ec2:RouteTable`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{RouteTable, Vpc},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: RouteTable::definition,
    build: |stack, v| {
        let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
        let other = Vpc::named("other").cidr_block("10.0.0.0/16").create(stack);
        RouteTable::named("subject")
            .vpc_id(v.pick("vpc_id", &vpc, &other))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "vpc_id",
            build: |stack| {
                RouteTable::named("subject").vpc_id("vpc-0123456789abcdef0").create(stack);
            },
            says: "the Vpc `vpc-0123456789abcdef0` does not exist",
        },
        Refused {
            property: "",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                for number in 0..200 {
                    RouteTable::named(format!("table-{number}")).vpc_id(&vpc).create(stack);
                }
            },
            // The main table is the two-hundredth.
            says: "the quota of 200 route tables of a VPC is exhausted",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::RouteTable",
        differs: &[("arn", "made of region, account and id; CloudFormation does not tell it")],
        renamed: &[],
    },
}];
