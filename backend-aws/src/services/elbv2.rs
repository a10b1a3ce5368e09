//! Elastic Load Balancing, version 2.

mod action;
mod attributes;
mod condition;
pub(crate) mod listener;
pub(crate) mod listener_rule;
pub(crate) mod load_balancer;
pub(crate) mod target_group;
pub(crate) mod trust_store;

use aws_sdk_elasticloadbalancingv2::types::{Tag, TagDescription};
use infra_core::handler::{Problem, Request};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

/// Of how many things one call tells the tags.
const THINGS: usize = 20;

/// The tags of a new thing.
fn new_tags(request: &Request) -> Vec<Tag> {
    sdk_tags!(aws_sdk_elasticloadbalancingv2, request.all_tags().0)
}

fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default())))
}

async fn tag_descriptions(aws: &Aws, arns: &[String]) -> Answer<Option<Vec<TagDescription>>> {
    let asked = aws.elbv2().describe_tags().set_resource_arns(Some(arns.to_vec()));
    let told = asked.send().await.if_found()?;
    Ok(told.map(|told| told.tag_descriptions.unwrap_or_default()))
}

/// What was seen with its tags, which are told by a call of their own; nothing, if it has gone
/// meanwhile.
async fn with_tags(aws: &Aws, seen: Seen) -> Answer<Option<Seen>> {
    let told = tag_descriptions(aws, std::slice::from_ref(&seen.id)).await?;
    let of_it = told.and_then(|told| told.into_iter().next());
    Ok(of_it.map(|of_it| seen.tags(pairs(of_it.tags()))))
}

/// Things by their ARNs, with their tags.
async fn all_with_tags(aws: &Aws, arns: Vec<String>) -> Answer<Vec<Seen>> {
    let mut all = vec![];
    for arns in arns.chunks(THINGS) {
        let seen = |of_one: TagDescription| {
            Seen::new(of_one.resource_arn().unwrap_or_default()).tags(pairs(of_one.tags()))
        };
        if let Some(told) = tag_descriptions(aws, arns).await? {
            all.extend(told.into_iter().map(seen));
            continue;
        }
        // One of them has gone, and nothing is told of the others.
        for arn in arns {
            all.extend(with_tags(aws, Seen::new(arn)).await?);
        }
    }
    Ok(all)
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = &*request.id;
    if !change.remove.is_empty() {
        let remove = aws.elbv2().remove_tags().resource_arns(arn);
        remove.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_elasticloadbalancingv2, change.set);
    aws.elbv2().add_tags().resource_arns(arn).set_tags(Some(set)).send().await?;
    Ok(())
}

/// Deletions of what is not there succeed here: it is to be looked for before.
fn missing(request: &Request, operation: &'static str) -> Error {
    let message = format!("there is no {} {}", request.ty.short_name(), request.id);
    Error::refused(Problem::NotFound, "elasticloadbalancingv2", operation, message)
}

/// The part of an ARN that names a thing in figures: `app/web/50dc6c495c0c9188`.
fn behind<'a>(arn: &'a str, kind: &str) -> Option<&'a str> {
    arn.split_once(kind).map(|(_, name)| name)
}
