//! Amazon RDS.

pub(crate) mod db_cluster;
pub(crate) mod db_cluster_parameter_group;
pub(crate) mod db_cluster_snapshot;
pub(crate) mod db_instance;
pub(crate) mod db_parameter_group;
pub(crate) mod db_subnet_group;
pub(crate) mod event_subscription;
mod parameters;

use aws_sdk_rds::types::Tag;
use infra_core::{handler::Request, types::Days};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    plain::{count, int},
    tags::{TagChange, sdk_tags},
};

/// What the names of AWS's own groups begin with, which nobody can tag.
const OF_AWS: &str = "default";

/// The tags of a new thing.
fn new_tags(request: &Request) -> Vec<Tag> {
    sdk_tags!(aws_sdk_rds, request.all_tags().0)
}

/// Tags as a list of things tells them.
fn tags(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default())))
}

/// The tags of a thing that is told without them; `None` if it has gone since.
async fn tags_of(aws: &Aws, arn: Option<&str>) -> Answer<Option<Vec<(String, String)>>> {
    let asked = aws.rds().list_tags_for_resource().resource_name(arn.unwrap_or_default());
    let told = asked.send().await.if_found()?;
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    Ok(told.map(|told| tags(told.tag_list()).map(owned).collect()))
}

/// Brings the tags of a thing up to date. RDS knows it by its ARN.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = request.ty.arn.and_then(|arn| request.outputs.get(arn.slot).as_str());
    let arn = arn.unwrap_or_default();
    if !change.remove.is_empty() {
        let remove = aws.rds().remove_tags_from_resource().resource_name(arn);
        remove.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_rds, change.set);
    aws.rds().add_tags_to_resource().resource_name(arn).set_tags(Some(set)).send().await?;
    Ok(())
}

/// A number as the catalogue has it.
fn number(int: Option<i32>) -> Option<u32> {
    int.and_then(count)
}

fn days(int: Option<i32>) -> Option<Days> {
    number(int).map(Days)
}
