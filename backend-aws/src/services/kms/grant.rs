//! `aws:kms:Grant`.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_kms::types as sdk;
use infra_core::{
    aws::kms::{self, GrantConstraintsArgs},
    handler::{Deletion, Problem, Request, TypedRequest},
    types::IntoValue,
};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Grant;

type Type = kms::Grant;

/// The ARN of the key and the name of the grant, which has no slash.
fn key(request: &Request) -> (&str, &str) {
    request.id.rsplit_once('/').unwrap_or((&request.id, ""))
}

fn pairs(context: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    context.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn constraints(constraints: &sdk::GrantConstraints) -> GrantConstraintsArgs {
    GrantConstraintsArgs {
        encryption_context_subset: pairs(constraints.encryption_context_subset()),
        encryption_context_equals: pairs(constraints.encryption_context_equals()),
    }
}

fn seen(grant: &sdk::GrantListEntry, request: &Request) -> Seen {
    let told = grant.constraints().map(constraints).filter(|told| {
        !told.encryption_context_subset.is_empty() || !told.encryption_context_equals.is_empty()
    });
    Seen::new(&*request.id)
        .text(Type::KEY_ID, Some(key(request).0))
        .text(Type::NAME, grant.name())
        .text(Type::GRANTEE_PRINCIPAL, grant.grantee_principal())
        .texts(Type::OPERATIONS, grant.operations().iter().map(sdk::GrantOperation::as_str))
        .text(Type::RETIRING_PRINCIPAL, grant.retiring_principal())
        .structured(Type::CONSTRAINTS, request, told.into_value())
        .text(Type::GRANT_ID, grant.grant_id())
}

/// The grant that is recorded, or else that of the name: grants that differ may have the same.
async fn find(aws: &Aws, request: &Request) -> Answer<Option<sdk::GrantListEntry>> {
    let (key, name) = key(request);
    let id = request.outputs.get(Type::GRANT_ID.slot).as_str();
    let mut marker = None;
    loop {
        let asked = aws.kms().list_grants().key_id(key).set_marker(marker);
        let Some(page) = asked.send().await.if_found()? else { return Ok(None) };
        let fits = |grant: &&sdk::GrantListEntry| match id {
            Some(id) => grant.grant_id() == Some(id),
            None => grant.name() == Some(name),
        };
        if let Some(found) = page.grants().iter().find(fits) {
            return Ok(Some(found.clone()));
        }
        marker = page.next_marker;
        if marker.is_none() {
            return Ok(None);
        }
    }
}

const KEY: &[On] = &[On::Arn("{key_id}")];

impl Resource for Grant {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("kms:CreateGrant").on(KEY),
        READ.needs("kms:ListGrants").on(KEY),
        DELETE.needs("kms:RevokeGrant").on(KEY),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let constraints = args.constraints.as_ref().map(|constraints| {
            let pairs = |context: &BTreeMap<String, String>| {
                let context: HashMap<String, String> = context.clone().into_iter().collect();
                (!context.is_empty()).then_some(context)
            };
            sdk::GrantConstraints::builder()
                .set_encryption_context_subset(pairs(&constraints.encryption_context_subset))
                .set_encryption_context_equals(pairs(&constraints.encryption_context_equals))
                .build()
        });
        let operations = args.operations.iter().map(|it| it.as_str().into()).collect();
        let name = request.name().unwrap_or_default();
        let made = aws
            .kms()
            .create_grant()
            .key_id(args.key_id.as_str())
            .name(name)
            .grantee_principal(args.grantee_principal.as_str())
            .set_operations(Some(operations))
            .set_retiring_principal(args.retiring_principal.as_ref().map(ToString::to_string))
            .set_constraints(constraints)
            .send()
            .await?;
        Ok(Seen::new(format!("{}/{name}", args.key_id)).text(Type::GRANT_ID, made.grant_id()))
    }

    async fn update(_: &Aws, _: &TypedRequest<'_, Type>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(find(aws, request).await?.map(|grant| seen(&grant, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let found = find(aws, request).await?.and_then(|grant| grant.grant_id);
        let Some(id) = found else {
            let message = format!("there is no grant {}", request.id);
            return Err(Error::refused(Problem::NotFound, "kms", "RevokeGrant", message));
        };
        aws.kms().revoke_grant().key_id(key(request).0).grant_id(id).send().await?;
        Ok(Deletion::Gone)
    }
}
