//! `aws:rds:DbParameterGroup`.

use aws_sdk_rds::types as sdk;
use infra_core::{
    aws::rds,
    handler::{Deletion, Request, TypedRequest},
};

use super::{
    OF_AWS, new_tags,
    parameters::{self, Of},
    retag, tags_of,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct DbParameterGroup;

type Type = rds::DbParameterGroup;

fn seen(group: &sdk::DbParameterGroup) -> Seen {
    let name = group.db_parameter_group_name();
    Seen::new(name.unwrap_or_default())
        .text(Type::FAMILY, group.db_parameter_group_family())
        .text(Type::DESCRIPTION, group.description())
        .text(Type::DB_PARAMETER_GROUP_NAME, name)
        .text(Type::DB_PARAMETER_GROUP_ARN, group.db_parameter_group_arn())
}

impl Resource for DbParameterGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("rds:AddTagsToResource").on(OWN),
        CREATE.needs("rds:CreateDBParameterGroup").on(OWN),
        CREATE.and(UPDATE).needs("rds:ModifyDBParameterGroup").on(OWN),
        CREATE.and(UPDATE).needs("rds:ResetDBParameterGroup").on(OWN),
        UPDATE.needs("rds:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("rds:DescribeDBParameterGroups").on(OWN),
        READ.needs("rds:DescribeDBParameters").on(OWN),
        READ.and(LIST).needs("rds:ListTagsForResource").on(OWN),
        DELETE.needs("rds:DeleteDBParameterGroup").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .rds()
            .create_db_parameter_group()
            .set_db_parameter_group_name(request.name().map(str::to_owned))
            .db_parameter_group_family(&args.family)
            .description(&args.description)
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("rds", "CreateDBParameterGroup", "DBParameterGroup");
        Ok(seen(made.db_parameter_group().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if request.args.parameters.is_empty() {
            return Ok(());
        }
        parameters::write(aws, Of::Instance, &request.id, &request.args.parameters).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["parameters"]) {
            parameters::write(aws, Of::Instance, &request.id, &request.args.parameters).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let asked = aws.rds().describe_db_parameter_groups().db_parameter_group_name(id);
        let told = asked.send().await.if_found()?;
        let Some(group) = told.as_ref().and_then(|told| told.db_parameter_groups().first()) else {
            return Ok(None);
        };
        let recorded = request.inputs.get(Type::PARAMETERS.slot);
        let set = parameters::read(aws, Of::Instance, id, recorded).await?;
        let tags = tags_of(aws, group.db_parameter_group_arn()).await?;
        let (Some(set), Some(tags)) = (set, tags) else { return Ok(None) };
        Ok(Some(seen(group).set(Type::PARAMETERS, set).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.rds().delete_db_parameter_group();
        delete.db_parameter_group_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.rds().describe_db_parameter_groups().into_paginator().items().send();
        let mut listed = vec![];
        for group in all.collect::<Result<Vec<_>, _>>().await? {
            let own = !group.db_parameter_group_name().unwrap_or_default().starts_with(OF_AWS);
            if own && let Some(tags) = tags_of(aws, group.db_parameter_group_arn()).await? {
                listed.push(seen(&group).tags(tags));
            }
        }
        Ok(listed)
    }
}
