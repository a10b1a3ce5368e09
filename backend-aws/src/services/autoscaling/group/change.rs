//! What changes in place.

use aws_sdk_autoscaling::{
    operation::update_auto_scaling_group::builders::UpdateAutoScalingGroupFluentBuilder as Update,
    types as sdk,
};
use infra_core::{
    aws::autoscaling::{CapacityDistributionStrategy, DesiredCapacityType, Group},
    handler::TypedRequest,
};

use super::{asked, described, refresh, separate, tagged};
use crate::{
    aws::Aws,
    error::Answer,
    plain::{int, texts},
    resource::changed,
};

type Request<'a> = TypedRequest<'a, Group>;

/// So many instances go into one call.
const INSTANCES: usize = 50;
/// So many target groups go into one call.
const TARGETS: usize = 10;
const TEMPLATE: [&str; 2] = ["launch_template", "mixed_instances_policy"];

pub(super) async fn update(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let refreshed = request.args.instance_refresh.as_ref();
    let refreshed = refreshed.filter(|_| changed(request, &TEMPLATE));
    let update = aws.autoscaling().update_auto_scaling_group();
    let update = update.auto_scaling_group_name(&*request.id);
    let update = with_template(with_policies(with_sizes(update, request), request), request);
    // What instances are started from comes with their replacement, so that it can be undone.
    let update = if refreshed.is_some() {
        update.set_launch_template(None).set_mixed_instances_policy(None)
    } else {
        update
    };
    update.send().await?;
    if changed(request, &["target_group_arns"]) {
        set_targets(aws, request).await?;
    }
    if changed(request, &["new_instances_protected_from_scale_in"]) {
        set_protection(aws, request).await?;
    }
    if changed(request, &["metrics_collection"]) {
        separate::set_metrics(aws, request).await?;
    }
    if changed(request, &["notification_configurations"]) {
        separate::set_notifications(aws, request).await?;
    }
    tagged::retag(aws, request).await?;
    match refreshed {
        Some(refresh) => refresh::start(aws, request, refresh).await,
        None => Ok(()),
    }
}

fn with_sizes(update: Update, request: &Request<'_>) -> Update {
    let args = &request.args;
    let is = |name: &str| changed(request, &[name]);
    let kind = args.desired_capacity_type.unwrap_or(DesiredCapacityType::Units);
    let least = is("min_size").then(|| int(args.min_size));
    let most = is("max_size").then(|| int(args.max_size));
    let subnets = is("vpc_zone_identifier").then(|| asked::joined(&args.vpc_zone_identifier));
    let checks = is("health_check_type").then(|| asked::joined(&args.health_check_type));
    let grace = is("health_check_grace_period").then(|| int(args.health_check_grace_period.0));
    let ends = is("termination_policies").then_some(&args.termination_policies);
    update
        .set_min_size(least)
        .set_max_size(most)
        .set_vpc_zone_identifier(subnets)
        .set_desired_capacity_type(is("desired_capacity_type").then(|| kind.to_string()))
        .set_health_check_type(checks)
        .set_health_check_grace_period(grace)
        .set_termination_policies(texts(ends))
}

/// What is taken back is said as AWS wants it to be: by its usual value, by -1, by an empty text.
fn with_policies(update: Update, request: &Request<'_>) -> Update {
    let args = &request.args;
    let is = |name: &str| changed(request, &[name]);
    let none = || {
        let policy = sdk::InstanceMaintenancePolicy::builder();
        policy.min_healthy_percentage(-1).max_healthy_percentage(-1).build()
    };
    let maintenance = args.instance_maintenance_policy.as_ref();
    let maintenance = maintenance.map_or_else(none, asked::maintenance);
    let best = || {
        let strategy = CapacityDistributionStrategy::BalancedBestEffort.as_str();
        let distribution = sdk::AvailabilityZoneDistribution::builder();
        distribution.capacity_distribution_strategy(strategy.into()).build()
    };
    let zones = args.availability_zone_distribution.as_ref();
    let zones = zones.map_or_else(best, asked::distribution);
    let never = || {
        let policy = sdk::AvailabilityZoneImpairmentPolicy::builder();
        policy.zonal_shift_enabled(false).build()
    };
    let impairment = args.availability_zone_impairment_policy.as_ref();
    let impairment = impairment.map_or_else(never, asked::impairment);
    let as_template = || {
        let preference = sdk::CapacityReservationPreference::Default;
        let specification = sdk::CapacityReservationSpecification::builder();
        specification.capacity_reservation_preference(preference).build()
    };
    let reservation = args.capacity_reservation_specification.as_ref();
    let reservation = reservation.map_or_else(as_template, asked::reservation);
    let group = args.placement_group.clone().unwrap_or_default();
    update
        .set_instance_maintenance_policy(is("instance_maintenance_policy").then_some(maintenance))
        .set_availability_zone_distribution(is("availability_zone_distribution").then_some(zones))
        .set_availability_zone_impairment_policy(
            is("availability_zone_impairment_policy").then_some(impairment),
        )
        .set_capacity_reservation_specification(
            is("capacity_reservation_specification").then_some(reservation),
        )
        .set_placement_group(is("placement_group").then_some(group))
}

fn with_template(update: Update, request: &Request<'_>) -> Update {
    let args = &request.args;
    let is = |name: &str| changed(request, &[name]);
    let template = args.launch_template.as_ref().filter(|_| changed(request, &TEMPLATE));
    let mixed = args.mixed_instances_policy.as_ref().filter(|_| changed(request, &TEMPLATE));
    let warmup = args.default_instance_warmup.map_or(-1, |time| int(time.0));
    let lifetime = args.max_instance_lifetime.map_or(0, |time| int(time.0));
    let protected = args.new_instances_protected_from_scale_in;
    let protection = args.deletion_protection.as_str();
    update
        .set_launch_template(template.map(asked::template))
        .set_mixed_instances_policy(mixed.map(asked::mixed))
        .set_new_instances_protected_from_scale_in(
            is("new_instances_protected_from_scale_in").then_some(protected),
        )
        .set_default_instance_warmup(is("default_instance_warmup").then_some(warmup))
        .set_capacity_rebalance(is("capacity_rebalance").then_some(args.capacity_rebalance))
        .set_max_instance_lifetime(is("max_instance_lifetime").then_some(lifetime))
        .set_deletion_protection(is("deletion_protection").then(|| protection.into()))
}

async fn set_targets(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let name = &*request.id;
    let group = described(aws, name).await?;
    let has = group.and_then(|group| group.target_group_arns).unwrap_or_default();
    let wanted = texts(Some(&request.args.target_group_arns)).unwrap_or_default();
    let new: Vec<String> = wanted.iter().filter(|it| !has.contains(it)).cloned().collect();
    for some in new.chunks(TARGETS) {
        let attach = aws.autoscaling().attach_load_balancer_target_groups();
        let attach = attach.auto_scaling_group_name(name);
        attach.set_target_group_arns(Some(some.to_vec())).send().await?;
    }
    let gone: Vec<String> = has.into_iter().filter(|it| !wanted.contains(it)).collect();
    for some in gone.chunks(TARGETS) {
        let detach = aws.autoscaling().detach_load_balancer_target_groups();
        let detach = detach.auto_scaling_group_name(name);
        detach.set_target_group_arns(Some(some.to_vec())).send().await?;
    }
    Ok(())
}

/// Instances that run have what they were started with.
async fn set_protection(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let name = &*request.id;
    let wanted = request.args.new_instances_protected_from_scale_in;
    let group = described(aws, name).await?;
    let instances = group.as_ref().map_or(&[] as &[_], |group| group.instances());
    let runs = |it: &&sdk::Instance| it.lifecycle_state() == Some(&sdk::LifecycleState::InService);
    let others = instances.iter().filter(runs);
    let others = others.filter(|it| it.protected_from_scale_in() != Some(wanted));
    let others: Vec<String> = others.filter_map(|it| it.instance_id().map(str::to_owned)).collect();
    for some in others.chunks(INSTANCES) {
        let set = aws.autoscaling().set_instance_protection().auto_scaling_group_name(name);
        let set = set.set_instance_ids(Some(some.to_vec())).protected_from_scale_in(wanted);
        set.send().await?;
    }
    Ok(())
}
