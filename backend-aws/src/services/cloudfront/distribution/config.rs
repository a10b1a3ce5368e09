//! All of a distribution, as CloudFront takes and tells it.

use aws_sdk_cloudfront::types::{
    self as sdk, Aliases, CustomErrorResponses, DistributionConfig, GeoRestriction,
    GeoRestrictionType, LoggingConfig, OriginGroups, Restrictions, SslSupportMethod,
};
use infra_core::{
    aws::{
        BucketName, CertificateArn,
        cloudfront::{
            CustomErrorResponseArgs, Distribution, DistributionArgs, GeoRestrictionArgs,
            LoggingArgs, MinimumProtocolVersion, ViewerCertificateArgs,
        },
    },
    handler::Request,
    types::Seconds,
};

use super::{
    super::{counted, quantity},
    behavior, origin,
};
use crate::seen::Seen;

type Type = Distribution;

/// What stands behind the name of a bucket that CloudFront logs to.
const BUCKETS: &str = ".s3.amazonaws.com";

/// What a program says, whole: an update must say all of it, what there is not too.
pub(super) fn sdk(args: &DistributionArgs, reference: &str) -> DistributionConfig {
    let errors = args.custom_error_responses.iter().map(error).collect::<Vec<_>>();
    let acl = args.web_acl_id.as_ref().map(ToString::to_string);
    DistributionConfig::builder()
        .caller_reference(reference)
        .origins(origin::sdk(&args.origins))
        .origin_groups(counted!(OriginGroups, vec![]))
        .default_cache_behavior(behavior::default(&args.default_cache_behavior))
        .cache_behaviors(behavior::others(&args.cache_behaviors))
        .aliases(counted!(Aliases, args.aliases.clone()))
        .viewer_certificate(certificate(args.viewer_certificate.as_ref()))
        .web_acl_id(acl.unwrap_or_default())
        .custom_error_responses(counted!(CustomErrorResponses, errors))
        .default_root_object(args.default_root_object.as_deref().unwrap_or_default())
        .comment(args.comment.as_deref().unwrap_or_default())
        .enabled(args.enabled)
        .http_version(args.http_version.as_str().into())
        .is_ipv6_enabled(args.ipv6_enabled)
        .price_class(args.price_class.as_str().into())
        .restrictions(restrictions(args.geo_restriction.as_ref()))
        .logging(logging(args.logging.as_ref()))
        .build()
        .expect("reference, comment and state are there")
}

fn certificate(given: Option<&ViewerCertificateArgs>) -> sdk::ViewerCertificate {
    let made = sdk::ViewerCertificate::builder();
    let made = match given {
        Some(it) => made
            .acm_certificate_arn(it.acm_certificate_arn.as_str())
            .ssl_support_method(SslSupportMethod::SniOnly)
            .minimum_protocol_version(it.minimum_protocol_version.as_str().into()),
        None => made.cloud_front_default_certificate(true),
    };
    made.build()
}

fn error(it: &CustomErrorResponseArgs) -> sdk::CustomErrorResponse {
    let code = it.response_code.map(|code| code.to_string());
    sdk::CustomErrorResponse::builder()
        .error_code(it.error_code.into())
        .response_code(code.unwrap_or_default())
        .response_page_path(it.response_page_path.as_deref().unwrap_or_default())
        .error_caching_min_ttl(it.error_caching_min_ttl.0.into())
        .build()
        .expect("the code is there")
}

fn restrictions(given: Option<&GeoRestrictionArgs>) -> Restrictions {
    let (kind, countries) = match given {
        Some(GeoRestrictionArgs::Only(countries)) => (GeoRestrictionType::Whitelist, countries),
        Some(GeoRestrictionArgs::Except(countries)) => (GeoRestrictionType::Blacklist, countries),
        None => (GeoRestrictionType::None, &vec![]),
    };
    let made = GeoRestriction::builder().restriction_type(kind).quantity(quantity(countries));
    let countries = Some(countries.clone()).filter(|countries| !countries.is_empty());
    let made = made.set_items(countries).build().expect("kind and quantity are there");
    Restrictions::builder().geo_restriction(made).build()
}

fn logging(given: Option<&LoggingArgs>) -> LoggingConfig {
    let bucket = given.map(|it| format!("{}{BUCKETS}", it.bucket));
    let prefix = given.and_then(|it| it.prefix.clone());
    LoggingConfig::builder()
        .enabled(given.is_some())
        .include_cookies(given.is_some_and(|it| it.include_cookies))
        .bucket(bucket.unwrap_or_default())
        .prefix(prefix.unwrap_or_default())
        .build()
}

fn certificate_told(told: &sdk::ViewerCertificate) -> Option<ViewerCertificateArgs> {
    let least = told.minimum_protocol_version().map(sdk::MinimumProtocolVersion::as_str);
    Some(ViewerCertificateArgs {
        acm_certificate_arn: CertificateArn::parse(told.acm_certificate_arn()?).ok()?,
        minimum_protocol_version: MinimumProtocolVersion::ALL
            .into_iter()
            .find(|it| Some(it.as_str()) == least)?,
    })
}

fn error_told(told: &sdk::CustomErrorResponse) -> Option<CustomErrorResponseArgs> {
    let page = told.response_page_path().filter(|page| !page.is_empty());
    let least = told.error_caching_min_ttl().and_then(|least| u32::try_from(least).ok());
    Some(CustomErrorResponseArgs {
        error_code: u16::try_from(told.error_code()).ok()?,
        response_code: told.response_code().and_then(|code| code.parse().ok()),
        response_page_path: page.map(str::to_owned),
        error_caching_min_ttl: Seconds(least.unwrap_or(10)),
    })
}

fn restriction_told(told: &GeoRestriction) -> Option<GeoRestrictionArgs> {
    let countries = told.items().to_vec();
    match told.restriction_type() {
        GeoRestrictionType::Whitelist => Some(GeoRestrictionArgs::Only(countries)),
        GeoRestrictionType::Blacklist => Some(GeoRestrictionArgs::Except(countries)),
        _ => None,
    }
}

fn normal_restriction(restriction: GeoRestrictionArgs) -> GeoRestrictionArgs {
    let sorted = |mut countries: Vec<String>| {
        countries.sort();
        countries
    };
    match restriction {
        GeoRestrictionArgs::Only(countries) => GeoRestrictionArgs::Only(sorted(countries)),
        GeoRestrictionArgs::Except(countries) => GeoRestrictionArgs::Except(sorted(countries)),
    }
}

fn normal_errors(mut errors: Vec<CustomErrorResponseArgs>) -> Vec<CustomErrorResponseArgs> {
    errors.sort_by_key(|error| error.error_code);
    errors
}

fn logging_told(told: &LoggingConfig) -> Option<LoggingArgs> {
    let bucket = told.bucket().strip_suffix(BUCKETS).unwrap_or(told.bucket());
    let prefix = Some(told.prefix()).filter(|prefix| !prefix.is_empty());
    let bucket = BucketName::parse(bucket).ok().filter(|_| told.enabled())?;
    let include_cookies = told.include_cookies();
    Some(LoggingArgs { bucket, prefix: prefix.map(str::to_owned), include_cookies })
}

/// All that CloudFront tells.
pub(super) fn seen(seen: Seen, config: &DistributionConfig, request: &Request) -> Seen {
    let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let default = config.default_cache_behavior().and_then(behavior::default_told);
    let others = config.cache_behaviors().map(behavior::others_told).unwrap_or_default();
    let aliases = config.aliases().map(|it| it.items().to_vec()).unwrap_or_default();
    let errors = config.custom_error_responses().map(CustomErrorResponses::items);
    let errors = errors.unwrap_or_default().iter().filter_map(error_told).collect();
    let restriction = config.restrictions().and_then(Restrictions::geo_restriction);
    let version = config.http_version().map(|it| it.as_str().to_lowercase());
    seen.alike(Type::ORIGINS, request, config.origins().map(origin::told), origin::normal)
        .set(Type::DEFAULT_CACHE_BEHAVIOR, default)
        .set(Type::CACHE_BEHAVIORS, others)
        .unordered(Type::ALIASES, request, aliases)
        .set(Type::VIEWER_CERTIFICATE, config.viewer_certificate().and_then(certificate_told))
        .text(Type::WEB_ACL_ID, given(config.web_acl_id()))
        .alike(Type::CUSTOM_ERROR_RESPONSES, request, Some(errors), normal_errors)
        .text(Type::DEFAULT_ROOT_OBJECT, given(config.default_root_object()))
        .text(Type::COMMENT, given(Some(config.comment())))
        .set(Type::ENABLED, config.enabled())
        .text(Type::HTTP_VERSION, version)
        .set(Type::IPV6_ENABLED, config.is_ipv6_enabled().unwrap_or_default())
        .text(Type::PRICE_CLASS, config.price_class().map(sdk::PriceClass::as_str))
        .alike(
            Type::GEO_RESTRICTION,
            request,
            restriction.and_then(restriction_told),
            normal_restriction,
        )
        .set(Type::LOGGING, config.logging().and_then(logging_told))
}
