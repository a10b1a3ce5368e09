//! What a group's instances are: their types, the clusters that they register with, and how much
//! room they have.

use infra_core::{
    aws::{
        autoscaling::{self, LaunchTemplateSpecificationArgs},
        ec2::{self, InstanceSize, LaunchTemplateDataArgs},
    },
    dsl::ResourceType,
    types::MiB,
};

use super::{World, object::Object, special::of};

/// Where instances of ECS read which cluster is theirs.
const CLUSTER: &str = "ECS_CLUSTER=";

/// What an instance has for containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// Processor, in units of 1024 for a virtual processor.
    pub(super) cpu: u32,
    /// Memory, of which the system keeps some.
    pub(super) memory: MiB,
}

/// How many instances a group has.
pub(super) fn count(group: &Object) -> u32 {
    let least = of(group, autoscaling::Group::MIN_SIZE).unwrap_or(0);
    of(group, autoscaling::Group::DESIRED_CAPACITY).unwrap_or(least)
}

/// Groups with instances that register with a cluster, as their user data says.
pub(super) fn groups_of_cluster<'a>(
    world: &'a World,
    scope: &'a str,
    cluster: &str,
) -> Vec<&'a Object> {
    let groups = world.all(autoscaling::Group::definition().name, scope);
    let register = |group: &Object| {
        templates(world, group).iter().any(|data| {
            data.user_data.as_deref().and_then(named_cluster).is_some_and(|name| name == cluster)
        })
    };
    groups.filter(|group| count(group) > 0 && register(group)).collect()
}

/// The cluster that user data names.
fn named_cluster(user_data: &str) -> Option<&str> {
    let (_, behind) = user_data.split_once(CLUSTER)?;
    let behind = behind.trim_start_matches(['"', '\'']);
    let end = behind.find(|character: char| {
        !(character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
    });
    Some(&behind[..end.unwrap_or(behind.len())])
}

/// The templates that a group starts instances from.
fn specifications(group: &Object) -> Vec<LaunchTemplateSpecificationArgs> {
    if let Some(one) = of(group, autoscaling::Group::LAUNCH_TEMPLATE) {
        return vec![one];
    }
    let Some(policy) = of(group, autoscaling::Group::MIXED_INSTANCES_POLICY) else { return vec![] };
    let overrides = policy.launch_template.overrides;
    let others = overrides.into_iter().filter_map(|other| other.launch_template_specification);
    std::iter::once(policy.launch_template.launch_template_specification).chain(others).collect()
}

fn templates(world: &World, group: &Object) -> Vec<LaunchTemplateDataArgs> {
    let specifications = specifications(group);
    specifications.iter().filter_map(|template| data(world, &group.scope, template)).collect()
}

/// The data of a template. The account keeps those of the latest version alone, which stands for
/// the others.
fn data(
    world: &World,
    scope: &str,
    template: &LaunchTemplateSpecificationArgs,
) -> Option<LaunchTemplateDataArgs> {
    let ty = ec2::LaunchTemplate::definition().name;
    let template = world.get(ty, template.launch_template_id.as_str(), scope)?;
    of(template, ec2::LaunchTemplate::LAUNCH_TEMPLATE_DATA)
}

/// The types of a group's instances; `None` where only requirements say what they are.
fn types(world: &World, group: &Object) -> Option<Vec<String>> {
    let policy = of(group, autoscaling::Group::MIXED_INSTANCES_POLICY);
    let overrides = policy.map(|policy| policy.launch_template.overrides).unwrap_or_default();
    if overrides.is_empty() {
        return templates(world, group).into_iter().map(|data| data.instance_type).collect();
    }
    overrides.into_iter().map(|other| other.instance_type).collect()
}

/// The types of a group's instances and how much room each has. `None` where one of them is not
/// known.
pub(super) fn rooms(world: &World, group: &Object) -> Option<Vec<(String, Room)>> {
    let types = types(world, group)?;
    types.into_iter().map(|ty| room(&ty).map(|room| (ty, room))).collect()
}

/// How much room a type has; `None` if it is not known.
fn room(ty: &str) -> Option<Room> {
    let size = InstanceSize::of(ty)?;
    Some(Room { cpu: size.cpu_units(), memory: size.memory })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_data_names_a_cluster() {
        assert_eq!(named_cluster("#!/bin/sh\necho ECS_CLUSTER=web >> /etc/ecs"), Some("web"));
        assert_eq!(named_cluster("ECS_CLUSTER='campus-web'\n"), Some("campus-web"));
        assert_eq!(named_cluster("ECS_CLUSTER=web"), Some("web"));
        assert_eq!(named_cluster("echo hello"), None);
    }
}
