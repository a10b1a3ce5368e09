//! What volumes can be.

use infra_core::{
    aws::ec2::{EbsBlockDeviceArgs, VolumeType},
    types::GiB,
};

use super::check::{Checked, refused, wrong};

/// What AWS allows a kind of volume: GiB, operations a second, MiB a second.
struct Limits {
    size: (u32, u32),
    iops: Option<(u32, u32)>,
    throughput: Option<(u32, u32)>,
}

fn limits(ty: VolumeType) -> Limits {
    let (size, iops, throughput) = match ty {
        VolumeType::Gp3 => ((1, 65_536), Some((3_000, 80_000)), Some((125, 2_000))),
        VolumeType::Gp2 => ((1, 16_384), None, None),
        VolumeType::Io1 => ((4, 16_384), Some((100, 64_000)), None),
        VolumeType::Io2 => ((4, 65_536), Some((100, 256_000)), None),
        VolumeType::St1 | VolumeType::Sc1 => ((125, 16_384), None, None),
        VolumeType::Standard => ((1, 1_024), None, None),
    };
    Limits { size, iops, throughput }
}

/// What a volume is to be.
pub(in crate::sim::ec2) struct Figures {
    pub(in crate::sim::ec2) ty: VolumeType,
    /// The size, and what it is called.
    pub(in crate::sim::ec2) size: (&'static str, Option<GiB>),
    pub(in crate::sim::ec2) iops: Option<u32>,
    pub(in crate::sim::ec2) throughput: Option<u32>,
}

pub(super) fn check_volume(device: &str, volume: &EbsBlockDeviceArgs) -> Checked {
    let rate = volume.volume_initialization_rate;
    if let Some(rate) = rate.filter(|rate| !(100..=300).contains(rate)) {
        let message =
            format!("`volume_initialization_rate` {rate} of {device}: 100 to 300 are allowed");
        return refused("InvalidParameterValue", message);
    }
    let size = ("volume_size", volume.volume_size);
    let EbsBlockDeviceArgs { volume_type: ty, iops, throughput, .. } = *volume;
    check_figures(device, &Figures { ty, size, iops, throughput })?;
    check_encryption(device, volume.encrypted, volume.kms_key_id.is_some())
}

/// Whether a kind of volume can have these figures; `device` is whose they are.
pub(in crate::sim::ec2) fn check_figures(device: &str, volume: &Figures) -> Checked {
    let ty = volume.ty;
    let limits = limits(ty);
    let figures = [
        (volume.size.0, volume.size.1.map(|size| size.0), Some(limits.size)),
        ("iops", volume.iops, limits.iops),
        ("throughput", volume.throughput, limits.throughput),
    ];
    for (name, figure, allowed) in figures {
        let Some(figure) = figure else { continue };
        let Some((first, last)) = allowed else {
            let message = format!("`{name}` of {device}: a {ty} volume has none to choose");
            return wrong(name, "InvalidParameterCombination", message);
        };
        if !(first..=last).contains(&figure) {
            let message =
                format!("`{name}` {figure} of {device}: a {ty} volume has {first} to {last}");
            return wrong(name, "InvalidParameterValue", message);
        }
    }
    if matches!(ty, VolumeType::Io1 | VolumeType::Io2) && volume.iops.is_none() {
        let message = format!("`iops` of {device} is required for a {ty} volume");
        return wrong("iops", "MissingParameter", message);
    }
    // gp3: a quarter of a MiB for each operation.
    let (iops, throughput) = (volume.iops.unwrap_or(3_000), volume.throughput.unwrap_or(0));
    if ty == VolumeType::Gp3 && throughput > iops / 4 {
        let message = format!(
            "`throughput` {throughput} of {device} needs `iops` of {} at least",
            throughput * 4
        );
        return wrong("throughput", "InvalidParameterCombination", message);
    }
    Ok(())
}

/// Only what is encrypted has a key.
pub(in crate::sim::ec2) fn check_encryption(device: &str, encrypted: bool, key: bool) -> Checked {
    if key && !encrypted {
        let message = format!("`kms_key_id` of {device}: only an encrypted volume has a key");
        return wrong("kms_key_id", "InvalidParameterDependency", message);
    }
    Ok(())
}
