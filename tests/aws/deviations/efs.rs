//! Of `efs`.

use super::Deviation;
use crate::server::Kind;

const REPLICATION: &str = "DescribeReplicationConfigurations tells to where one is copied";

pub(super) const ALL: &[Deviation] = &[
    Deviation { server: Kind::Moto, ty: "aws:efs:AccessPoint", what: "create", aws: REPLICATION },
    Deviation { server: Kind::Moto, ty: "aws:efs:FileSystem", what: "create", aws: REPLICATION },
    Deviation {
        server: Kind::Moto,
        ty: "aws:efs:FileSystem",
        what: "destroyed",
        aws: "DeleteReplicationConfiguration ends a replication, before which nothing is deleted",
    },
    Deviation { server: Kind::Moto, ty: "aws:efs:MountTarget", what: "create", aws: REPLICATION },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:efs:FileSystem",
        what: "create",
        aws: "DescribeBackupPolicy tells ENABLED of a file system in one zone (CreateFileSystem, Backup)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:efs:FileSystem",
        what: "update replication_configuration",
        aws: "so does AWS: the end of a replication protects its copy again (UpdateFileSystemProtection)",
    },
];
