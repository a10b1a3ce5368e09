//! AWS: efs CreateAccessPoint, TagResource, DescribeAccessPoints, DeleteAccessPoint.

use crate::{
    aws::{AccessPointArn, AccessPointId, FileSystemId},
    prelude::*,
    props, resource,
};

/// A door into a file system that sets user and root directory, whatever the client says.
///
/// Only the EFS mount helper with TLS goes through it; plain NFS does not.
///
/// ```
/// use infra_core::{
///     aws::efs::{AccessPoint, CreationInfo, FileSystem, PosixUser, RootDirectory},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let files = FileSystem::named("moodledata").create(&stack);
/// let owner = CreationInfo::new(33_u32, 33_u32, "0750");
/// AccessPoint::named("moodledata")
///     .file_system_id(&files)
///     .posix_user(PosixUser::new(33_u32, 33_u32))
///     .root_directory(RootDirectory::new().path("/moodledata").creation_info(owner))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:efs:AccessPoint", find = token, create = "2s", delete = "2s")]
pub struct AccessPoint {
    /// The file system. Changing it replaces the access point. AWS: `FileSystemId`.
    #[prop(replace, needs = ready)]
    pub file_system_id: FileSystemId,
    /// Whose rights every client has. Default: each its own. Changing it replaces the access point.
    /// AWS: `PosixUser`.
    #[prop(replace)]
    pub posix_user: Option<PosixUser>,
    /// What clients see as the root. Default: the root of the file system. Changing it replaces the
    /// access point. AWS: `RootDirectory`.
    #[prop(replace)]
    pub root_directory: Option<RootDirectory>,
    /// Tags; `Name` is what the console shows. Default: none. Change in place. AWS:
    /// `AccessPointTags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `AccessPointId`.
    #[output(id = "fsap-", at = exists)]
    pub access_point_id: AccessPointId,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:elasticfilesystem:{region}:{account}:access-point/{id}", at = exists)]
    pub arn: AccessPointArn,
}

/// Whose rights every client of an access point has.
#[props]
pub struct PosixUser {
    /// The number of the user. AWS: `Uid`.
    pub uid: u32,
    /// The number of the group. AWS: `Gid`.
    pub gid: u32,
    /// Further groups, up to 16. Default: none. AWS: `SecondaryGids`.
    #[prop(default)]
    pub secondary_gids: Vec<u32>,
}

/// What clients of an access point see as the root.
#[props]
pub struct RootDirectory {
    /// The directory, up to four deep and 100 characters. Default: `/`. AWS: `Path`.
    #[prop(default = "/")]
    pub path: String,
    /// How the directory is made if it is not there. Default: it is not made, and mounting fails.
    /// AWS: `CreationInfo`.
    pub creation_info: Option<CreationInfo>,
}

/// How the root directory of an access point is made.
#[props]
pub struct CreationInfo {
    /// The number of the user that owns it. AWS: `OwnerUid`.
    pub owner_uid: u32,
    /// The number of the group that owns it. AWS: `OwnerGid`.
    pub owner_gid: u32,
    /// The permissions as three or four octal digits, such as `0750`. AWS: `Permissions`.
    pub permissions: String,
}
