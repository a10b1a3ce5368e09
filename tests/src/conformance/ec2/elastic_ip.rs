//! The case of `aws:ec2:ElasticIp`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::ec2::ElasticIp, prelude::*};

pub(crate) const CASES: &[Case] = &[Case {
    ty: ElasticIp::definition,
    build: |stack, v| {
        ElasticIp::named("subject")
            .network_border_group(v.pick(
                "network_border_group",
                "eu-central-1",
                "eu-central-1-ham-1",
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[Refused {
        property: "network_border_group",
        build: |stack| {
            ElasticIp::named("subject").network_border_group("us-east-1").create(stack);
        },
        says: "us-east-1 is not one of eu-central-1",
    }],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::EIP",
        differs: &[
            ("Address", "left out: addresses are given back, not recovered"),
            ("Domain", "left out: every address is one for VPCs since EC2-Classic ended"),
            ("InstanceId", "left out: instances are behind load balancers and NAT gateways"),
            ("IpamPoolId", "left out: addresses from an IPAM pool are left out"),
            ("PublicIpv4Pool", "left out: nobody brings addresses of their own"),
            ("TransferAddress", "left out: addresses are not handed from account to account"),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[],
    },
}];
