//! `aws:wafv2:IpSet`.

use aws_sdk_wafv2::{operation::get_ip_set::GetIpSetOutput, types::Scope};
use infra_core::{
    aws::wafv2,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{Summary, id_of, key, listed, new_tags, retag, scopes, tags, web_acl};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct IpSet;

type Type = wafv2::IpSet;

async fn all(aws: &Aws, scope: &Scope) -> Answer<Vec<Summary>> {
    let (mut all, mut marker) = (vec![], None);
    loop {
        let page = aws.wafv2().list_ip_sets().scope(scope.clone()).set_next_marker(marker);
        let page = page.send().await?;
        marker = page.next_marker.filter(|marker| !marker.is_empty());
        let page = page.ip_sets.unwrap_or_default();
        let is_last = marker.is_none() || page.is_empty();
        all.extend(page.into_iter().filter_map(|it| Summary::new(it.name, it.id, it.arn)));
        if is_last {
            return Ok(all);
        }
    }
}

async fn get(aws: &Aws, request: &Request) -> Answer<Option<GetIpSetOutput>> {
    let (name, scope) = key(request);
    let Some(id) = id_of(request, Type::IP_SET_ID.slot, all(aws, &scope)).await? else {
        return Ok(None);
    };
    aws.wafv2().get_ip_set().name(name).scope(scope).id(id).send().await.if_found()
}

/// It with the token that says which state of it is to change.
async fn locked(aws: &Aws, request: &Request, operation: &'static str) -> Answer<(String, String)> {
    let told = get(aws, request).await?;
    let set = told.as_ref().and_then(|told| told.ip_set());
    let set = set.ok_or_else(|| {
        Error::refused(Problem::NotFound, "wafv2", operation, format!("no set {}", request.id))
    })?;
    let token = told.as_ref().and_then(|told| told.lock_token());
    let token = token.ok_or_else(|| Error::incomplete("wafv2", "GetIPSet", "LockToken"))?;
    Ok((set.id().to_owned(), token.to_owned()))
}

fn addresses(args: &wafv2::IpSetArgs) -> Option<Vec<String>> {
    Some(args.addresses.iter().map(ToString::to_string).collect())
}

// Of either scope.
const SET: &[On] = &[On::Arn("arn:aws:wafv2:{region}:{account}:*/ipset/{name}/*")];

impl Resource for IpSet {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("wafv2:CreateIPSet").on(SET),
        CREATE.and(UPDATE).needs("wafv2:TagResource").on(SET),
        UPDATE.needs("wafv2:UntagResource").on(SET),
        UPDATE.needs("wafv2:UpdateIPSet").on(SET),
        READ.needs("wafv2:GetIPSet").on(SET),
        READ.and(LIST).needs("wafv2:ListIPSets"),
        READ.and(LIST).needs("wafv2:ListTagsForResource").on(SET),
        DELETE.needs("wafv2:DeleteIPSet").on(SET),
        DELETE
            .needs("wafv2:GetWebACL")
            .on(&[On::Arn("arn:aws:wafv2:{region}:{account}:*/webacl/*/*")]),
        DELETE.needs("wafv2:ListWebACLs"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .wafv2()
            .create_ip_set()
            .set_name(request.name().map(str::to_owned))
            .scope(args.scope.as_str().into())
            .set_description(args.description.clone())
            .ip_address_version(args.ip_address_version.as_str().into())
            .set_addresses(addresses(args))
            .set_tags(new_tags(request))
            .send()
            .await?;
        let summary =
            made.summary().ok_or_else(|| Error::incomplete("wafv2", "CreateIPSet", "Summary"))?;
        let id = request.ty.natural_id(&request.inputs);
        let seen = Seen::new(id.unwrap_or_default())
            .text(Type::ARN, summary.arn())
            .text(Type::IP_SET_ID, summary.id());
        Ok(seen)
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["description", "addresses"]) {
            let (name, scope) = key(request);
            let (id, token) = locked(aws, request, "UpdateIPSet").await?;
            aws.wafv2()
                .update_ip_set()
                .name(name)
                .scope(scope)
                .id(id)
                .set_description(request.args.description.clone())
                .set_addresses(addresses(&request.args))
                .lock_token(token)
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = get(aws, request).await?;
        let Some(set) = told.as_ref().and_then(|told| told.ip_set()) else { return Ok(None) };
        let (_, scope) = key(request);
        let seen = Seen::new(&*request.id)
            .text(Type::NAME, Some(set.name()))
            .text(Type::SCOPE, Some(scope.as_str()))
            .text(Type::DESCRIPTION, set.description().filter(|text| !text.is_empty()))
            .text(Type::IP_ADDRESS_VERSION, Some(set.ip_address_version().as_str()))
            .texts(Type::ADDRESSES, set.addresses())
            .text(Type::ARN, Some(set.arn()))
            .text(Type::IP_SET_ID, Some(set.id()))
            .tags(tags(aws, set.arn()).await?);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (name, scope) = key(request);
        let (id, token) = locked(aws, request, "DeleteIPSet").await?;
        let delete = aws.wafv2().delete_ip_set().name(name).scope(scope.clone()).id(&id);
        match delete.lock_token(token).send().await.map_err(Error::from) {
            Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
                let acls = web_acl::with(aws, &scope, &format!("/ipset/{name}/{id}")).await?;
                Err(error.in_use(acls))
            }
            other => other.map(|_| Deletion::Gone),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut seen = vec![];
        for scope in scopes(aws) {
            seen.extend(listed(aws, &scope, all(aws, &scope).await?).await?);
        }
        Ok(seen)
    }
}
