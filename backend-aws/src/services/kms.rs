//! AWS KMS.

pub(crate) mod alias;
pub(crate) mod grant;
pub(crate) mod key;

use aws_sdk_kms::types::{KeyMetadata, Tag};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
};

/// What KMS says of a key, by its ARN or by an alias of it.
async fn describe(aws: &Aws, key: &str) -> Answer<Option<KeyMetadata>> {
    let told = aws.kms().describe_key().key_id(key).send().await.if_found()?;
    Ok(told.and_then(|told| told.key_metadata))
}

/// Tags as KMS takes them.
fn sdk_tags(tags: impl IntoIterator<Item = (String, String)>) -> Vec<Tag> {
    let tags = tags.into_iter().map(|(key, value)| {
        let tag = Tag::builder().tag_key(key).tag_value(value).build();
        tag.expect("key and value are there")
    });
    tags.collect()
}
