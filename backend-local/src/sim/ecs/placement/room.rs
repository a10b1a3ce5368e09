//! Whether instances have room for a task.

use infra_core::{
    aws::{autoscaling, ecs},
    dsl::ResourceType,
    types::MiB,
};

use super::start::{Container, Override, Start};
use crate::sim::{
    World,
    ecs::task_definition::reserved,
    instances::{Room, rooms},
    object::Object,
    refusal::Refusal,
    special::Asked,
};

/// What a task takes of its instance.
fn needed(start: &Start<'_>) -> Room {
    let definition = &start.definition;
    let Override { cpu, memory, .. } = &start.differs;
    let of_containers = |part: fn(&Container) -> u32| -> u32 {
        definition.containers.iter().map(part).fold(0, u32::saturating_add)
    };
    let cpu = cpu.or(definition.cpu);
    let memory = memory.or(definition.memory);
    Room {
        cpu: cpu.unwrap_or_else(|| of_containers(|container| container.cpu.unwrap_or(0))),
        memory: memory.unwrap_or_else(|| {
            MiB(of_containers(|container| reserved(container).map_or(0, |MiB(size)| size)))
        }),
    }
}

/// Refuses tasks that no instance of a group has room for, which would wait for ever.
pub(super) fn check(asked: &Asked<'_>, start: &Start<'_>) -> Result<(), Refusal> {
    let need = needed(start);
    for item in start.strategy(asked.world, asked.scope) {
        let provider = item.capacity_provider.as_str();
        let shares = item.weight > 0 || item.base > 0;
        let Some(group) = group_of(asked.world, asked.scope, provider).filter(|_| shares) else {
            continue;
        };
        let Some(rooms) = rooms(asked.world, group) else { continue };
        // The system keeps some of the memory, so that all of it is never free.
        let fits = |room: &Room| need.cpu <= room.cpu && need.memory < room.memory;
        if rooms.iter().any(|(_, room)| fits(room)) {
            continue;
        }
        let Some((ty, most)) = rooms.iter().max_by_key(|(_, room)| (room.memory, room.cpu)) else {
            continue;
        };
        let property = start.sized_by();
        let message = format!(
            "`{property}` {}: a task needs {} units of processor and {}, and no instance of the \
             group {} of the capacity provider {provider} has room for it: the largest, {ty}, has \
             {} and {}, some of which its system keeps; give the task less `cpu` and `memory`, or \
             the group's launch template a larger `instance_type`",
            start.sized_value(),
            need.cpu,
            need.memory,
            group.id,
            most.cpu,
            most.memory,
        );
        return Err(Refusal::invalid(property, "InvalidParameterException", message));
    }
    Ok(())
}

/// The group of a capacity provider.
fn group_of<'a>(world: &'a World, scope: &str, provider: &str) -> Option<&'a Object> {
    let provider = world.get(ecs::CapacityProvider::definition().name, provider, scope)?;
    let arn = provider.text("auto_scaling_group_arn");
    world.get(autoscaling::Group::definition().name, arn, scope)
}
