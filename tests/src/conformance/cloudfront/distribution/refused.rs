//! Distributions that AWS refuses.

use crate::{certificates::issued, conformance::Refused};
use infra_core::{
    aws::{
        acm::Certificate,
        cloudfront::{
            AccessControlOriginType, CustomErrorResponse, CustomOrigin, Distribution,
            GeoRestriction, InVpc, Logging, Origin, OriginAccessControl, OriginCustomHeader,
            OriginKind, OriginProtocolPolicy, OriginSslProtocol, PathBehavior, S3Origin,
            ViewerCertificate, VpcOrigin,
        },
        s3::Bucket,
    },
    prelude::*,
};

use super::{DOMAIN, acl, balancer, behavior, certificate, custom, edge, plain};
use crate::conformance::elbv2::load_balancer::Network;

/// A distribution with an origin that is wrong.
fn of(stack: &Stack, origin: Origin) {
    plain().origins([origin]).create(stack);
}

fn errors(stack: &Stack, error: CustomErrorResponse) {
    plain().custom_error_responses([error]).create(stack);
}

fn https() -> CustomOrigin {
    CustomOrigin::new(OriginProtocolPolicy::HttpsOnly)
}

fn named(name: &str) -> Origin {
    Origin::new("web", name, OriginKind::custom(https()))
}

const fn refused(property: &'static str, build: fn(&Stack), says: &'static str) -> Refused {
    Refused { property, build, says }
}

pub(super) const ALL: &[Refused] = &[
    refused(
        "origins",
        |stack| {
            Distribution::named("subject")
                .origins(Vec::<Origin>::new())
                .default_cache_behavior(behavior("web"))
                .create(stack);
        },
        "is empty",
    ),
    refused(
        "origins",
        |stack| {
            plain().origins([custom(), custom()]).create(stack);
        },
        "`origins[1]`: `id` \"web\" is empty, too long or stands twice",
    ),
    refused("origins", |stack| of(stack, named("192.0.2.1")), "is no name in DNS"),
    refused(
        "origins",
        |stack| of(stack, custom().origin_path("/public/")),
        "begins with a slash and does not end with one",
    ),
    refused(
        "origins",
        |stack| {
            let slow = OriginKind::custom(https().origin_read_timeout(Seconds(181)));
            of(stack, Origin::new("web", "origin.example.org", slow));
        },
        "`origin_read_timeout` 181 s must be 1 to 180 s",
    ),
    refused(
        "origins",
        |stack| of(stack, custom().connection_attempts(4_u32)),
        "`connection_attempts` 4 must be 1 to 3",
    ),
    refused(
        "origins",
        |stack| of(stack, custom().response_completion_timeout(Seconds(20))),
        "`response_completion_timeout` 20 s is less than `origin_read_timeout` 30 s",
    ),
    refused(
        "origins",
        |stack| {
            let host = OriginCustomHeader::new("Host", Secret::new("example.org".to_owned()));
            of(stack, custom().custom_headers([host]));
        },
        "CloudFront sets the header \"Host\" itself",
    ),
    refused(
        "origins",
        |stack| {
            let twice = ["X-Edge", "x-edge-"].map(|name| {
                OriginCustomHeader::new(name.trim_end_matches('-'), Secret::new("a".to_owned()))
            });
            of(stack, custom().custom_headers(twice));
        },
        "the header x-edge stands twice",
    ),
    refused(
        "origins",
        |stack| {
            let none = https().origin_ssl_protocols(Vec::<OriginSslProtocol>::new());
            of(stack, Origin::new("web", "origin.example.org", OriginKind::custom(none)));
        },
        "`origin_ssl_protocols` is empty",
    ),
    refused(
        "origins",
        |stack| {
            let control = OriginAccessControl::named("function")
                .name("campus")
                .origin_type(AccessControlOriginType::Lambda)
                .create(stack);
            let files = Bucket::named("files").create(stack);
            let bucket = OriginKind::s3(S3Origin::new().origin_access_control_id(&control));
            of(stack, Origin::new("web", files.regional_domain_name(), bucket));
        },
        "is for origins of type lambda, and this one is a bucket",
    ),
    refused(
        "origins",
        |stack| {
            let balancer = balancer(stack, &Network::new(stack));
            let way = VpcOrigin::named("web").name("campus").endpoint_arn(&balancer).create(stack);
            let inside = OriginKind::inside(InVpc::new(&way));
            of(stack, Origin::new("web", "origin.example.org", inside));
        },
        "origin.example.org is not that of the load balancer behind vo_",
    ),
    refused(
        "default_cache_behavior",
        |stack| {
            Distribution::named("subject")
                .origins([custom()])
                .default_cache_behavior(behavior("files"))
                .create(stack);
        },
        "asks the origin `files`, which `origins` does not have; it has web",
    ),
    refused(
        "cache_behaviors",
        |stack| {
            let twice = ["/theme/*"; 2].map(|path| PathBehavior::new(path, behavior("web")));
            plain().cache_behaviors(twice).create(stack);
        },
        "`cache_behaviors[1].path_pattern` /theme/* stands twice",
    ),
    refused(
        "cache_behaviors",
        |stack| {
            plain().cache_behaviors([PathBehavior::new("/a b", behavior("web"))]).create(stack);
        },
        "\"/a b\" must have 1 to 255 letters",
    ),
    refused(
        "cache_behaviors[0]",
        |stack| {
            let odd = PathBehavior::new("/theme/*", behavior("web").cache_options(true));
            plain().cache_behaviors([odd]).create(stack);
        },
        "caches OPTIONS and does not allow it",
    ),
    refused(
        "custom_error_responses",
        |stack| errors(stack, CustomErrorResponse::new(401_u16)),
        "401 is no error that there may be another answer to",
    ),
    refused(
        "custom_error_responses",
        |stack| errors(stack, CustomErrorResponse::new(503_u16).response_code(200_u16)),
        "`response_code` and `response_page_path` go together",
    ),
    refused(
        "viewer_certificate",
        |stack| {
            plain().aliases([DOMAIN]).create(stack);
        },
        "is needed for `aliases` campus.example.org",
    ),
    refused(
        "viewer_certificate",
        |stack| {
            let here = ViewerCertificate::new(issued(stack, "campus", DOMAIN));
            plain().aliases([DOMAIN]).viewer_certificate(here).create(stack);
        },
        "is a certificate of eu-central-1; CloudFront takes those of us-east-1 alone",
    ),
    refused(
        "viewer_certificate",
        |stack| {
            let certificate = Certificate::named("campus").domain_name(DOMAIN);
            let certificate = certificate.create(&edge(stack)).certificate_arn();
            plain().viewer_certificate(ViewerCertificate::new(certificate)).create(stack);
        },
        "is a certificate that is not issued",
    ),
    refused(
        "viewer_certificate",
        |stack| {
            let other = ViewerCertificate::new(certificate(stack));
            plain().aliases(["moodle.example.org"]).viewer_certificate(other).create(stack);
        },
        "is not for `aliases` moodle.example.org",
    ),
    refused(
        "aliases",
        |stack| {
            let certificate = ViewerCertificate::new(certificate(stack));
            let first = Distribution::named("first")
                .origins([custom()])
                .default_cache_behavior(behavior("web"))
                .aliases([DOMAIN])
                .viewer_certificate(certificate.clone())
                .create(stack);
            plain()
                .aliases([DOMAIN])
                .viewer_certificate(certificate)
                .depends_on(&first)
                .create(stack);
        },
        "campus.example.org is a name of E",
    ),
    refused(
        "web_acl_id",
        |stack| {
            let acl = acl("site").create(&edge(stack));
            plain().web_acl_id(acl.arn()).create(stack);
        },
        "is of the scope REGIONAL; a distribution takes one of the scope CLOUDFRONT",
    ),
    refused(
        "comment",
        |stack| {
            plain().comment("x".repeat(129)).create(stack);
        },
        "128 characters at most",
    ),
    refused(
        "default_root_object",
        |stack| {
            plain().default_root_object("/index.html").create(stack);
        },
        "no slash before them",
    ),
    refused(
        "geo_restriction",
        |stack| {
            plain().geo_restriction(GeoRestriction::only(["Germany"])).create(stack);
        },
        "names the country Germany; write two capitals",
    ),
    refused(
        "logging",
        |stack| {
            let bucket = Bucket::named("logs").create(stack);
            plain().logging(Logging::new(&bucket)).create(stack);
        },
        "takes no ACLs, by which CloudFront hands over logs",
    ),
];
