//! Behaviours, as CloudFront takes and tells them.

use aws_sdk_cloudfront::types::{
    self as sdk, CacheBehavior, CachedMethods, DefaultCacheBehavior, FunctionAssociations,
    LambdaFunctionAssociations, Method, TrustedKeyGroups, TrustedSigners,
};
use infra_core::aws::{
    CachePolicyId, OriginRequestPolicyId, ResponseHeadersPolicyId,
    cloudfront::{AllowedMethods, CacheBehaviorArgs, PathBehaviorArgs, ViewerProtocolPolicy},
};

use super::super::{counted, filled};

fn methods(behavior: &CacheBehaviorArgs) -> sdk::AllowedMethods {
    let all: Vec<Method> = behavior.allowed_methods.as_str().split(',').map(Into::into).collect();
    let mut cached = vec![Method::Get, Method::Head];
    if behavior.cache_options {
        cached.push(Method::Options);
    }
    let allowed = sdk::AllowedMethods::builder().quantity(super::super::quantity(&all));
    let allowed = allowed.set_items(Some(all)).cached_methods(filled!(CachedMethods, cached));
    allowed.build().expect("quantity and items are there")
}

fn no_signers() -> TrustedSigners {
    let none = TrustedSigners::builder().enabled(false).quantity(0).build();
    none.expect("quantity is there")
}

fn no_key_groups() -> TrustedKeyGroups {
    let none = TrustedKeyGroups::builder().enabled(false).quantity(0).build();
    none.expect("quantity is there")
}

/// Says what both kinds of behaviour have in common. An update must say all of it, what there is
/// not of it too.
macro_rules! said {
    ($made:expr, $behavior:expr) => {{
        let behavior: &CacheBehaviorArgs = $behavior;
        let asked = behavior.origin_request_policy_id.as_ref();
        let answered = behavior.response_headers_policy_id.as_ref();
        $made
            .target_origin_id(&behavior.target_origin_id)
            .viewer_protocol_policy(behavior.viewer_protocol_policy.as_str().into())
            .cache_policy_id(behavior.cache_policy_id.as_str())
            .set_origin_request_policy_id(asked.map(ToString::to_string))
            .set_response_headers_policy_id(answered.map(ToString::to_string))
            .allowed_methods(methods(behavior))
            .compress(behavior.compress)
            .smooth_streaming(false)
            .field_level_encryption_id("")
            .trusted_signers(no_signers())
            .trusted_key_groups(no_key_groups())
            .lambda_function_associations(counted!(LambdaFunctionAssociations, vec![]))
            .function_associations(counted!(FunctionAssociations, vec![]))
    }};
}

pub(super) fn default(behavior: &CacheBehaviorArgs) -> DefaultCacheBehavior {
    let made = said!(DefaultCacheBehavior::builder(), behavior).build();
    made.expect("origin and policy are there")
}

pub(super) fn others(behaviors: &[PathBehaviorArgs]) -> sdk::CacheBehaviors {
    let one = |it: &PathBehaviorArgs| {
        let made = CacheBehavior::builder().path_pattern(&it.path_pattern);
        said!(made, &it.behavior).build().expect("pattern, origin and policy are there")
    };
    use sdk::CacheBehaviors;
    counted!(CacheBehaviors, behaviors.iter().map(one).collect::<Vec<_>>())
}

fn methods_told(told: Option<&sdk::AllowedMethods>) -> (AllowedMethods, bool) {
    let Some(told) = told else { return (AllowedMethods::Read, false) };
    let may = |method: &Method| told.items().contains(method);
    let allowed = match (may(&Method::Post), may(&Method::Options)) {
        (true, _) => AllowedMethods::All,
        (_, true) => AllowedMethods::ReadAndOptions,
        _ => AllowedMethods::Read,
    };
    let cached = told.cached_methods().map(CachedMethods::items).unwrap_or_default();
    (allowed, cached.contains(&Method::Options))
}

/// What both kinds of behaviour tell, if it is one that a program can say.
macro_rules! told {
    ($behavior:expr) => {{
        let behavior = $behavior;
        let policy = behavior.viewer_protocol_policy().as_str();
        let (allowed_methods, cache_options) = methods_told(behavior.allowed_methods());
        let asked = behavior.origin_request_policy_id().filter(|id| !id.is_empty());
        let answered = behavior.response_headers_policy_id().filter(|id| !id.is_empty());
        Some(CacheBehaviorArgs {
            target_origin_id: behavior.target_origin_id().to_owned(),
            viewer_protocol_policy: ViewerProtocolPolicy::ALL
                .into_iter()
                .find(|it| it.as_str() == policy)?,
            cache_policy_id: CachePolicyId::parse(behavior.cache_policy_id()?).ok()?,
            origin_request_policy_id: asked.and_then(|id| OriginRequestPolicyId::parse(id).ok()),
            response_headers_policy_id: answered
                .and_then(|id| ResponseHeadersPolicyId::parse(id).ok()),
            allowed_methods,
            cache_options,
            compress: behavior.compress().unwrap_or_default(),
        })
    }};
}

pub(super) fn default_told(behavior: &DefaultCacheBehavior) -> Option<CacheBehaviorArgs> {
    told!(behavior)
}

fn one_told(behavior: &CacheBehavior) -> Option<CacheBehaviorArgs> {
    told!(behavior)
}

pub(super) fn others_told(behaviors: &sdk::CacheBehaviors) -> Vec<PathBehaviorArgs> {
    let one = |it: &CacheBehavior| {
        let path_pattern = it.path_pattern().to_owned();
        one_told(it).map(|behavior| PathBehaviorArgs { path_pattern, behavior })
    };
    behaviors.items().iter().filter_map(one).collect()
}
