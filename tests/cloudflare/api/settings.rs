//! Settings of zones. Source: API, "Zone Settings", the values and the plans of each.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Answer, Asked, Told, no_route, refuse};
use crate::account::{Account, Zone};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    value: Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    strict_transport_security: Strict,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that they can be read is what is looked at")]
struct Strict {
    enabled: bool,
    max_age: u32,
    include_subdomains: bool,
    preload: bool,
    nosniff: bool,
}

/// For how long a challenge may count, in seconds.
const CHALLENGES: [u64; 14] = [
    300, 900, 1800, 2700, 3600, 7200, 10_800, 14_400, 28_800, 57_600, 86_400, 604_800, 2_592_000,
    31_536_000,
];
/// For how long browsers may keep what is cached, in seconds.
const CACHED: [u64; 28] = [
    0, 30, 60, 120, 300, 1200, 1800, 3600, 7200, 10_800, 14_400, 18_000, 28_800, 43_200, 57_600,
    72_000, 86_400, 172_800, 259_200, 345_600, 432_000, 691_200, 1_382_400, 2_073_600, 2_678_400,
    5_356_800, 16_070_400, 31_536_000,
];

pub(super) fn route(
    account: &mut Account,
    zone: usize,
    asked: &Asked<'_>,
    rest: &[&str],
) -> Answer {
    let [setting] = rest else { return no_route(asked) };
    let Some(usual) = usual(setting) else {
        return refuse(400, 1006, format!("Unrecognized zone setting name {setting}"));
    };
    match asked.method {
        "GET" => {}
        "PATCH" => {
            let Given { value } = asked.body(1007)?;
            check(&account.zones[zone], setting, &value)?;
            // What is as it is on new zones was never changed.
            let settings = &mut account.zones[zone].settings;
            if value == usual {
                settings.remove(*setting);
            } else {
                settings.insert((*setting).to_owned(), value);
            }
        }
        _ => return no_route(asked),
    }
    let value = account.zones[zone].settings.get(*setting).cloned().unwrap_or(usual);
    // This one is told as a number with a fraction.
    let value = match value.as_f64().filter(|_| *setting == "proxy_read_timeout") {
        Some(seconds) => json!(seconds),
        None => value,
    };
    let told = json!({ "id": setting, "value": value, "editable": true, "modified_on": null });
    Ok(Told(told, None))
}

/// What new zones have; `None` of what is no setting.
fn usual(setting: &str) -> Option<Json> {
    Some(match setting {
        "ssl" => json!("full"),
        "min_tls_version" => json!("1.0"),
        "security_level" => json!("medium"),
        "cache_level" => json!("aggressive"),
        "challenge_ttl" => json!(1800),
        "browser_cache_ttl" => json!(14_400),
        "max_upload" | "proxy_read_timeout" => json!(100),
        "security_header" => json!({ "strict_transport_security": {
            "enabled": false,
            "max_age": 0,
            "include_subdomains": false,
            "preload": false,
            "nosniff": false,
        }}),
        "tls_1_3"
        | "automatic_https_rewrites"
        | "opportunistic_encryption"
        | "websockets"
        | "http3"
        | "ipv6"
        | "ip_geolocation"
        | "browser_check"
        | "always_online"
        | "email_obfuscation" => json!("on"),
        "always_use_https"
        | "tls_client_auth"
        | "0rtt"
        | "early_hints"
        | "true_client_ip_header"
        | "hotlink_protection"
        | "rocket_loader" => json!("off"),
        _ => return None,
    })
}

fn check(zone: &Zone, setting: &str, value: &Json) -> Answer<()> {
    let one_of = |words: &[&str]| value.as_str().is_some_and(|word| words.contains(&word));
    let number = value.as_u64();
    let within = |steps: &[u64]| number.is_some_and(|number| steps.contains(&number));
    let sound = match setting {
        "ssl" => one_of(&["off", "flexible", "full", "strict", "origin_pull"]),
        "min_tls_version" => one_of(&["1.0", "1.1", "1.2", "1.3"]),
        "tls_1_3" => one_of(&["on", "off", "zrt"]),
        "security_level" => {
            one_of(&["off", "essentially_off", "low", "medium", "high", "under_attack"])
        }
        "cache_level" => one_of(&["aggressive", "basic", "simplified"]),
        "challenge_ttl" => within(&CHALLENGES),
        "browser_cache_ttl" => within(&CACHED),
        "max_upload" => number.is_some_and(|mb| (100..=500).contains(&mb) && mb % 25 == 0),
        "proxy_read_timeout" => number.is_some_and(|time| (1..=6000).contains(&time)),
        "security_header" => serde_json::from_value::<Header>(value.clone())
            .is_ok_and(|header| header.strict_transport_security.max_age <= 31_536_000),
        _ => one_of(&["on", "off"]),
    };
    if !sound {
        return refuse(400, 1007, format!("Invalid value for zone setting {setting}"));
    }
    let most = match &*zone.plan {
        "free" | "pro" => 100,
        "business" => 200,
        _ => 500,
    };
    let dear = match setting {
        "ssl" => value == "origin_pull",
        "security_level" => value == "off",
        "true_client_ip_header" => value == "on",
        "proxy_read_timeout" => number != Some(100),
        _ => false,
    };
    let too_large = setting == "max_upload" && number.is_some_and(|mb| mb > most);
    if too_large || dear && zone.plan != "enterprise" {
        return refuse(400, 1015, format!("Not allowed to edit setting for {setting}"));
    }
    Ok(())
}
