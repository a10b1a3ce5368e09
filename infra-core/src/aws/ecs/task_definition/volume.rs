//! Volumes of a task, and where containers mount them.

use std::collections::BTreeMap;

use crate::{
    aws::{AccessPointId, FileSystemId, ecs::Switch},
    prelude::*,
    props,
};

/// A volume of a task: a folder of the instance, a volume of Docker, or a file system of EFS.
#[props]
pub struct Volume {
    /// The name, up to 255 letters, digits, `_` and `-`, unique in the task. AWS: `Name`.
    pub name: String,
    /// A folder of the instance. Default: none; where nothing else is said, one that Docker makes
    /// and forgets. AWS: `Host`.
    pub host: Option<HostVolume>,
    /// A volume of Docker; not on Fargate. Default: none. AWS: `DockerVolumeConfiguration`.
    pub docker_volume_configuration: Option<DockerVolumeConfiguration>,
    /// A file system of EFS, which ECS mounts by itself; its mount targets must be there before a
    /// task starts. Default: none. AWS: `EFSVolumeConfiguration`.
    pub efs_volume_configuration: Option<EfsVolumeConfiguration>,
}

impl Volume {
    /// A file system of EFS, with TLS.
    pub fn efs(name: &str, file_system: impl IntoInput<FileSystemId>) -> Self {
        Self::new(name).efs_volume_configuration(EfsVolumeConfiguration::new(file_system))
    }

    /// A folder of the instance.
    pub fn folder(name: &str, source_path: &str) -> Self {
        Self::new(name).host(HostVolume::new().source_path(source_path))
    }
}

/// A folder of the instance.
#[props]
pub struct HostVolume {
    /// Where it lies. Default: Docker chooses, and forgets it. AWS: `SourcePath`.
    pub source_path: Option<String>,
}

/// A volume of Docker.
#[props]
pub struct DockerVolumeConfiguration {
    /// Whether it lives as long as the task. Default: it does. AWS: `Scope`.
    #[prop(default = DockerVolumeScope::Task)]
    pub scope: DockerVolumeScope,
    /// Whether it is made where there is none, if it is shared. Default: AWS's, it is not. AWS:
    /// `Autoprovision`.
    pub autoprovision: Option<bool>,
    /// The driver. Default: `local`. AWS: `Driver`.
    pub driver: Option<String>,
    /// What the driver is told. Default: nothing. AWS: `DriverOpts`.
    #[prop(default)]
    pub driver_opts: BTreeMap<String, String>,
    /// Labels that Docker knows it by. Default: none. AWS: `Labels`.
    #[prop(default)]
    pub labels: BTreeMap<String, String>,
}

/// How long a volume of Docker lives.
#[props(words = "lower")]
pub enum DockerVolumeScope {
    /// As long as the task.
    Task,
    /// As long as the instance, for all tasks.
    Shared,
}

/// A file system of EFS.
#[props]
pub struct EfsVolumeConfiguration {
    /// The file system. AWS: `FilesystemId`.
    pub file_system_id: FileSystemId,
    /// The folder that is mounted; `/` with an access point. Default: `/`. AWS: `RootDirectory`.
    pub root_directory: Option<String>,
    /// Whether it is mounted with TLS, which access points and IAM need. Default: it is (AWS: it is
    /// not). AWS: `TransitEncryption`.
    #[prop(default = Switch::Enabled)]
    pub transit_encryption: Switch,
    /// The instance's port for that. Default: ECS chooses. AWS: `TransitEncryptionPort`.
    pub transit_encryption_port: Option<u16>,
    /// As whom it is mounted. Default: as who reaches it. AWS: `AuthorizationConfig`.
    pub authorization_config: Option<EfsAuthorizationConfig>,
}

/// As whom a file system is mounted.
#[props]
pub struct EfsAuthorizationConfig {
    /// The access point, which says folder and owner. Default: none. AWS: `AccessPointId`.
    pub access_point_id: Option<AccessPointId>,
    /// Whether the file system's policy asks for the task's role. Default: it does not. AWS: `IAM`.
    #[prop(default = Switch::Disabled)]
    pub iam: Switch,
}

/// Where a container mounts a volume of its task.
#[props]
pub struct MountPoint {
    /// The volume. AWS: `SourceVolume`.
    pub source_volume: String,
    /// Where. AWS: `ContainerPath`.
    pub container_path: String,
    /// Whether it can't write there. Default: false. AWS: `ReadOnly`.
    #[prop(default = false)]
    pub read_only: bool,
}
