//! What a group's instances are: their types, the clusters that they register with, and how much
//! room they have.

use infra_core::{
    aws::{
        autoscaling::{self, LaunchTemplateSpecificationArgs},
        ec2::{self, LaunchTemplateDataArgs},
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
///
/// AWS: "Amazon EC2 instance types", families whose sizes double and whose memory goes by the
/// processor.
fn room(ty: &str) -> Option<Room> {
    let (family, size) = ty.split_once('.')?;
    if let Some(room) = burstable(family, size) {
        return Some(room);
    }
    let by_processor = memory_by_processor(family)?;
    let processors = match size {
        "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        size => size.strip_suffix("xlarge")?.parse::<u32>().ok()?.checked_mul(4)?,
    };
    Some(sized(processors, by_processor.checked_mul(processors)? * 1024))
}

fn sized(processors: u32, memory: u32) -> Room {
    Room { cpu: processors * 1024, memory: MiB(memory) }
}

/// GiB of memory for each virtual processor.
fn memory_by_processor(family: &str) -> Option<u32> {
    const COMPUTE: [&str; 17] = [
        "c5", "c5a", "c5ad", "c5d", "c6a", "c6g", "c6gd", "c6gn", "c6i", "c6id", "c6in", "c7a",
        "c7g", "c7gd", "c7gn", "c7i", "c8g",
    ];
    const GENERAL: [&str; 19] = [
        "m5", "m5a", "m5ad", "m5d", "m5dn", "m5n", "m6a", "m6g", "m6gd", "m6i", "m6id", "m6idn",
        "m6in", "m7a", "m7g", "m7gd", "m7i", "m7i-flex", "m8g",
    ];
    const MEMORY: [&str; 18] = [
        "r5", "r5a", "r5ad", "r5b", "r5d", "r5dn", "r5n", "r6a", "r6g", "r6gd", "r6i", "r6id",
        "r6in", "r7a", "r7g", "r7gd", "r7i", "r8g",
    ];
    match family {
        family if COMPUTE.contains(&family) => Some(2),
        family if GENERAL.contains(&family) => Some(4),
        family if MEMORY.contains(&family) => Some(8),
        _ => None,
    }
}

fn burstable(family: &str, size: &str) -> Option<Room> {
    if !matches!(family, "t3" | "t3a" | "t4g") {
        return None;
    }
    match size {
        "nano" => Some(sized(2, 512)),
        "micro" => Some(sized(2, 1024)),
        "small" => Some(sized(2, 2048)),
        "medium" => Some(sized(2, 4096)),
        "large" => Some(sized(2, 8192)),
        "xlarge" => Some(sized(4, 16_384)),
        "2xlarge" => Some(sized(8, 32_768)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_of_a_type_follows_from_family_and_size() {
        assert_eq!(room("m7g.large"), Some(sized(2, 8 * 1024)));
        assert_eq!(room("m6g.medium"), Some(sized(1, 4 * 1024)));
        assert_eq!(room("c6i.4xlarge"), Some(sized(16, 32 * 1024)));
        assert_eq!(room("r7g.xlarge"), Some(sized(4, 32 * 1024)));
        assert_eq!(room("t4g.small"), Some(sized(2, 2048)));
    }

    #[test]
    fn nothing_is_said_of_types_that_are_not_known() {
        for ty in ["m7g", "m7g.metal", "x2gd.large", "m7g.hugexlarge", "t4g.8xlarge", ""] {
            assert_eq!(room(ty), None, "{ty}");
        }
    }

    #[test]
    fn user_data_names_a_cluster() {
        assert_eq!(named_cluster("#!/bin/sh\necho ECS_CLUSTER=web >> /etc/ecs"), Some("web"));
        assert_eq!(named_cluster("ECS_CLUSTER='campus-web'\n"), Some("campus-web"));
        assert_eq!(named_cluster("ECS_CLUSTER=web"), Some("web"));
        assert_eq!(named_cluster("echo hello"), None);
    }
}
