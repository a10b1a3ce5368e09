//! `aws:efs:AccessPoint`.

use aws_sdk_efs::types as sdk;
use infra_core::{
    aws::efs,
    handler::{Deletion, Request, TypedRequest},
    types::structure,
    value::Value,
};

use super::{DELETING, FAILED, READY, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
    tags::sdk_tags,
};

pub(crate) struct AccessPoint;

type Type = efs::AccessPoint;

const CALL: &str = "CreateAccessPoint";

fn invalid(what: &str) -> Error {
    let problem = infra_core::handler::Problem::Invalid { property: None };
    Error::refused(problem, "efs", CALL, what)
}

fn sdk_user(user: &efs::PosixUserArgs) -> Answer<sdk::PosixUser> {
    let groups: Vec<i64> = user.secondary_gids.iter().map(|group| (*group).into()).collect();
    let made = sdk::PosixUser::builder().uid(user.uid.into()).gid(user.gid.into());
    let made = made.set_secondary_gids((!groups.is_empty()).then_some(groups)).build();
    made.map_err(|error| invalid(&error.to_string()))
}

fn sdk_root(root: &efs::RootDirectoryArgs) -> Answer<sdk::RootDirectory> {
    let creation = root.creation_info.as_ref().map(|creation| {
        let made = sdk::CreationInfo::builder()
            .owner_uid(creation.owner_uid.into())
            .owner_gid(creation.owner_gid.into())
            .permissions(&creation.permissions)
            .build();
        made.map_err(|error| invalid(&error.to_string()))
    });
    let made = sdk::RootDirectory::builder().path(&root.path);
    Ok(made.set_creation_info(creation.transpose()?).build())
}

fn number(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whose rights clients have. A program that says nothing of further groups has none.
fn told_user(user: &sdk::PosixUser) -> Value {
    let groups = user.secondary_gids().iter().copied().map(Value::Int);
    let groups = if user.secondary_gids().is_empty() { Value::Null } else { Value::list(groups) };
    let (uid, gid) = (Value::Int(user.uid()), Value::Int(user.gid()));
    structure([("uid", uid), ("gid", gid), ("secondary_gids", groups)])
}

fn told_root(root: &sdk::RootDirectory) -> efs::RootDirectoryArgs {
    efs::RootDirectoryArgs {
        path: root.path().unwrap_or("/").to_owned(),
        creation_info: root.creation_info().map(|creation| efs::CreationInfoArgs {
            owner_uid: number(creation.owner_uid()),
            owner_gid: number(creation.owner_gid()),
            permissions: creation.permissions().to_owned(),
        }),
    }
}

fn seen(point: &sdk::AccessPointDescription, request: Option<&Request>) -> Seen {
    let root = point.root_directory().map(told_root);
    // Without one, AWS tells the root of the file system.
    let given = request.is_some_and(|request| request.inputs.has(Type::ROOT_DIRECTORY.slot));
    let root = root.filter(|root| given || root.path != "/" || root.creation_info.is_some());
    Seen::new(point.access_point_id().unwrap_or_default())
        .text(Type::FILE_SYSTEM_ID, point.file_system_id())
        .value(Type::POSIX_USER, point.posix_user().map_or(Value::Null, told_user))
        .set(Type::ROOT_DIRECTORY, root)
        .text(Type::ACCESS_POINT_ID, point.access_point_id())
        .text(Type::ARN, point.access_point_arn())
        .tags(tags(point.tags()))
        .state(point.life_cycle_state().map(sdk::LifeCycleState::as_str), READY, DELETING, FAILED)
}

impl Resource for AccessPoint {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("elasticfilesystem:CreateAccessPoint").on(&[On::Arn(
            "arn:aws:elasticfilesystem:{region}:{account}:file-system/{file_system_id}",
        )]),
        CREATE.and(UPDATE).needs("elasticfilesystem:TagResource").on(OWN),
        UPDATE.needs("elasticfilesystem:UntagResource").on(OWN).ours(),
        READ.and(LIST).needs("elasticfilesystem:DescribeAccessPoints").on(OWN),
        DELETE.needs("elasticfilesystem:DeleteAccessPoint").on(OWN).ours(),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .efs()
            .create_access_point()
            .client_token(&*request.owner.intent)
            .file_system_id(args.file_system_id.as_str())
            .set_posix_user(args.posix_user.as_ref().map(sdk_user).transpose()?)
            .set_root_directory(args.root_directory.as_ref().map(sdk_root).transpose()?)
            .set_tags(Some(sdk_tags!(aws_sdk_efs, request.all_tags().0, checked)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("efs", CALL, "AccessPointId");
        let id = made.access_point_id().ok_or_else(incomplete)?;
        Ok(Seen::new(id)
            .text(Type::ACCESS_POINT_ID, Some(id))
            .text(Type::ARN, made.access_point_arn()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.efs().describe_access_points().access_point_id(&*request.id);
        let told = asked.send().await.if_found()?;
        let point = told.as_ref().and_then(|told| told.access_points().first());
        Ok(point.map(|point| seen(point, Some(request))))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.efs().delete_access_point().access_point_id(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.efs().describe_access_points().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(|point| seen(point, None)).collect())
    }
}
