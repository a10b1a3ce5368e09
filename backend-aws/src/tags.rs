//! Tags: what is to be set and what is to go.

use infra_core::{
    handler::{Ownership, Request},
    value::Value,
};

/// What an update does to the tags of a thing.
#[derive(Debug, Default)]
pub(crate) struct TagChange {
    /// To be set, those of ownership among them.
    pub(crate) set: Vec<(String, String)>,
    /// To go, by their keys.
    pub(crate) remove: Vec<String>,
}

impl TagChange {
    /// What a request changes; `None` if that is nothing.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let slot = request.ty.tags?;
        if !request.changed.contains(&slot) {
            return None;
        }
        let set = request.all_tags().0;
        let before = request.old_inputs.get(slot).entries();
        let gone = |key: &str| !set.contains_key(key) && !Ownership::KEYS.contains(&key);
        let remove = before.iter().map(|(key, _)| key.to_string()).filter(|key| gone(key));
        Some(Self { remove: remove.collect(), set: set.into_iter().collect() })
    }
}

/// The ARN of a thing, by which some services tag: it is told of all that is there.
pub(crate) fn arn_of(request: &Request) -> &str {
    let arn = request.ty.arn.map(|arn| request.outputs.get(arn.slot));
    arn.and_then(Value::as_str).unwrap_or_default()
}

/// Makes the tags of a request into those of a service's SDK: `sdk_tags!(aws_sdk_ec2, request)`.
/// With `?` where the SDK checks that key and value are there.
macro_rules! sdk_tags {
    ($sdk:ident, $tags:expr) => {
        $tags
            .into_iter()
            .map(|(key, value)| $sdk::types::Tag::builder().key(key).value(value).build())
            .collect::<Vec<_>>()
    };
    ($sdk:ident, $tags:expr, checked) => {
        $tags
            .into_iter()
            .map(|(key, value)| {
                let tag = $sdk::types::Tag::builder().key(key).value(value).build();
                tag.expect("key and value are there")
            })
            .collect::<Vec<_>>()
    };
}

pub(crate) use sdk_tags;
