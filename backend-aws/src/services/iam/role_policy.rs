//! `aws:iam:RolePolicy`.

use infra_core::{
    aws::iam,
    handler::{Deletion, Request, TypedRequest},
};

use super::{decoded, key};
use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RolePolicy;

type Type = iam::RolePolicy;

async fn put(aws: &Aws, args: &iam::RolePolicyArgs) -> Answer<()> {
    let put = aws.iam().put_role_policy().role_name(args.role_name.as_str());
    let put = put.policy_name(&args.policy_name);
    put.policy_document(args.policy_document.to_string()).send().await?;
    Ok(())
}

const ROLE: &[On] = &[On::Arn("arn:aws:iam::{account}:role*/{role_name}")];

impl Resource for RolePolicy {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("iam:PutRolePolicy").on(ROLE),
        READ.needs("iam:GetRolePolicy").on(ROLE),
        DELETE.needs("iam:DeleteRolePolicy").on(ROLE),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        put(aws, args).await?;
        Ok(Seen::new(format!("{}/{}", args.role_name, args.policy_name)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, &request.args).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (role, name) = key(request);
        let asked = aws.iam().get_role_policy().role_name(role).policy_name(name);
        let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
        let recorded = request.inputs.get(Type::POLICY_DOCUMENT.slot);
        let seen = Seen::new(&*request.id)
            .text(Type::ROLE_NAME, Some(told.role_name()))
            .text(Type::POLICY_NAME, Some(told.policy_name()))
            .value(Type::POLICY_DOCUMENT, policy(recorded, &decoded(told.policy_document())));
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (role, name) = key(request);
        aws.iam().delete_role_policy().role_name(role).policy_name(name).send().await?;
        Ok(Deletion::Gone)
    }
}
