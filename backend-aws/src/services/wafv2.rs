//! AWS WAF.

pub(crate) mod ip_set;
pub(crate) mod logging_configuration;
pub(crate) mod web_acl;
pub(crate) mod web_acl_association;

mod action;
mod condition;
mod field;
mod managed_rule_group;
mod plain;
mod rate_based;
mod rule;

use aws_sdk_wafv2::types::{self as sdk, Scope};
use infra_core::handler::Request;

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    seen::Seen,
    tags::{TagChange, arn_of, sdk_tags},
};

/// Where all that is for CloudFront stands.
const EDGE: &str = "us-east-1";

/// The name and the scope of a thing. WAF has an id beside them, which its outputs tell.
fn key(request: &Request) -> (&str, Scope) {
    let (name, scope) = request.id.split_once('/').unwrap_or_default();
    (name, scope.into())
}

/// What of a list finds a thing and its tags.
struct Summary {
    name: String,
    id: String,
    arn: String,
}

impl Summary {
    fn new(name: Option<String>, id: Option<String>, arn: Option<String>) -> Option<Self> {
        Some(Self { name: name?, id: id?, arn: arn? })
    }
}

/// What WAF calls a thing beside its name and scope: what was told of it, or what a list tells.
async fn id_of(
    request: &Request,
    recorded: infra_core::value::Slot,
    all: impl Future<Output = Answer<Vec<Summary>>>,
) -> Answer<Option<String>> {
    if let Some(id) = request.outputs.get(recorded).as_str() {
        return Ok(Some(id.to_owned()));
    }
    let (name, _) = key(request);
    Ok(all.await?.into_iter().find(|it| it.name == name).map(|it| it.id))
}

/// The scopes that there are in a region.
fn scopes(aws: &Aws) -> Vec<Scope> {
    let mut scopes = vec![Scope::Regional];
    if aws.region() == EDGE {
        scopes.push(Scope::Cloudfront);
    }
    scopes
}

/// The tags of a new thing.
fn new_tags(request: &Request) -> Option<Vec<sdk::Tag>> {
    Some(sdk_tags!(aws_sdk_wafv2, request.all_tags().0, checked))
}

/// The tags of what has an ARN. What AWS tells of a thing itself is without them.
async fn tags(aws: &Aws, arn: &str) -> Answer<Vec<(String, String)>> {
    let (mut tags, mut marker) = (vec![], None);
    loop {
        let page = aws.wafv2().list_tags_for_resource().resource_arn(arn);
        let page = page.set_next_marker(marker).send().await?;
        marker = page.next_marker.filter(|marker| !marker.is_empty());
        let page = page.tag_info_for_resource.and_then(|info| info.tag_list).unwrap_or_default();
        let is_last = marker.is_none() || page.is_empty();
        tags.extend(page.into_iter().map(|tag| (tag.key, tag.value)));
        if is_last {
            return Ok(tags);
        }
    }
}

/// What a list has, with the tags, for which each is asked.
async fn listed(aws: &Aws, scope: &Scope, all: Vec<Summary>) -> Answer<Vec<Seen>> {
    let mut listed = vec![];
    for Summary { name, arn, .. } in all {
        // It may have gone since.
        let Some(tags) = tags(aws, &arn).await.if_found()? else { continue };
        listed.push(Seen::new(format!("{name}/{}", scope.as_str())).tags(tags));
    }
    Ok(listed)
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = arn_of(request);
    if !change.remove.is_empty() {
        let untag = aws.wafv2().untag_resource().resource_arn(arn);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_wafv2, change.set, checked);
    aws.wafv2().tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    Ok(())
}
