//! Rate limits.

use crate::conformance::{Case, Refused};
use infra_core::{
    cloudflare::rulesets::{Characteristic, Phase, RateField, RateLimit, Rule, Ruleset},
    prelude::*,
};

use super::{CUSTOM, rules};
use crate::conformance::cloudflare::{NO_CFN, zone};

const LOGIN: &str = r#"http.request.uri.path eq "/login/index.php""#;
const PHASE: Phase = Phase::HttpRatelimit;

fn limit(by: Vec<Characteristic>, period: Seconds, timeout: Seconds) -> RateLimit {
    RateLimit::new(by, period, 30_u32, timeout)
}

fn usual() -> RateLimit {
    limit(vec![Characteristic::ip()], Seconds(60), Seconds(600))
}

fn limited(stack: &Stack, limit: RateLimit) {
    rules(stack, PHASE, vec![Rule::block(LOGIN).ratelimit(limit)]);
}

pub(super) const LIMITS: Case = Case {
    ty: Ruleset::definition,
    build: |stack, v| {
        let token = vec![
            Characteristic::field(RateField::IpWithNat),
            Characteristic::header("authorization"),
            Characteristic::cookie("MoodleSession"),
            Characteristic::query("wstoken"),
        ];
        let failed = limit(token, Seconds(600), Seconds(0))
            .counting_expression("http.response.code eq 403")
            .requests_to_origin(true);
        Ruleset::named("subject")
            .zone_id(zone(stack).zone_id())
            .phase(PHASE)
            .rules(v.pick(
                "rules",
                vec![Rule::block(LOGIN).ratelimit(usual())],
                vec![Rule::managed_challenge(LOGIN).ratelimit(failed)],
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "rules[0].ratelimit",
            build: |stack| rules(stack, PHASE, vec![Rule::block(LOGIN)]),
            says: "is needed in the phase http_ratelimit",
        },
        Refused {
            property: "rules[0].ratelimit",
            build: |stack| rules(stack, CUSTOM, vec![Rule::block(LOGIN).ratelimit(usual())]),
            says: "has no place in the phase http_request_firewall_custom",
        },
        Refused {
            property: "rules[0].ratelimit.period",
            build: |stack| {
                limited(stack, limit(vec![Characteristic::ip()], Seconds(61), Seconds(600)));
            },
            says: "61 is none of 10, 60",
        },
        Refused {
            property: "rules[0].ratelimit.mitigation_timeout",
            build: |stack| {
                limited(stack, limit(vec![Characteristic::ip()], Seconds(60), Seconds(0)));
            },
            says: "0 is for challenges",
        },
        Refused {
            property: "rules[0].ratelimit.requests_per_period",
            build: |stack| {
                let by = [Characteristic::ip()];
                limited(stack, RateLimit::new(by, Seconds(60), 0_u32, Seconds(600)));
            },
            says: "0 must be 1 at least",
        },
        Refused {
            property: "rules[0].ratelimit.counting_expression",
            build: |stack| limited(stack, usual().counting_expression("")),
            says: "is empty",
        },
        Refused {
            property: "rules[0].ratelimit.characteristics",
            build: |stack| limited(stack, limit(vec![], Seconds(60), Seconds(600))),
            says: "is empty",
        },
        Refused {
            property: "rules[0].ratelimit.characteristics",
            build: |stack| {
                let twice = vec![Characteristic::ip(), Characteristic::ip()];
                limited(stack, limit(twice, Seconds(60), Seconds(600)));
            },
            says: "names something twice",
        },
        Refused {
            property: "rules[0].ratelimit.characteristics",
            build: |stack| {
                let both = vec![Characteristic::ip(), Characteristic::field(RateField::IpWithNat)];
                limited(stack, limit(both, Seconds(60), Seconds(600)));
            },
            says: "exclude each other",
        },
        Refused {
            property: "rules[0].ratelimit.characteristics",
            build: |stack| {
                let header = vec![Characteristic::header("Authorization")];
                limited(stack, limit(header, Seconds(60), Seconds(600)));
            },
            says: "write it in small letters",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: NO_CFN,
};
