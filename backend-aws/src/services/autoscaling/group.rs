//! `aws:autoscaling:Group`.

mod asked;
mod change;
mod end;
mod refresh;
mod separate;
mod tagged;
mod told;

use aws_sdk_autoscaling::types as sdk;
use infra_core::{
    aws::autoscaling,
    handler::{Deletion, Ownership, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::Answer,
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, linked, of_ec2, passed, tagged},
    plain::{int, seconds, texts},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Group;

async fn described(aws: &Aws, name: &str) -> Answer<Option<sdk::AutoScalingGroup>> {
    let asked = aws.autoscaling().describe_auto_scaling_groups().auto_scaling_group_names(name);
    let told = asked.send().await?;
    Ok(told.auto_scaling_groups.and_then(|all| all.into_iter().next()))
}

impl Resource for Group {
    type Type = autoscaling::Group;

    const NEEDS: Needs = &[
        CREATE.needs("autoscaling:CreateAutoScalingGroup").on(OWN),
        CREATE.and(UPDATE).needs("autoscaling:CreateOrUpdateTags").on(OWN),
        CREATE.and(UPDATE).needs("autoscaling:DeleteNotificationConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("autoscaling:DisableMetricsCollection").on(OWN),
        CREATE.and(UPDATE).needs("autoscaling:EnableMetricsCollection").on(OWN),
        CREATE.and(UPDATE).needs("autoscaling:PutNotificationConfiguration").on(OWN),
        CREATE.needs("autoscaling:SetDesiredCapacity").on(OWN),
        UPDATE.needs("autoscaling:AttachLoadBalancerTargetGroups").on(OWN),
        UPDATE.needs("autoscaling:DeleteTags").on(OWN),
        UPDATE.needs("autoscaling:DetachLoadBalancerTargetGroups").on(OWN),
        UPDATE.needs("autoscaling:SetInstanceProtection").on(OWN),
        UPDATE.needs("autoscaling:StartInstanceRefresh").on(OWN),
        UPDATE.and(DELETE).needs("autoscaling:UpdateAutoScalingGroup").on(OWN),
        READ.and(LIST).needs("autoscaling:DescribeAutoScalingGroups"),
        READ.needs("autoscaling:DescribeInstanceRefreshes"),
        READ.needs("autoscaling:DescribeNotificationConfigurations"),
        DELETE.needs("autoscaling:DeleteAutoScalingGroup").on(OWN),
        linked!(CREATE, "autoscaling.amazonaws.com"),
        passed!(
            CREATE.and(UPDATE),
            "ec2.amazonaws.com",
            "aws:ec2:LaunchTemplate",
            "aws:iam:InstanceProfile"
        ),
        CREATE.and(UPDATE).needs("ec2:RunInstances").on(&[
            of_ec2::INSTANCE,
            of_ec2::VOLUME,
            of_ec2::NETWORK_INTERFACE,
            of_ec2::SECURITY_GROUP,
            of_ec2::SUBNET,
            of_ec2::KEY_PAIR,
            of_ec2::LAUNCH_TEMPLATE,
            of_ec2::PLACEMENT_GROUP,
            of_ec2::IMAGE,
            of_ec2::SNAPSHOT,
        ]),
        tagged!("RunInstances", &[of_ec2::INSTANCE, of_ec2::VOLUME, of_ec2::NETWORK_INTERFACE]),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, autoscaling::Group>) -> Answer<Seen> {
        let args = &request.args;
        let name = request.name().unwrap_or_default();
        let reservation = args.capacity_reservation_specification.as_ref();
        aws.autoscaling()
            .create_auto_scaling_group()
            .auto_scaling_group_name(name)
            .set_launch_template(args.launch_template.as_ref().map(asked::template))
            .set_mixed_instances_policy(args.mixed_instances_policy.as_ref().map(asked::mixed))
            .min_size(int(args.min_size))
            .max_size(int(args.max_size))
            .set_desired_capacity(args.desired_capacity.map(int))
            .set_desired_capacity_type(args.desired_capacity_type.map(|it| it.to_string()))
            .vpc_zone_identifier(asked::joined(&args.vpc_zone_identifier))
            .set_target_group_arns(texts(Some(&args.target_group_arns)))
            .health_check_type(asked::joined(&args.health_check_type))
            .health_check_grace_period(int(args.health_check_grace_period.0))
            .set_termination_policies(texts(Some(&args.termination_policies)))
            .set_instance_maintenance_policy(
                args.instance_maintenance_policy.as_ref().map(asked::maintenance),
            )
            .new_instances_protected_from_scale_in(args.new_instances_protected_from_scale_in)
            .set_default_instance_warmup(seconds(args.default_instance_warmup))
            .capacity_rebalance(args.capacity_rebalance)
            .set_max_instance_lifetime(seconds(args.max_instance_lifetime))
            .set_availability_zone_distribution(
                args.availability_zone_distribution.as_ref().map(asked::distribution),
            )
            .set_availability_zone_impairment_policy(
                args.availability_zone_impairment_policy.as_ref().map(asked::impairment),
            )
            .set_capacity_reservation_specification(reservation.map(asked::reservation))
            .set_placement_group(args.placement_group.clone())
            .deletion_protection(args.deletion_protection.as_str().into())
            .set_tags(Some(tagged::all(request)))
            .send()
            .await?;
        Ok(Seen::new(name))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, autoscaling::Group>) -> Answer<()> {
        if !request.args.metrics_collection.is_empty() {
            separate::set_metrics(aws, request).await?;
        }
        if !request.args.notification_configurations.is_empty() {
            separate::set_notifications(aws, request).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, autoscaling::Group>) -> Answer<()> {
        change::update(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(group) = described(aws, &request.id).await? else { return Ok(None) };
        let seen = separate::with_notifications(aws, told::seen(&group, request), request).await?;
        Ok(Some(refresh::with_progress(aws, seen, &group, request).await?))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        end::delete(aws, request).await
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let filter = stack.map(|stack| {
            let name = format!("tag:{}", Ownership::KEYS[0]);
            vec![sdk::Filter::builder().name(name).values(stack).build()]
        });
        let all = aws.autoscaling().describe_auto_scaling_groups().set_filters(filter);
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let seen = |group: &sdk::AutoScalingGroup| {
            let name = group.auto_scaling_group_name().unwrap_or_default();
            Seen::new(name).tags(tagged::told(group, false))
        };
        Ok(all.iter().map(seen).collect())
    }
}
