//! Volumes of instances.

use crate::{
    aws::{KmsKeyArn, SnapshotId},
    prelude::*,
    props,
};

/// A volume of an instance, or the absence of one that the image has.
#[props]
pub struct BlockDeviceMapping {
    /// The device, such as `/dev/xvda`. AWS: `DeviceName`.
    pub device_name: String,
    /// The volume: one of this, `virtual_name` and `no_device`. Default: none. AWS: `Ebs`.
    pub ebs: Option<EbsBlockDevice>,
    /// A disk of the machine itself, such as `ephemeral0`; types with NVMe disks attach them
    /// anyway. Default: none. AWS: `VirtualName`.
    pub virtual_name: Option<String>,
    /// Empty text leaves the image's device out. Default: none. AWS: `NoDevice`.
    pub no_device: Option<String>,
}

/// A volume.
///
/// The defaults differ from AWS's: the newer kind, and encrypted.
#[props]
pub struct EbsBlockDevice {
    /// The size. Default: that of the snapshot. AWS: `VolumeSize`.
    pub volume_size: Option<GiB>,
    /// The kind. Default: gp3. AWS: `VolumeType`.
    #[prop(default = VolumeType::Gp3)]
    pub volume_type: VolumeType,
    /// Operations a second: gp3 from 3,000, io1 and io2 from 100; not for other kinds. Default:
    /// 3,000 for gp3. AWS: `Iops`.
    pub iops: Option<u32>,
    /// gp3: MiB a second, from 125. Default: 125. AWS: `Throughput`.
    pub throughput: Option<u32>,
    /// Whether it is encrypted. Default: true. AWS: `Encrypted`.
    #[prop(default = true)]
    pub encrypted: bool,
    /// The key, for an encrypted volume. Default: the account's key for volumes. AWS: `KmsKeyId`.
    pub kms_key_id: Option<KmsKeyArn>,
    /// The snapshot that it begins as. Default: that of the image. AWS: `SnapshotId`.
    pub snapshot_id: Option<SnapshotId>,
    /// MiB a second, 100 to 300, at which the snapshot is fetched. Default: as it is used. AWS:
    /// `VolumeInitializationRate`.
    pub volume_initialization_rate: Option<u32>,
    /// Whether it goes with the instance. Default: true. AWS: `DeleteOnTermination`.
    #[prop(default = true)]
    pub delete_on_termination: bool,
}

/// The kind of a volume.
#[props(words = "lower")]
pub enum VolumeType {
    /// SSD, whose size, operations and throughput are chosen apart.
    Gp3,
    /// SSD, whose operations grow with its size.
    Gp2,
    /// SSD with provisioned operations.
    Io1,
    /// The same, lasting longer.
    Io2,
    /// Magnetic, for large files read in a row.
    St1,
    /// Magnetic, for what is hardly read.
    Sc1,
    /// Magnetic of the first generation.
    Standard,
}
