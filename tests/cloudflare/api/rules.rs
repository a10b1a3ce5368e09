//! What a rule may be, by its phase and action. Source: API, the schemas of rules; WAF, "Rate limiting
//! parameters"; Cache, "Cache Rules settings".

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};

use super::{Answer, refuse};

/// A rule set as it is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    pub(super) description: Option<String>,
    pub(super) rules: Vec<Json>,
}

/// Declares structures of which nothing is looked at but that they can be read.
macro_rules! shapes {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $ty:ty,)* })*) => {
        $(
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[allow(dead_code, reason = "that they can be read is what is looked at")]
            struct $name { $($(#[$meta])* $field: $ty,)* }
        )*
    };
}

shapes! {
    Rule {
        expression: String,
        action: String,
        action_parameters: Option<Json>,
        description: Option<String>,
        enabled: Option<bool>,
        r#ref: Option<String>,
        ratelimit: Option<RateLimit>,
        logging: Option<Logging>,
    }
    Logging { enabled: bool, }
    RateLimit {
        characteristics: Vec<String>,
        period: u32,
        requests_per_period: u32,
        mitigation_timeout: u32,
        counting_expression: Option<String>,
        requests_to_origin: Option<bool>,
    }
    Block { response: Response, }
    Response { status_code: u16, content_type: String, content: String, }
    Skip {
        ruleset: Option<String>,
        phases: Option<Vec<String>>,
        products: Option<Vec<String>>,
    }
    Execute { id: String, overrides: Option<Overrides>, }
    Overrides {
        enabled: Option<bool>,
        action: Option<String>,
        categories: Option<Vec<Category>>,
        rules: Option<Vec<Single>>,
    }
    Category { category: String, enabled: Option<bool>, action: Option<String>, }
    Single {
        id: String,
        enabled: Option<bool>,
        action: Option<String>,
        score_threshold: Option<u32>,
    }
    Cache {
        cache: bool,
        edge_ttl: Option<EdgeTtl>,
        browser_ttl: Option<BrowserTtl>,
        cache_key: Option<CacheKey>,
        serve_stale: Option<ServeStale>,
        respect_strong_etags: Option<bool>,
    }
    EdgeTtl { mode: String, default: Option<u32>, status_code_ttl: Option<Vec<StatusTtl>>, }
    StatusTtl { status_code: u16, value: i32, }
    BrowserTtl { mode: String, default: Option<u32>, }
    ServeStale { disable_stale_while_updating: bool, }
    CacheKey {
        ignore_query_strings_order: Option<bool>,
        cache_deception_armor: Option<bool>,
        cache_by_device_type: Option<bool>,
        custom_key: Option<CustomKey>,
    }
    CustomKey { query_string: QueryString, }
    QueryString { include: Option<Names>, exclude: Option<Names>, }
    Names { list: Option<Vec<String>>, all: Option<bool>, }
}

fn invalid<T>(what: &str) -> Answer<T> {
    refuse(400, 20_217, what)
}

fn shaped<T: DeserializeOwned>(what: &Json) -> Answer<T> {
    serde_json::from_value(what.clone()).or_else(|error| invalid(&format!("{error} in {what}")))
}

/// A rule as it is told, if it can be one of the phase.
pub(super) fn check(phase: &str, given: &Json) -> Answer<Json> {
    let rule: Rule = shaped(given)?;
    if rule.expression.is_empty() || rule.expression.len() > 4096 {
        return refuse(400, 20_125, "invalid expression");
    }
    let actions: &[&str] = match phase {
        "http_request_firewall_custom" => {
            &["block", "challenge", "js_challenge", "managed_challenge", "log", "skip"]
        }
        "http_ratelimit" => &["block", "challenge", "js_challenge", "managed_challenge", "log"],
        "http_request_firewall_managed" => &["execute", "skip"],
        _ => &["set_cache_settings"],
    };
    if !actions.contains(&&*rule.action) {
        return invalid(&format!("{} is no action of the phase {phase}", rule.action));
    }
    parameters(&rule.action, rule.action_parameters.as_ref())?;
    if rule.logging.is_some() && rule.action != "skip" {
        return invalid("logging is for skip alone");
    }
    if rule.ratelimit.is_some() != (phase == "http_ratelimit") {
        return invalid("ratelimit is for the phase http_ratelimit");
    }
    if let Some(limit) = &rule.ratelimit {
        self::limit(limit)?;
    }
    Ok(told(given, &rule))
}

/// What is told of a rule has what nobody had said.
fn told(given: &Json, rule: &Rule) -> Json {
    let mut told = given.clone();
    told["enabled"] = json!(rule.enabled.unwrap_or(true));
    told["description"] = json!(rule.description.clone().unwrap_or_default());
    if rule.action == "skip" && rule.logging.is_none() {
        told["logging"] = json!({ "enabled": true });
    }
    if rule.action == "execute" {
        told["action_parameters"]["version"] = json!("latest");
    }
    if let Some(Json::Array(all)) = told.pointer_mut("/ratelimit/characteristics") {
        // Their order means nothing.
        all.sort_by_key(ToString::to_string);
    }
    told
}

fn parameters(action: &str, given: Option<&Json>) -> Answer<()> {
    let Some(given) = given else {
        let needed = ["skip", "execute", "set_cache_settings"].contains(&action);
        return if needed { invalid("action_parameters are missing") } else { Ok(()) };
    };
    match action {
        "block" => {
            let Block { response } = shaped(given)?;
            let sound = (400..500).contains(&response.status_code);
            if sound { Ok(()) } else { invalid("status_code must be 400 to 499") }
        }
        "skip" => {
            let skip: Skip = shaped(given)?;
            let sound = skip.ruleset.as_ref().is_none_or(|ruleset| ruleset == "current");
            if sound { Ok(()) } else { invalid("ruleset can be current alone") }
        }
        "execute" => {
            let Execute { id, .. } = shaped(given)?;
            if id.len() == 32 { Ok(()) } else { invalid("id is none") }
        }
        "set_cache_settings" => {
            let cache: Cache = shaped(given)?;
            let overrides =
                |ttl: &EdgeTtl| (ttl.mode == "override_origin") == ttl.default.is_some();
            let sound = cache.edge_ttl.as_ref().is_none_or(overrides);
            if sound { Ok(()) } else { invalid("default goes with override_origin") }
        }
        _ => invalid("action_parameters have no place there"),
    }
}

fn limit(limit: &RateLimit) -> Answer<()> {
    let by = |wanted: &str| limit.characteristics.iter().any(|it| it == wanted);
    if !by("cf.colo.id") {
        return invalid("characteristics must have cf.colo.id");
    }
    if by("ip.src") && by("cf.unique_visitor_id") {
        return invalid("ip.src and cf.unique_visitor_id exclude each other");
    }
    let periods = [10, 60, 120, 300, 600, 3600];
    if !periods.contains(&limit.period) || limit.requests_per_period == 0 {
        return invalid("period or requests_per_period is none");
    }
    let timeouts = [0, 10, 60, 120, 300, 600, 3600, 86_400];
    if timeouts.contains(&limit.mitigation_timeout) { Ok(()) } else { invalid("no timeout") }
}
