//! `aws:iam:InstanceProfile`.

use aws_sdk_iam::types as sdk;
use infra_core::{
    aws::iam,
    handler::{Deletion, Request, TypedRequest},
};

use super::tags;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, passed},
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct InstanceProfile;

type Type = iam::InstanceProfile;

fn seen(profile: &sdk::InstanceProfile) -> Seen {
    let name = profile.instance_profile_name();
    Seen::new(name)
        .text(Type::ROLE_NAME, profile.roles().first().map(sdk::Role::role_name))
        .text(Type::INSTANCE_PROFILE_NAME, Some(name))
        .text(Type::PATH, Some(profile.path()))
        .text(Type::ARN, Some(profile.arn()))
        .text(Type::INSTANCE_PROFILE_ID, Some(profile.instance_profile_id()))
        .tags(tags(profile.tags()))
}

async fn get(aws: &Aws, name: &str) -> Answer<Option<sdk::InstanceProfile>> {
    let asked = aws.iam().get_instance_profile().instance_profile_name(name);
    Ok(asked.send().await.if_found()?.and_then(|told| told.instance_profile))
}

async fn take_out(aws: &Aws, profile: &str, role: &str) -> Answer<()> {
    let remove = aws.iam().remove_role_from_instance_profile().instance_profile_name(profile);
    remove.role_name(role).send().await.if_found()?;
    Ok(())
}

/// A profile has room for one role: another one goes first.
async fn set_role(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (name, role) = (&*request.id, request.args.role_name.as_str());
    let held = get(aws, name).await?.map(|profile| profile.roles).unwrap_or_default();
    if held.iter().any(|held| held.role_name() == role) {
        return Ok(());
    }
    for other in &held {
        take_out(aws, name, other.role_name()).await?;
    }
    let add = aws.iam().add_role_to_instance_profile().instance_profile_name(name);
    add.role_name(role).send().await?;
    Ok(())
}

impl Resource for InstanceProfile {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("iam:AddRoleToInstanceProfile").on(OWN),
        CREATE.needs("iam:CreateInstanceProfile").on(OWN),
        CREATE.and(UPDATE).and(DELETE).needs("iam:RemoveRoleFromInstanceProfile").on(OWN),
        CREATE.and(UPDATE).needs("iam:TagInstanceProfile").on(OWN),
        UPDATE.needs("iam:UntagInstanceProfile").on(OWN),
        READ.and(LIST).needs("iam:GetInstanceProfile").on(OWN),
        DELETE.needs("iam:DeleteInstanceProfile").on(OWN),
        LIST.needs("iam:ListInstanceProfiles"),
        passed!(CREATE.and(UPDATE), "ec2.amazonaws.com").given("role_name"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let made = aws
            .iam()
            .create_instance_profile()
            .set_instance_profile_name(request.name().map(str::to_owned))
            .path(&request.args.path)
            .set_tags(Some(sdk_tags!(aws_sdk_iam, request.all_tags().0, checked)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("iam", "CreateInstanceProfile", "InstanceProfile");
        Ok(seen(made.instance_profile().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        set_role(aws, request).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["role_name"]) {
            set_role(aws, request).await?;
        }
        if let Some(change) = TagChange::of(request) {
            let name = &*request.id;
            if !change.remove.is_empty() {
                let untag = aws.iam().untag_instance_profile().instance_profile_name(name);
                untag.set_tag_keys(Some(change.remove)).send().await?;
            }
            let tags = sdk_tags!(aws_sdk_iam, change.set, checked);
            let tag = aws.iam().tag_instance_profile().instance_profile_name(name);
            tag.set_tags(Some(tags)).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(get(aws, &request.id).await?.as_ref().map(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let name = &*request.id;
        let held = get(aws, name).await?.map(|profile| profile.roles).unwrap_or_default();
        for role in &held {
            take_out(aws, name, role.role_name()).await?;
        }
        aws.iam().delete_instance_profile().instance_profile_name(name).send().await?;
        Ok(Deletion::Gone)
    }

    /// IAM lists profiles without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.iam().list_instance_profiles().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for profile in all {
            // It may have gone since.
            listed.extend(get(aws, profile.instance_profile_name()).await?.as_ref().map(seen));
        }
        Ok(listed)
    }
}
