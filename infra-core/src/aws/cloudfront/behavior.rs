//! What happens to requests, by their path.

use crate::{
    aws::{CachePolicyId, OriginRequestPolicyId, ResponseHeadersPolicyId},
    prelude::*,
    props,
};

/// What happens to requests.
#[props]
pub struct CacheBehavior {
    /// The id of the origin that is asked. AWS: `TargetOriginId`.
    pub target_origin_id: String,
    /// Whether plain HTTP is spoken. AWS: `ViewerProtocolPolicy`.
    pub viewer_protocol_policy: ViewerProtocolPolicy,
    /// What is cached, and by what: a [`CachePolicy`](super::CachePolicy) or a
    /// [`ManagedCachePolicy`](super::ManagedCachePolicy). AWS: `CachePolicyId`.
    pub cache_policy_id: CachePolicyId,
    /// What else the origin gets. Default: nothing. AWS: `OriginRequestPolicyId`.
    pub origin_request_policy_id: Option<OriginRequestPolicyId>,
    /// Headers that answers get. Default: none. AWS: `ResponseHeadersPolicyId`.
    pub response_headers_policy_id: Option<ResponseHeadersPolicyId>,
    /// With which methods one may ask. Default: GET and HEAD. AWS: `AllowedMethods`.
    #[prop(default = AllowedMethods::Read)]
    pub allowed_methods: AllowedMethods,
    /// Whether answers to OPTIONS are cached too, where it is allowed. Default: false. AWS:
    /// `CachedMethods`.
    #[prop(default = false)]
    pub cache_options: bool,
    /// Whether answers are compressed. Default: true. AWS: `Compress`, there false.
    #[prop(default = true)]
    pub compress: bool,
}

/// What happens to requests of some paths; the first that fits decides.
#[props]
pub struct PathBehavior {
    /// Which, such as `/theme/*`; `*` stands for any characters, `?` for one. AWS: `PathPattern`.
    pub path_pattern: String,
    /// What happens. AWS: the rest of `CacheBehavior`.
    pub behavior: CacheBehavior,
}

/// Whether plain HTTP is spoken.
#[props(words = "kebab")]
pub enum ViewerProtocolPolicy {
    /// It is.
    AllowAll,
    /// It is refused.
    HttpsOnly,
    /// It is sent to HTTPS.
    RedirectToHttps,
}

/// With which methods one may ask.
#[props]
pub enum AllowedMethods {
    /// GET and HEAD.
    #[prop("GET,HEAD")]
    Read,
    /// GET, HEAD and OPTIONS.
    #[prop("GET,HEAD,OPTIONS")]
    ReadAndOptions,
    /// All that CloudFront knows: what has forms needs them.
    #[prop("GET,HEAD,OPTIONS,PUT,PATCH,POST,DELETE")]
    All,
}

/// An answer in place of an error of the origin.
#[props]
pub struct CustomErrorResponse {
    /// Which error: 400, 403, 404, 405, 414, 416, 500 to 504. AWS: `ErrorCode`.
    pub error_code: u16,
    /// What is answered instead. Default: the error. Goes with `response_page_path`. AWS:
    /// `ResponseCode`.
    pub response_code: Option<u16>,
    /// The page that is shown, by a path that begins with `/`. Default: what the origin said. AWS:
    /// `ResponsePagePath`.
    pub response_page_path: Option<String>,
    /// For how long that is cached. Default: 10 s. AWS: `ErrorCachingMinTTL`.
    #[prop(default = Seconds(10))]
    pub error_caching_min_ttl: Seconds,
}
