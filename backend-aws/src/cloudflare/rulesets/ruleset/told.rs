//! Rules as Cloudflare tells them. What it adds to those that it was given is left out.

use infra_core::{
    cloudflare::rulesets::{
        Action, ActionParametersArgs as Parameters, BlockResponseArgs, BrowserTtlArgs,
        BrowserTtlMode, CacheKeyArgs, CacheSettingsArgs, CategoryOverrideArgs, CharacteristicArgs,
        ContentType, EdgeTtlArgs, EdgeTtlMode, ExecuteArgs, ManagedRuleset, OverridesArgs, Phase,
        QueryStringKeyArgs, RateField, RateLimitArgs, RuleArgs, RuleOverrideArgs, SkipArgs,
        SkippedProduct, StatusCodeTtlArgs,
    },
    types::{PropertyType, Seconds},
};
use serde_json::Value as Json;

use super::asked::DATA_CENTRE;
use crate::{alike::in_order, seen};

/// What can't be read, for people.
type Read<T> = Result<T, String>;

fn word<T: PropertyType>(value: &Json) -> Read<T::Resolved> {
    seen::told::<T>(value.as_str()).ok_or_else(|| value.to_string())
}

fn optional<T: PropertyType>(value: &Json) -> Read<Option<T::Resolved>> {
    if value.is_null() { Ok(None) } else { word::<T>(value).map(Some) }
}

fn number<T: TryFrom<i64>>(value: &Json) -> Read<T> {
    let number = value.as_i64().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| value.to_string())
}

fn text(value: &Json) -> Read<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| value.to_string())
}

fn seconds(value: &Json) -> Read<Option<Seconds>> {
    if value.is_null() { Ok(None) } else { number(value).map(|time| Some(Seconds(time))) }
}

fn is_true(value: &Json) -> bool {
    value.as_bool().unwrap_or_default()
}

fn each<T>(list: &Json, read: impl Fn(&Json) -> Read<T>) -> Read<Vec<T>> {
    list.as_array().into_iter().flatten().map(read).collect()
}

fn given<T>(value: &Json, read: impl Fn(&Json) -> Read<T>) -> Read<Option<T>> {
    if value.is_null() { Ok(None) } else { read(value).map(Some) }
}

fn nonempty(value: &Json) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A rule, beside the one that is recorded in its place.
pub(super) fn rule(told: &Json, known: Option<&RuleArgs>) -> Read<RuleArgs> {
    let action = word::<Action>(&told["action"])?;
    let known_limit = known.and_then(|known| known.ratelimit.as_ref());
    // A rule that was given no reference has its id for one, and what is skipped is logged.
    let has_reference = known.is_some_and(|known| known.reference.is_some());
    let log = told["logging"]["enabled"].as_bool();
    let says_log = known.is_some_and(|known| known.log_skipped.is_some());
    Ok(RuleArgs {
        expression: text(&told["expression"])?,
        action,
        action_parameters: parameters(action, &told["action_parameters"])?,
        description: nonempty(&told["description"]),
        enabled: told["enabled"].as_bool().unwrap_or(true),
        reference: nonempty(&told["ref"])
            .filter(|reference| has_reference || Some(reference.as_str()) != told["id"].as_str()),
        ratelimit: given(&told["ratelimit"], |told| limit(told, known_limit))?,
        log_skipped: log.filter(|log| says_log || !log),
    })
}

fn parameters(action: Action, told: &Json) -> Read<Option<Parameters>> {
    let is_empty = told.as_object().is_none_or(serde_json::Map::is_empty);
    if is_empty {
        return Ok(None);
    }
    Ok(Some(match action {
        Action::Block => {
            let response = &told["response"];
            Parameters::Block(BlockResponseArgs {
                status_code: number(&response["status_code"])?,
                content_type: word::<ContentType>(&response["content_type"])?,
                content: text(&response["content"])?,
            })
        }
        Action::Skip => Parameters::Skip(SkipArgs {
            current_ruleset: told["ruleset"] == "current",
            phases: each(&told["phases"], word::<Phase>)?,
            products: each(&told["products"], word::<SkippedProduct>)?,
        }),
        Action::Execute => Parameters::Execute(ExecuteArgs {
            id: word::<ManagedRuleset>(&told["id"])?,
            overrides: given(&told["overrides"], overrides)?,
        }),
        Action::SetCacheSettings => Parameters::SetCacheSettings(cache(told)?),
        _ => return Err(format!("{action} with {told}")),
    }))
}

fn overrides(told: &Json) -> Read<OverridesArgs> {
    Ok(OverridesArgs {
        enabled: told["enabled"].as_bool(),
        action: optional::<Action>(&told["action"])?,
        categories: each(&told["categories"], |it| {
            Ok(CategoryOverrideArgs {
                category: text(&it["category"])?,
                enabled: it["enabled"].as_bool(),
                action: optional::<Action>(&it["action"])?,
            })
        })?,
        rules: each(&told["rules"], |it| {
            Ok(RuleOverrideArgs {
                id: text(&it["id"])?,
                enabled: it["enabled"].as_bool(),
                action: optional::<Action>(&it["action"])?,
                score_threshold: given(&it["score_threshold"], number)?,
            })
        })?,
    })
}

fn cache(told: &Json) -> Read<CacheSettingsArgs> {
    Ok(CacheSettingsArgs {
        cache: is_true(&told["cache"]),
        edge_ttl: given(&told["edge_ttl"], |ttl| {
            Ok(EdgeTtlArgs {
                mode: word::<EdgeTtlMode>(&ttl["mode"])?,
                default_ttl: seconds(&ttl["default"])?,
                status_code_ttl: each(&ttl["status_code_ttl"], |it| {
                    let status_code = number(&it["status_code"])?;
                    Ok(StatusCodeTtlArgs { status_code, value: number(&it["value"])? })
                })?,
            })
        })?,
        browser_ttl: given(&told["browser_ttl"], |ttl| {
            let mode = word::<BrowserTtlMode>(&ttl["mode"])?;
            Ok(BrowserTtlArgs { mode, default_ttl: seconds(&ttl["default"])? })
        })?,
        cache_key: given(&told["cache_key"], cache_key)?,
        disable_stale_while_updating: is_true(&told["serve_stale"]["disable_stale_while_updating"]),
        respect_strong_etags: is_true(&told["respect_strong_etags"]),
    })
}

fn cache_key(told: &Json) -> Read<CacheKeyArgs> {
    // As objects, and as lists where the rule is an old one.
    let names = |told: &Json| -> Read<Vec<String>> {
        if *told == "*" || is_true(&told["all"]) {
            return Ok(vec!["*".to_owned()]);
        }
        each(if told.is_array() { told } else { &told["list"] }, text)
    };
    let query = &told["custom_key"]["query_string"];
    let include = given(&query["include"], names)?.map(QueryStringKeyArgs::Include);
    let exclude = given(&query["exclude"], names)?.map(QueryStringKeyArgs::Exclude);
    Ok(CacheKeyArgs {
        ignore_query_strings_order: is_true(&told["ignore_query_strings_order"]),
        cache_deception_armor: is_true(&told["cache_deception_armor"]),
        cache_by_device_type: is_true(&told["cache_by_device_type"]),
        query_string: include.or(exclude),
    })
}

/// What tells requests apart, from the language of rules.
fn characteristic(told: &Json) -> Read<CharacteristicArgs> {
    let word = text(told)?;
    let of = |map: &str| {
        let name = word.strip_prefix(map)?.strip_prefix("[\"")?.strip_suffix("\"]")?;
        Some(name.to_owned())
    };
    let named = of("http.request.headers").map(CharacteristicArgs::Header);
    let named = named.or_else(|| of("http.request.cookies").map(CharacteristicArgs::Cookie));
    let named = named.or_else(|| of("http.request.uri.args").map(CharacteristicArgs::Query));
    let field = || seen::told::<RateField>(Some(&word)).map(CharacteristicArgs::Field);
    named.or_else(field).ok_or_else(|| word.clone())
}

fn limit(told: &Json, known: Option<&RateLimitArgs>) -> Read<RateLimitArgs> {
    let all = told["characteristics"].as_array().into_iter().flatten();
    let all = all.filter(|it| *it != DATA_CENTRE).map(characteristic);
    let all = all.collect::<Read<Vec<_>>>()?;
    let known = known.map(|known| &*known.characteristics).unwrap_or_default();
    Ok(RateLimitArgs {
        characteristics: in_order(known, all),
        period: Seconds(number(&told["period"])?),
        requests_per_period: number(&told["requests_per_period"])?,
        mitigation_timeout: Seconds(number(&told["mitigation_timeout"])?),
        counting_expression: nonempty(&told["counting_expression"]),
        requests_to_origin: is_true(&told["requests_to_origin"]),
    })
}
