//! AWS IAM.

pub(crate) mod instance_profile;
pub(crate) mod policy;
pub(crate) mod role;
pub(crate) mod role_policy;
pub(crate) mod role_policy_attachment;
pub(crate) mod service_linked_role;

use aws_sdk_iam::types as sdk;
use infra_core::handler::Request;

/// A document as IAM tells it: escaped as in a URL.
fn decoded(document: &str) -> String {
    percent_encoding::percent_decode_str(document).decode_utf8_lossy().into_owned()
}

/// Tags as IAM tells them.
fn tags(tags: &[sdk::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key(), tag.value()))
}

/// The two parts of an id that is a key. No name of a role or service has a slash.
fn key(request: &Request) -> (&str, &str) {
    request.id.split_once('/').unwrap_or((&request.id, ""))
}
