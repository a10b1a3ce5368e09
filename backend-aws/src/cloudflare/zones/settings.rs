//! `cloudflare:zones:Settings`.

use infra_core::{
    cloudflare::zones::{self, StrictTransportSecurity, StrictTransportSecurityArgs},
    handler::{Deletion, Request, TypedRequest},
    schema::PropDef,
    types::{IntoValue, PropertyType, Seconds},
    value::{Slot, Value},
};
use serde_json::{Value as Json, json};

use crate::{
    cloudflare::{Ask, Cloudflare, Needs, text},
    error::{Answer, IfFound},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Settings;

type S = zones::Settings;

const NEEDS: Needs = Needs("Zone / Zone Settings / Edit");
/// The one setting that is a structure.
const HEADER: &str = "security_header";

/// What Cloudflare calls a setting.
fn id(prop: &PropDef) -> &'static str {
    if prop.name == "zero_rtt" { "0rtt" } else { prop.name }
}

/// What new zones have: API, zone settings, the default value of each. Of `ssl` it is "off" there,
/// which would have browsers leave HTTPS; "full" is what encryption modes recommend at least.
fn usual(setting: &str) -> Json {
    match setting {
        "ssl" => json!("full"),
        "min_tls_version" => json!("1.0"),
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
        "security_level" => json!("medium"),
        "challenge_ttl" => json!(1800),
        "browser_cache_ttl" => json!(14_400),
        "cache_level" => json!("aggressive"),
        "max_upload" => json!(100),
        "proxy_read_timeout" => json!(100),
        HEADER => header(&StrictTransportSecurityArgs {
            enabled: false,
            max_age: Seconds(0),
            include_subdomains: false,
            preload: false,
            nosniff: false,
        }),
        _ => json!("off"),
    }
}

fn header(args: &StrictTransportSecurityArgs) -> Json {
    json!({ "strict_transport_security": {
        "enabled": args.enabled,
        "max_age": args.max_age.0,
        "include_subdomains": args.include_subdomains,
        "preload": args.preload,
        "nosniff": args.nosniff,
    }})
}

/// A setting as Cloudflare takes it.
fn asked(setting: &str, value: &Value) -> Json {
    match value {
        Value::Int(number) => json!(number),
        value if setting == HEADER => StrictTransportSecurity::decode(value)
            .map_or_else(|_| usual(HEADER), |args| header(&args)),
        value => json!(value.as_str()),
    }
}

/// A setting as the engine keeps it.
fn told(setting: &str, value: &Json) -> Value {
    if setting == HEADER {
        let told = &value["strict_transport_security"];
        let is = |field: &str| told[field].as_bool().unwrap_or_default();
        let age = told["max_age"].as_f64().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
        let max_age = Seconds(age as u32);
        let args = StrictTransportSecurityArgs {
            enabled: is("enabled"),
            max_age,
            include_subdomains: is("include_subdomains"),
            preload: is("preload"),
            nosniff: is("nosniff"),
        };
        return args.into_value();
    }
    // Some numbers are told with a fraction that is none, and some as texts.
    let number = match value {
        Json::String(text) if setting == "proxy_read_timeout" => text.parse().ok(),
        number => number.as_f64(),
    };
    #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
    let number = number.map(|number| Value::Int(number as i64));
    number.or_else(|| value.as_str().map(Value::from)).unwrap_or_default()
}

/// The settings that a request has, or all of them.
fn settings(request: &Request, all: bool) -> impl Iterator<Item = (Slot, &'static str)> {
    let is_one = move |slot: Slot| slot != S::ZONE_ID.slot && (all || request.inputs.has(slot));
    let inputs = request.ty.inputs().filter(move |(slot, _)| is_one(*slot));
    inputs.map(|(slot, prop)| (slot, id(prop)))
}

async fn set(cloudflare: &Cloudflare, zone: &str, setting: &str, value: Json) -> Answer<()> {
    let operation = "PATCH /zones/{zone_id}/settings/{setting_id}";
    let ask = Ask::new("zones", NEEDS, operation, &[zone, setting]);
    cloudflare.call(&ask.body(json!({ "value": value }))).await?;
    Ok(())
}

impl Resource<Cloudflare> for Settings {
    type Type = S;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    /// The settings are there since the zone is: nothing is made.
    async fn create(_: &Cloudflare, request: &TypedRequest<'_, S>) -> Answer<Seen> {
        Ok(Seen::new(text(request, S::ZONE_ID.slot)))
    }

    async fn configure(cloudflare: &Cloudflare, request: &TypedRequest<'_, S>) -> Answer<()> {
        let zone = text(request, S::ZONE_ID.slot);
        for (slot, setting) in settings(request, false) {
            let value = asked(setting, request.inputs.get(slot));
            set(cloudflare, zone, setting, value).await?;
        }
        Ok(())
    }

    async fn update(cloudflare: &Cloudflare, request: &TypedRequest<'_, S>) -> Answer<()> {
        let zone = text(request, S::ZONE_ID.slot);
        let changed = settings(request, true).filter(|(slot, _)| request.changed.contains(slot));
        for (slot, setting) in changed {
            let wanted = request.inputs.get(slot);
            let value = if wanted.is_null() { usual(setting) } else { asked(setting, wanted) };
            set(cloudflare, zone, setting, value).await?;
        }
        Ok(())
    }

    /// A zone always has settings: they are gone when all that are recorded are what new zones have,
    /// and are not wanted so. To read all at once is deprecated (API, "Get all zone settings").
    async fn read(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let zone = text(request, S::ZONE_ID.slot);
        let mut seen = Seen::new(zone).text(S::ZONE_ID, Some(zone));
        let nothing = settings(request, false).next().is_none();
        let (mut all_usual, mut as_wanted) = (!nothing, true);
        for (slot, setting) in settings(request, nothing) {
            let operation = "GET /zones/{zone_id}/settings/{setting_id}";
            let ask = Ask::new("zones", NEEDS, operation, &[zone, setting]);
            let Some(answer) = cloudflare.call(&ask).await.if_found()? else { return Ok(None) };
            let value = told(setting, &answer["value"]);
            if value.is_null() {
                return Err(ask.incomplete("value"));
            }
            all_usual &= value == told(setting, &usual(setting));
            let wanted = told(setting, &asked(setting, request.inputs.get(slot)));
            as_wanted &= value == wanted;
            seen = seen.at(slot, value);
        }
        Ok((as_wanted || !all_usual).then_some(seen))
    }

    async fn delete(cloudflare: &Cloudflare, request: &Request) -> Answer<Deletion> {
        let zone = text(request, S::ZONE_ID.slot);
        for (_, setting) in settings(request, false) {
            set(cloudflare, zone, setting, usual(setting)).await?;
        }
        Ok(Deletion::Gone)
    }

    /// What a setting is tells of nobody who has set it, and its creation makes nothing that could be
    /// there twice.
    async fn by_name(_: &Cloudflare, _: &Request) -> Answer<Option<Seen>> {
        Ok(None)
    }
}
