//! AWS: cloudfront CreateCachePolicy, UpdateCachePolicy, GetCachePolicy, DeleteCachePolicy.

use crate::{aws::CachePolicyId, prelude::*, props, resource};

/// For how long answers are cached, and by what they are told apart.
///
/// What tells answers apart also reaches the origin. What AWS keeps is a
/// [`ManagedCachePolicy`](super::ManagedCachePolicy).
///
/// ```
/// use infra_core::{aws::cloudfront::{CachePolicy, Selection}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// CachePolicy::named("theme")
///     .name("campus-theme")
///     .default_ttl(Seconds(86_400))
///     .query_strings(Selection::only(["rev"]))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:cloudfront:CachePolicy",
    unique(name),
    find = key,
    create = "1s",
    update = "4min"
)]
pub struct CachePolicy {
    /// The name, up to 128 characters, unique in the account. Changes in place. AWS: `Name`.
    pub name: String,
    /// What it is for, up to 128 characters. Default: none. Changes in place. AWS: `Comment`.
    pub comment: Option<String>,
    /// For how long an answer is cached at least, whatever the origin says. Default: 0 s. Changes
    /// in place. AWS: `MinTTL`.
    #[prop(default = Seconds(0))]
    pub min_ttl: Seconds,
    /// For how long, where the origin says nothing. Default: a day. Changes in place. AWS:
    /// `DefaultTTL`.
    #[prop(default = Seconds(86_400))]
    pub default_ttl: Seconds,
    /// For how long at most. Default: a year. Changes in place. AWS: `MaxTTL`.
    #[prop(default = Seconds(31_536_000))]
    pub max_ttl: Seconds,
    /// Which headers tell answers apart, up to ten. Default: none. Change in place. AWS:
    /// `HeadersConfig`.
    #[prop(default, set)]
    pub headers: Vec<String>,
    /// Which cookies do. Default: none. Changes in place. AWS: `CookiesConfig`.
    #[prop(default = Selection::nothing())]
    pub cookies: Selection,
    /// Which arguments behind the question mark do. Default: none. Changes in place. AWS:
    /// `QueryStringsConfig`.
    #[prop(default = Selection::nothing())]
    pub query_strings: Selection,
    /// Whether answers compressed by gzip are cached apart, which compression needs. Default:
    /// true. Changes in place. AWS: `EnableAcceptEncodingGzip`.
    #[prop(default = true)]
    pub enable_accept_encoding_gzip: bool,
    /// The same for Brotli. Default: true. Changes in place. AWS: `EnableAcceptEncodingBrotli`.
    #[prop(default = true)]
    pub enable_accept_encoding_brotli: bool,
    /// The id. AWS: `Id`.
    #[output(id = "", at = exists)]
    pub cache_policy_id: CachePolicyId,
}

/// Which cookies, or arguments behind the question mark.
#[props]
pub enum Selection {
    /// None. AWS: `none`.
    None(Nothing),
    /// Those of these names, up to ten. AWS: `whitelist`.
    Only(Vec<String>),
    /// All but those of these names. AWS: `allExcept`.
    Except(Vec<String>),
    /// All. AWS: `all`.
    All(Nothing),
}

impl Selection {
    /// None.
    pub fn nothing() -> Self {
        Self::none(Nothing::new())
    }

    /// All.
    pub fn everything() -> Self {
        Self::all(Nothing::new())
    }
}

/// There is nothing more to say.
#[props]
pub struct Nothing {}
