//! What AWS refuses of volumes, and of where they are mounted.

use infra_core::aws::ecs::{EfsVolumeConfigurationArgs, Switch, VolumeArgs};

use super::{Definition, WORD, containers, is_word, refused};
use crate::sim::refusal::Refusal;

const PROPERTY: &str = "volumes";

pub(super) fn check(definition: &Definition) -> Result<(), Refusal> {
    let volumes = &definition.volumes;
    for (place, volume) in volumes.iter().enumerate() {
        let name = &volume.name;
        if !is_word(name) {
            return refused(PROPERTY, format!("`{PROPERTY}[{place}].name` {name:?}: {WORD}"));
        }
        if volumes[..place].iter().any(|other| other.name == *name) {
            return refused(PROPERTY, format!("two `{PROPERTY}` are called {name}"));
        }
        check_volume(volume)?;
    }
    for container in &definition.containers {
        let mounts = container.mount_points.iter();
        let mut missing =
            mounts.filter(|mount| !volumes.iter().any(|volume| volume.name == mount.source_volume));
        if let Some(mount) = missing.next() {
            return containers::refused(format!(
                "`{}` mounts {}, which is not among `volumes`",
                container.name, mount.source_volume
            ));
        }
    }
    Ok(())
}

fn check_volume(volume: &VolumeArgs) -> Result<(), Refusal> {
    let kinds = [
        volume.host.is_some(),
        volume.docker_volume_configuration.is_some(),
        volume.efs_volume_configuration.is_some(),
    ];
    if kinds.into_iter().filter(|given| *given).count() > 1 {
        let message = format!(
            "`{PROPERTY}` {} is one of `host`, `docker_volume_configuration` and \
             `efs_volume_configuration`",
            volume.name
        );
        return refused(PROPERTY, message);
    }
    match &volume.efs_volume_configuration {
        Some(efs) => check_files(&volume.name, efs),
        None => Ok(()),
    }
}

fn check_files(name: &str, efs: &EfsVolumeConfigurationArgs) -> Result<(), Refusal> {
    let refused = |message: String| refused(PROPERTY, format!("`{PROPERTY}` {name}: {message}"));
    let encrypted = efs.transit_encryption == Switch::Enabled;
    if efs.transit_encryption_port.is_some() && !encrypted {
        return refused("`transit_encryption_port` needs `transit_encryption` ENABLED".to_owned());
    }
    let Some(authorization) = &efs.authorization_config else { return Ok(()) };
    let by_point = authorization.access_point_id.is_some();
    if (by_point || authorization.iam == Switch::Enabled) && !encrypted {
        return refused("an access point and IAM need `transit_encryption` ENABLED".to_owned());
    }
    match efs.root_directory.as_deref().filter(|root| by_point && !matches!(*root, "/" | "")) {
        Some(root) => refused(format!(
            "`root_directory` {root} does not go with an access point, which says the folder"
        )),
        None => Ok(()),
    }
}
