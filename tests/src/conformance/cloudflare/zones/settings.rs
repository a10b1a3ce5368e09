//! The case of `cloudflare:zones:Settings`.

use crate::conformance::{Case, Refused, Variant};
use infra_core::{
    cloudflare::{
        Switch,
        zones::{
            CacheLevel, SecurityLevel, Settings, SslMode, StrictTransportSecurity, Tls13,
            TlsVersion,
        },
    },
    prelude::*,
};

use crate::conformance::cloudflare::{NO_CFN, zone, zones};

/// On, and off where it is the changed one.
fn on(v: &Variant, property: &'static str) -> Switch {
    v.pick(property, Switch::On, Switch::Off)
}

fn hsts(age: Seconds) -> StrictTransportSecurity {
    StrictTransportSecurity::new(true).max_age(age)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Settings::definition,
    build: |stack, v| {
        let [one, other] = zones(stack).map(|zone| zone.zone_id());
        let tls = Settings::named("subject")
            .zone_id(v.pick("zone_id", one, other))
            .ssl(v.pick("ssl", SslMode::Full, SslMode::Strict))
            .min_tls_version(v.pick("min_tls_version", TlsVersion::V1_2, TlsVersion::V1_3))
            .tls_1_3(v.pick("tls_1_3", Tls13::On, Tls13::OnWithZeroRtt))
            .always_use_https(on(v, "always_use_https"))
            .automatic_https_rewrites(on(v, "automatic_https_rewrites"))
            .opportunistic_encryption(on(v, "opportunistic_encryption"))
            .security_header(v.pick(
                "security_header",
                hsts(Seconds(86_400)),
                hsts(Seconds(31_536_000)).include_subdomains(true).preload(true).nosniff(true),
            ))
            .tls_client_auth(on(v, "tls_client_auth"));
        let network = tls
            .websockets(on(v, "websockets"))
            .http3(on(v, "http3"))
            .zero_rtt(on(v, "zero_rtt"))
            .early_hints(on(v, "early_hints"))
            .ipv6(on(v, "ipv6"))
            .ip_geolocation(on(v, "ip_geolocation"))
            .true_client_ip_header(on(v, "true_client_ip_header"));
        let guarded = network
            .security_level(v.pick("security_level", SecurityLevel::Medium, SecurityLevel::High))
            .challenge_ttl(v.pick("challenge_ttl", Seconds(1800), Seconds(3600)))
            .browser_check(on(v, "browser_check"))
            .hotlink_protection(on(v, "hotlink_protection"))
            .email_obfuscation(on(v, "email_obfuscation"));
        guarded
            .browser_cache_ttl(v.pick("browser_cache_ttl", Seconds(0), Seconds(14_400)))
            .cache_level(v.pick("cache_level", CacheLevel::Aggressive, CacheLevel::Simplified))
            .always_online(on(v, "always_online"))
            .rocket_loader(on(v, "rocket_loader"))
            .max_upload(v.pick("max_upload", MB(100), MB(500)))
            .proxy_read_timeout(v.pick("proxy_read_timeout", Seconds(120), Seconds(300)))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "challenge_ttl",
            build: |stack| {
                let settings = Settings::named("subject").zone_id(zone(stack).zone_id());
                settings.challenge_ttl(Seconds(1000)).create(stack);
            },
            says: "1000 is none of the steps 300, 900",
        },
        Refused {
            property: "browser_cache_ttl",
            build: |stack| {
                let settings = Settings::named("subject").zone_id(zone(stack).zone_id());
                settings.browser_cache_ttl(Seconds(1)).create(stack);
            },
            says: "1 is none of the steps 0, 30",
        },
        Refused {
            property: "max_upload",
            build: |stack| {
                let settings = Settings::named("subject").zone_id(zone(stack).zone_id());
                settings.max_upload(MB(110)).create(stack);
            },
            says: "110 must be 100 to 500 in steps of 25",
        },
        Refused {
            property: "proxy_read_timeout",
            build: |stack| {
                let settings = Settings::named("subject").zone_id(zone(stack).zone_id());
                settings.proxy_read_timeout(Seconds(6001)).create(stack);
            },
            says: "6001 must be between 1 and 6000",
        },
        Refused {
            property: "security_header",
            build: |stack| {
                let settings = Settings::named("subject").zone_id(zone(stack).zone_id());
                settings.security_header(hsts(Seconds(0))).create(stack);
            },
            says: "which takes it back",
        },
    ],
    fixed: &[],
    cfn: NO_CFN,
}];
