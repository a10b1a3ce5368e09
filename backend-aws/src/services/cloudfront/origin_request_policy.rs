//! `aws:cloudfront:OriginRequestPolicy`.

use aws_sdk_cloudfront::types::{
    self as sdk, DistributionSummary, OriginRequestPolicyConfig, OriginRequestPolicyCookiesConfig,
    OriginRequestPolicyHeadersConfig, OriginRequestPolicyQueryStringsConfig,
    OriginRequestPolicyType,
};
use infra_core::{
    aws::cloudfront,
    handler::{Deletion, Request, TypedRequest},
};

use super::{selection, used_by};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct OriginRequestPolicy;

type Type = cloudfront::OriginRequestPolicy;

fn config(args: &cloudfront::OriginRequestPolicyArgs) -> OriginRequestPolicyConfig {
    let (word, names) = selection::header_word(&args.headers);
    let headers = OriginRequestPolicyHeadersConfig::builder()
        .header_behavior(word.into())
        .set_headers(selection::headers(names));
    let (word, names) = selection::word(&args.cookies);
    let cookies = OriginRequestPolicyCookiesConfig::builder()
        .cookie_behavior(word.into())
        .set_cookies(selection::cookies(names));
    let (word, names) = selection::word(&args.query_strings);
    let arguments = OriginRequestPolicyQueryStringsConfig::builder()
        .query_string_behavior(word.into())
        .set_query_strings(selection::arguments(names));
    OriginRequestPolicyConfig::builder()
        .name(&args.name)
        .set_comment(args.comment.clone())
        .headers_config(headers.build().expect("the behaviour is there"))
        .cookies_config(cookies.build().expect("the behaviour is there"))
        .query_strings_config(arguments.build().expect("the behaviour is there"))
        .build()
        .expect("the name is there")
}

fn seen(policy: &sdk::OriginRequestPolicy, request: &Request) -> Seen {
    let seen = Seen::new(policy.id()).text(Type::ORIGIN_REQUEST_POLICY_ID, Some(policy.id()));
    let Some(config) = policy.origin_request_policy_config() else { return seen };
    let headers = config.headers_config().and_then(|it| {
        let names = it.headers().map(|names| names.items()).unwrap_or_default();
        selection::headers_told(it.header_behavior().as_str(), names)
    });
    let cookies = config.cookies_config().and_then(|it| {
        let names = it.cookies().map(|names| names.items()).unwrap_or_default();
        selection::told(it.cookie_behavior().as_str(), names)
    });
    let arguments = config.query_strings_config().and_then(|it| {
        let names = it.query_strings().map(|names| names.items()).unwrap_or_default();
        selection::told(it.query_string_behavior().as_str(), names)
    });
    seen.text(Type::NAME, Some(config.name()))
        .text(Type::COMMENT, config.comment().filter(|text| !text.is_empty()))
        .alike(Type::HEADERS, request, headers, selection::normal_headers)
        .alike(Type::COOKIES, request, cookies, selection::normal)
        .alike(Type::QUERY_STRINGS, request, arguments, selection::normal)
}

fn uses(distribution: &DistributionSummary, id: &str) -> bool {
    let default = distribution.default_cache_behavior();
    let default = default.and_then(|behavior| behavior.origin_request_policy_id());
    let others = distribution.cache_behaviors().map(|all| all.items()).unwrap_or_default();
    let others = others.iter().filter_map(|behavior| behavior.origin_request_policy_id());
    others.chain(default).any(|policy| policy == id)
}

const POLICY: &[On] = &[On::Arn("arn:aws:cloudfront::{account}:origin-request-policy/{id}")];

impl Resource for OriginRequestPolicy {
    type Type = cloudfront::OriginRequestPolicy;

    const NEEDS: Needs = &[
        CREATE.needs("cloudfront:CreateOriginRequestPolicy"),
        CREATE.needs("cloudfront:ListOriginRequestPolicies"),
        UPDATE.needs("cloudfront:UpdateOriginRequestPolicy").on(POLICY),
        READ.needs("cloudfront:GetOriginRequestPolicy").on(POLICY),
        DELETE.needs("cloudfront:DeleteOriginRequestPolicy").on(POLICY),
        DELETE.needs("cloudfront:ListDistributions"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let create = aws.cloudfront().create_origin_request_policy();
        let made = create.origin_request_policy_config(config(&request.args)).send().await?;
        let incomplete =
            || Error::incomplete("cloudfront", "CreateOriginRequestPolicy", "OriginRequestPolicy");
        Ok(seen(made.origin_request_policy().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let (cloudfront, id) = (aws.cloudfront(), &*request.id);
        let there = cloudfront.get_origin_request_policy().id(id).send().await?;
        let update = cloudfront.update_origin_request_policy().id(id).set_if_match(there.e_tag);
        update.origin_request_policy_config(config(&request.args)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.cloudfront().get_origin_request_policy().id(&*request.id);
        let told = asked.send().await.if_found()?;
        Ok(told.and_then(|told| told.origin_request_policy().map(|policy| seen(policy, request))))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (cloudfront, id) = (aws.cloudfront(), &*request.id);
        let there = cloudfront.get_origin_request_policy().id(id).send().await?;
        let delete = cloudfront.delete_origin_request_policy().id(id).set_if_match(there.e_tag);
        match delete.send().await.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) => Err(used_by(aws, error, |it| uses(it, id)).await?),
        }
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.inputs.get(Type::NAME.slot).as_str();
        let mut marker = None;
        loop {
            let own = aws.cloudfront().list_origin_request_policies();
            let own = own.r#type(OriginRequestPolicyType::Custom).set_marker(marker);
            let Some(list) = own.send().await?.origin_request_policy_list else { return Ok(None) };
            let mut all = list.items().iter().filter_map(|it| it.origin_request_policy());
            let named = |it: &&sdk::OriginRequestPolicy| {
                it.origin_request_policy_config().is_some_and(|config| Some(config.name()) == name)
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
