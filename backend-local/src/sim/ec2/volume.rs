//! What is special about a volume: what its kind allows, and that it only grows.

use infra_core::{
    aws::ec2::{self, VolumeType},
    dsl::ResourceType,
    schema::TypeDef,
    types::GiB,
};

use super::launch_template::{
    check::Wrong,
    volume::{Figures, check_encryption, check_figures},
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
    zones::check_zone,
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Volume];

const CODES: Codes = Codes {
    not_found: "InvalidVolume.NotFound",
    not_ready: "IncorrectState",
    exists: "VolumeAlreadyExists",
    in_use: "VolumeInUse",
    quota: "VolumeLimitExceeded",
};

struct Volume;

impl Special for Volume {
    fn ty(&self) -> &'static TypeDef {
        ec2::Volume::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let zone = asked.get(ec2::Volume::AVAILABILITY_ZONE).unwrap_or_default();
        check_zone("availability_zone", "InvalidZone.NotFound", asked.region(), &zone)?;
        check_size(asked)?;
        let ty = asked.get(ec2::Volume::VOLUME_TYPE).unwrap_or(VolumeType::Gp3);
        let figures = Figures {
            ty,
            size: ("size", asked.get(ec2::Volume::SIZE)),
            iops: asked.get(ec2::Volume::IOPS),
            throughput: asked.get(ec2::Volume::THROUGHPUT),
        };
        check_figures("the volume", &figures).map_err(Wrong::itself)?;
        let encrypted = asked.get(ec2::Volume::ENCRYPTED).unwrap_or(true);
        let key = asked.get(ec2::Volume::KMS_KEY_ID).is_some();
        check_encryption("the volume", encrypted, key).map_err(Wrong::itself)?;
        asked.check_key(ec2::Volume::KMS_KEY_ID, "InvalidParameterValue")
    }
}

fn check_size(asked: &Asked<'_>) -> Result<(), Refusal> {
    let size: Option<GiB> = asked.get(ec2::Volume::SIZE);
    if size.is_none() && asked.get(ec2::Volume::SNAPSHOT_ID).is_none() {
        let message = "`size` is required for a volume that begins as no snapshot";
        return Err(Refusal::invalid("size", "MissingParameter", message));
    }
    let before = asked.old.and_then(|old| of(old, ec2::Volume::SIZE));
    match (before, size) {
        (Some(before), Some(size)) if size < before => {
            let message = format!(
                "`size` {size}: the volume has {before}, and a volume only grows; make a smaller \
                 one, copy what is on it, and delete this one"
            );
            Err(Refusal::invalid("size", "InvalidParameterValue", message))
        }
        _ => Ok(()),
    }
}
