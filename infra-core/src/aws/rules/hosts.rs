//! Instances that nobody can be made to give away, and that do not go under their tasks.

use crate::{
    analysis::Outline,
    aws::{
        autoscaling::Group,
        ec2::{HttpTokens, LaunchTemplate},
        ecs::{CapacityProvider, Switch},
    },
    graph::{NodeView, ProgramProblem},
    value::{Slot, Value},
};

/// `imdsv2`: the metadata of instances, their role's credentials among them, are told to whoever
/// asks with a token alone.
pub(super) fn imdsv2(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for node in &outline.program().nodes {
        let template = NodeView::<LaunchTemplate>::new(node).is_some();
        let slot: Option<Slot> = match node.ty.name {
            _ if template => Some(LaunchTemplate::LAUNCH_TEMPLATE_DATA.slot),
            "aws:ec2:Instance" => node.ty.slot("metadata_options"),
            _ => None,
        };
        let Some(slot) = slot else { continue };
        let value = outline.slot(node, slot);
        let options = if template { value.field("metadata_options") } else { Some(&value) };
        let tokens = options.and_then(|options| options.field("http_tokens"));
        if tokens.and_then(Value::as_str) != Some(HttpTokens::Optional.as_str()) {
            continue;
        }
        let message =
            "is optional: a request that a page is tricked into tells the role's credentials";
        let property =
            if template { "launch_template_data.metadata_options" } else { "metadata_options" };
        let problem = outline.program().about_slot(node, slot, message).without_value();
        let problem = problem.property(format!("{property}.http_tokens"));
        found.push(problem.help("leave it out: `required` is the default here"));
    }
    found
}

/// `scale-in-protection`: a provider that keeps instances with tasks has a group that protects
/// them.
pub(super) fn scale_in_protection(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for provider in outline.all::<CapacityProvider>() {
        let prop = CapacityProvider::MANAGED_TERMINATION_PROTECTION;
        if outline.get(&provider, prop) != Some(Switch::Enabled) {
            continue;
        }
        let groups =
            outline.links::<_, _, Group>(&provider, CapacityProvider::AUTO_SCALING_GROUP_ARN);
        let prop = Group::NEW_INSTANCES_PROTECTED_FROM_SCALE_IN;
        let bare = groups.iter().filter(|group| outline.get(group, prop) == Some(false));
        found.extend(bare.map(|group| {
            let name = provider.node.urn.short();
            let message = format!("leaves `{name}` nothing to keep instances with tasks by");
            outline.program().about(group, prop, message).help("set it to true")
        }));
    }
    found
}
