//! Files with an address in two zones; their update is a third one.

use infra_core::{
    aws::efs::{AccessPoint, CreationInfo, FileSystem, MountTarget, PosixUser, RootDirectory},
    prelude::*,
};

use crate::network::Network;

pub(crate) fn build(stack: &Stack, changed: bool) {
    let network = Network::new(stack);
    let group = network.group(stack, "files");
    let files = FileSystem::named("files").create(stack);
    for subnet in network.subnets.iter().zip(["a", "b", "c"]).take(if changed { 3 } else { 2 }) {
        MountTarget::named(subnet.1)
            .file_system_id(&files)
            .subnet_id(subnet.0)
            .security_groups([&group])
            .create(stack);
    }
    let root = RootDirectory::new();
    let root = root.path("/data").creation_info(CreationInfo::new(33_u32, 33_u32, "0750"));
    AccessPoint::named("data")
        .file_system_id(&files)
        .posix_user(PosixUser::new(33_u32, 33_u32))
        .root_directory(root)
        .create(stack);
}
