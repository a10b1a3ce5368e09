//! [`Storage`]: the files that all tasks share, and the buckets.

mod efs;
mod gluster;
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
pub use self::gluster::{Gluster, GlusterSettings};
pub(crate) use self::host_mount::HostMount;
use crate::{Network, SettingsError, SiteKey};

/// The user and group that the application's files belong to: `www-data` of Debian's images.
pub const FILES_OWNER: u32 = 33;

/// On what the files lie that all tasks share, and how tasks come to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageSettings {
    /// A file system that AWS keeps in all zones, and grows by itself.
    Efs(EfsSettings),
    /// Three machines of one's own in three zones, each with a disk that has all of them.
    Gluster(GlusterSettings),
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
            Self::Gluster(_) => true,
        }
    }

    /// The key that encrypts files and buckets.
    pub(crate) fn key(&self) -> SiteKey {
        match self {
            Self::Efs(settings) => settings.key,
            Self::Gluster(settings) => settings.key,
        }
    }

    /// Encrypted with a key.
    pub(crate) fn with_key(self, key: SiteKey) -> Self {
        match self {
            Self::Efs(settings) => Self::Efs(EfsSettings { key, ..settings }),
            Self::Gluster(settings) => Self::Gluster(GlusterSettings { key, ..settings }),
        }
    }

    /// Without backups of AWS's own making, where others are made.
    pub(crate) fn without_daily_backups(self) -> Self {
        match self {
            Self::Efs(settings) => Self::Efs(EfsSettings { daily_backups: false, ..settings }),
            Self::Gluster(settings) => Self::Gluster(settings),
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
    /// On GlusterFS.
    Gluster(Gluster),
}

impl Storage {
    /// The storage of a site in a component of its own.
    ///
    /// # Errors
    /// If the files are to lie in three zones, and there are fewer.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        reached_by: impl IntoInput<SecurityGroupId>,
        settings: &StorageSettings,
    ) -> Result<Self, SettingsError> {
        let stack = &stack.component(name);
        let group = reached_by.into_input();
        let files = match settings {
            StorageSettings::Efs(settings) => {
                Files::Efs(Efs::create(stack, network, group, *settings))
            }
            StorageSettings::Gluster(settings) => {
                Files::Gluster(Gluster::create(stack, network, group, settings)?)
            }
        };
        let encryption = match settings.key().get() {
            Some(key) => BucketEncryption::kms(key),
            None => BucketEncryption::aes256(),
        };
        let configuration = Bucket::named("configuration")
            .versioning_configuration(VersioningConfiguration::enabled())
            .bucket_encryption(encryption)
            .create(stack);
        Ok(Self { files, configuration })
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
            Self::Gluster(gluster) => interpolate!("{}", gluster.disks[0].volume_id()),
        }
    }

    /// The file system of EFS, if they lie on one.
    #[must_use]
    pub fn efs(&self) -> Option<&Efs> {
        match self {
            Self::Efs(efs) => Some(efs),
            Self::Gluster(_) => None,
        }
    }

    /// The ARNs of what they lie on.
    pub(crate) fn arns(&self) -> Vec<Output<String>> {
        match self {
            Self::Efs(efs) => vec![interpolate!("{}", efs.file_system.arn())],
            Self::Gluster(gluster) => gluster.arns(),
        }
    }

    /// The volume of a task.
    pub(crate) fn volume(&self, name: &str) -> Volume {
        match self {
            Self::Efs(efs) => efs.volume(name),
            Self::Gluster(_) => Gluster::volume(name),
        }
    }

    /// What the role of a task, or of an instance that mounts them, has to be allowed.
    pub(crate) fn statement(&self) -> Option<Statement> {
        match self {
            Self::Efs(efs) => efs.statement(),
            Self::Gluster(_) => None,
        }
    }

    /// How instances mount them, where tasks do not.
    pub(crate) fn host_mount(&self, region: &Output<String>) -> Option<HostMount> {
        match self {
            Self::Efs(efs) => efs.host_mount(region),
            Self::Gluster(gluster) => Some(gluster.host_mount()),
        }
    }
}
