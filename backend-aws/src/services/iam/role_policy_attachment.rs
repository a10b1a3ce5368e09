//! `aws:iam:RolePolicyAttachment`.

use infra_core::{
    aws::iam,
    handler::{Deletion, Request, TypedRequest},
};

use super::key;
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RolePolicyAttachment;

type Type = iam::RolePolicyAttachment;

const ROLE: &[On] = &[On::Arn("arn:aws:iam::{account}:role*/{role_name}")];

impl Resource for RolePolicyAttachment {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("iam:AttachRolePolicy").on(ROLE),
        READ.needs("iam:ListAttachedRolePolicies").on(ROLE),
        DELETE.needs("iam:DetachRolePolicy").on(ROLE),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let iam::RolePolicyAttachmentArgs { role_name, policy_arn } = &request.args;
        let attach = aws.iam().attach_role_policy().role_name(role_name.as_str());
        attach.policy_arn(policy_arn.as_str()).send().await?;
        Ok(Seen::new(format!("{role_name}/{policy_arn}")))
    }

    async fn update(_: &Aws, _: &TypedRequest<'_, Type>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (role, policy) = key(request);
        let all = aws.iam().list_attached_role_policies().role_name(role).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await.if_found()?;
        let all = all.unwrap_or_default();
        let held = all.iter().any(|held| held.policy_arn() == Some(policy));
        Ok(held.then(|| {
            Seen::new(&*request.id)
                .text(Type::ROLE_NAME, Some(role))
                .text(Type::POLICY_ARN, Some(policy))
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (role, policy) = key(request);
        aws.iam().detach_role_policy().role_name(role).policy_arn(policy).send().await?;
        Ok(Deletion::Gone)
    }
}
