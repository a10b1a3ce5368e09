//! The case of `aws:ec2:Volume`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{Volume, VolumeBuilder, VolumeType},
    dsl::Provided,
    prelude::*,
};

use crate::conformance::kms::key::{far_key, key, keys};

fn subject() -> VolumeBuilder<Provided> {
    Volume::named("subject").availability_zone("eu-central-1a")
}

const ONLY_OF: &str = "CloudFormation names no property that can't be changed; ModifyVolume has \
                       no parameter for it";

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: Volume::definition,
        build: |stack, v| {
            let [key, other] = keys(stack);
            Volume::named("subject")
                .availability_zone(v.pick("availability_zone", "eu-central-1a", "eu-central-1b"))
                .size(v.pick("size", GiB(100), GiB(200)))
                .volume_type(v.pick("volume_type", VolumeType::Io1, VolumeType::Io2))
                .iops(v.pick("iops", 4_000, 5_000))
                .kms_key_id(v.pick("kms_key_id", &key, &other))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "availability_zone",
                build: |stack| {
                    Volume::named("subject")
                        .availability_zone("us-east-1a")
                        .size(GiB(100))
                        .create(stack);
                },
                says: "there are eu-central-1a, eu-central-1b, eu-central-1c",
            },
            Refused {
                property: "size",
                build: |stack| {
                    subject().create(stack);
                },
                says: "is required for a volume that begins as no snapshot",
            },
            Refused {
                property: "size",
                build: |stack| {
                    subject().size(GiB(100)).volume_type(VolumeType::St1).create(stack);
                },
                says: "a st1 volume has 125 to 16384",
            },
            Refused {
                property: "throughput",
                build: |stack| {
                    subject().size(GiB(100)).throughput(1_000).create(stack);
                },
                says: "needs `iops` of 4000 at least",
            },
            Refused {
                property: "iops",
                build: |stack| {
                    subject().size(GiB(100)).volume_type(VolumeType::Io2).create(stack);
                },
                says: "is required for a io2 volume",
            },
            Refused {
                property: "kms_key_id",
                build: |stack| {
                    let key = key(stack, "key");
                    subject().size(GiB(100)).encrypted(false).kms_key_id(&key).create(stack);
                },
                says: "only an encrypted volume has a key",
            },
            Refused {
                property: "kms_key_id",
                build: |stack| {
                    subject().size(GiB(100)).kms_key_id(&far_key(stack)).create(stack);
                },
                says: "another region than eu-central-1",
            },
        ],
        fixed: &[
            ("encrypted", "the key goes with an encrypted volume; the second case has it"),
            ("snapshot_id", "a server that stands in for AWS has none; the third case has it"),
            ("throughput", "gp3 alone has one to choose; the second case has it"),
        ],
        cfn: Cfn {
            name: "AWS::EC2::Volume",
            differs: &[
                ("AutoEnableIO", "left out: a volume that may be damaged stays shut"),
                ("AvailabilityZone", "required here, and no volume leaves its zone"),
                ("AvailabilityZoneId", "left out: zones are named"),
                ("Encrypted", ONLY_OF),
                ("KmsKeyId", ONLY_OF),
                ("MultiAttachEnabled", "left out: needs a file system made for it"),
                ("OutpostArn", "left out: Outposts are not part of the architecture"),
                ("SnapshotId", ONLY_OF),
                ("SourceVolumeId", "left out: volumes begin empty or as a snapshot"),
                ("VolumeInitializationRate", "left out: a matter of one call, kept by nobody"),
                ("arn", "made of region, account and id; CloudFormation does not tell it"),
            ],
            renamed: &[],
        },
    },
    Case {
        ty: Volume::definition,
        build: |stack, v| {
            subject()
                .size(GiB(100))
                .iops(4_000)
                .throughput(v.pick("throughput", 250, 500))
                .encrypted(v.pick("encrypted", true, false))
                .create(stack);
        },
        refused: &[Refused {
            property: "throughput",
            build: |stack| {
                subject().size(GiB(10)).volume_type(VolumeType::Gp2).throughput(125).create(stack);
            },
            says: "a gp2 volume has none to choose",
        }],
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
    Case {
        ty: Volume::definition,
        build: |stack, v| {
            let [one, other] = ["snap-0123456789abcdef0", "snap-0123456789abcdef1"];
            subject().snapshot_id(v.pick("snapshot_id", one, other)).create(stack);
        },
        refused: &[Refused {
            property: "snapshot_id",
            build: |stack| {
                subject().snapshot_id("snapshot").create(stack);
            },
            says: "is not an id of this kind",
        }],
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
