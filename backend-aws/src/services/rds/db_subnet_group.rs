//! `aws:rds:DbSubnetGroup`.

use aws_sdk_rds::types as sdk;
use infra_core::{
    aws::rds,
    handler::{Deletion, Request, TypedRequest},
};

use super::{OF_AWS, new_tags, retag, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct DbSubnetGroup;

type Type = rds::DbSubnetGroup;

fn seen(group: &sdk::DbSubnetGroup) -> Seen {
    let name = group.db_subnet_group_name();
    let subnets = group.subnets().iter().filter_map(sdk::Subnet::subnet_identifier);
    Seen::new(name.unwrap_or_default())
        .text(Type::DB_SUBNET_GROUP_DESCRIPTION, group.db_subnet_group_description())
        .texts(Type::SUBNET_IDS, subnets)
        .text(Type::DB_SUBNET_GROUP_NAME, name)
        .text(Type::DB_SUBNET_GROUP_ARN, group.db_subnet_group_arn())
        .text(Type::VPC_ID, group.vpc_id())
}

fn subnets(args: &rds::DbSubnetGroupArgs) -> Vec<String> {
    args.subnet_ids.iter().map(ToString::to_string).collect()
}

impl Resource for DbSubnetGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("rds:AddTagsToResource").on(OWN),
        CREATE.needs("rds:CreateDBSubnetGroup").on(OWN),
        UPDATE.needs("rds:ModifyDBSubnetGroup").on(OWN),
        UPDATE.needs("rds:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("rds:DescribeDBSubnetGroups").on(OWN),
        READ.and(LIST).needs("rds:ListTagsForResource").on(OWN),
        DELETE.needs("rds:DeleteDBSubnetGroup").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .rds()
            .create_db_subnet_group()
            .set_db_subnet_group_name(request.name().map(str::to_owned))
            .db_subnet_group_description(&args.db_subnet_group_description)
            .set_subnet_ids(Some(subnets(args)))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("rds", "CreateDBSubnetGroup", "DBSubnetGroup");
        Ok(seen(made.db_subnet_group().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &["db_subnet_group_description", "subnet_ids"]) {
            let modify = aws.rds().modify_db_subnet_group().db_subnet_group_name(&*request.id);
            modify
                .db_subnet_group_description(&args.db_subnet_group_description)
                .set_subnet_ids(Some(subnets(args)))
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.rds().describe_db_subnet_groups().db_subnet_group_name(&*request.id);
        let told = asked.send().await.if_found()?;
        let Some(group) = told.as_ref().and_then(|told| told.db_subnet_groups().first()) else {
            return Ok(None);
        };
        let tags = tags_of(aws, group.db_subnet_group_arn()).await?;
        Ok(tags.map(|tags| seen(group).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.rds().delete_db_subnet_group();
        delete.db_subnet_group_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.rds().describe_db_subnet_groups().into_paginator().items().send();
        let mut listed = vec![];
        for group in all.collect::<Result<Vec<_>, _>>().await? {
            let own = !group.db_subnet_group_name().unwrap_or_default().starts_with(OF_AWS);
            if own && let Some(tags) = tags_of(aws, group.db_subnet_group_arn()).await? {
                listed.push(seen(&group).tags(tags));
            }
        }
        Ok(listed)
    }
}
