//! Volumes of a task, for AWS and back.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_ecs::types as sdk;
use infra_core::{
    aws::ecs::{
        DockerVolumeConfigurationArgs, DockerVolumeScope, EfsAuthorizationConfigArgs,
        EfsVolumeConfigurationArgs, HostVolumeArgs, Switch, VolumeArgs,
    },
    value::Value,
};

use super::super::{numbers::port, word};

/// Whether AWS filled it in.
pub(super) fn filled(field: &str, value: &Value, _: &Value) -> bool {
    match field {
        "autoprovision" => *value == Value::Bool(false),
        "driver" => value.as_str() == Some("local"),
        "root_directory" => value.as_str() == Some("/"),
        "transit_encryption_port" => *value == Value::Int(0),
        _ => false,
    }
}

pub(super) fn volume(args: &VolumeArgs) -> sdk::Volume {
    let host = args.host.as_ref().map(|host| {
        sdk::HostVolumeProperties::builder().set_source_path(host.source_path.clone()).build()
    });
    sdk::Volume::builder()
        .name(&args.name)
        .set_host(host)
        .set_docker_volume_configuration(args.docker_volume_configuration.as_ref().map(docker))
        .set_efs_volume_configuration(args.efs_volume_configuration.as_ref().map(efs))
        .build()
}

fn map(args: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    Some(args.clone().into_iter().collect()).filter(|_| !args.is_empty())
}

fn docker(args: &DockerVolumeConfigurationArgs) -> sdk::DockerVolumeConfiguration {
    sdk::DockerVolumeConfiguration::builder()
        .scope(args.scope.as_str().into())
        .set_autoprovision(args.autoprovision)
        .set_driver(args.driver.clone())
        .set_driver_opts(map(&args.driver_opts))
        .set_labels(map(&args.labels))
        .build()
}

fn efs(args: &EfsVolumeConfigurationArgs) -> sdk::EfsVolumeConfiguration {
    let authorization = args.authorization_config.as_ref().map(|args| {
        sdk::EfsAuthorizationConfig::builder()
            .set_access_point_id(args.access_point_id.as_ref().map(ToString::to_string))
            .iam(args.iam.as_str().into())
            .build()
    });
    sdk::EfsVolumeConfiguration::builder()
        .file_system_id(args.file_system_id.as_str())
        .set_root_directory(args.root_directory.clone())
        .transit_encryption(args.transit_encryption.as_str().into())
        .set_transit_encryption_port(args.transit_encryption_port.map(Into::into))
        .set_authorization_config(authorization)
        .build()
        .expect("the file system is there")
}

/// `None` if there is something in it that the catalogue has no word for.
pub(super) fn volume_seen(told: &sdk::Volume) -> Option<VolumeArgs> {
    let host = told
        .host()
        .map(|host| HostVolumeArgs { source_path: host.source_path().map(str::to_owned) });
    let docker = match told.docker_volume_configuration() {
        Some(docker) => Some(docker_seen(docker)?),
        None => None,
    };
    let efs = match told.efs_volume_configuration() {
        Some(efs) => Some(efs_seen(efs)?),
        None => None,
    };
    Some(VolumeArgs {
        name: told.name()?.to_owned(),
        host,
        docker_volume_configuration: docker,
        efs_volume_configuration: efs,
    })
}

fn docker_seen(told: &sdk::DockerVolumeConfiguration) -> Option<DockerVolumeConfigurationArgs> {
    let map = |map: Option<&HashMap<String, String>>| {
        map.cloned().unwrap_or_default().into_iter().collect()
    };
    let scope = told.scope().map(|scope| scope.as_str());
    Some(DockerVolumeConfigurationArgs {
        scope: scope.map_or(Some(DockerVolumeScope::Task), word)?,
        autoprovision: told.autoprovision(),
        driver: told.driver().map(str::to_owned),
        driver_opts: map(told.driver_opts()),
        labels: map(told.labels()),
    })
}

/// AWS tells what is not said to be on as off, or not at all.
fn switch(told: Option<&str>) -> Switch {
    told.and_then(word).unwrap_or(Switch::Disabled)
}

fn efs_seen(told: &sdk::EfsVolumeConfiguration) -> Option<EfsVolumeConfigurationArgs> {
    let authorization = told.authorization_config().map(|told| EfsAuthorizationConfigArgs {
        access_point_id: told.access_point_id().and_then(word),
        iam: switch(told.iam().map(|it| it.as_str())),
    });
    Some(EfsVolumeConfigurationArgs {
        file_system_id: word(told.file_system_id())?,
        root_directory: told.root_directory().map(str::to_owned),
        transit_encryption: switch(told.transit_encryption().map(|it| it.as_str())),
        transit_encryption_port: told.transit_encryption_port().map(port),
        authorization_config: authorization,
    })
}
