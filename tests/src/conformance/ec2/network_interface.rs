//! The case of `aws:ec2:NetworkInterface`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{
        ConnectionTrackingSpecification, InterfaceType, NetworkInterface, NetworkInterfaceBuilder,
        SecurityGroup, Subnet, Vpc,
    },
    dsl::Provided,
    prelude::*,
};

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

fn group(stack: &Stack, vpc: &Vpc, name: &str) -> SecurityGroup {
    SecurityGroup::named(name).vpc_id(vpc).group_description("a group").create(stack)
}

/// A subnet, 10.0.1.0/24 in the first zone.
pub(crate) fn subnet(stack: &Stack) -> Subnet {
    Subnet::named("a").vpc_id(&vpc(stack, "vpc")).cidr_block("10.0.1.0/24").create(stack)
}

fn subject(stack: &Stack) -> NetworkInterfaceBuilder<Provided> {
    NetworkInterface::named("subject").subnet_id(&subnet(stack))
}

fn tracking(seconds: u32) -> ConnectionTrackingSpecification {
    ConnectionTrackingSpecification::new().tcp_established_timeout(Seconds(seconds))
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: NetworkInterface::definition,
    build: |stack, v| {
        let vpc = vpc(stack, "vpc");
        let [a, b] = [("a", "10.0.1.0/24"), ("b", "10.0.2.0/24")]
            .map(|(name, range)| Subnet::named(name).vpc_id(&vpc).cidr_block(range).create(stack));
        let [one, two] = ["one", "two"].map(|name| group(stack, &vpc, name));
        NetworkInterface::named("subject")
            .subnet_id(v.pick("subnet_id", &a, &b))
            .description(v.pick("description", "files", "the files"))
            .groups([v.pick("groups", &one, &two)])
            .interface_type(v.pick("interface_type", InterfaceType::Interface, InterfaceType::Efa))
            .maybe_private_ip_address(v.pick(
                "private_ip_address",
                None,
                Some(Ipv4Addr::new(10, 0, 1, 10)),
            ))
            .maybe_secondary_private_ip_addresses(v.pick(
                "secondary_private_ip_addresses",
                None,
                Some(vec![Ipv4Addr::new(10, 0, 1, 11)]),
            ))
            .source_dest_check(v.pick("source_dest_check", true, false))
            .connection_tracking_specification(v.pick(
                "connection_tracking_specification",
                tracking(3_600),
                tracking(7_200),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "private_ip_address",
            build: |stack| {
                subject(stack).private_ip_address("10.0.1.3").create(stack);
            },
            says: "the first four and the last belong to AWS",
        },
        Refused {
            property: "private_ip_address",
            build: |stack| {
                let subnet = subnet(stack);
                for name in ["one", "subject"] {
                    NetworkInterface::named(name)
                        .subnet_id(&subnet)
                        .private_ip_address("10.0.1.10")
                        .create(stack);
                }
            },
            says: "10.0.1.10 is in use by eni-",
        },
        Refused {
            property: "secondary_private_ip_addresses",
            build: |stack| {
                subject(stack)
                    .private_ip_address("10.0.1.10")
                    .secondary_private_ip_addresses(["10.0.1.10"])
                    .create(stack);
            },
            says: "is its `private_ip_address` already",
        },
        Refused {
            property: "groups",
            build: |stack| {
                let elsewhere = group(stack, &vpc(stack, "other"), "elsewhere");
                subject(stack).groups([&elsewhere]).create(stack);
            },
            says: "belongs to vpc-",
        },
        Refused {
            property: "description",
            build: |stack| {
                subject(stack).description("x".repeat(256)).create(stack);
            },
            says: "has 256 characters; 255 are allowed",
        },
        Refused {
            property: "connection_tracking_specification",
            build: |stack| {
                subject(stack).connection_tracking_specification(tracking(30)).create(stack);
            },
            says: "30 s is not within 60 to 432000 s",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::NetworkInterface",
        differs: &[
            ("EnablePrimaryIpv6", "left out: the architecture is IPv4 inside"),
            ("Ipv4PrefixCount", "left out: for containers with addresses of their own"),
            ("Ipv4Prefixes", "left out: for containers with addresses of their own"),
            ("Ipv6AddressCount", "left out: the architecture is IPv4 inside"),
            ("Ipv6Addresses", "left out: the architecture is IPv4 inside"),
            ("Ipv6PrefixCount", "left out: the architecture is IPv4 inside"),
            ("Ipv6Prefixes", "left out: the architecture is IPv4 inside"),
            ("PrimaryIpv6Address", "left out: the architecture is IPv4 inside"),
            ("PrimaryPrivateIpAddress", "the property `private_ip_address`, which AWS tells"),
            (
                "PrivateIpAddresses",
                "the primary address and the others are properties of their own",
            ),
            ("PublicIpDnsHostnameTypeSpecification", "left out: interfaces are private"),
            ("PublicIpDnsNameOptions", "left out: interfaces are private"),
            ("SecondaryPrivateIpAddressCount", "left out: addresses are named, or there are none"),
            ("SecondaryPrivateIpAddresses", "a property here: AssignPrivateIpAddresses takes them"),
            (
                "availability_zone",
                "from DescribeNetworkInterfaces; CloudFormation does not tell it",
            ),
            ("arn", "made of region, account and id; CloudFormation does not tell it"),
        ],
        renamed: &[("Id", "network_interface_id"), ("GroupSet", "groups")],
    },
}];
