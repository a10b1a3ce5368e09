//! The case of `aws:cloudfront:Distribution`.

mod refused;

use crate::{
    certificates::issued,
    conformance::{Case, Cfn},
};
use infra_core::{
    aws::{
        CertificateArn,
        cloudfront::{
            AllowedMethods, CacheBehavior, CachePolicy, CustomErrorResponse, CustomOrigin,
            Distribution, DistributionBuilder, GeoRestriction, HttpVersion, InVpc, Logging,
            ManagedCachePolicy, ManagedOriginRequestPolicy, ManagedResponseHeadersPolicy,
            MinimumProtocolVersion, Origin, OriginAccessControl, OriginCustomHeader, OriginKind,
            OriginProtocolPolicy, OriginRequestPolicy, PathBehavior, PriceClass, S3Origin,
            ViewerCertificate, ViewerProtocolPolicy, VpcOrigin,
        },
        elbv2::LoadBalancer,
        s3::{Bucket, ObjectOwnership, OwnershipControls},
        wafv2::{Scope, WebAcl},
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::{
    elbv2::load_balancer::{Network, balancer},
    wafv2::web_acl::acl,
};

const DOMAIN: &str = "campus.example.org";
const PART: &str = "a part of `DistributionConfig`";

type Subject = DistributionBuilder<Provided, Provided>;

/// A part of the stack whose things stand where CloudFront looks for them.
fn edge(stack: &Stack) -> Stack {
    let region = ComponentOptions::default().provider(Provider::aws("us-east-1"));
    stack.component_with("edge", region)
}

fn certificate(stack: &Stack) -> Output<CertificateArn> {
    issued(&edge(stack), "campus", DOMAIN)
}

fn custom() -> Origin {
    let https = CustomOrigin::new(OriginProtocolPolicy::HttpsOnly);
    Origin::new("web", "origin.example.org", OriginKind::custom(https))
}

fn behavior(origin: &str) -> CacheBehavior {
    let policy = ManagedCachePolicy::CachingDisabled;
    CacheBehavior::new(origin, ViewerProtocolPolicy::RedirectToHttps, policy)
}

/// A distribution of one origin, with its own name alone.
fn plain() -> Subject {
    Distribution::named("subject").origins([custom()]).default_cache_behavior(behavior("web"))
}

/// An origin of every kind, with all that origins have.
fn every_kind(stack: &Stack, balancer: &LoadBalancer) -> Vec<Origin> {
    let way = VpcOrigin::named("web").name("campus").endpoint_arn(balancer).create(stack);
    let inside = InVpc::new(&way).origin_read_timeout(Seconds(120));
    let control = OriginAccessControl::named("files").name("campus").create(stack);
    let files = Bucket::named("files").create(stack);
    let bucket = S3Origin::new().origin_access_control_id(&control);
    let shows = OriginCustomHeader::new("X-Edge", Secret::new("hunter2".to_owned()));
    vec![
        custom().custom_headers([shows]).connection_attempts(2_u32).origin_path("/public"),
        Origin::new("inside", balancer.dns_name(), OriginKind::inside(inside))
            .response_completion_timeout(Seconds(300)),
        Origin::new("files", files.regional_domain_name(), OriginKind::s3(bucket))
            .origin_shield_region("eu-central-1"),
    ]
}

/// Behaviours by policies of one's own, and by those that AWS keeps.
fn behaviors(stack: &Stack) -> Vec<PathBehavior> {
    let cached = CachePolicy::named("theme").name("campus").create(stack);
    let asked = OriginRequestPolicy::named("moodle").name("campus").create(stack);
    let own = CacheBehavior::new("web", ViewerProtocolPolicy::HttpsOnly, &cached)
        .origin_request_policy_id(&asked)
        .response_headers_policy_id(ManagedResponseHeadersPolicy::SecurityHeaders)
        .allowed_methods(AllowedMethods::ReadAndOptions)
        .cache_options(true);
    vec![
        PathBehavior::new("/theme/*", own),
        PathBehavior::new("/lib/*", behavior("web").compress(false)),
    ]
}

fn web_acl(stack: &Stack, name: &str) -> WebAcl {
    acl(name).scope(Scope::Cloudfront).create(stack)
}

fn log_bucket(stack: &Stack) -> Bucket {
    let lets = OwnershipControls::of(ObjectOwnership::BucketOwnerPreferred);
    Bucket::named("logs").ownership_controls(lets).create(stack)
}

const DISTRIBUTION: Case = Case {
    ty: Distribution::definition,
    build: |stack, v| {
        let edge = edge(stack);
        let balancer = balancer(stack, &Network::new(stack));
        let certificate = ViewerCertificate::new(issued(&edge, "campus", DOMAIN));
        let [one, other] = ["one", "other"].map(|name| web_acl(&edge, name).arn());
        let logging = Logging::new(&log_bucket(stack)).prefix("edge/");
        let all = behavior("web")
            .allowed_methods(AllowedMethods::All)
            .origin_request_policy_id(ManagedOriginRequestPolicy::AllViewer);
        let busy = CustomErrorResponse::new(503_u16)
            .response_code(503_u16)
            .response_page_path("/busy.html");
        Distribution::named("subject")
            .origins(v.pick("origins", every_kind(stack, &balancer), vec![custom()]))
            .default_cache_behavior(v.pick("default_cache_behavior", all, behavior("web")))
            .cache_behaviors(v.pick("cache_behaviors", behaviors(stack), vec![]))
            .aliases(v.pick("aliases", vec![DOMAIN], vec![]))
            .viewer_certificate(v.pick(
                "viewer_certificate",
                certificate.clone(),
                certificate.minimum_protocol_version(MinimumProtocolVersion::TlsV13In2025),
            ))
            .web_acl_id(v.pick("web_acl_id", one, other))
            .custom_error_responses(v.pick("custom_error_responses", vec![busy], vec![]))
            .default_root_object(v.pick("default_root_object", "index.html", "index.php"))
            .comment(v.pick("comment", "the campus", "all of the campus"))
            .enabled(v.pick("enabled", true, false))
            .http_version(v.pick("http_version", HttpVersion::Http2, HttpVersion::Http2And3))
            .ipv6_enabled(v.pick("ipv6_enabled", true, false))
            .price_class(v.pick("price_class", PriceClass::Cheapest, PriceClass::All))
            .geo_restriction(v.pick(
                "geo_restriction",
                GeoRestriction::only(["DE", "AT"]),
                GeoRestriction::except(["AQ"]),
            ))
            .logging(v.pick("logging", logging.clone(), logging.include_cookies(true)))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: refused::ALL,
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudFront::Distribution",
        differs: &[
            ("DistributionConfig", "its parts are properties here"),
            ("origins", PART),
            ("default_cache_behavior", PART),
            ("cache_behaviors", PART),
            ("aliases", PART),
            ("viewer_certificate", PART),
            ("web_acl_id", PART),
            ("custom_error_responses", PART),
            ("default_root_object", PART),
            ("comment", PART),
            ("enabled", PART),
            ("http_version", PART),
            ("ipv6_enabled", PART),
            ("price_class", PART),
            ("geo_restriction", PART),
            ("logging", PART),
            ("arn", "made of the id; CloudFormation does not tell it"),
        ],
        renamed: &[("Id", "distribution_id")],
    },
};

pub(crate) const CASES: &[Case] = &[DISTRIBUTION];
