//! [`Storage`]: the files that all instances share, and the buckets.

use infra_core::{
    aws::{
        SecurityGroupId,
        efs::{
            AccessPoint, BackupPolicy, CreationInfo, FileSystem, LifecyclePolicy, MountTarget,
            PosixUser, RootDirectory, Transition,
        },
        s3::{Bucket, BucketEncryption, VersioningConfiguration},
    },
    prelude::*,
};

use crate::Network;

/// The user and group that the application's files belong to: `www-data` of Debian's images.
pub const FILES_OWNER: u32 = 33;

/// The files that all instances share (Moodle's `dataroot`), and the buckets.
#[derive(Clone, Debug)]
pub struct Storage {
    /// The file system.
    pub files: FileSystem,
    /// The folder of the site in it, with the owner that the application runs as.
    pub moodledata: AccessPoint,
    /// How each zone reaches it.
    pub mount_targets: Vec<MountTarget>,
    /// Configuration that tasks read when they start.
    pub configuration: Bucket,
}

impl Storage {
    /// The storage of a site in a component of its own.
    #[must_use]
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        reached_by: impl IntoInput<SecurityGroupId>,
    ) -> Self {
        let stack = &stack.component(name);
        let group = reached_by.into_input();
        let files = FileSystem::named("files")
            .backup_policy(BackupPolicy::enabled())
            .lifecycle_policies([
                LifecyclePolicy::to_ia(Transition::After30Days),
                LifecyclePolicy::back_after_1_access(),
            ])
            .create(stack);
        let owner = CreationInfo::new(FILES_OWNER, FILES_OWNER, "0750");
        let moodledata = AccessPoint::named("moodledata")
            .file_system_id(&files)
            .posix_user(PosixUser::new(FILES_OWNER, FILES_OWNER))
            .root_directory(RootDirectory::new().path("/moodledata").creation_info(owner))
            .create(stack);
        let mount_targets = network.zones.iter().map(|zone| {
            MountTarget::named(format!("files-{}", zone.letter))
                .file_system_id(&files)
                .subnet_id(&zone.data)
                .security_groups([group.clone()])
                .create(stack)
        });
        let mount_targets = mount_targets.collect();
        let configuration = Bucket::named("configuration")
            .versioning_configuration(VersioningConfiguration::enabled())
            .bucket_encryption(BucketEncryption::aes256())
            .create(stack);
        Self { files, moodledata, mount_targets, configuration }
    }
}
