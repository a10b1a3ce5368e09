//! `aws:iam:Role`.

use aws_sdk_iam::types as sdk;
use infra_core::{
    aws::iam,
    handler::{Deletion, Request, TypedRequest},
    types::Seconds,
};

use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    plain::int,
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Role;

fn seen(role: &sdk::Role, request: &Request) -> Seen {
    type Type = iam::Role;
    let recorded = request.inputs.get(Type::ASSUME_ROLE_POLICY_DOCUMENT.slot);
    let document = role.assume_role_policy_document().unwrap_or_default();
    let boundary = role.permissions_boundary().and_then(|it| it.permissions_boundary_arn());
    let seconds = role.max_session_duration().and_then(|seconds| u32::try_from(seconds).ok());
    Seen::new(role.role_name())
        .value(Type::ASSUME_ROLE_POLICY_DOCUMENT, policy(recorded, &super::decoded(document)))
        .text(Type::ROLE_NAME, Some(role.role_name()))
        .text(Type::PATH, Some(role.path()))
        .text(Type::DESCRIPTION, role.description().filter(|text| !text.is_empty()))
        .set(Type::MAX_SESSION_DURATION, seconds.map(Seconds))
        .text(Type::PERMISSIONS_BOUNDARY, boundary)
        .text(Type::ARN, Some(role.arn()))
        .text(Type::ROLE_ID, Some(role.role_id()))
        .tags(role.tags().iter().map(|tag| (tag.key(), tag.value())))
}

impl Resource for Role {
    type Type = iam::Role;

    const NEEDS: Needs = &[
        CREATE.needs("iam:CreateRole").on(OWN),
        CREATE.and(UPDATE).needs("iam:TagRole").on(OWN),
        UPDATE.needs("iam:DeleteRolePermissionsBoundary").on(OWN),
        UPDATE.needs("iam:PutRolePermissionsBoundary").on(OWN),
        UPDATE.needs("iam:UntagRole").on(OWN),
        UPDATE.needs("iam:UpdateAssumeRolePolicy").on(OWN),
        UPDATE.needs("iam:UpdateRole").on(OWN),
        READ.needs("iam:GetRole").on(OWN),
        DELETE.needs("iam:DeleteRole").on(OWN),
        LIST.needs("iam:ListRoleTags").on(OWN),
        LIST.needs("iam:ListRoles"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, iam::Role>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .iam()
            .create_role()
            .set_role_name(request.name().map(str::to_owned))
            .path(&args.path)
            .assume_role_policy_document(args.assume_role_policy_document.to_string())
            .set_description(args.description.clone())
            .max_session_duration(int(args.max_session_duration.0))
            .set_permissions_boundary(args.permissions_boundary.as_ref().map(ToString::to_string))
            .set_tags(Some(sdk_tags!(aws_sdk_iam, request.all_tags().0, checked)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("iam", "CreateRole", "Role");
        Ok(seen(made.role().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, iam::Role>) -> Answer<()> {
        let (args, name, iam) = (&request.args, &*request.id, aws.iam());
        if changed(request, &["assume_role_policy_document"]) {
            let document = args.assume_role_policy_document.to_string();
            let update = iam.update_assume_role_policy().role_name(name);
            update.policy_document(document).send().await?;
        }
        if changed(request, &["description", "max_session_duration"]) {
            let seconds = int(args.max_session_duration.0);
            let update = iam.update_role().role_name(name).max_session_duration(seconds);
            update.description(args.description.clone().unwrap_or_default()).send().await?;
        }
        if changed(request, &["permissions_boundary"]) {
            match &args.permissions_boundary {
                Some(policy) => {
                    let put = iam.put_role_permissions_boundary().role_name(name);
                    put.permissions_boundary(policy.as_str()).send().await?;
                }
                None => {
                    let delete = iam.delete_role_permissions_boundary().role_name(name);
                    delete.send().await.if_found()?;
                }
            }
        }
        if let Some(change) = TagChange::of(request) {
            if !change.remove.is_empty() {
                let untag = iam.untag_role().role_name(name).set_tag_keys(Some(change.remove));
                untag.send().await?;
            }
            let tags = sdk_tags!(aws_sdk_iam, change.set, checked);
            iam.tag_role().role_name(name).set_tags(Some(tags)).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.iam().get_role().role_name(&*request.id).send().await.if_found()?;
        Ok(told.and_then(|told| told.role().map(|role| seen(role, request))))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.iam().delete_role().role_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// IAM lists roles without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.iam().list_roles().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for role in all {
            let name = role.role_name();
            // It may have gone since.
            let asked = aws.iam().list_role_tags().role_name(name).send().await.if_found()?;
            let Some(asked) = asked else { continue };
            let tags = asked.tags().iter().map(|tag| (tag.key(), tag.value()));
            listed.push(Seen::new(name).text(iam::Role::ROLE_NAME, Some(name)).tags(tags));
        }
        Ok(listed)
    }
}
