//! The case of `aws:efs:AccessPoint`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::efs::{AccessPoint, CreationInfo, FileSystem, PosixUser, RootDirectory},
    prelude::*,
};

fn root(path: &str, permissions: &str) -> RootDirectory {
    RootDirectory::new().path(path).creation_info(CreationInfo::new(33_u32, 33_u32, permissions))
}

fn refused(stack: &Stack, root: RootDirectory) {
    let files = FileSystem::named("files").create(stack);
    AccessPoint::named("subject").file_system_id(&files).root_directory(root).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: AccessPoint::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| FileSystem::named(name).create(stack));
        AccessPoint::named("subject")
            .file_system_id(v.pick("file_system_id", &one, &other))
            .posix_user(v.pick(
                "posix_user",
                PosixUser::new(33_u32, 33_u32),
                PosixUser::new(33_u32, 33_u32).secondary_gids([100_u32]),
            ))
            .root_directory(v.pick(
                "root_directory",
                root("/moodledata", "0750"),
                root("/moodledata", "0770"),
            ))
            .tags(v.pick("tags", [("Name", "moodledata")], [("Name", "files")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "root_directory.path",
            build: |stack| refused(stack, root("moodledata", "0750")),
            says: "must begin with a slash",
        },
        Refused {
            property: "root_directory.path",
            build: |stack| refused(stack, root("/a/b/c/d/e", "0750")),
            says: "four directories deep",
        },
        Refused {
            property: "root_directory.creation_info.permissions",
            build: |stack| refused(stack, root("/moodledata", "rwxr-x---")),
            says: "three or four octal digits",
        },
        Refused {
            property: "posix_user.secondary_gids",
            build: |stack| {
                let files = FileSystem::named("files").create(stack);
                let groups: Vec<u32> = (100..117).collect();
                AccessPoint::named("subject")
                    .file_system_id(&files)
                    .posix_user(PosixUser::new(33_u32, 33_u32).secondary_gids(groups))
                    .create(stack);
            },
            says: "names 17 groups; 16 are the most",
        },
        Refused {
            property: "file_system_id",
            build: |stack| {
                let files = "fs-0123456789abcdef0";
                AccessPoint::named("subject").file_system_id(files).create(stack);
            },
            says: "the FileSystem `fs-0123456789abcdef0` does not exist",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EFS::AccessPoint",
        differs: &[("ClientToken", "the engine's own, one for each creation")],
        renamed: &[("AccessPointTags", "tags")],
    },
}];
