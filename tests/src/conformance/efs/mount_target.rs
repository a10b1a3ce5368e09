//! The case of `aws:efs:MountTarget`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ec2::{SecurityGroup, Subnet, Vpc},
        efs::{FileSystem, MountTarget},
    },
    prelude::*,
};

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

/// A security group of the VPC that a subnet lies in.
fn group(stack: &Stack, subnet: &Subnet, name: &str) -> SecurityGroup {
    SecurityGroup::named(name)
        .vpc_id(subnet.vpc_id())
        .group_description("who reaches the files")
        .create(stack)
}

fn subnet(stack: &Stack, vpc: &Vpc, number: u8, zone: &str) -> Subnet {
    Subnet::named(format!("{number}-{zone}"))
        .vpc_id(vpc)
        .cidr_block(format!("10.0.{number}.0/24").as_str())
        .availability_zone(format!("eu-central-1{zone}").as_str())
        .create(stack)
}

/// Two mount targets of one file system, the second of which is refused.
fn second(stack: &Stack, first: &Subnet, second: &Subnet) {
    let files = FileSystem::named("files").create(stack);
    let one = group(stack, first, "one");
    let other = group(stack, second, "other");
    let first = MountTarget::named("first")
        .file_system_id(&files)
        .subnet_id(first)
        .security_groups([&one])
        .create(stack);
    MountTarget::named("subject")
        .file_system_id(&files)
        .subnet_id(second)
        .security_groups([&other])
        .depends_on(&first)
        .create(stack);
}

fn refused_address(stack: &Stack, address: &'static str) {
    let subnet = subnet(stack, &vpc(stack, "vpc"), 1, "a");
    let files = FileSystem::named("files").create(stack);
    MountTarget::named("subject")
        .file_system_id(&files)
        .subnet_id(&subnet)
        .security_groups([&group(stack, &subnet, "web")])
        .ip_address(address)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: MountTarget::definition,
        build: |stack, v| {
            let vpc = vpc(stack, "vpc");
            // Both in one zone: the new one can't come before the old one is gone.
            let (one, other) = (subnet(stack, &vpc, 1, "a"), subnet(stack, &vpc, 2, "a"));
            let [web, cron] = ["web", "cron"].map(|name| group(stack, &one, name));
            let [files, others] =
                ["files", "others"].map(|name| FileSystem::named(name).create(stack));
            MountTarget::named("subject")
                .file_system_id(v.pick("file_system_id", &files, &others))
                .subnet_id(v.pick("subnet_id", &one, &other))
                .security_groups(v.pick("security_groups", vec![&web], vec![&web, &cron]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "subnet_id",
                build: |stack| {
                    let vpc = vpc(stack, "vpc");
                    second(stack, &subnet(stack, &vpc, 1, "a"), &subnet(stack, &vpc, 2, "a"));
                },
                says: "there is one in a zone at most",
            },
            Refused {
                property: "subnet_id",
                build: |stack| {
                    let (vpc, other) = (vpc(stack, "vpc"), vpc(stack, "other"));
                    second(stack, &subnet(stack, &vpc, 1, "a"), &subnet(stack, &other, 2, "b"));
                },
                says: "the file system's other mount targets are in vpc-",
            },
            Refused {
                property: "subnet_id",
                build: |stack| {
                    let subnet = subnet(stack, &vpc(stack, "vpc"), 1, "a");
                    let files = FileSystem::named("files")
                        .availability_zone_name("eu-central-1b")
                        .create(stack);
                    MountTarget::named("subject")
                        .file_system_id(&files)
                        .subnet_id(&subnet)
                        .security_groups([&group(stack, &subnet, "web")])
                        .create(stack);
                },
                says: "is in eu-central-1b alone",
            },
            Refused {
                property: "security_groups",
                build: |stack| {
                    let subnet = subnet(stack, &vpc(stack, "vpc"), 1, "a");
                    let files = FileSystem::named("files").create(stack);
                    MountTarget::named("subject")
                        .file_system_id(&files)
                        .subnet_id(&subnet)
                        .security_groups([&group(stack, &subnet, "web"); 6])
                        .create(stack);
                },
                says: "a mount target has 1 to 5",
            },
            Refused {
                property: "security_groups",
                build: |stack| {
                    let here = subnet(stack, &vpc(stack, "vpc"), 1, "a");
                    let there = subnet(stack, &vpc(stack, "other"), 2, "a");
                    let files = FileSystem::named("files").create(stack);
                    MountTarget::named("subject")
                        .file_system_id(&files)
                        .subnet_id(&here)
                        .security_groups([&group(stack, &there, "elsewhere")])
                        .create(stack);
                },
                says: "both must belong to one network",
            },
        ],
        fixed: &[("ip_address", "the second case has it, where the subnet stays")],
        cfn: Cfn {
            name: "AWS::EFS::MountTarget",
            differs: &[
                ("IpAddressType", "left out: the architecture is IPv4 inside"),
                ("Ipv6Address", "left out: the architecture is IPv4 inside"),
                ("availability_zone_name", "told by DescribeMountTargets, not by CloudFormation"),
                ("network_interface_id", "told by DescribeMountTargets, not by CloudFormation"),
            ],
            renamed: &[("Id", "mount_target_id")],
        },
    },
    Case {
        ty: MountTarget::definition,
        build: |stack, v| {
            let subnet = subnet(stack, &vpc(stack, "vpc"), 1, "a");
            let files = FileSystem::named("files").create(stack);
            MountTarget::named("subject")
                .file_system_id(&files)
                .subnet_id(&subnet)
                .security_groups([&group(stack, &subnet, "web")])
                .ip_address(v.pick("ip_address", "10.0.1.20", "10.0.1.21"))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "ip_address",
                build: |stack| refused_address(stack, "10.0.1.3"),
                says: "AWS keeps the first four and the last",
            },
            Refused {
                property: "ip_address",
                build: |stack| refused_address(stack, "10.0.2.20"),
                says: "none of the subnet's 10.0.1.0/24",
            },
            Refused {
                property: "ip_address",
                build: |stack| {
                    let subnet = subnet(stack, &vpc(stack, "vpc"), 1, "a");
                    for name in ["one", "other"] {
                        let files = FileSystem::named(name).create(stack);
                        MountTarget::named(name)
                            .file_system_id(&files)
                            .subnet_id(&subnet)
                            .security_groups([&group(stack, &subnet, name)])
                            .ip_address("10.0.1.20")
                            .create(stack);
                    }
                },
                says: "10.0.1.20 is taken",
            },
            Refused {
                property: "subnet_id",
                build: |stack| {
                    let small = Subnet::named("small")
                        .vpc_id(&vpc(stack, "vpc"))
                        .cidr_block("10.0.1.0/28")
                        .create(stack);
                    let web = group(stack, &small, "web");
                    // Of sixteen addresses AWS keeps five.
                    for number in 0..12 {
                        let files = FileSystem::named(format!("{number}")).create(stack);
                        MountTarget::named(format!("{number}"))
                            .file_system_id(&files)
                            .subnet_id(&small)
                            .security_groups([&web])
                            .create(stack);
                    }
                },
                says: "no address of 10.0.1.0/28 is free",
            },
        ],
        fixed: &[("*", "the first case has second values of them")],
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
