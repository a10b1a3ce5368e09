//! Amazon ElastiCache.

pub(crate) mod parameter_group;
pub(crate) mod replication_group;
pub(crate) mod subnet_group;
pub(crate) mod user;
pub(crate) mod user_group;

use aws_sdk_elasticache::types::Tag;
use infra_core::handler::{Problem, Request};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    tags::{TagChange, sdk_tags},
};

/// What the names of AWS's own things begin with, which nobody can tag.
const OF_AWS: &str = "default";

type Tags = Vec<(String, String)>;

/// The tags of a new thing.
fn new_tags(request: &Request) -> Vec<Tag> {
    sdk_tags!(aws_sdk_elasticache, request.all_tags().0)
}

/// The tags of a thing; `None` if it has gone since.
async fn tags_of(aws: &Aws, arn: Option<&str>) -> Answer<Option<Tags>> {
    let asked = aws.elasticache().list_tags_for_resource();
    let told = asked.resource_name(arn.unwrap_or_default()).send().await.if_found()?;
    let pair =
        |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    Ok(told.map(|told| told.tag_list().iter().filter_map(pair).collect()))
}

/// The tags of a thing that is read. AWS does not tell them of what it is at work on: then they are
/// what they were, if it is known whose it is.
async fn settled_tags(aws: &Aws, arn: Option<&str>, request: &Request) -> Answer<Option<Tags>> {
    let known = request.ty.arn.is_some_and(|arn| request.outputs.has(arn.slot));
    match tags_of(aws, arn).await {
        Err(Error(error)) if known && matches!(error.problem, Problem::InUse { .. }) => {
            Ok(Some(request.all_tags().0.into_iter().collect()))
        }
        tags => tags,
    }
}

/// Brings the tags of a thing up to date. ElastiCache knows it by its ARN.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = request.ty.arn.and_then(|arn| request.outputs.get(arn.slot).as_str());
    let arn = arn.unwrap_or_default();
    if !change.remove.is_empty() {
        let remove = aws.elasticache().remove_tags_from_resource().resource_name(arn);
        remove.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_elasticache, change.set);
    let add = aws.elasticache().add_tags_to_resource().resource_name(arn);
    add.set_tags(Some(set)).send().await?;
    Ok(())
}
