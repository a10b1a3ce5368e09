//! The end of a group.

use aws_sdk_autoscaling::types as sdk;
use infra_core::{
    aws::autoscaling::Group,
    handler::{Certainty, Deletion, Problem, Request},
};

use super::{super::missing, described};
use crate::{
    aws::Aws,
    error::{Answer, Error},
};

const OPERATION: &str = "DeleteAutoScalingGroup";

/// Instances go first, as their lifecycle hooks want it, and then the group. Those that are
/// protected stay, and with them the group, unless it may take them along.
pub(super) async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
    let name = &*request.id;
    let forced = request.inputs.get(Group::FORCE_DELETE.slot).as_bool() == Some(true);
    let Some(group) = described(aws, name).await? else { return Err(missing(OPERATION, name)) };
    if group.status().is_some_and(|status| !status.is_empty()) {
        return Ok(Deletion::Started);
    }
    if !forced {
        check_protection(&group, name)?;
        empty(aws, &group, name).await?;
    }
    let delete = aws.autoscaling().delete_auto_scaling_group().auto_scaling_group_name(name);
    delete.set_force_delete(forced.then_some(true)).send().await?;
    Ok(Deletion::Started)
}

fn check_protection(group: &sdk::AutoScalingGroup, name: &str) -> Answer<()> {
    let instances = group.instances().iter();
    let protected = instances.filter(|it| it.protected_from_scale_in() == Some(true));
    let protected: Vec<&str> = protected.filter_map(|it| it.instance_id()).collect();
    if protected.is_empty() {
        return Ok(());
    }
    let message = format!(
        "{name} has instances that are protected from scale-in ({}); say `force_delete`, or take \
         `new_instances_protected_from_scale_in` off",
        protected.join(", ")
    );
    let problem = Problem::Invalid { property: Some("force_delete".to_owned()) };
    Err(Error::refused(problem, "autoscaling", OPERATION, message))
}

/// Lets the instances go. That takes a while, after which the deletion goes on from the beginning.
async fn empty(aws: &Aws, group: &sdk::AutoScalingGroup, name: &str) -> Answer<()> {
    let sizes = [group.min_size(), group.max_size(), group.desired_capacity()];
    if sizes.iter().any(|size| *size != Some(0)) {
        let update = aws.autoscaling().update_auto_scaling_group().auto_scaling_group_name(name);
        update.min_size(0).max_size(0).desired_capacity(0).send().await?;
    }
    let group = described(aws, name).await?;
    let left = group.as_ref().map_or(0, |group| group.instances().len());
    if left == 0 {
        return Ok(());
    }
    let message = format!("{left} instances of {name} are ending");
    let problem = Problem::EventuallyConsistent;
    let mut error = Error::refused(problem, "autoscaling", OPERATION, message);
    error.0.certainty = Certainty::Unknown;
    Err(error)
}
