//! `aws:kms:Alias`.

use infra_core::{
    aws::kms,
    handler::{Deletion, Request, TypedRequest},
};

use super::describe;
use crate::{
    aws::Aws,
    error::Answer,
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Alias;

type Type = kms::Alias;

const BOTH: &[On] = &[On::Own, On::Arn("{target_key_id}")];

impl Resource for Alias {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("kms:CreateAlias").on(BOTH),
        UPDATE.needs("kms:UpdateAlias").on(BOTH),
        READ.needs("kms:DescribeKey").on(&[On::Arn("{target_key_id}")]),
        DELETE.needs("kms:DeleteAlias").on(BOTH),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let kms::AliasArgs { alias_name, target_key_id } = &request.args;
        let create = aws.kms().create_alias().alias_name(alias_name);
        create.target_key_id(target_key_id.as_str()).send().await?;
        Ok(Seen::new(alias_name))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let kms::AliasArgs { alias_name, target_key_id } = &request.args;
        let update = aws.kms().update_alias().alias_name(alias_name);
        update.target_key_id(target_key_id.as_str()).send().await?;
        Ok(())
    }

    /// The key tells its ARN, where a list of aliases has its id alone.
    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = &*request.id;
        let key = describe(aws, name).await?;
        Ok(key.map(|key| {
            Seen::new(name).text(Type::ALIAS_NAME, Some(name)).text(Type::TARGET_KEY_ID, key.arn())
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.kms().delete_alias().alias_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }
}
