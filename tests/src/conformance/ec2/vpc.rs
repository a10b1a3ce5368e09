//! The case of `aws:ec2:Vpc`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{InstanceTenancy, Vpc},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: Vpc::definition,
    build: |stack, v| {
        Vpc::named("subject")
            .cidr_block(v.pick("cidr_block", "10.0.0.0/16", "10.1.0.0/16"))
            .enable_dns_hostnames(v.pick("enable_dns_hostnames", true, false))
            .enable_dns_support(v.pick("enable_dns_support", true, false))
            .instance_tenancy(v.pick(
                "instance_tenancy",
                InstanceTenancy::Dedicated,
                InstanceTenancy::Default,
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "cidr_block",
            build: |stack| {
                Vpc::named("subject").cidr_block("10.0.0.0/8").create(stack);
            },
            says: "must be between /16 and /28",
        },
        Refused {
            property: "cidr_block",
            build: |stack| {
                Vpc::named("subject").cidr_block("10.0.0.0").create(stack);
            },
            says: "is not an IPv4 range",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::VPC",
        differs: &[
            ("CidrBlock", "required here: ranges from an IPAM pool are left out"),
            ("CidrBlockAssociations", "left out: only the primary range is managed"),
            (
                "InstanceTenancy",
                "the word `host` is left out: hosts are not part of the architecture",
            ),
            ("Ipv4IpamPoolId", "left out: ranges from an IPAM pool are left out"),
            ("Ipv4NetmaskLength", "left out: ranges from an IPAM pool are left out"),
            ("Ipv6CidrBlocks", "left out: the architecture is IPv4 inside"),
            ("VpcEncryptionControl", "left out: not part of the reference architecture"),
            ("main_route_table_id", "from DescribeRouteTables; CloudFormation does not tell it"),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[],
    },
}];
