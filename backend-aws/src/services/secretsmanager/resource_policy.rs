//! `aws:secretsmanager:ResourcePolicy`.

use infra_core::{
    aws::secretsmanager,
    handler::{Deletion, Request, TypedRequest},
};

use super::describe;
use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct ResourcePolicy;

type Type = secretsmanager::ResourcePolicy;

async fn put(aws: &Aws, args: &secretsmanager::ResourcePolicyArgs) -> Answer<()> {
    let put = aws.secretsmanager().put_resource_policy().secret_id(args.secret_id.as_str());
    let put = put.block_public_policy(args.block_public_policy);
    put.resource_policy(args.resource_policy.to_string()).send().await?;
    Ok(())
}

const SECRET: &[On] = &[On::Arn("{secret_id}")];

impl Resource for ResourcePolicy {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("secretsmanager:PutResourcePolicy").on(SECRET),
        READ.needs("secretsmanager:DescribeSecret").on(SECRET),
        READ.needs("secretsmanager:GetResourcePolicy").on(SECRET),
        DELETE.needs("secretsmanager:DeleteResourcePolicy").on(SECRET),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, &request.args).await?;
        Ok(Seen::new(request.args.secret_id.as_str()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, &request.args).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        // The policy of a secret that waits for its end is none.
        if describe(aws, id).await?.is_none() {
            return Ok(None);
        }
        let asked = aws.secretsmanager().get_resource_policy().secret_id(id);
        let told = asked.send().await.if_found()?.and_then(|told| told.resource_policy);
        let recorded = request.inputs.get(Type::RESOURCE_POLICY.slot);
        Ok(told.map(|told| {
            Seen::new(id)
                .text(Type::SECRET_ID, Some(id))
                .value(Type::RESOURCE_POLICY, policy(recorded, &told))
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.secretsmanager().delete_resource_policy().secret_id(&*request.id);
        delete.send().await?;
        Ok(Deletion::Gone)
    }
}
