//! `aws:elbv2:TargetGroup`.

mod attributes;
mod health_check;

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, TargetGroupAttribute};
use infra_core::{
    aws::elbv2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{
    all_with_tags,
    attributes::{Attributes, sdk_attributes},
    missing, new_tags, retag, with_tags,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    plain::int,
    resource::Resource,
    seen::Seen,
};

pub(crate) struct TargetGroup;

type Type = elbv2::TargetGroup;

fn seen(group: &sdk::TargetGroup, request: &Request) -> Seen {
    let arn = group.target_group_arn();
    let version = group.protocol_version();
    let version = elbv2::ProtocolVersion::ALL.into_iter().find(|it| Some(it.as_str()) == version);
    let seen = Seen::new(arn.unwrap_or_default())
        .text(Type::NAME, group.target_group_name())
        .text(Type::PROTOCOL, group.protocol().map(|it| it.as_str()))
        .set(Type::PORT, group.port().and_then(|port| u16::try_from(port).ok()))
        .text(Type::VPC_ID, group.vpc_id())
        .unless_usual(Type::PROTOCOL_VERSION, request, version, &[elbv2::ProtocolVersion::Http1])
        .text(Type::TARGET_TYPE, group.target_type().map(|it| it.as_str()))
        .text(Type::TARGET_GROUP_ARN, arn)
        .text(Type::TARGET_GROUP_FULL_NAME, arn.and_then(|arn| arn.rsplit(':').next()));
    health_check::seen(seen, group, request)
}

async fn modify(aws: &Aws, arn: &str, attributes: Attributes) -> Answer<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    let all = sdk_attributes!(TargetGroupAttribute, attributes);
    let modify = aws.elbv2().modify_target_group_attributes().target_group_arn(arn);
    modify.set_attributes(Some(all)).send().await?;
    Ok(())
}

async fn describe(aws: &Aws, arn: &str) -> Answer<Option<sdk::TargetGroup>> {
    let asked = aws.elbv2().describe_target_groups().target_group_arns(arn);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.target_groups?.into_iter().next()))
}

/// All of a target group that other calls tell.
async fn with_the_rest(aws: &Aws, seen: Seen, request: &Request) -> Answer<Option<Seen>> {
    let asked = aws.elbv2().describe_target_group_attributes().target_group_arn(&seen.id);
    let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
    let told = sdk_attributes!(told.attributes());
    with_tags(aws, attributes::seen(seen, request, &told)).await
}

impl Resource for TargetGroup {
    type Type = elbv2::TargetGroup;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticloadbalancing:AddTags").on(OWN),
        CREATE.needs("elasticloadbalancing:CreateTargetGroup").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:ModifyTargetGroupAttributes").on(OWN),
        UPDATE.needs("elasticloadbalancing:ModifyTargetGroup").on(OWN),
        UPDATE.needs("elasticloadbalancing:RemoveTags").on(OWN),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTags"),
        READ.needs("elasticloadbalancing:DescribeTargetGroupAttributes"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTargetGroups"),
        DELETE.needs("elasticloadbalancing:DeleteTargetGroup").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elbv2()
            .create_target_group()
            .set_name(request.name().map(str::to_owned))
            .protocol(args.protocol.as_str().into())
            .port(args.port.into())
            .vpc_id(args.vpc_id.as_str())
            .set_protocol_version(args.protocol_version.map(|it| it.as_str().to_owned()))
            .target_type(args.target_type.as_str().into())
            .set_health_check_path(args.health_check_path.clone())
            .set_health_check_port(args.health_check_port.clone())
            .set_health_check_protocol(args.health_check_protocol.map(|it| it.as_str().into()))
            .set_health_check_interval_seconds(
                args.health_check_interval_seconds.map(health_check::seconds),
            )
            .set_health_check_timeout_seconds(
                args.health_check_timeout_seconds.map(health_check::seconds),
            )
            .set_healthy_threshold_count(args.healthy_threshold_count.map(int))
            .set_unhealthy_threshold_count(args.unhealthy_threshold_count.map(int))
            .set_matcher(args.matcher.as_ref().map(health_check::matcher))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("elasticloadbalancingv2", "CreateTargetGroup", "TargetGroup");
        Ok(seen(made.target_groups().first().ok_or_else(incomplete)?, request))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        modify(aws, &request.id, attributes::given(request)).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        health_check::update(aws, request).await?;
        modify(aws, &request.id, attributes::changed(request)).await?;
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        match describe(aws, &request.id).await? {
            Some(group) => with_the_rest(aws, seen(&group, request), request).await,
            None => Ok(None),
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        let Some(group) = describe(aws, arn).await? else {
            return Err(missing(request, "DeleteTargetGroup"));
        };
        let deleted = aws.elbv2().delete_target_group().target_group_arn(arn).send().await;
        match deleted.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) if error.is_in_use() => {
                let of = |arn: &String| format!("LoadBalancer {arn}");
                Err(error.in_use(group.load_balancer_arns().iter().map(of).collect()))
            }
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elbv2().describe_target_groups().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let arns = all.into_iter().filter_map(|group| group.target_group_arn).collect();
        all_with_tags(aws, arns).await
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.name().unwrap_or_default();
        let told = aws.elbv2().describe_target_groups().names(name).send().await.if_found()?;
        match told.and_then(|told| told.target_groups?.into_iter().next()) {
            Some(group) => with_the_rest(aws, seen(&group, request), request).await,
            None => Ok(None),
        }
    }
}
