//! `aws:elasticache:SubnetGroup`.

use aws_sdk_elasticache::types as sdk;
use infra_core::{
    aws::elasticache,
    handler::{Deletion, Request, TypedRequest},
};

use super::{OF_AWS, new_tags, retag, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, of_ec2},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct SubnetGroup;

type Type = elasticache::SubnetGroup;

fn seen(group: &sdk::CacheSubnetGroup) -> Seen {
    let name = group.cache_subnet_group_name();
    let subnets = group.subnets().iter().filter_map(sdk::Subnet::subnet_identifier);
    Seen::new(name.unwrap_or_default())
        .text(Type::CACHE_SUBNET_GROUP_DESCRIPTION, group.cache_subnet_group_description())
        .texts(Type::SUBNET_IDS, subnets)
        .text(Type::CACHE_SUBNET_GROUP_NAME, name)
        .text(Type::ARN, group.arn())
        .text(Type::VPC_ID, group.vpc_id())
}

fn subnets(args: &elasticache::SubnetGroupArgs) -> Vec<String> {
    args.subnet_ids.iter().map(ToString::to_string).collect()
}

impl Resource for SubnetGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticache:AddTagsToResource").on(OWN),
        CREATE.needs("elasticache:CreateCacheSubnetGroup").on(OWN),
        UPDATE.needs("elasticache:ModifyCacheSubnetGroup").on(OWN),
        UPDATE.needs("elasticache:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("elasticache:DescribeCacheSubnetGroups").on(OWN),
        READ.and(LIST).needs("elasticache:ListTagsForResource").on(OWN),
        DELETE.needs("elasticache:DeleteCacheSubnetGroup").on(OWN),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:CreateNetworkInterface").on(&[
            of_ec2::NETWORK_INTERFACE,
            of_ec2::SUBNET,
            of_ec2::SECURITY_GROUP,
        ]),
        CREATE
            .and(UPDATE)
            .and(DELETE)
            .needs("ec2:DeleteNetworkInterface")
            .on(&[of_ec2::NETWORK_INTERFACE]),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeNetworkInterfaces"),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeSubnets"),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeVpcs"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elasticache()
            .create_cache_subnet_group()
            .set_cache_subnet_group_name(request.name().map(str::to_owned))
            .cache_subnet_group_description(&args.cache_subnet_group_description)
            .set_subnet_ids(Some(subnets(args)))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("elasticache", "CreateCacheSubnetGroup", "CacheSubnetGroup");
        Ok(seen(made.cache_subnet_group().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &["cache_subnet_group_description", "subnet_ids"]) {
            let modify = aws.elasticache().modify_cache_subnet_group();
            modify
                .cache_subnet_group_name(&*request.id)
                .cache_subnet_group_description(&args.cache_subnet_group_description)
                .set_subnet_ids(Some(subnets(args)))
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.elasticache().describe_cache_subnet_groups();
        let told = asked.cache_subnet_group_name(&*request.id).send().await.if_found()?;
        let Some(group) = told.as_ref().and_then(|told| told.cache_subnet_groups().first()) else {
            return Ok(None);
        };
        let tags = tags_of(aws, group.arn()).await?;
        Ok(tags.map(|tags| seen(group).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.elasticache().delete_cache_subnet_group();
        delete.cache_subnet_group_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elasticache().describe_cache_subnet_groups().into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for group in &all {
            let own = !group.cache_subnet_group_name().unwrap_or_default().starts_with(OF_AWS);
            if own && let Some(tags) = tags_of(aws, group.arn()).await? {
                listed.push(seen(group).tags(tags));
            }
        }
        Ok(listed)
    }
}
