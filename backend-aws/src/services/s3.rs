//! Amazon S3.

pub(crate) mod bucket;
mod bucket_lifecycle;
mod bucket_notification;
pub(crate) mod bucket_policy;
mod bucket_replication;
mod bucket_settings;
mod bucket_state;
pub(crate) mod object;
mod versions;

use aws_sdk_s3::types as sdk;
use infra_core::{
    aws::s3::{Status, TagFilterArgs},
    types::Days,
};

use crate::plain;

fn status(told: &str) -> Status {
    if told == Status::Enabled.as_str() { Status::Enabled } else { Status::Disabled }
}

fn days(told: Option<i32>) -> Option<Days> {
    count(told).map(Days)
}

fn count(told: Option<i32>) -> Option<u32> {
    told.and_then(plain::count)
}

/// Rules as the program has them: those that are recorded, where what is told says the same in
/// whatever order. A rule is read in the light of one that is recorded, so that what AWS makes up
/// where the program says nothing is left out.
fn matched<S, T: Clone + PartialEq>(
    told: &[S],
    recorded: &[T],
    read: impl Fn(&S, Option<&T>) -> Option<T>,
) -> Vec<T> {
    let is_told =
        |known: &T| told.iter().any(|rule| read(rule, Some(known)).as_ref() == Some(known));
    if told.len() == recorded.len() && recorded.iter().all(is_told) {
        return recorded.to_vec();
    }
    let rules = told.iter().enumerate();
    rules.filter_map(|(place, rule)| read(rule, recorded.get(place))).collect()
}

/// The tag that objects must have, as S3 takes it.
fn sdk_tag(tag: &TagFilterArgs) -> sdk::Tag {
    let tag = sdk::Tag::builder().key(&tag.key).value(&tag.value).build();
    tag.expect("key and value are there")
}

/// The tags that objects must have, as S3 tells them.
fn tag_filters(told: &[sdk::Tag], recorded: Option<&[TagFilterArgs]>) -> Vec<TagFilterArgs> {
    matched(told, recorded.unwrap_or_default(), |tag, _| {
        Some(TagFilterArgs { key: tag.key().to_owned(), value: tag.value().to_owned() })
    })
}

/// A beginning of names as S3 tells it, which is empty where none was said.
fn prefix(told: Option<&str>, recorded: Option<&str>) -> Option<String> {
    match told {
        None | Some("") => recorded.filter(|prefix| prefix.is_empty()).map(str::to_owned),
        Some(prefix) => Some(prefix.to_owned()),
    }
}
