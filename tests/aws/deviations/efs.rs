//! Of `efs`.

use super::{Deviation, ministack, moto};

const REPLICATION: &str = "DescribeReplicationConfigurations tells to where one is copied";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:efs:AccessPoint", "create", REPLICATION),
    moto("aws:efs:FileSystem", "create", REPLICATION),
    moto("aws:efs:MountTarget", "create", REPLICATION),
    ministack(
        "aws:efs:FileSystem",
        "update replication_configuration",
        "so does AWS: the end of a replication protects its copy again (UpdateFileSystemProtection)",
    ),
    ministack(
        "aws:efs:FileSystem",
        "backup_policy",
        "DescribeBackupPolicy tells it as it was given",
    ),
];
