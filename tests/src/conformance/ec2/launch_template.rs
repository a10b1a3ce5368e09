//! The cases of `aws:ec2:LaunchTemplate`: one that names everything, with a type, and one that
//! leaves the type to whoever chooses among several.

mod data;

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{
        BlockDeviceMapping, EbsBlockDevice, LaunchTemplate, LaunchTemplateData, VolumeType,
    },
    prelude::*,
};

fn template(stack: &Stack, data: LaunchTemplateData) {
    LaunchTemplate::named("subject").launch_template_data(data).create(stack);
}

/// A template with one volume.
fn volume(stack: &Stack, volume: EbsBlockDevice) {
    let device = BlockDeviceMapping::new("/dev/xvda").ebs(volume);
    template(stack, LaunchTemplateData::new().block_device_mappings([device]));
}

const REFUSED: &[Refused] = &[
    Refused {
        property: "launch_template_name",
        build: |stack| {
            LaunchTemplate::named("subject")
                .launch_template_name("ab")
                .launch_template_data(LaunchTemplateData::new())
                .create(stack);
        },
        says: "3 to 128 letters",
    },
    Refused {
        property: "launch_template_name",
        build: |stack| {
            for name in ["one", "subject"] {
                LaunchTemplate::named(name)
                    .launch_template_name("web")
                    .launch_template_data(LaunchTemplateData::new())
                    .create(stack);
            }
        },
        // What can be told before anything is done is told then.
        says: "launch_template_name",
    },
    Refused {
        property: "version_description",
        build: |stack| {
            LaunchTemplate::named("subject")
                .launch_template_data(LaunchTemplateData::new())
                .version_description("x".repeat(256))
                .create(stack);
        },
        says: "has 256 characters; 255 are allowed",
    },
    Refused {
        property: "launch_template_data.image_id",
        build: |stack| template(stack, LaunchTemplateData::new().image_id("al2023")),
        says: "is not an id of this kind",
    },
    Refused {
        property: "instance_type",
        build: |stack| template(stack, LaunchTemplateData::new().instance_type("m7g_large")),
        says: "types look like m7g.large",
    },
    Refused {
        property: "user_data",
        build: |stack| template(stack, LaunchTemplateData::new().user_data("x".repeat(16_385))),
        says: "has 16385 bytes; 16384 are allowed",
    },
    Refused {
        property: "throughput",
        build: |stack| volume(stack, EbsBlockDevice::new().throughput(1000)),
        says: "needs `iops` of 4000 at least",
    },
    Refused {
        property: "throughput",
        build: |stack| {
            volume(stack, EbsBlockDevice::new().volume_type(VolumeType::Gp2).throughput(125));
        },
        says: "a gp2 volume has none to choose",
    },
    Refused {
        property: "volume_size",
        build: |stack| {
            volume(stack, EbsBlockDevice::new().volume_type(VolumeType::St1).volume_size(GiB(100)));
        },
        says: "a st1 volume has 125 to 16384",
    },
    Refused {
        property: "iops",
        build: |stack| volume(stack, EbsBlockDevice::new().volume_type(VolumeType::Io2)),
        says: "is required for a io2 volume",
    },
];

const NAMES: &[(&str, &str)] = &[
    ("TagSpecifications", "tags"),
    ("LaunchTemplateData.InstanceRequirements.MemoryMiB", "memory_mib"),
    ("LaunchTemplateData.InstanceRequirements.MemoryGiBPerVCpu", "memory_gib_per_v_cpu"),
];

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: LaunchTemplate::definition,
        build: |stack, v| {
            let things = data::Things::new(stack);
            let [one, two] = [
                things.everything().instance_type("t4g.large"),
                things.everything().instance_type("t4g.xlarge"),
            ];
            LaunchTemplate::named("subject")
                .launch_template_name(v.pick("launch_template_name", "web", "batch"))
                .launch_template_data(v.pick("launch_template_data", one, two))
                .version_description(v.pick("version_description", "first", "second"))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: REFUSED,
        fixed: &[],
        cfn: Cfn { name: "AWS::EC2::LaunchTemplate", differs: data::DIFFERENCES, renamed: NAMES },
    },
    Case {
        ty: LaunchTemplate::definition,
        build: |stack, v| {
            LaunchTemplate::named("subject")
                .maybe_launch_template_name(v.pick("launch_template_name", None, Some("batch")))
                .launch_template_data(v.pick(
                    "launch_template_data",
                    data::by_requirements(2),
                    data::by_requirements(4),
                ))
                .maybe_version_description(v.pick("version_description", None, Some("first")))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: data::REFUSED,
        fixed: &[],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
