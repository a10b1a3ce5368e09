//! AWS Backup.

pub(crate) mod plan;
pub(crate) mod restore_testing_plan;
pub(crate) mod restore_testing_selection;
pub(crate) mod selection;
pub(crate) mod vault;

mod rules;

use std::collections::HashMap;

use infra_core::{
    handler::{Problem, Request},
    types::{Days, TimeZone},
};

use crate::{
    aws::Aws,
    error::{Answer, Error},
    tags::{TagChange, arn_of},
};

type Tags = HashMap<String, String>;

/// The tags of a new thing.
fn new_tags(request: &Request) -> Tags {
    request.all_tags().0.into_iter().collect()
}

/// The tags of what has an ARN. What AWS tells of a thing itself is without them.
async fn tags(aws: &Aws, arn: &str) -> Answer<Tags> {
    let mut pages = aws.backup().list_tags().resource_arn(arn).into_paginator().send();
    let mut tags = Tags::new();
    while let Some(page) = pages.next().await {
        tags.extend(page?.tags.unwrap_or_default());
    }
    Ok(tags)
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = arn_of(request);
    if !change.remove.is_empty() {
        let untag = aws.backup().untag_resource().resource_arn(arn);
        untag.set_tag_key_list(Some(change.remove)).send().await?;
    }
    let set = change.set.into_iter().collect();
    aws.backup().tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    Ok(())
}

/// Nothing is said of what is empty.
fn given<T>(items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>) -> Option<Vec<T>> {
    let items = items.into_iter();
    (items.len() > 0).then(|| items.collect())
}

/// A whole number as AWS tells it, as a number of days, hours or minutes.
fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

fn days(days: Option<i64>) -> Option<Days> {
    days.map(|days| Days(count(days)))
}

/// AWS has two names for UTC, and may tell the other one.
fn zone(recorded: Option<TimeZone>, told: Option<&str>) -> Option<TimeZone> {
    let told = told.map_or(Some(TimeZone::UTC), |told| told.parse().ok())?;
    let is_utc = |zone: &TimeZone| ["UTC", "Etc/UTC"].contains(&zone.as_str());
    if !is_utc(&told) {
        return Some(told);
    }
    Some(recorded.filter(is_utc).unwrap_or(TimeZone::UTC))
}

/// What a deletion came to; AWS says that something is in the way, and not what.
async fn told_by<E: Into<Error>>(
    deleted: Result<(), E>,
    users: impl Future<Output = Answer<Vec<String>>>,
) -> Answer<()> {
    match deleted.map_err(Into::into) {
        Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
            Err(error.in_use(users.await?))
        }
        other => other,
    }
}
