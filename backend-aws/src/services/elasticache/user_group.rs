//! `aws:elasticache:UserGroup`.

use aws_sdk_elasticache::types as sdk;
use infra_core::{
    aws::elasticache,
    handler::{Deletion, Request, TypedRequest},
};

use super::{new_tags, retag, settled_tags, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct UserGroup;

type Type = elasticache::UserGroup;

fn seen(group: &sdk::UserGroup) -> Seen {
    Seen::new(group.user_group_id().unwrap_or_default())
        .text(Type::ENGINE, group.engine().map(str::to_ascii_lowercase))
        .texts(Type::USER_IDS, group.user_ids())
        .text(Type::USER_GROUP_ID, group.user_group_id())
        .text(Type::ARN, group.arn())
        .state(group.status(), &["active"], &["deleting"], &[])
}

async fn describe(aws: &Aws, id: &str) -> Answer<Option<sdk::UserGroup>> {
    let asked = aws.elasticache().describe_user_groups().user_group_id(id);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.user_groups().first().cloned()))
}

fn users(args: &elasticache::UserGroupArgs) -> Vec<String> {
    args.user_ids.iter().map(ToString::to_string).collect()
}

/// AWS wants to know who comes and who goes.
async fn modify(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (args, id) = (&request.args, &*request.id);
    let had = describe(aws, id).await?.map(|group| group.user_ids().to_vec());
    let (had, wanted) = (had.unwrap_or_default(), users(args));
    let new: Vec<String> = wanted.iter().filter(|user| !had.contains(user)).cloned().collect();
    let gone: Vec<String> = had.iter().filter(|user| !wanted.contains(user)).cloned().collect();
    let engine = changed(request, &["engine"]).then(|| args.engine.as_str().to_owned());
    if new.is_empty() && gone.is_empty() && engine.is_none() {
        return Ok(());
    }
    aws.elasticache()
        .modify_user_group()
        .user_group_id(id)
        .set_user_ids_to_add((!new.is_empty()).then_some(new))
        .set_user_ids_to_remove((!gone.is_empty()).then_some(gone))
        .set_engine(engine)
        .send()
        .await?;
    Ok(())
}

const BOTH: &[On] = &[On::Own, On::Arn("arn:aws:elasticache:{region}:{account}:user:*")];

impl Resource for UserGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticache:AddTagsToResource").on(OWN),
        CREATE.needs("elasticache:CreateUserGroup").on(BOTH),
        UPDATE.needs("elasticache:ModifyUserGroup").on(BOTH),
        UPDATE.needs("elasticache:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("elasticache:DescribeUserGroups").on(OWN),
        READ.and(LIST).needs("elasticache:ListTagsForResource").on(OWN),
        DELETE.needs("elasticache:DeleteUserGroup").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elasticache()
            .create_user_group()
            .set_user_group_id(request.name().map(str::to_owned))
            .engine(args.engine.as_str())
            .set_user_ids(Some(users(args)))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("elasticache", "CreateUserGroup", "UserGroupId");
        let id = made.user_group_id().ok_or_else(incomplete)?;
        Ok(Seen::new(id).text(Type::ARN, made.arn()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["engine", "user_ids"]) {
            modify(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(group) = describe(aws, &request.id).await? else { return Ok(None) };
        let tags = settled_tags(aws, group.arn(), request).await?;
        Ok(tags.map(|tags| seen(&group).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let deleted = aws.elasticache().delete_user_group().user_group_id(id).send().await;
        let Err(error) = deleted.map_err(Error::from) else { return Ok(Deletion::Started) };
        match describe(aws, id).await? {
            Some(group) if group.status() == Some("deleting") => Ok(Deletion::Started),
            Some(group) if !group.replication_groups().is_empty() => {
                Err(error.in_use(group.replication_groups().to_vec()))
            }
            _ => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elasticache().describe_user_groups().into_paginator().items().send();
        let mut listed = vec![];
        for group in all.collect::<Result<Vec<_>, _>>().await? {
            if let Some(tags) = tags_of(aws, group.arn()).await? {
                listed.push(seen(&group).tags(tags));
            }
        }
        Ok(listed)
    }
}
