//! Amazon CloudFront.

pub(crate) mod cache_policy;
pub(crate) mod distribution;
pub(crate) mod origin_access_control;
pub(crate) mod origin_request_policy;
mod selection;
pub(crate) mod vpc_origin;

use aws_sdk_cloudfront::types::{DistributionSummary, Tag, TagKeys, Tags};
use infra_core::handler::Request;

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    tags::{TagChange, sdk_tags},
};

/// How many there are, as CloudFront wants to be told beside all lists.
fn quantity<T>(items: &[T]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX)
}

/// A list with its length, which may be empty.
macro_rules! counted {
    ($list:ident, $items:expr) => {{
        let items: Vec<_> = $items;
        let list = $list::builder().quantity($crate::services::cloudfront::quantity(&items));
        let list = list.set_items(Some(items).filter(|items| !items.is_empty())).build();
        list.expect("the quantity is there")
    }};
}

/// A list with its length, which CloudFront does not take empty, and says so.
macro_rules! filled {
    ($list:ident, $items:expr) => {{
        let items: Vec<_> = $items;
        let list = $list::builder().quantity($crate::services::cloudfront::quantity(&items));
        list.set_items(Some(items)).build().expect("quantity and items are there")
    }};
}

use {counted, filled};

fn all_tags(tags: Vec<(String, String)>) -> Tags {
    Tags::builder().set_items(Some(sdk_tags!(aws_sdk_cloudfront, tags, checked))).build()
}

/// The tags of a new thing.
fn new_tags(request: &Request) -> Tags {
    all_tags(request.all_tags().0.into_iter().collect())
}

/// The tags of what has an ARN; `None` if it has gone.
async fn tags(aws: &Aws, arn: &str) -> Answer<Option<Vec<(String, String)>>> {
    let told = aws.cloudfront().list_tags_for_resource().resource(arn).send().await.if_found()?;
    let pair = |tag: Tag| (tag.key, tag.value.unwrap_or_default());
    let pairs = |tags: Tags| tags.items.unwrap_or_default().into_iter().map(pair).collect();
    Ok(told.map(|told| told.tags.map(pairs).unwrap_or_default()))
}

/// Brings the tags of what has an ARN up to date.
async fn retag(aws: &Aws, request: &Request, arn: &str) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    if !change.remove.is_empty() {
        let keys = TagKeys::builder().set_items(Some(change.remove)).build();
        aws.cloudfront().untag_resource().resource(arn).tag_keys(keys).send().await?;
    }
    aws.cloudfront().tag_resource().resource(arn).tags(all_tags(change.set)).send().await?;
    Ok(())
}

/// What an error is when a thing can't be deleted since distributions use it: these are named.
async fn used_by(
    aws: &Aws,
    error: Error,
    uses: impl Fn(&DistributionSummary) -> bool,
) -> Answer<Error> {
    if !error.is_in_use() {
        return Ok(error);
    }
    let all = all_distributions(aws).await?;
    let by = all.iter().filter(|it| uses(it)).map(|it| format!("Distribution {}", it.id));
    Ok(error.in_use(by.collect()))
}

async fn all_distributions(aws: &Aws) -> Answer<Vec<DistributionSummary>> {
    let mut pages = aws.cloudfront().list_distributions().into_paginator().send();
    let mut all = vec![];
    while let Some(page) = pages.next().await {
        let list = page?.distribution_list.and_then(|list| list.items);
        all.extend(list.unwrap_or_default());
    }
    Ok(all)
}
