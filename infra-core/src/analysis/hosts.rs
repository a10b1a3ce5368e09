//! [`Hosts`]: the instances of a group, and how much room they have.

use std::collections::BTreeSet;

use crate::{
    aws::{
        autoscaling::Group,
        ec2::{InstanceSize, LaunchTemplate},
    },
    graph::NodeView,
    value::Value,
};

use super::Outline;

/// The instances of a group.
#[derive(Debug)]
pub struct Hosts<'a> {
    /// The group.
    pub group: NodeView<'a, Group>,
    /// How few there are.
    pub least: u32,
    /// How many there are at most.
    pub most: u32,
    /// The zones that they stand in; `None` where that is not known.
    pub zones: Option<BTreeSet<String>>,
    /// The types that they may be of.
    pub types: Vec<String>,
    /// The smallest of what these types have; `None` if one of them is not known.
    pub size: Option<InstanceSize>,
}

impl<'a> Hosts<'a> {
    /// Those of a group.
    #[must_use]
    pub fn of(outline: &Outline<'a>, group: NodeView<'a, Group>) -> Self {
        let types = types(outline, &group);
        let sizes: Option<Vec<InstanceSize>> =
            types.iter().map(|ty| InstanceSize::of(ty)).collect();
        Self {
            group,
            least: outline.get(&group, Group::MIN_SIZE).unwrap_or(0),
            most: outline.get(&group, Group::MAX_SIZE).unwrap_or(0),
            zones: outline.zones_of(&group, Group::VPC_ZONE_IDENTIFIER),
            size: sizes.and_then(|sizes| sizes.into_iter().reduce(smaller)),
            types,
        }
    }

    /// Those of all groups.
    #[must_use]
    pub fn all(outline: &Outline<'a>) -> Vec<Self> {
        outline.all::<Group>().map(|group| Self::of(outline, group)).collect()
    }

    /// The templates that they are started from.
    #[must_use]
    pub fn templates(&self, outline: &Outline<'a>) -> Vec<NodeView<'a, LaunchTemplate>> {
        templates(outline, &self.group)
    }

    /// How many tasks with a network interface of their own one of them holds; `None` if its type
    /// is not known.
    #[must_use]
    pub fn interfaces(&self, trunked: bool) -> Option<u32> {
        let size = self.size?;
        let trunk = size.trunked_tasks.filter(|_| trunked);
        Some(trunk.unwrap_or(size.interfaces - 1))
    }
}

fn smaller(one: InstanceSize, other: InstanceSize) -> InstanceSize {
    InstanceSize {
        processors: one.processors.min(other.processors),
        memory: one.memory.min(other.memory),
        interfaces: one.interfaces.min(other.interfaces),
        trunked_tasks: one
            .trunked_tasks
            .zip(other.trunked_tasks)
            .map(|(one, other)| one.min(other)),
    }
}

fn templates<'a>(
    outline: &Outline<'a>,
    group: &NodeView<'a, Group>,
) -> Vec<NodeView<'a, LaunchTemplate>> {
    let mut templates = outline.links(group, Group::LAUNCH_TEMPLATE);
    templates.extend(outline.links(group, Group::MIXED_INSTANCES_POLICY));
    templates
}

/// The types of a group's instances: those of its overrides, else that of its template.
fn types<'a>(outline: &Outline<'a>, group: &NodeView<'a, Group>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mixed = outline.value(group, Group::MIXED_INSTANCES_POLICY);
    let overrides = mixed.field("launch_template").and_then(|template| template.field("overrides"));
    let overrides = overrides.map(Value::items).unwrap_or_default();
    if !overrides.is_empty() {
        return overrides
            .iter()
            .filter_map(|it| it.field("instance_type").and_then(text))
            .collect();
    }
    let templates = templates(outline, group);
    let data = templates.iter().map(|it| outline.value(it, LaunchTemplate::LAUNCH_TEMPLATE_DATA));
    data.filter_map(|data| data.field("instance_type").and_then(text)).collect()
}
