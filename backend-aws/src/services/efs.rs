//! Amazon EFS.

pub(crate) mod access_point;
pub(crate) mod file_system;
pub(crate) mod mount_target;
mod replication;

use aws_sdk_efs::types::Tag;
use infra_core::handler::Request;

use crate::{
    aws::Aws,
    error::Answer,
    tags::{TagChange, sdk_tags},
};

/// The states that things of EFS are in when they are ready, on their way out, or failed.
const READY: &[&str] = &["available"];
const DELETING: &[&str] = &["deleting", "deleted"];
const FAILED: &[&str] = &["error"];

/// Tags as a list of things tells them.
fn tags(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key(), tag.value()))
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let id = &*request.id;
    if !change.remove.is_empty() {
        let untag = aws.efs().untag_resource().resource_id(id);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_efs, change.set, checked);
    aws.efs().tag_resource().resource_id(id).set_tags(Some(set)).send().await?;
    Ok(())
}
