//! AWS: cloudfront CreateDistributionWithTags, UpdateDistribution, TagResource, GetDistribution,
//! DeleteDistribution.

use super::{CacheBehavior, CustomErrorResponse, Origin, PathBehavior};
use crate::{
    aws::{BucketName, CertificateArn, DistributionId, WebAclArn},
    prelude::*,
    props, resource,
};

/// A site at the edge: CloudFront answers near those who ask, and asks origins for what it does not
/// have.
///
/// Every change goes out to all edges, which takes minutes; so does its way out, on which it is
/// turned off before it is deleted.
///
/// ```
/// use infra_core::{
///     aws::cloudfront::{
///         AllowedMethods, CacheBehavior, CustomOrigin, Distribution, ManagedCachePolicy,
///         ManagedOriginRequestPolicy, Origin, OriginKind, OriginProtocolPolicy, PathBehavior,
///         ViewerProtocolPolicy,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let balancer = Output::<String>::plain("web-1.eu-central-1.elb.amazonaws.com".to_owned());
/// let https = OriginKind::custom(CustomOrigin::new(OriginProtocolPolicy::HttpsOnly));
/// let ask = |policy: ManagedCachePolicy| {
///     CacheBehavior::new("web", ViewerProtocolPolicy::RedirectToHttps, policy)
/// };
/// let site = Distribution::named("site")
///     .origins([Origin::new("web", balancer, https)])
///     .default_cache_behavior(
///         ask(ManagedCachePolicy::CachingDisabled)
///             .origin_request_policy_id(ManagedOriginRequestPolicy::AllViewer)
///             .allowed_methods(AllowedMethods::All),
///     )
///     .cache_behaviors([PathBehavior::new("/theme/*", ask(ManagedCachePolicy::CachingOptimized))])
///     .create(&stack);
/// stack.output("address", site.domain_name());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:cloudfront:Distribution",
    find = token,
    create = "5min",
    update = "4min"
)]
pub struct Distribution {
    /// Where it gets what it does not have, 1 to 100. Change in place. AWS: `Origins`.
    pub origins: Vec<Origin>,
    /// What happens to requests that no other behaviour is about. Changes in place. AWS:
    /// `DefaultCacheBehavior`.
    pub default_cache_behavior: CacheBehavior,
    /// What happens to requests of some paths, up to 75; the first that fits decides. Default:
    /// nothing else. Change in place. AWS: `CacheBehaviors`.
    #[prop(default)]
    pub cache_behaviors: Vec<PathBehavior>,
    /// Names that it is reached by, beside its own; no other distribution of AWS may have them.
    /// `viewer_certificate` must be for all of them. Default: none. Change in place. AWS:
    /// `Aliases`.
    #[prop(default, set)]
    pub aliases: Vec<String>,
    /// The certificate. Default: CloudFront's own, for its own name. Changes in place. AWS:
    /// `ViewerCertificate`.
    pub viewer_certificate: Option<ViewerCertificate>,
    /// The [`WebAcl`](crate::aws::wafv2::WebAcl) that looks at requests, of the scope CLOUDFRONT.
    /// Default: none. Changes in place. AWS: `WebACLId`.
    #[prop(needs = ready)]
    pub web_acl_id: Option<WebAclArn>,
    /// Answers in place of errors of the origin. Default: the errors. Change in place. AWS:
    /// `CustomErrorResponses`.
    #[prop(default)]
    pub custom_error_responses: Vec<CustomErrorResponse>,
    /// What is answered at `/`, such as `index.html`, without a slash before it. Default: what the
    /// origin says. Changes in place. AWS: `DefaultRootObject`.
    pub default_root_object: Option<String>,
    /// What it is for, up to 128 characters. Default: none. Changes in place. AWS: `Comment`.
    pub comment: Option<String>,
    /// Whether it answers. Default: true. Changes in place; turned off by a call of its own before
    /// deletion. AWS: `Enabled`.
    #[prop(default = true, detach)]
    pub enabled: bool,
    /// Which versions of HTTP clients may speak. Default: 1.1 and 2. Changes in place. AWS:
    /// `HttpVersion`.
    #[prop(default = HttpVersion::Http2)]
    pub http_version: HttpVersion,
    /// Whether it has IPv6 addresses too. Default: true. Changes in place. AWS: `IPV6Enabled`.
    #[prop(default = true)]
    pub ipv6_enabled: bool,
    /// Which edges answer: fewer are cheaper. Default: all. Changes in place. AWS: `PriceClass`.
    #[prop(default = PriceClass::All)]
    pub price_class: PriceClass,
    /// From which countries one may ask. Default: from all. Changes in place. AWS:
    /// `Restrictions.GeoRestriction`.
    pub geo_restriction: Option<GeoRestriction>,
    /// Where requests are logged. Default: nowhere. Changes in place. AWS: `Logging`.
    pub logging: Option<Logging>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `Id`.
    #[output(id = "E", at = exists)]
    pub distribution_id: DistributionId,
    /// The ARN, which policies of buckets name. AWS: `ARN`.
    #[output(arn = "arn:aws:cloudfront::{account}:distribution/{id}", at = exists)]
    pub arn: String,
    /// Its own name, such as `d111111abcdef8.cloudfront.net`. AWS: `DomainName`.
    #[output(at = exists)]
    pub domain_name: String,
}

/// The certificate that clients are shown, if they name a host; others can't be served.
#[props]
pub struct ViewerCertificate {
    /// An issued one of us-east-1, whatever the region of the rest. AWS: `ACMCertificateArn`.
    pub acm_certificate_arn: CertificateArn,
    /// What clients must speak at least. Default: TLS 1.2 with ciphers of 2021. AWS:
    /// `MinimumProtocolVersion`.
    #[prop(default = MinimumProtocolVersion::TlsV12In2021)]
    pub minimum_protocol_version: MinimumProtocolVersion,
}

/// What clients must speak at least.
#[props]
pub enum MinimumProtocolVersion {
    /// TLS 1.2 with ciphers of 2018.
    #[prop("TLSv1.2_2018")]
    TlsV12In2018,
    /// TLS 1.2 with ciphers of 2019.
    #[prop("TLSv1.2_2019")]
    TlsV12In2019,
    /// TLS 1.2 with ciphers of 2021.
    #[prop("TLSv1.2_2021")]
    TlsV12In2021,
    /// TLS 1.2 with ciphers of 2025.
    #[prop("TLSv1.2_2025")]
    TlsV12In2025,
    /// TLS 1.3 alone.
    #[prop("TLSv1.3_2025")]
    TlsV13In2025,
}

/// Which versions of HTTP clients may speak.
#[props]
pub enum HttpVersion {
    /// 1.1.
    #[prop("http1.1")]
    Http11,
    /// 1.1 and 2.
    #[prop("http2")]
    Http2,
    /// 1.1, 2 and 3.
    #[prop("http2and3")]
    Http2And3,
    /// 1.1 and 3.
    #[prop("http3")]
    Http3,
}

/// Which edges answer.
#[props]
pub enum PriceClass {
    /// Those of North America, Europe and Israel.
    #[prop("PriceClass_100")]
    Cheapest,
    /// Those too of Africa, the Middle East and most of Asia.
    #[prop("PriceClass_200")]
    Most,
    /// All.
    #[prop("PriceClass_All")]
    All,
}

/// From which countries one may ask: two letters each, such as `DE`.
#[props]
pub enum GeoRestriction {
    /// From these alone. AWS: `whitelist`.
    Only(Vec<String>),
    /// From all but these. AWS: `blacklist`.
    Except(Vec<String>),
}

/// Where requests are logged.
#[props]
pub struct Logging {
    /// The bucket, which must let ACLs say who may read what. AWS: `Bucket`, as its name in DNS.
    pub bucket: BucketName,
    /// What the names of logs begin with. Default: nothing. AWS: `Prefix`.
    pub prefix: Option<String>,
    /// Whether cookies are logged. Default: false. AWS: `IncludeCookies`.
    #[prop(default = false)]
    pub include_cookies: bool,
}
