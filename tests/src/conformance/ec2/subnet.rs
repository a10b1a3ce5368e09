//! The case of `aws:ec2:Subnet`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{Subnet, Vpc},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: Subnet::definition,
    build: |stack, v| {
        let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
        let other = Vpc::named("other").cidr_block("10.0.0.0/16").create(stack);
        Subnet::named("subject")
            .vpc_id(v.pick("vpc_id", &vpc, &other))
            .cidr_block(v.pick("cidr_block", "10.0.1.0/24", "10.0.2.0/24"))
            .availability_zone(v.pick("availability_zone", "eu-central-1a", "eu-central-1b"))
            .map_public_ip_on_launch(v.pick("map_public_ip_on_launch", true, false))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "cidr_block",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                Subnet::named("subject").vpc_id(&vpc).cidr_block("10.1.0.0/24").create(stack);
            },
            says: "lies outside of the VPC's 10.0.0.0/16",
        },
        Refused {
            property: "cidr_block",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                let one = Subnet::named("one").vpc_id(&vpc).cidr_block("10.0.0.0/23").create(stack);
                Subnet::named("subject")
                    .vpc_id(&vpc)
                    .cidr_block("10.0.1.0/24")
                    .depends_on(&one)
                    .create(stack);
            },
            says: "overlaps with 10.0.0.0/23",
        },
        Refused {
            property: "availability_zone",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                Subnet::named("subject")
                    .vpc_id(&vpc)
                    .cidr_block("10.0.1.0/24")
                    .availability_zone("eu-central-1z")
                    .create(stack);
            },
            says: "eu-central-1a, eu-central-1b, eu-central-1c",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::Subnet",
        differs: &[
            ("AssignIpv6AddressOnCreation", "left out: the architecture is IPv4 inside"),
            ("AvailabilityZoneId", "an output here: the zone is chosen by name, or by a lookup"),
            ("BlockPublicAccessStates", "left out: an account-wide setting"),
            ("CidrBlock", "required here: ranges from an IPAM pool are left out"),
            ("EnableDns64", "left out: the architecture is IPv4 inside"),
            ("EnableLniAtDeviceIndex", "left out: Outposts are not part of the architecture"),
            ("Ipv4IpamPoolId", "left out: ranges from an IPAM pool are left out"),
            ("Ipv4NetmaskLength", "left out: ranges from an IPAM pool are left out"),
            ("Ipv6CidrBlock", "left out: the architecture is IPv4 inside"),
            ("Ipv6CidrBlocks", "left out: the architecture is IPv4 inside"),
            ("Ipv6IpamPoolId", "left out: ranges from an IPAM pool are left out"),
            ("Ipv6Native", "left out: the architecture is IPv4 inside"),
            ("Ipv6NetmaskLength", "left out: ranges from an IPAM pool are left out"),
            ("NetworkAclAssociationId", "left out: the default network ACL is kept"),
            ("OutpostArn", "left out: Outposts are not part of the architecture"),
            ("PrivateDnsNameOptionsOnLaunch", "left out: host names by address are enough"),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[],
    },
}];
