//! What is refused of instances.

use crate::conformance::Refused;
use infra_core::{
    aws::ec2::{
        BlockDeviceMapping, CpuCredits, CreditSpecification, EbsBlockDevice, Instance,
        InstanceBuilder, MetadataOptions, NetworkInterface, NetworkInterfaceSpecification,
        SecurityGroup, Subnet, Vpc,
    },
    prelude::*,
};

use crate::conformance::kms::key::far_key;

use super::{IMAGE, subnet, vpc};

fn here(stack: &Stack) -> Subnet {
    subnet(stack, &vpc(stack), "a", "10.0.1.0/24")
}

fn machine(name: &str) -> InstanceBuilder {
    Instance::named(name).image_id(IMAGE).instance_type("m7g.large")
}

fn with_interfaces<const N: usize>(stack: &Stack, all: [NetworkInterfaceSpecification; N]) {
    machine("subject").network_interfaces(all).create(stack);
}

/// Where it is in a subnet.
pub(super) const REFUSED: &[Refused] = &[
    Refused {
        property: "subnet_id",
        build: |stack| {
            machine("subject").create(stack);
        },
        says: "there is no default VPC",
    },
    Refused {
        property: "private_ip_address",
        build: |stack| {
            machine("subject")
                .subnet_id(&here(stack))
                .private_ip_address("10.0.2.10")
                .create(stack);
        },
        says: "is no usable address of 10.0.1.0/24",
    },
    Refused {
        property: "private_ip_address",
        build: |stack| {
            let subnet = here(stack);
            let eni = NetworkInterface::named("eni").subnet_id(&subnet);
            eni.private_ip_address("10.0.1.10").create(stack);
            machine("subject").subnet_id(&subnet).private_ip_address("10.0.1.10").create(stack);
        },
        says: "10.0.1.10 is in use by",
    },
    Refused {
        property: "security_group_ids",
        build: |stack| {
            let other = Vpc::named("other").cidr_block("10.1.0.0/16").create(stack);
            let group = SecurityGroup::named("elsewhere").vpc_id(&other);
            let group = group.group_description("instances elsewhere").create(stack);
            machine("subject").subnet_id(&here(stack)).security_group_ids([&group]).create(stack);
        },
        says: "belongs to vpc-",
    },
    Refused {
        property: "subnet_id",
        build: |stack| {
            let subnet = here(stack);
            let interface = NetworkInterfaceSpecification::new().subnet_id(&subnet);
            machine("subject").subnet_id(&subnet).network_interfaces([interface]).create(stack);
        },
        says: "network_interfaces",
    },
];

/// What its interfaces can't be.
pub(super) const INTERFACES: &[Refused] = &[
    Refused {
        property: "network_interfaces",
        build: |stack| with_interfaces(stack, [NetworkInterfaceSpecification::new()]),
        says: "a new interface needs a `subnet_id`",
    },
    Refused {
        property: "network_interfaces",
        build: |stack| {
            let eni = NetworkInterface::named("eni").subnet_id(&here(stack)).create(stack);
            let eni = NetworkInterfaceSpecification::new().network_interface_id(&eni);
            with_interfaces(stack, [eni]);
        },
        says: "set `delete_on_termination` to false",
    },
    Refused {
        property: "network_interfaces",
        build: |stack| {
            let eni = NetworkInterface::named("eni").subnet_id(&here(stack)).create(stack);
            for name in ["one", "subject"] {
                let eni = NetworkInterfaceSpecification::existing(&eni);
                machine(name).network_interfaces([eni]).create(stack);
            }
        },
        says: "is attached to i-",
    },
    Refused {
        property: "network_interfaces",
        build: |stack| {
            let vpc = vpc(stack);
            let zones = [("a", "10.0.1.0/24"), ("b", "10.0.2.0/24")].map(|(zone, range)| {
                let subnet = Subnet::named(zone).vpc_id(&vpc).cidr_block(range);
                subnet.availability_zone(format!("eu-central-1{zone}")).create(stack)
            });
            let [one, two] = [0, 1].map(|place| {
                let interface = NetworkInterfaceSpecification::new().device_index(place);
                interface.subnet_id(&zones[place as usize])
            });
            with_interfaces(stack, [two, one]);
        },
        says: "the first is in eu-central-1a, another one in eu-central-1b",
    },
    Refused {
        property: "source_dest_check",
        build: |stack| {
            let eni = NetworkInterface::named("eni").subnet_id(&here(stack)).create(stack);
            machine("subject")
                .network_interfaces([NetworkInterfaceSpecification::existing(&eni)])
                .source_dest_check(false)
                .create(stack);
        },
        says: "is said by the interface itself",
    },
];

/// What the machine itself can't be.
pub(super) const MACHINE: &[Refused] = &[
    Refused {
        property: "image_id",
        build: |stack| {
            Instance::named("subject")
                .instance_type("m7g.large")
                .subnet_id(&here(stack))
                .create(stack);
        },
        says: "neither the instance nor a launch template says it",
    },
    Refused {
        property: "instance_type",
        build: |stack| {
            Instance::named("subject")
                .image_id(IMAGE)
                .instance_type("large")
                .subnet_id(&here(stack))
                .create(stack);
        },
        says: "types look like m7g.large",
    },
    Refused {
        property: "credit_specification",
        build: |stack| {
            let credits = CreditSpecification::new(CpuCredits::Unlimited);
            machine("subject").subnet_id(&here(stack)).credit_specification(credits).create(stack);
        },
        says: "fits types such as t4g, not m7g.large",
    },
    Refused {
        property: "user_data",
        build: |stack| {
            machine("subject").subnet_id(&here(stack)).user_data("x".repeat(16_385)).create(stack);
        },
        says: "has 16385 bytes; 16384 are allowed",
    },
    Refused {
        property: "metadata_options",
        build: |stack| {
            let options = MetadataOptions::new().http_put_response_hop_limit(65);
            machine("subject").subnet_id(&here(stack)).metadata_options(options).create(stack);
        },
        says: "65 is not within 1 to 64",
    },
    Refused {
        property: "block_device_mappings",
        build: |stack| {
            let disk = EbsBlockDevice::new().kms_key_id(&far_key(stack));
            let disk = BlockDeviceMapping::new("/dev/xvda").ebs(disk);
            machine("subject").subnet_id(&here(stack)).block_device_mappings([disk]).create(stack);
        },
        says: "another region than eu-central-1",
    },
    Refused {
        property: "block_device_mappings",
        build: |stack| {
            let disk = BlockDeviceMapping::new("/dev/xvda");
            machine("subject").subnet_id(&here(stack)).block_device_mappings([disk]).create(stack);
        },
        says: "takes one of `ebs`, `virtual_name` and `no_device`",
    },
];
