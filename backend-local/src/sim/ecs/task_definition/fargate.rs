//! What Fargate asks of a task definition.

use infra_core::{
    aws::ecs::{NetworkMode, PidMode},
    types::{GiB, MiB, Seconds},
};

use super::{Definition, containers, refused};
use crate::sim::refusal::Refusal;

/// AWS: "Task size": processor, the least and the most memory in MiB, and its steps.
const SIZES: [(u32, u32, u32, u32); 7] = [
    (256, 512, 2_048, 1_024),
    (512, 1_024, 4_096, 1_024),
    (1_024, 2_048, 8_192, 1_024),
    (2_048, 4_096, 16_384, 1_024),
    (4_096, 8_192, 30_720, 1_024),
    (8_192, 16_384, 61_440, 4_096),
    (16_384, 32_768, 122_880, 8_192),
];
const STOP: u32 = 120;

pub(super) fn check(definition: &Definition) -> Result<(), Refusal> {
    check_size(definition)?;
    if definition.network_mode != NetworkMode::Awsvpc {
        let mode = definition.network_mode;
        return refused("network_mode", format!("`network_mode` {mode}: Fargate needs awsvpc"));
    }
    let given = [
        ("placement_constraints", !definition.placement_constraints.is_empty()),
        ("ipc_mode", definition.ipc_mode.is_some()),
        ("pid_mode", definition.pid_mode == Some(PidMode::Host)),
    ];
    if let Some((name, _)) = given.into_iter().find(|(_, given)| *given) {
        return refused(name, format!("`{name}` can't be given so for Fargate"));
    }
    if let Some(storage) = &definition.ephemeral_storage
        && !(GiB(21)..=GiB(200)).contains(&storage.size_in_gib)
    {
        let size = storage.size_in_gib;
        let message = format!("`ephemeral_storage` {size} must be between 21 and 200 GiB");
        return refused("ephemeral_storage", message);
    }
    let mut docker = definition.volumes.iter();
    if let Some(volume) = docker.find(|volume| {
        volume.docker_volume_configuration.is_some()
            || volume.host.as_ref().is_some_and(|host| host.source_path.is_some())
    }) {
        let message =
            format!("`volumes` {} is of the instance, which Fargate does not have", volume.name);
        return refused("volumes", message);
    }
    check_containers(definition)
}

fn check_size(definition: &Definition) -> Result<(), Refusal> {
    let (Some(cpu), Some(MiB(memory))) = (definition.cpu, definition.memory) else {
        let property = if definition.cpu.is_none() { "cpu" } else { "memory" };
        return refused(property, format!("`{property}` is needed for Fargate"));
    };
    let Some((_, least, most, step)) = SIZES.into_iter().find(|(size, ..)| *size == cpu) else {
        let sizes = SIZES.map(|(size, ..)| size.to_string()).join(", ");
        return refused("cpu", format!("`cpu` {cpu}: on Fargate a task has {sizes}"));
    };
    let fits = (least..=most).contains(&memory) && (memory % step == 0 || memory == least);
    if fits {
        return Ok(());
    }
    let message = format!(
        "`memory` {memory} MiB: with `cpu` {cpu} a task on Fargate has {least} to {most} MiB, in \
         steps of {step}"
    );
    refused("memory", message)
}

fn check_containers(definition: &Definition) -> Result<(), Refusal> {
    for container in &definition.containers {
        let linux = container.linux_parameters.as_ref();
        let added = linux.and_then(|linux| linux.capabilities.as_ref());
        let given = [
            ("privileged", container.privileged),
            ("docker_security_options", !container.docker_security_options.is_empty()),
            (
                "linux_parameters.shared_memory_size",
                linux.is_some_and(|linux| linux.shared_memory_size.is_some()),
            ),
            ("linux_parameters.tmpfs", linux.is_some_and(|linux| !linux.tmpfs.is_empty())),
            ("linux_parameters.max_swap", linux.is_some_and(|linux| linux.max_swap.is_some())),
            (
                "linux_parameters.capabilities.add",
                added.is_some_and(|added| added.add.iter().any(|name| name != "SYS_PTRACE")),
            ),
        ];
        let name = &container.name;
        if let Some((what, _)) = given.into_iter().find(|(_, given)| *given) {
            return containers::refused(format!("`{what}` of `{name}` does not go with Fargate"));
        }
        if let Some(Seconds(stop)) = container.stop_timeout
            && stop > STOP
        {
            return containers::refused(format!(
                "`stop_timeout` {stop} s of `{name}` is above {STOP} s, the most on Fargate"
            ));
        }
    }
    Ok(())
}
