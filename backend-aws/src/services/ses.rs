//! Amazon SES, by the second version of its API.

pub(crate) mod configuration_set;
pub(crate) mod email_identity;
pub(crate) mod event_destination;

use aws_sdk_sesv2::types as sdk;
use infra_core::handler::Request;

use crate::{
    aws::Aws,
    error::Answer,
    tags::{TagChange, arn_of, sdk_tags},
};

/// The tags of a new thing.
fn new_tags(request: &Request) -> Option<Vec<sdk::Tag>> {
    Some(sdk_tags!(aws_sdk_sesv2, request.all_tags().0, checked))
}

/// Tags as a thing tells them.
fn tags(tags: &[sdk::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key(), tag.value()))
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = arn_of(request);
    if !change.remove.is_empty() {
        let untag = aws.ses().untag_resource().resource_arn(arn);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_sesv2, change.set, checked);
    aws.ses().tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    Ok(())
}
