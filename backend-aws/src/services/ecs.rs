//! Amazon ECS.

pub(crate) mod account_setting;
pub(crate) mod capacity_provider;
pub(crate) mod cluster;
pub(crate) mod cluster_capacity_providers;
mod numbers;
mod placement;
pub(crate) mod run_task;
pub(crate) mod service;
pub(crate) mod task_definition;

use aws_sdk_ecs::types::Tag;
use infra_core::{handler::Request, types::PropertyType, value::Slot};

use crate::{
    alike::word,
    aws::Aws,
    error::Answer,
    tags::{TagChange, sdk_tags},
};

/// So many things one call describes: clusters, tasks.
const MANY: usize = 100;

/// The tags of a new thing.
fn new_tags(request: &Request) -> Vec<Tag> {
    sdk_tags!(aws_sdk_ecs, request.all_tags().0)
}

/// Tags as AWS tells them.
fn tags(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default())))
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, arn: &str, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    if !change.remove.is_empty() {
        let untag = aws.ecs().untag_resource().resource_arn(arn);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let tags = sdk_tags!(aws_sdk_ecs, change.set);
    aws.ecs().tag_resource().resource_arn(arn).set_tags(Some(tags)).send().await?;
    Ok(())
}

/// Words that the catalogue has.
fn words<T: PropertyType<Resolved = T>>(words: &[impl AsRef<str>]) -> Vec<T> {
    words.iter().filter_map(|text| word(text.as_ref())).collect()
}

/// The arguments of a call where an empty list says the same as none.
fn unless_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

/// Whether the program said something: what it did not is AWS's own choice.
fn is_said(request: &Request, slot: Slot) -> bool {
    !request.inputs.get(slot).is_null()
}

/// The text of a property, of what was recorded or is wanted.
fn text(request: &Request, slot: Slot) -> &str {
    request.inputs.get(slot).as_str().unwrap_or_default()
}

/// The last part of an ARN: the name of a cluster or a service.
fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
