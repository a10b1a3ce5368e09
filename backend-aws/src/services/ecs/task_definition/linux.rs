//! What Linux gives a container, for AWS and back.

use aws_sdk_ecs::types as sdk;
use infra_core::{
    aws::ecs::{
        KernelCapabilitiesArgs, LinuxParametersArgs, SystemControlArgs, TmpfsArgs, UlimitArgs,
    },
    types::MiB,
};

use super::super::{
    numbers::{int, unsigned},
    unless_empty, word,
};

pub(super) fn parameters(args: &LinuxParametersArgs) -> sdk::LinuxParameters {
    let capabilities = args.capabilities.as_ref().map(|capabilities| {
        sdk::KernelCapabilities::builder()
            .set_add(unless_empty(capabilities.add.clone()))
            .set_drop(unless_empty(capabilities.drop.clone()))
            .build()
    });
    sdk::LinuxParameters::builder()
        .set_capabilities(capabilities)
        .init_process_enabled(args.init_process_enabled)
        .set_shared_memory_size(args.shared_memory_size.map(|size| int(size.0)))
        .set_tmpfs(unless_empty(args.tmpfs.iter().map(tmpfs).collect()))
        .set_max_swap(args.max_swap.map(|size| int(size.0)))
        .set_swappiness(args.swappiness.map(int))
        .build()
}

fn tmpfs(args: &TmpfsArgs) -> sdk::Tmpfs {
    sdk::Tmpfs::builder()
        .container_path(&args.container_path)
        .size(int(args.size.0))
        .set_mount_options(unless_empty(args.mount_options.clone()))
        .build()
        .expect("the folder is there")
}

pub(super) fn parameters_seen(told: &sdk::LinuxParameters) -> LinuxParametersArgs {
    let capabilities = told.capabilities().map(|capabilities| KernelCapabilitiesArgs {
        add: capabilities.add().to_vec(),
        drop: capabilities.drop().to_vec(),
    });
    let tmpfs = told.tmpfs().iter().map(|folder| TmpfsArgs {
        container_path: folder.container_path().to_owned(),
        size: MiB(unsigned(folder.size())),
        mount_options: folder.mount_options().to_vec(),
    });
    LinuxParametersArgs {
        capabilities,
        init_process_enabled: told.init_process_enabled().unwrap_or_default(),
        shared_memory_size: told.shared_memory_size().map(unsigned).map(MiB),
        tmpfs: tmpfs.collect(),
        max_swap: told.max_swap().map(unsigned).map(MiB),
        swappiness: told.swappiness().map(unsigned),
    }
}

/// AWS counts limits with 32 bits.
pub(super) fn limit(args: &UlimitArgs) -> sdk::Ulimit {
    let bound = |limit: i64| i32::try_from(limit).unwrap_or(i32::MAX);
    sdk::Ulimit::builder()
        .name(args.name.as_str().into())
        .soft_limit(bound(args.soft_limit))
        .hard_limit(bound(args.hard_limit))
        .build()
        .expect("name and limits are there")
}

pub(super) fn limit_seen(told: &sdk::Ulimit) -> Option<UlimitArgs> {
    Some(UlimitArgs {
        name: word(told.name().as_str())?,
        soft_limit: told.soft_limit().into(),
        hard_limit: told.hard_limit().into(),
    })
}

pub(super) fn control(args: &SystemControlArgs) -> sdk::SystemControl {
    sdk::SystemControl::builder().namespace(&args.namespace).value(&args.value).build()
}

pub(super) fn control_seen(told: &sdk::SystemControl) -> Option<SystemControlArgs> {
    Some(SystemControlArgs {
        namespace: told.namespace()?.to_owned(),
        value: told.value()?.to_owned(),
    })
}
