//! `aws:cloudfront:CachePolicy`.

use aws_sdk_cloudfront::types::{
    self as sdk, CachePolicyConfig, CachePolicyCookiesConfig, CachePolicyHeadersConfig,
    CachePolicyQueryStringsConfig, CachePolicyType, DistributionSummary,
    ParametersInCacheKeyAndForwardedToOrigin as Parameters,
};
use infra_core::{
    aws::cloudfront,
    handler::{Deletion, Request, TypedRequest},
    types::Seconds,
};

use super::{selection, used_by};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct CachePolicy;

type Type = cloudfront::CachePolicy;

fn config(args: &cloudfront::CachePolicyArgs) -> CachePolicyConfig {
    let headers = Some(args.headers.as_slice()).filter(|names| !names.is_empty());
    let headers_config = CachePolicyHeadersConfig::builder()
        .header_behavior(if headers.is_some() { "whitelist" } else { "none" }.into())
        .set_headers(selection::headers(headers));
    let (word, names) = selection::word(&args.cookies);
    let cookies_config = CachePolicyCookiesConfig::builder()
        .cookie_behavior(word.into())
        .set_cookies(selection::cookies(names));
    let (word, names) = selection::word(&args.query_strings);
    let arguments_config = CachePolicyQueryStringsConfig::builder()
        .query_string_behavior(word.into())
        .set_query_strings(selection::arguments(names));
    let parameters = Parameters::builder()
        .enable_accept_encoding_gzip(args.enable_accept_encoding_gzip)
        .enable_accept_encoding_brotli(args.enable_accept_encoding_brotli)
        .headers_config(headers_config.build().expect("the behaviour is there"))
        .cookies_config(cookies_config.build().expect("the behaviour is there"))
        .query_strings_config(arguments_config.build().expect("the behaviour is there"))
        .build()
        .expect("gzip is there");
    CachePolicyConfig::builder()
        .name(&args.name)
        .set_comment(args.comment.clone())
        .min_ttl(args.min_ttl.0.into())
        .default_ttl(args.default_ttl.0.into())
        .max_ttl(args.max_ttl.0.into())
        .parameters_in_cache_key_and_forwarded_to_origin(parameters)
        .build()
        .expect("name and shortest time are there")
}

fn seen(policy: &sdk::CachePolicy, request: &Request) -> Seen {
    let seconds = |number: i64| u32::try_from(number).ok().map(Seconds);
    let seen = Seen::new(policy.id()).text(Type::CACHE_POLICY_ID, Some(policy.id()));
    let Some(config) = policy.cache_policy_config() else { return seen };
    let seen = seen
        .text(Type::NAME, Some(config.name()))
        .text(Type::COMMENT, config.comment().filter(|text| !text.is_empty()))
        .set(Type::MIN_TTL, seconds(config.min_ttl()))
        .set(Type::DEFAULT_TTL, config.default_ttl().and_then(seconds))
        .set(Type::MAX_TTL, config.max_ttl().and_then(seconds));
    let Some(parameters) = config.parameters_in_cache_key_and_forwarded_to_origin() else {
        return seen;
    };
    let headers = parameters.headers_config().and_then(|it| it.headers());
    let headers = headers.map(|it| it.items().to_vec()).unwrap_or_default();
    let cookies = parameters.cookies_config().and_then(|it| {
        let names = it.cookies().map(|names| names.items()).unwrap_or_default();
        selection::told(it.cookie_behavior().as_str(), names)
    });
    let arguments = parameters.query_strings_config().and_then(|it| {
        let names = it.query_strings().map(|names| names.items()).unwrap_or_default();
        selection::told(it.query_string_behavior().as_str(), names)
    });
    let brotli = parameters.enable_accept_encoding_brotli().unwrap_or_default();
    seen.unordered(Type::HEADERS, request, headers)
        .alike(Type::COOKIES, request, cookies, selection::normal)
        .alike(Type::QUERY_STRINGS, request, arguments, selection::normal)
        .set(Type::ENABLE_ACCEPT_ENCODING_GZIP, parameters.enable_accept_encoding_gzip())
        .set(Type::ENABLE_ACCEPT_ENCODING_BROTLI, brotli)
}

fn uses(distribution: &DistributionSummary, id: &str) -> bool {
    let default = distribution.default_cache_behavior();
    let default = default.and_then(|behavior| behavior.cache_policy_id());
    let others = distribution.cache_behaviors().map(|all| all.items()).unwrap_or_default();
    let mut all = others.iter().filter_map(|behavior| behavior.cache_policy_id()).chain(default);
    all.any(|policy| policy == id)
}

const POLICY: &[On] = &[On::Arn("arn:aws:cloudfront::{account}:cache-policy/{id}")];

impl Resource for CachePolicy {
    type Type = cloudfront::CachePolicy;

    const NEEDS: Needs = &[
        CREATE.needs("cloudfront:CreateCachePolicy"),
        CREATE.needs("cloudfront:ListCachePolicies"),
        UPDATE.needs("cloudfront:UpdateCachePolicy").on(POLICY),
        READ.needs("cloudfront:GetCachePolicy").on(POLICY),
        DELETE.needs("cloudfront:DeleteCachePolicy").on(POLICY),
        DELETE.needs("cloudfront:ListDistributions"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let create = aws.cloudfront().create_cache_policy();
        let made = create.cache_policy_config(config(&request.args)).send().await?;
        let incomplete = || Error::incomplete("cloudfront", "CreateCachePolicy", "CachePolicy");
        Ok(seen(made.cache_policy().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let id = &*request.id;
        let there = aws.cloudfront().get_cache_policy().id(id).send().await?;
        let update = aws.cloudfront().update_cache_policy().id(id).set_if_match(there.e_tag);
        update.cache_policy_config(config(&request.args)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.cloudfront().get_cache_policy().id(&*request.id).send().await.if_found()?;
        Ok(told.and_then(|told| told.cache_policy().map(|policy| seen(policy, request))))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let there = aws.cloudfront().get_cache_policy().id(id).send().await?;
        let delete = aws.cloudfront().delete_cache_policy().id(id).set_if_match(there.e_tag);
        match delete.send().await.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) => Err(used_by(aws, error, |it| uses(it, id)).await?),
        }
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.inputs.get(Type::NAME.slot).as_str();
        let mut marker = None;
        loop {
            let own = aws.cloudfront().list_cache_policies().r#type(CachePolicyType::Custom);
            let told = own.set_marker(marker).send().await?;
            let Some(list) = told.cache_policy_list else { return Ok(None) };
            let mut all = list.items().iter().filter_map(|it| it.cache_policy());
            let named = |it: &&sdk::CachePolicy| {
                it.cache_policy_config().is_some_and(|config| Some(config.name()) == name)
            };
            if let Some(policy) = all.find(named) {
                return Ok(Some(seen(policy, request)));
            }
            marker = list.next_marker.filter(|marker| !marker.is_empty());
            if marker.is_none() {
                return Ok(None);
            }
        }
    }
}
