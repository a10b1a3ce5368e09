//! What is special about the attachment of a volume: volume and instance are in one zone.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&VolumeAttachment];

const CODES: Codes = Codes {
    not_found: "InvalidAttachment.NotFound",
    not_ready: "IncorrectState",
    exists: "VolumeInUse",
    in_use: "IncorrectState",
    quota: "AttachmentLimitExceeded",
};

struct VolumeAttachment;

impl Special for VolumeAttachment {
    fn ty(&self) -> &'static TypeDef {
        ec2::VolumeAttachment::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_device(&asked.get(ec2::VolumeAttachment::DEVICE).unwrap_or_default())?;
        let volume = asked.referenced(ec2::VolumeAttachment::VOLUME_ID);
        let instance = asked.referenced(ec2::VolumeAttachment::INSTANCE_ID);
        let (Some(volume), Some(instance)) = (volume, instance) else { return Ok(()) };
        let (theirs, zone) = (volume.text("availability_zone"), instance.text("availability_zone"));
        if theirs == zone {
            return Ok(());
        }
        let message = format!(
            "`volume_id` {} is in {theirs}, the instance {} in {zone}; a volume serves its own \
             zone alone",
            volume.id, instance.id
        );
        Err(Refusal::invalid("volume_id", "InvalidVolume.ZoneMismatch", message))
    }
}

/// AWS: device names on Linux instances.
fn check_device(device: &str) -> Result<(), Refusal> {
    let one_letter = |rest: &str, from: char, to: char| {
        let mut letters = rest.chars();
        letters.next().is_some_and(|letter| (from..=to).contains(&letter))
            && letters.all(|more| more.is_ascii_alphanumeric())
            && rest.len() <= 2
    };
    let scsi = device.strip_prefix("/dev/sd").is_some_and(|rest| one_letter(rest, 'b', 'z'));
    let xen = device.strip_prefix("/dev/xvd").is_some_and(|rest| one_letter(rest, 'b', 'z'));
    if scsi || xen {
        return Ok(());
    }
    let message = format!(
        "`device` {device} is no device for a volume; use /dev/sdf to /dev/sdp, or /dev/xvdb and \
         the like"
    );
    Err(Refusal::invalid("device", "InvalidParameterValue", message))
}
