//! AWS: ec2 CreateVolume, ModifyVolume, CreateTags, DescribeVolumes, DeleteVolume.

use super::VolumeType;
use crate::{
    aws::{KmsKeyArn, SnapshotId, VolumeId},
    prelude::*,
    resource,
};

/// A volume that outlives the instances it is attached to.
///
/// It holds data: nothing brings it back once it is deleted, except a snapshot. Kind and figures
/// change while it is in use; AWS takes hours for that and allows few changes a day. It only grows,
/// and the file system on it must be grown from the instance.
///
/// ```
/// use infra_core::{aws::ec2::Volume, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let volume = Volume::named("files-a")
///     .availability_zone("eu-central-1a")
///     .size(GiB(500))
///     .iops(4_000_u32)
///     .throughput(250_u32)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:Volume", find = token, holds_data, create = "5s", delete = "5s")]
pub struct Volume {
    /// The zone; only instances there can have it. Changing it replaces the volume. AWS:
    /// `AvailabilityZone`.
    #[prop(replace)]
    pub availability_zone: String,
    /// The size. Default: that of the snapshot. Grows in place; a smaller one is refused. AWS:
    /// `Size`.
    pub size: Option<GiB>,
    /// The kind. Default: gp3 (AWS: gp2). Changes in place. AWS: `VolumeType`.
    #[prop(default = VolumeType::Gp3)]
    pub volume_type: VolumeType,
    /// Operations a second: gp3 from 3,000, io1 and io2 from 100; not for other kinds. Default:
    /// 3,000 for gp3. Changes in place. AWS: `Iops`.
    pub iops: Option<u32>,
    /// gp3: MiB a second, from 125, a quarter of `iops` at most. Default: 125. Changes in place.
    /// AWS: `Throughput`.
    pub throughput: Option<u32>,
    /// Whether it is encrypted. Default: true (AWS: as the account is set). Changing it replaces
    /// the volume. AWS: `Encrypted`.
    #[prop(default = true, replace)]
    pub encrypted: bool,
    /// The key, for an encrypted volume. Default: the account's key for volumes. Changing it
    /// replaces the volume. AWS: `KmsKeyId`.
    #[prop(replace)]
    pub kms_key_id: Option<KmsKeyArn>,
    /// The snapshot that it begins as. Default: none; it begins empty. Changing it replaces the
    /// volume. AWS: `SnapshotId`.
    #[prop(replace)]
    pub snapshot_id: Option<SnapshotId>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `VolumeId`.
    #[output(id = "vol-", at = exists)]
    pub volume_id: VolumeId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:volume/{id}", at = exists)]
    pub arn: String,
}
