//! AWS: cloudfront CreateOriginRequestPolicy, UpdateOriginRequestPolicy, GetOriginRequestPolicy,
//! DeleteOriginRequestPolicy.

use super::{Nothing, Selection};
use crate::{aws::OriginRequestPolicyId, props, resource};

/// What an origin gets of a request that tells no answers apart.
///
/// What AWS keeps is a [`ManagedOriginRequestPolicy`](super::ManagedOriginRequestPolicy).
///
/// ```
/// use infra_core::{
///     aws::cloudfront::{HeaderSelection, OriginRequestPolicy, Selection},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// OriginRequestPolicy::named("moodle")
///     .name("campus-moodle")
///     .headers(HeaderSelection::all_viewer_and_cloud_front(["CloudFront-Viewer-Country"]))
///     .cookies(Selection::only(["MoodleSession"]))
///     .query_strings(Selection::everything())
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:cloudfront:OriginRequestPolicy",
    unique(name),
    find = key,
    create = "1s",
    update = "4min"
)]
pub struct OriginRequestPolicy {
    /// The name, up to 128 characters, unique in the account. Changes in place. AWS: `Name`.
    pub name: String,
    /// What it is for, up to 128 characters. Default: none. Changes in place. AWS: `Comment`.
    pub comment: Option<String>,
    /// Which headers. Default: none. Changes in place. AWS: `HeadersConfig`.
    #[prop(default = HeaderSelection::none(Nothing::new()))]
    pub headers: HeaderSelection,
    /// Which cookies. Default: none. Changes in place. AWS: `CookiesConfig`.
    #[prop(default = Selection::nothing())]
    pub cookies: Selection,
    /// Which arguments behind the question mark. Default: none. Changes in place. AWS:
    /// `QueryStringsConfig`.
    #[prop(default = Selection::nothing())]
    pub query_strings: Selection,
    /// The id. AWS: `Id`.
    #[output(id = "", at = exists)]
    pub origin_request_policy_id: OriginRequestPolicyId,
}

/// Which headers.
#[props]
pub enum HeaderSelection {
    /// None. AWS: `none`.
    None(Nothing),
    /// Those of these names, up to ten. AWS: `whitelist`.
    Only(Vec<String>),
    /// All that the client sent. AWS: `allViewer`.
    AllViewer(Nothing),
    /// The same, and these that CloudFront makes. AWS: `allViewerAndWhitelistCloudFront`.
    AllViewerAndCloudFront(Vec<String>),
    /// All that the client sent but those of these names. AWS: `allExcept`.
    AllViewerExcept(Vec<String>),
}
