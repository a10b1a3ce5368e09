//! The case of `aws:ec2:InternetGateway`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{InternetGateway, Vpc},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: InternetGateway::definition,
    build: |stack, v| {
        let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
        let other = Vpc::named("other").cidr_block("10.0.0.0/16").create(stack);
        InternetGateway::named("subject")
            .vpc_id(v.pick("vpc_id", &vpc, &other))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "vpc_id",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                let one = InternetGateway::named("one").vpc_id(&vpc).create(stack);
                InternetGateway::named("subject").vpc_id(&vpc).depends_on(&one).create(stack);
            },
            says: "with the same vpc_id",
        },
        Refused {
            property: "vpc_id",
            build: |stack| {
                InternetGateway::named("subject").vpc_id("vpc-0123456789abcdef0").create(stack);
            },
            says: "the Vpc `vpc-0123456789abcdef0` does not exist",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::InternetGateway",
        differs: &[
            ("vpc_id", "AWS::EC2::VPCGatewayAttachment there: a gateway is of no use without it"),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[],
    },
}];
