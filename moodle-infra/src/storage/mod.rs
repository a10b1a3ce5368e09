//! [`Storage`]: the files that all tasks share, and the buckets.

mod efs;
mod host_mount;

use infra_core::{
    aws::{
        SecurityGroupId,
        ecs::Volume,
        iam::Statement,
        s3::{Bucket, BucketEncryption, VersioningConfiguration},
    },
    prelude::*,
};

pub use self::efs::{Efs, EfsSettings, Mount};
pub(crate) use self::host_mount::HostMount;
use crate::Network;

/// The user and group that the application's files belong to: `www-data` of Debian's images.
pub const FILES_OWNER: u32 = 33;

/// On what the files lie that all tasks share, and how tasks come to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageSettings {
    /// A file system that AWS keeps in all zones, and grows by itself.
    Efs(EfsSettings),
}

impl StorageSettings {
    /// EFS, mounted in a way of one's own choice.
    #[must_use]
    pub fn efs(mount: Mount) -> Self {
        Self::Efs(EfsSettings { mount, ..EfsSettings::default() })
    }

    /// Whether instances mount the files for their tasks.
    pub(crate) fn is_mounted_by_hosts(&self) -> bool {
        match self {
            Self::Efs(settings) => settings.mount != Mount::Task,
        }
    }

    /// Without backups of AWS's own making, where others are made.
    pub(crate) fn without_daily_backups(self) -> Self {
        match self {
            Self::Efs(settings) => Self::Efs(EfsSettings { daily_backups: false, ..settings }),
        }
    }
}

impl Default for StorageSettings {
    /// EFS, as a volume of each task.
    fn default() -> Self {
        Self::Efs(EfsSettings::default())
    }
}

/// The files that all tasks share (Moodle's `dataroot`), and the buckets.
#[derive(Clone, Debug)]
pub struct Storage {
    /// The files.
    pub files: Files,
    /// Configuration that tasks read when they start.
    pub configuration: Bucket,
}

/// The files that all tasks share: Moodle's `dataroot`.
#[derive(Clone, Debug)]
pub enum Files {
    /// On EFS.
    Efs(Efs),
}

impl Storage {
    /// The storage of a site in a component of its own.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        reached_by: impl IntoInput<SecurityGroupId>,
        settings: &StorageSettings,
    ) -> Self {
        let stack = &stack.component(name);
        let files = match settings {
            StorageSettings::Efs(settings) => {
                Files::Efs(Efs::create(stack, network, reached_by.into_input(), *settings))
            }
        };
        let configuration = Bucket::named("configuration")
            .versioning_configuration(VersioningConfiguration::enabled())
            .bucket_encryption(BucketEncryption::aes256())
            .create(stack);
        Self { files, configuration }
    }
}

impl Files {
    /// What the account knows them by.
    #[must_use]
    pub fn id(&self) -> Output<String> {
        match self {
            Self::Efs(efs) => {
                let id = efs.file_system.file_system_id();
                interpolate!("{id}")
            }
        }
    }

    /// The ARN of what they lie on.
    pub(crate) fn arn(&self) -> Output<String> {
        match self {
            Self::Efs(efs) => interpolate!("{}", efs.file_system.arn()),
        }
    }

    /// The volume of a task.
    pub(crate) fn volume(&self, name: &str) -> Volume {
        match self {
            Self::Efs(efs) => efs.volume(name),
        }
    }

    /// What the role of a task, or of an instance that mounts them, has to be allowed.
    pub(crate) fn statement(&self) -> Option<Statement> {
        match self {
            Self::Efs(efs) => efs.statement(),
        }
    }

    /// How instances mount them, where tasks do not.
    pub(crate) fn host_mount(&self, region: &Output<String>) -> Option<HostMount> {
        match self {
            Self::Efs(efs) => efs.host_mount(region),
        }
    }
}
