//! How many requests are too many, as WAF takes and tells it.

use aws_sdk_wafv2::types::{self as sdk, RateBasedStatementAggregateKeyType as Kind};
use infra_core::{
    aws::wafv2::{
        AggregateKeyArgs, NamedKeyArgs, RateBasedStatementArgs, RateKeyArgs, WholeArgs,
        WholeKeyArgs,
    },
    types::Seconds,
};

use super::{
    condition::{condition_args, statement},
    field::{forwarded_ip, forwarded_ip_args, transformations, transformations_args, whole},
};

/// What WAF takes where nothing is said, in seconds.
const WINDOW: i64 = 300;

const WHOLE: &str = "it has all that it needs";

pub(super) fn rate_based(args: &RateBasedStatementArgs) -> sdk::RateBasedStatement {
    let it = sdk::RateBasedStatement::builder()
        .limit(args.limit.into())
        .evaluation_window_sec(args.evaluation_window.0.into())
        .set_scope_down_statement(args.scope_down_statement.as_ref().map(statement).map(Box::new));
    let it = match &args.aggregate_key {
        AggregateKeyArgs::Ip(_) => it.aggregate_key_type(Kind::Ip),
        AggregateKeyArgs::Constant(_) => it.aggregate_key_type(Kind::Constant),
        AggregateKeyArgs::ForwardedIp(config) => {
            let config = forwarded_ip(config);
            it.aggregate_key_type(Kind::ForwardedIp).forwarded_ip_config(config)
        }
        AggregateKeyArgs::CustomKeys(keys) => {
            // The header of the address stands beside the keys.
            let forwarded = keys.iter().find_map(|key| match key {
                RateKeyArgs::ForwardedIp(config) => Some(forwarded_ip(config)),
                _ => None,
            });
            it.aggregate_key_type(Kind::CustomKeys)
                .set_forwarded_ip_config(forwarded)
                .set_custom_keys(Some(keys.iter().map(custom_key).collect()))
        }
    };
    it.build().expect(WHOLE)
}

fn custom_key(args: &RateKeyArgs) -> sdk::RateBasedStatementCustomKey {
    let key = sdk::RateBasedStatementCustomKey::builder();
    let changes = |key: &[infra_core::aws::wafv2::TextTransformation]| Some(transformations(key));
    let key = match args {
        RateKeyArgs::Ip(_) => key.ip(whole!(RateLimitIp)),
        RateKeyArgs::ForwardedIp(_) => key.forwarded_ip(whole!(RateLimitForwardedIp)),
        RateKeyArgs::HttpMethod(_) => key.http_method(whole!(RateLimitHttpMethod)),
        RateKeyArgs::Cookie(NamedKeyArgs { name, text_transformations }) => {
            let it = sdk::RateLimitCookie::builder().name(name);
            let it = it.set_text_transformations(changes(text_transformations));
            key.cookie(it.build().expect(WHOLE))
        }
        RateKeyArgs::Header(NamedKeyArgs { name, text_transformations }) => {
            let it = sdk::RateLimitHeader::builder().name(name);
            let it = it.set_text_transformations(changes(text_transformations));
            key.header(it.build().expect(WHOLE))
        }
        RateKeyArgs::QueryArgument(NamedKeyArgs { name, text_transformations }) => {
            let it = sdk::RateLimitQueryArgument::builder().name(name);
            let it = it.set_text_transformations(changes(text_transformations));
            key.query_argument(it.build().expect(WHOLE))
        }
        RateKeyArgs::QueryString(WholeKeyArgs { text_transformations }) => {
            let it = sdk::RateLimitQueryString::builder();
            let it = it.set_text_transformations(changes(text_transformations));
            key.query_string(it.build().expect(WHOLE))
        }
        RateKeyArgs::UriPath(WholeKeyArgs { text_transformations }) => {
            let it = sdk::RateLimitUriPath::builder();
            let it = it.set_text_transformations(changes(text_transformations));
            key.uri_path(it.build().expect(WHOLE))
        }
        RateKeyArgs::LabelNamespace(namespace) => {
            let it = sdk::RateLimitLabelNamespace::builder().namespace(namespace).build();
            key.label_namespace(it.expect(WHOLE))
        }
    };
    key.build()
}

/// `None` if it is none that a program could say.
pub(super) fn rate_based_args(told: &sdk::RateBasedStatement) -> Option<RateBasedStatementArgs> {
    let scope_down_statement = match told.scope_down_statement() {
        Some(statement) => Some(condition_args(statement)?),
        None => None,
    };
    let window = Some(told.evaluation_window_sec()).filter(|window| *window > 0);
    Some(RateBasedStatementArgs {
        limit: told.limit().try_into().ok()?,
        aggregate_key: aggregate_key_args(told)?,
        evaluation_window: Seconds(window.unwrap_or(WINDOW).try_into().ok()?),
        scope_down_statement,
    })
}

fn aggregate_key_args(told: &sdk::RateBasedStatement) -> Option<AggregateKeyArgs> {
    let forwarded = told.forwarded_ip_config();
    match told.aggregate_key_type() {
        Kind::Ip => Some(AggregateKeyArgs::Ip(WholeArgs {})),
        Kind::Constant => Some(AggregateKeyArgs::Constant(WholeArgs {})),
        Kind::ForwardedIp => forwarded_ip_args(forwarded?).map(AggregateKeyArgs::ForwardedIp),
        Kind::CustomKeys => {
            let keys = told.custom_keys().iter().map(|key| custom_key_args(key, forwarded));
            Some(AggregateKeyArgs::CustomKeys(keys.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

fn custom_key_args(
    told: &sdk::RateBasedStatementCustomKey,
    forwarded: Option<&sdk::ForwardedIpConfig>,
) -> Option<RateKeyArgs> {
    let named = |name: &str, changes: &[sdk::TextTransformation]| {
        let text_transformations = transformations_args(changes)?;
        Some(NamedKeyArgs { name: name.to_owned(), text_transformations })
    };
    let of_whole = |changes: &[sdk::TextTransformation]| {
        Some(WholeKeyArgs { text_transformations: transformations_args(changes)? })
    };
    if let Some(it) = told.cookie() {
        return named(it.name(), it.text_transformations()).map(RateKeyArgs::Cookie);
    }
    if let Some(it) = told.header() {
        return named(it.name(), it.text_transformations()).map(RateKeyArgs::Header);
    }
    if let Some(it) = told.query_argument() {
        return named(it.name(), it.text_transformations()).map(RateKeyArgs::QueryArgument);
    }
    if let Some(it) = told.query_string() {
        return of_whole(it.text_transformations()).map(RateKeyArgs::QueryString);
    }
    if let Some(it) = told.uri_path() {
        return of_whole(it.text_transformations()).map(RateKeyArgs::UriPath);
    }
    if let Some(it) = told.label_namespace() {
        return Some(RateKeyArgs::LabelNamespace(it.namespace().to_owned()));
    }
    match told {
        it if it.ip().is_some() => Some(RateKeyArgs::Ip(WholeArgs {})),
        it if it.http_method().is_some() => Some(RateKeyArgs::HttpMethod(WholeArgs {})),
        it if it.forwarded_ip().is_some() => {
            forwarded_ip_args(forwarded?).map(RateKeyArgs::ForwardedIp)
        }
        _ => None,
    }
}
