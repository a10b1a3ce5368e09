//! Amazon SNS.

mod delivery_policy;
pub(crate) mod subscription;
pub(crate) mod topic;
pub(crate) mod topic_policy;

use std::collections::HashMap;

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
};

/// What SNS says of a thing: words by name.
type Attributes = HashMap<String, String>;

/// An attribute that says something.
fn attribute<'a>(all: &'a Attributes, name: &str) -> Option<&'a str> {
    all.get(name).map(String::as_str).filter(|text| !text.is_empty())
}

/// What SNS says of a topic, if it is there.
async fn topic_attributes(aws: &Aws, arn: &str) -> Answer<Option<Attributes>> {
    let told = aws.sns().get_topic_attributes().topic_arn(arn).send().await.if_found()?;
    Ok(told.map(|told| told.attributes.unwrap_or_default()))
}

/// Says one thing of a topic; an empty text takes it back.
async fn set_topic(aws: &Aws, arn: &str, name: &str, value: &str) -> Answer<()> {
    let set = aws.sns().set_topic_attributes().topic_arn(arn).attribute_name(name);
    set.attribute_value(value).send().await?;
    Ok(())
}
