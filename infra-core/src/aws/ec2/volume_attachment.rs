//! AWS: ec2 AttachVolume, DescribeVolumes, DetachVolume.

use crate::{
    aws::{InstanceId, VolumeId},
    resource,
};

/// A volume at an instance of its zone, as a device.
///
/// When the instance is replaced, the volume is detached from the old one and attached to the new
/// one. What is mounted should be unmounted before; an instance that is terminated does that.
///
/// ```
/// use infra_core::{
///     aws::ec2::{Instance, Subnet, Volume, VolumeAttachment, Vpc},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// # let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(&stack);
/// let volume = Volume::named("files")
///     .availability_zone("eu-central-1a")
///     .size(GiB(500))
///     .create(&stack);
/// let instance = Instance::named("files")
///     .image_id("ami-0123456789abcdef0")
///     .instance_type("m7g.large")
///     .subnet_id(&subnet)
///     .create(&stack);
/// VolumeAttachment::named("files")
///     .volume_id(&volume)
///     .instance_id(&instance)
///     .device("/dev/sdf")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:VolumeAttachment",
    key(volume_id, instance_id),
    unique(volume_id),
    unique(instance_id, device),
    create = "5s",
    delete = "5s"
)]
pub struct VolumeAttachment {
    /// The volume; it is attached to one instance at a time. Changing it replaces the attachment.
    /// AWS: `VolumeId`.
    #[prop(replace, needs = ready)]
    pub volume_id: VolumeId,
    /// The instance. Changing it replaces the attachment. AWS: `InstanceId`.
    #[prop(replace, owner, needs = ready)]
    pub instance_id: InstanceId,
    /// The device, `/dev/sdf` to `/dev/sdp` or `/dev/xvdb` and the like; the newer types show it as
    /// an NVMe device. Changing it replaces the attachment. AWS: `Device`.
    #[prop(replace)]
    pub device: String,
}
