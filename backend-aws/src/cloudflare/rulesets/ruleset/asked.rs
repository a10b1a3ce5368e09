//! Rules as Cloudflare takes them.

use infra_core::{
    cloudflare::rulesets::{
        ActionParametersArgs as Parameters, CacheKeyArgs, CacheSettingsArgs, CharacteristicArgs,
        EdgeTtlArgs, ExecuteArgs, OverridesArgs, QueryStringKeyArgs, RateLimitArgs, RuleArgs,
        SkipArgs, StatusCodeTtlArgs,
    },
    types::Seconds,
};
use serde_json::{Map, Value as Json, json};

/// What stands for all arguments of a query string.
const ALL: &str = "*";
/// What tells requests apart whatever else does: the data centre.
pub(super) const DATA_CENTRE: &str = "cf.colo.id";

/// An object of what is given.
fn object<const N: usize>(fields: [(&str, Option<Json>); N]) -> Json {
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Json::Object(given.collect::<Map<_, _>>())
}

/// A list, if there is anything in it.
fn list<T>(items: &[T], each: impl Fn(&T) -> Json) -> Option<Json> {
    (!items.is_empty()).then(|| items.iter().map(each).collect())
}

/// What is said only where it is so.
fn set(flag: bool) -> Option<Json> {
    flag.then_some(Json::Bool(true))
}

pub(super) fn rule(rule: &RuleArgs) -> Json {
    object([
        ("expression", Some(json!(rule.expression))),
        ("action", Some(json!(rule.action.as_str()))),
        ("action_parameters", rule.action_parameters.as_ref().map(parameters)),
        ("description", rule.description.as_ref().map(|text| json!(text))),
        ("enabled", Some(json!(rule.enabled))),
        ("ref", rule.reference.as_ref().map(|text| json!(text))),
        ("ratelimit", rule.ratelimit.as_ref().map(limit)),
        ("logging", rule.log_skipped.map(|enabled| json!({ "enabled": enabled }))),
    ])
}

fn parameters(parameters: &Parameters) -> Json {
    match parameters {
        Parameters::Block(response) => json!({ "response": {
            "status_code": response.status_code,
            "content_type": response.content_type.as_str(),
            "content": response.content,
        }}),
        Parameters::Skip(what) => skip(what),
        Parameters::Execute(what) => execute(what),
        Parameters::SetCacheSettings(settings) => cache(settings),
    }
}

fn skip(skip: &SkipArgs) -> Json {
    object([
        ("ruleset", skip.current_ruleset.then(|| json!("current"))),
        ("phases", list(&skip.phases, |phase| json!(phase.as_str()))),
        ("products", list(&skip.products, |product| json!(product.as_str()))),
    ])
}

fn execute(execute: &ExecuteArgs) -> Json {
    object([
        ("id", Some(json!(execute.id.as_str()))),
        ("overrides", execute.overrides.as_ref().map(overrides)),
    ])
}

fn overrides(overrides: &OverridesArgs) -> Json {
    let categories = list(&overrides.categories, |it| {
        object([
            ("category", Some(json!(it.category))),
            ("enabled", it.enabled.map(|enabled| json!(enabled))),
            ("action", it.action.map(|action| json!(action.as_str()))),
        ])
    });
    let rules = list(&overrides.rules, |it| {
        object([
            ("id", Some(json!(it.id))),
            ("enabled", it.enabled.map(|enabled| json!(enabled))),
            ("action", it.action.map(|action| json!(action.as_str()))),
            ("score_threshold", it.score_threshold.map(|points| json!(points))),
        ])
    });
    object([
        ("enabled", overrides.enabled.map(|enabled| json!(enabled))),
        ("action", overrides.action.map(|action| json!(action.as_str()))),
        ("categories", categories),
        ("rules", rules),
    ])
}

fn cache(settings: &CacheSettingsArgs) -> Json {
    let stale = settings.disable_stale_while_updating;
    let browser = settings.browser_ttl.as_ref().map(|ttl| {
        object([("mode", Some(json!(ttl.mode.as_str()))), ("default", seconds(ttl.default_ttl))])
    });
    object([
        ("cache", Some(json!(settings.cache))),
        ("edge_ttl", settings.edge_ttl.as_ref().map(edge_ttl)),
        ("browser_ttl", browser),
        ("cache_key", settings.cache_key.as_ref().map(cache_key)),
        ("serve_stale", stale.then(|| json!({ "disable_stale_while_updating": true }))),
        ("respect_strong_etags", set(settings.respect_strong_etags)),
    ])
}

fn seconds(time: Option<Seconds>) -> Option<Json> {
    time.map(|Seconds(time)| json!(time))
}

fn edge_ttl(ttl: &EdgeTtlArgs) -> Json {
    let statuses = list(
        &ttl.status_code_ttl,
        |StatusCodeTtlArgs { status_code, value }| json!({ "status_code": status_code, "value": value }),
    );
    object([
        ("mode", Some(json!(ttl.mode.as_str()))),
        ("default", seconds(ttl.default_ttl)),
        ("status_code_ttl", statuses),
    ])
}

fn cache_key(key: &CacheKeyArgs) -> Json {
    let named = |names: &[String]| {
        if names.iter().any(|name| name == ALL) {
            json!({ "all": true })
        } else {
            json!({ "list": names })
        }
    };
    let query = key.query_string.as_ref().map(|query| match query {
        QueryStringKeyArgs::Include(names) => json!({ "include": named(names) }),
        QueryStringKeyArgs::Exclude(names) => json!({ "exclude": named(names) }),
    });
    object([
        ("ignore_query_strings_order", set(key.ignore_query_strings_order)),
        ("cache_deception_armor", set(key.cache_deception_armor)),
        ("cache_by_device_type", set(key.cache_by_device_type)),
        ("custom_key", query.map(|query| json!({ "query_string": query }))),
    ])
}

/// What tells requests apart, in the language of rules.
fn characteristic(characteristic: &CharacteristicArgs) -> String {
    match characteristic {
        CharacteristicArgs::Field(field) => field.as_str().to_owned(),
        CharacteristicArgs::Header(name) => format!("http.request.headers[\"{name}\"]"),
        CharacteristicArgs::Cookie(name) => format!("http.request.cookies[\"{name}\"]"),
        CharacteristicArgs::Query(name) => format!("http.request.uri.args[\"{name}\"]"),
    }
}

fn limit(limit: &RateLimitArgs) -> Json {
    let all = limit.characteristics.iter().map(characteristic);
    let all: Vec<String> = std::iter::once(DATA_CENTRE.to_owned()).chain(all).collect();
    object([
        ("characteristics", Some(json!(all))),
        ("period", seconds(Some(limit.period))),
        ("requests_per_period", Some(json!(limit.requests_per_period))),
        ("mitigation_timeout", seconds(Some(limit.mitigation_timeout))),
        ("counting_expression", limit.counting_expression.as_ref().map(|text| json!(text))),
        ("requests_to_origin", set(limit.requests_to_origin)),
    ])
}
