//! What of a request is looked at, as WAF takes and tells it.

use aws_sdk_wafv2::types as sdk;
use infra_core::aws::wafv2::{
    BodyArgs, BodyParsingFallback, FallbackBehavior, FieldToMatchArgs, ForwardedIpConfigArgs,
    JsonBodyArgs, MatchPatternArgs, MatchScope, OversizeHandling, PairsArgs, SingleHeaderArgs,
    SingleQueryArgumentArgs, TextTransformation, WholeArgs,
};

use crate::seen::word;

/// What says nothing but that it is there.
macro_rules! whole {
    ($name:ident) => {
        aws_sdk_wafv2::types::$name::builder().build()
    };
}
pub(super) use whole;

/// WAF wants one at least.
const NOTHING: &str = "NONE";

/// The place in the list is what WAF calls the priority.
pub(super) fn transformations(all: &[TextTransformation]) -> Vec<sdk::TextTransformation> {
    let words = all.iter().map(|it| it.as_str());
    let words: Vec<&str> = if all.is_empty() { vec![NOTHING] } else { words.collect() };
    let transformation = |(word, priority): (&str, i32)| {
        let it = sdk::TextTransformation::builder().r#type(word.into()).priority(priority);
        it.build().expect("it has a type and a priority")
    };
    words.into_iter().zip(0..).map(transformation).collect()
}

/// `None` if they are none that a program could say.
pub(super) fn transformations_args(
    told: &[sdk::TextTransformation],
) -> Option<Vec<TextTransformation>> {
    let mut told: Vec<_> = told.iter().collect();
    told.sort_by_key(|it| it.priority());
    let told = told.into_iter().map(|it| it.r#type().as_str()).filter(|word| *word != NOTHING);
    told.map(word::<TextTransformation>).collect()
}

/// A header.
pub(super) fn single_header(name: &str) -> sdk::SingleHeader {
    sdk::SingleHeader::builder().name(name).build().expect("it has a name")
}

pub(super) fn field(args: &FieldToMatchArgs) -> sdk::FieldToMatch {
    let field = sdk::FieldToMatch::builder();
    let field = match args {
        FieldToMatchArgs::SingleHeader(header) => field.single_header(single_header(&header.name)),
        FieldToMatchArgs::SingleQueryArgument(argument) => {
            let argument = sdk::SingleQueryArgument::builder().name(&argument.name).build();
            field.single_query_argument(argument.expect("it has a name"))
        }
        FieldToMatchArgs::AllQueryArguments(_) => {
            field.all_query_arguments(whole!(AllQueryArguments))
        }
        FieldToMatchArgs::UriPath(_) => field.uri_path(whole!(UriPath)),
        FieldToMatchArgs::QueryString(_) => field.query_string(whole!(QueryString)),
        FieldToMatchArgs::Method(_) => field.method(whole!(Method)),
        FieldToMatchArgs::Body(body) => {
            let handling = body.oversize_handling.as_str().into();
            field.body(sdk::Body::builder().oversize_handling(handling).build())
        }
        FieldToMatchArgs::JsonBody(body) => field.json_body(json_body(body)),
        FieldToMatchArgs::Headers(pairs) => field.headers(headers(pairs)),
        FieldToMatchArgs::Cookies(pairs) => field.cookies(cookies(pairs)),
    };
    field.build()
}

fn json_body(args: &JsonBodyArgs) -> sdk::JsonBody {
    let (paths, pattern) = (&args.included_paths, sdk::JsonMatchPattern::builder());
    let pattern = if paths.is_empty() {
        pattern.all(whole!(All))
    } else {
        pattern.set_included_paths(Some(paths.clone()))
    };
    sdk::JsonBody::builder()
        .match_pattern(pattern.build())
        .match_scope(args.match_scope.as_str().into())
        .set_invalid_fallback_behavior(args.invalid_fallback_behavior.map(|it| it.as_str().into()))
        .oversize_handling(args.oversize_handling.as_str().into())
        .build()
        .expect("it has a scope")
}

fn headers(args: &PairsArgs) -> sdk::Headers {
    let pattern = sdk::HeaderMatchPattern::builder();
    let pattern = match &args.match_pattern {
        MatchPatternArgs::All(_) => pattern.all(whole!(All)),
        MatchPatternArgs::Included(names) => pattern.set_included_headers(Some(names.clone())),
        MatchPatternArgs::Excluded(names) => pattern.set_excluded_headers(Some(names.clone())),
    };
    sdk::Headers::builder()
        .match_pattern(pattern.build())
        .match_scope(args.match_scope.as_str().into())
        .oversize_handling(args.oversize_handling.as_str().into())
        .build()
        .expect("it has a scope and a handling")
}

fn cookies(args: &PairsArgs) -> sdk::Cookies {
    let pattern = sdk::CookieMatchPattern::builder();
    let pattern = match &args.match_pattern {
        MatchPatternArgs::All(_) => pattern.all(whole!(All)),
        MatchPatternArgs::Included(names) => pattern.set_included_cookies(Some(names.clone())),
        MatchPatternArgs::Excluded(names) => pattern.set_excluded_cookies(Some(names.clone())),
    };
    sdk::Cookies::builder()
        .match_pattern(pattern.build())
        .match_scope(args.match_scope.as_str().into())
        .oversize_handling(args.oversize_handling.as_str().into())
        .build()
        .expect("it has a scope and a handling")
}

/// `None` if it is none that a program could say.
pub(super) fn field_args(told: &sdk::FieldToMatch) -> Option<FieldToMatchArgs> {
    if let Some(header) = told.single_header() {
        let name = header.name().to_owned();
        return Some(FieldToMatchArgs::SingleHeader(SingleHeaderArgs { name }));
    }
    if let Some(argument) = told.single_query_argument() {
        let name = argument.name().to_owned();
        return Some(FieldToMatchArgs::SingleQueryArgument(SingleQueryArgumentArgs { name }));
    }
    if let Some(body) = told.body() {
        let oversize_handling = oversize(body.oversize_handling())?;
        return Some(FieldToMatchArgs::Body(BodyArgs { oversize_handling }));
    }
    if let Some(body) = told.json_body() {
        return json_body_args(body).map(FieldToMatchArgs::JsonBody);
    }
    if let Some(headers) = told.headers() {
        return headers_args(headers).map(FieldToMatchArgs::Headers);
    }
    if let Some(cookies) = told.cookies() {
        return cookies_args(cookies).map(FieldToMatchArgs::Cookies);
    }
    match told {
        it if it.all_query_arguments().is_some() => {
            Some(FieldToMatchArgs::AllQueryArguments(WholeArgs {}))
        }
        it if it.uri_path().is_some() => Some(FieldToMatchArgs::UriPath(WholeArgs {})),
        it if it.query_string().is_some() => Some(FieldToMatchArgs::QueryString(WholeArgs {})),
        it if it.method().is_some() => Some(FieldToMatchArgs::Method(WholeArgs {})),
        _ => None,
    }
}

fn oversize(told: Option<&sdk::OversizeHandling>) -> Option<OversizeHandling> {
    told.map_or(Some(OversizeHandling::Continue), |told| word::<OversizeHandling>(told.as_str()))
}

fn json_body_args(told: &sdk::JsonBody) -> Option<JsonBodyArgs> {
    let fallback = match told.invalid_fallback_behavior() {
        Some(told) => Some(word::<BodyParsingFallback>(told.as_str())?),
        None => None,
    };
    Some(JsonBodyArgs {
        match_scope: word::<MatchScope>(told.match_scope().as_str())?,
        included_paths: told.match_pattern()?.included_paths().to_vec(),
        invalid_fallback_behavior: fallback,
        oversize_handling: oversize(told.oversize_handling())?,
    })
}

fn pattern_args(is_all: bool, included: &[String], excluded: &[String]) -> MatchPatternArgs {
    match is_all {
        true => MatchPatternArgs::All(WholeArgs {}),
        false if excluded.is_empty() => MatchPatternArgs::Included(included.to_vec()),
        false => MatchPatternArgs::Excluded(excluded.to_vec()),
    }
}

fn headers_args(told: &sdk::Headers) -> Option<PairsArgs> {
    let it = told.match_pattern()?;
    let (included, excluded) = (it.included_headers(), it.excluded_headers());
    Some(PairsArgs {
        match_pattern: pattern_args(it.all().is_some(), included, excluded),
        match_scope: word::<MatchScope>(told.match_scope().as_str())?,
        oversize_handling: oversize(Some(told.oversize_handling()))?,
    })
}

fn cookies_args(told: &sdk::Cookies) -> Option<PairsArgs> {
    let it = told.match_pattern()?;
    let (included, excluded) = (it.included_cookies(), it.excluded_cookies());
    Some(PairsArgs {
        match_pattern: pattern_args(it.all().is_some(), included, excluded),
        match_scope: word::<MatchScope>(told.match_scope().as_str())?,
        oversize_handling: oversize(Some(told.oversize_handling()))?,
    })
}

pub(super) fn forwarded_ip(args: &ForwardedIpConfigArgs) -> sdk::ForwardedIpConfig {
    sdk::ForwardedIpConfig::builder()
        .header_name(&args.header_name)
        .fallback_behavior(args.fallback_behavior.as_str().into())
        .build()
        .expect("it has a header and a fallback")
}

/// `None` if it is none that a program could say.
pub(super) fn forwarded_ip_args(told: &sdk::ForwardedIpConfig) -> Option<ForwardedIpConfigArgs> {
    Some(ForwardedIpConfigArgs {
        header_name: told.header_name().to_owned(),
        fallback_behavior: word::<FallbackBehavior>(told.fallback_behavior().as_str())?,
    })
}
