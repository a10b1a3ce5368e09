//! The case of `aws:ec2:VolumeAttachment`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{Instance, Subnet, Volume, VolumeAttachment},
    prelude::*,
};

use super::network_interface::subnet;

fn volume(stack: &Stack, name: &str, zone: &str) -> Volume {
    Volume::named(name).availability_zone(zone).size(GiB(100)).create(stack)
}

fn instance(stack: &Stack, name: &str, subnet: &Subnet) -> Instance {
    let instance = Instance::named(name).image_id("ami-0123456789abcdef0");
    instance.instance_type("m7g.large").subnet_id(subnet).create(stack)
}

fn attach(stack: &Stack, name: &str, volume: &Volume, instance: &Instance, device: &str) {
    let attachment = VolumeAttachment::named(name).volume_id(volume).instance_id(instance);
    attachment.device(device).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: VolumeAttachment::definition,
    build: |stack, v| {
        let subnet = subnet(stack);
        let [one, two] = ["one", "two"].map(|name| volume(stack, name, "eu-central-1a"));
        let [first, second] = ["first", "second"].map(|name| instance(stack, name, &subnet));
        VolumeAttachment::named("subject")
            .volume_id(v.pick("volume_id", &one, &two))
            .instance_id(v.pick("instance_id", &first, &second))
            .device(v.pick("device", "/dev/sdf", "/dev/xvdba"))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "volume_id",
            build: |stack| {
                let instance = instance(stack, "instance", &subnet(stack));
                let volume = volume(stack, "volume", "eu-central-1b");
                attach(stack, "subject", &volume, &instance, "/dev/sdf");
            },
            says: "a volume serves its own zone alone",
        },
        Refused {
            property: "device",
            build: |stack| {
                let instance = instance(stack, "instance", &subnet(stack));
                let volume = volume(stack, "volume", "eu-central-1a");
                attach(stack, "subject", &volume, &instance, "sdf");
            },
            says: "is no device for a volume; use /dev/sdf",
        },
        Refused {
            property: "",
            build: |stack| {
                let subnet = subnet(stack);
                let volume = volume(stack, "volume", "eu-central-1a");
                for name in ["one", "subject"] {
                    let instance = instance(stack, &format!("of-{name}"), &subnet);
                    attach(stack, name, &volume, &instance, "/dev/sdf");
                }
            },
            says: "exists already",
        },
        Refused {
            property: "",
            build: |stack| {
                let instance = instance(stack, "instance", &subnet(stack));
                for name in ["one", "subject"] {
                    let volume = volume(stack, &format!("of-{name}"), "eu-central-1a");
                    attach(stack, name, &volume, &instance, "/dev/sdf");
                }
            },
            says: "exists already",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::VolumeAttachment",
        differs: &[
            ("Device", "required here: AttachVolume wants one"),
            ("EbsCardIndex", "left out: of use to a few large types alone"),
        ],
        renamed: &[],
    },
}];
