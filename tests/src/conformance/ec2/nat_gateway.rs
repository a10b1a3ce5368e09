//! The case of `aws:ec2:NatGateway`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{
        ConnectivityType, ElasticIp, InternetGateway, NatGateway, NatGatewayBuilder, Subnet, Vpc,
    },
    dsl::Provided,
    prelude::*,
};

/// A VPC with an internet gateway and a subnet.
fn subnet(stack: &Stack) -> (Vpc, Subnet) {
    let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
    InternetGateway::named("gateway").vpc_id(&vpc).create(stack);
    let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
    (vpc, subnet)
}

fn subject(stack: &Stack) -> NatGatewayBuilder<Provided> {
    NatGateway::named("subject").subnet_id(&subnet(stack).1)
}

fn address(stack: &Stack, name: &str) -> ElasticIp {
    ElasticIp::named(name).create(stack)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: NatGateway::definition,
    build: |stack, v| {
        let (vpc, a) = subnet(stack);
        let b = Subnet::named("b").vpc_id(&vpc).cidr_block("10.0.2.0/23").create(stack);
        let [one, two, three, four] =
            ["one", "two", "three", "four"].map(|name| address(stack, name));
        let nat = NatGateway::named("subject");
        // The further address belongs to one gateway at a time.
        let first = v.is("allocation_id");
        let nat = if first { nat.delete_before_replace() } else { nat };
        nat.subnet_id(v.pick("subnet_id", &a, &b))
            .allocation_id(v.pick("allocation_id", &one, &two))
            .secondary_allocation_ids([v.pick("secondary_allocation_ids", &three, &four)])
            .maybe_private_ip_address(v.pick(
                "private_ip_address",
                None,
                Some(Ipv4Addr::new(10, 0, 1, 9)),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "subnet_id",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                let subnet =
                    Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
                NatGateway::named("subject")
                    .subnet_id(&subnet)
                    .allocation_id(&address(stack, "one"))
                    .create(stack);
            },
            says: "has no internet gateway attached",
        },
        Refused {
            property: "allocation_id",
            build: |stack| {
                subject(stack).create(stack);
            },
            says: "a public NAT gateway needs an Elastic IP address",
        },
        Refused {
            property: "allocation_id",
            build: |stack| {
                let address = address(stack, "one");
                subject(stack)
                    .connectivity_type(ConnectivityType::Private)
                    .allocation_id(&address)
                    .create(stack);
            },
            says: "a private NAT gateway has no public address",
        },
        Refused {
            property: "secondary_allocation_ids",
            build: |stack| {
                let address = address(stack, "one");
                subject(stack)
                    .allocation_id(&address)
                    .secondary_allocation_ids_push(&address)
                    .create(stack);
            },
            says: "is named twice",
        },
        Refused {
            property: "",
            build: |stack| {
                let [one, two, three] = ["one", "two", "three"].map(|name| address(stack, name));
                subject(stack)
                    .allocation_id(&one)
                    .secondary_allocation_ids([&two, &three])
                    .create(stack);
            },
            says: "the quota of 2 addresses of a NAT gateway is exhausted",
        },
        Refused {
            property: "private_ip_address",
            build: |stack| {
                let address = address(stack, "one");
                subject(stack).allocation_id(&address).private_ip_address("10.0.1.3").create(stack);
            },
            says: "the first four and the last belong to AWS",
        },
    ],
    fixed: &[(
        "connectivity_type",
        "goes along with `allocation_id`, which a public gateway must and a private one can't have",
    )],
    cfn: Cfn {
        name: "AWS::EC2::NatGateway",
        differs: &[
            ("AutoProvisionZones", "left out: belongs to regional gateways"),
            ("AutoScalingIps", "left out: belongs to regional gateways"),
            ("AvailabilityMode", "left out: one gateway a zone keeps a zone's failure there"),
            ("AvailabilityZoneAddresses", "left out: belongs to regional gateways"),
            ("MaxDrainDurationSeconds", "left out: a parameter of one call, kept by nobody"),
            ("RouteTableId", "left out: belongs to regional gateways"),
            ("SecondaryPrivateIpAddressCount", "left out: AWS chooses one for each address"),
            ("SecondaryPrivateIpAddresses", "left out: AWS chooses one for each address"),
            ("SubnetId", "required here: only a regional gateway has none"),
            ("VpcId", "left out: belongs to regional gateways"),
            ("public_ip", "from DescribeNatGateways; CloudFormation does not tell it"),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[("EniId", "network_interface_id")],
    },
}];
