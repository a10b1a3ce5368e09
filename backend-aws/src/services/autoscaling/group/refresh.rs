//! The replacement of a group's instances when their template changes.

use aws_sdk_autoscaling::types::{self as sdk, InstanceRefreshStatus as Status};
use infra_core::{
    aws::autoscaling::{Group, InstanceRefreshArgs},
    handler::{Problem, Request, TypedRequest},
};

use super::{asked, told};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    plain::{int, seconds},
    resource::recorded,
    seen::Seen,
};

fn preferences(refresh: &InstanceRefreshArgs) -> sdk::RefreshPreferences {
    let points = refresh.checkpoint_percentages.iter().map(|point| int(*point));
    let points = Some(points.collect::<Vec<_>>()).filter(|points| !points.is_empty());
    sdk::RefreshPreferences::builder()
        .set_min_healthy_percentage(refresh.min_healthy_percentage.map(int))
        .set_max_healthy_percentage(refresh.max_healthy_percentage.map(int))
        .set_instance_warmup(seconds(refresh.instance_warmup))
        .set_checkpoint_percentages(points)
        .set_checkpoint_delay(seconds(refresh.checkpoint_delay))
        .auto_rollback(refresh.auto_rollback)
        .skip_matching(refresh.skip_matching)
        .set_bake_time(seconds(refresh.bake_time))
        // Those of a capacity provider are protected until they have nothing to do.
        .scale_in_protected_instances(sdk::ScaleInProtectedInstances::Refresh)
        .build()
}

/// What instances are to be started from. The group has it once the refresh has come to its end.
fn desired(request: &TypedRequest<'_, Group>) -> sdk::DesiredConfiguration {
    let args = &request.args;
    sdk::DesiredConfiguration::builder()
        .set_launch_template(args.launch_template.as_ref().map(asked::template))
        .set_mixed_instances_policy(args.mixed_instances_policy.as_ref().map(asked::mixed))
        .build()
}

/// The latest one.
async fn latest(aws: &Aws, name: &str) -> Answer<Option<sdk::InstanceRefresh>> {
    let asked = aws.autoscaling().describe_instance_refreshes().auto_scaling_group_name(name);
    let told = asked.max_records(1).send().await?;
    Ok(told.instance_refreshes.and_then(|all| all.into_iter().next()))
}

/// Whether one goes on, and how it is going.
fn goes_on(refresh: &sdk::InstanceRefresh) -> Option<String> {
    let status = refresh.status()?;
    let over = [
        Status::Successful,
        Status::Failed,
        Status::Cancelled,
        Status::RollbackFailed,
        Status::RollbackSuccessful,
    ];
    let percentage = refresh.percentage_complete().unwrap_or_default();
    (!over.contains(status)).then(|| format!("refresh of instances {status}, {percentage} %"))
}

/// Whether that is what the program wants instances to be started from.
fn is_wanted(
    template: Option<&sdk::LaunchTemplateSpecification>,
    policy: Option<&sdk::MixedInstancesPolicy>,
    request: &Request,
) -> bool {
    let policy = policy.and_then(|policy| told::mixed(policy, request));
    template.and_then(told::template) == recorded(request, Group::LAUNCH_TEMPLATE)
        && policy == recorded(request, Group::MIXED_INSTANCES_POLICY)
}

/// Starts to replace the instances, unless an interrupted update has done so.
pub(super) async fn start(
    aws: &Aws,
    request: &TypedRequest<'_, Group>,
    refresh: &InstanceRefreshArgs,
) -> Answer<()> {
    let name = &*request.id;
    let desired = desired(request);
    if let Some(running) = latest(aws, name).await?
        && let Some(state) = goes_on(&running)
    {
        let desires = running.desired_configuration();
        let template = desires.and_then(|it| it.launch_template());
        let policy = desires.and_then(|it| it.mixed_instances_policy());
        if is_wanted(template, policy, request) {
            return Ok(());
        }
        let problem = Problem::InUse { by: vec![state] };
        let message = "another refresh of its instances goes on";
        return Err(Error::refused(problem, "autoscaling", "StartInstanceRefresh", message));
    }
    let start = aws.autoscaling().start_instance_refresh().auto_scaling_group_name(name);
    let start = start.desired_configuration(desired).preferences(preferences(refresh));
    start.send().await?;
    Ok(())
}

/// Whether instances are not yet, or will not be, what the program says: AWS gives a group another
/// template when a refresh with it has succeeded.
pub(super) async fn with_progress(
    aws: &Aws,
    seen: Seen,
    group: &sdk::AutoScalingGroup,
    request: &Request,
) -> Answer<Seen> {
    let refreshed = request.inputs.has(Group::INSTANCE_REFRESH.slot);
    if !refreshed || is_wanted(group.launch_template(), group.mixed_instances_policy(), request) {
        return Ok(seen);
    }
    let Some(refresh) = latest(aws, &request.id).await? else { return Ok(seen) };
    if let Some(state) = goes_on(&refresh) {
        return Ok(seen.waiting(state));
    }
    let Some(status) = refresh.status().filter(|status| **status != Status::Successful) else {
        return Ok(seen);
    };
    let why = refresh.status_reason().unwrap_or("AWS does not say why");
    Ok(seen.failing(format!("the refresh of instances is {status}: {why}")))
}
