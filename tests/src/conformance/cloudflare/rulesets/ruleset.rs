//! The cases of `cloudflare:rulesets:Ruleset`: a firewall of one's own, rate limits, rules that
//! Cloudflare keeps, and the cache.

mod limits;

use crate::conformance::{Case, Refused};
use infra_core::{
    cloudflare::rulesets::{
        Action, ActionParameters, BlockResponse, BrowserTtl, BrowserTtlMode, CacheKey,
        CacheSettings, CategoryOverride, ContentType, EdgeTtl, EdgeTtlMode, Execute,
        ManagedRuleset, Overrides, Phase, QueryStringKey, Rule, RuleOverride, Ruleset, Skip,
        SkippedProduct, StatusCodeTtl,
    },
    prelude::*,
};

use crate::conformance::cloudflare::{NO_CFN, zone, zones};

const ADMIN: &str = r#"starts_with(http.request.uri.path, "/admin/")"#;
const THEME: &str = r#"starts_with(http.request.uri.path, "/theme/")"#;
const CUSTOM: Phase = Phase::HttpRequestFirewallCustom;
const MANAGED: Phase = Phase::HttpRequestFirewallManaged;
const CACHE: Phase = Phase::HttpRequestCacheSettings;

/// Rules of a phase.
fn rules(stack: &Stack, phase: Phase, rules: Vec<Rule>) {
    Ruleset::named("subject")
        .zone_id(zone(stack).zone_id())
        .phase(phase)
        .rules(rules)
        .create(stack);
}

fn answer(status: u16) -> BlockResponse {
    BlockResponse::new(status, ContentType::Plain, "not from here")
}

fn answering(status: u16) -> Rule {
    Rule::block(ADMIN).action_parameters(ActionParameters::block(answer(status)))
}

pub(crate) const CASES: &[Case] = &[OWN, limits::LIMITS, KEPT, CACHED];

const OWN: Case = Case {
    ty: Ruleset::definition,
    build: |stack, v| {
        let [one, other] = zones(stack).map(|zone| zone.zone_id());
        let skip = Skip::new()
            .current_ruleset(true)
            .phases([Phase::HttpRatelimit])
            .products([SkippedProduct::BrowserIntegrityCheck]);
        let office = Rule::skip("ip.src in {192.0.2.0/24}", skip).log_skipped(false);
        let challenged = Rule::managed_challenge(ADMIN).reference("admin").enabled(false);
        Ruleset::named("subject")
            .zone_id(v.pick("zone_id", one, other))
            .phase(CUSTOM)
            .description(v.pick("description", "who comes in", "who may come in"))
            .rules(v.pick(
                "rules",
                vec![Rule::block(ADMIN).description("administrators")],
                vec![office, challenged, answering(403)],
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "rules[0].expression",
            build: |stack| rules(stack, CUSTOM, vec![Rule::block("(http.host eq \"a\"")]),
            says: "leaves a parenthesis open",
        },
        Refused {
            property: "rules[0].action",
            build: |stack| {
                rules(stack, CUSTOM, vec![Rule::cache("true", CacheSettings::bypass())]);
            },
            says: "set_cache_settings is none of the phase http_request_firewall_custom: block",
        },
        Refused {
            property: "rules[0].action_parameters",
            build: |stack| rules(stack, CUSTOM, vec![Rule::new("true", Action::Skip)]),
            says: "are needed with the action skip",
        },
        Refused {
            property: "rules[0].action_parameters",
            build: |stack| {
                let skip = ActionParameters::skip(Skip::new().current_ruleset(true));
                rules(stack, CUSTOM, vec![Rule::block("true").action_parameters(skip)]);
            },
            says: "are those of skip, and the action is block",
        },
        Refused {
            property: "rules[0].action_parameters.skip",
            build: |stack| rules(stack, CUSTOM, vec![Rule::skip("true", Skip::new())]),
            says: "skips nothing",
        },
        Refused {
            property: "rules[0].action_parameters.block.status_code",
            build: |stack| rules(stack, CUSTOM, vec![answering(200)]),
            says: "200 must be between 400 and 499",
        },
        Refused {
            property: "rules[0].action_parameters.block.content",
            build: |stack| {
                let long = "x".repeat(30_721);
                let response = BlockResponse::new(403_u16, ContentType::Html, long.as_str());
                let rule = Rule::block("true").action_parameters(ActionParameters::block(response));
                rules(stack, CUSTOM, vec![rule]);
            },
            says: "has 30721 bytes; 30720 are the most",
        },
        Refused {
            property: "rules[1].reference",
            build: |stack| {
                let rule = Rule::block(ADMIN).reference("admin");
                rules(stack, CUSTOM, vec![rule.clone(), rule]);
            },
            says: "is that of another rule",
        },
    ],
    fixed: &[("phase", "rules of one phase are none of another")],
    cfn: NO_CFN,
};

fn managed(overrides: Overrides) -> Vec<Rule> {
    let execute = Execute::new(ManagedRuleset::Cloudflare).overrides(overrides);
    vec![Rule::execute("true", execute)]
}

const KEPT: Case = Case {
    ty: Ruleset::definition,
    build: |stack, v| {
        let overrides = Overrides::new()
            .enabled(true)
            .action(Action::Log)
            .categories([CategoryOverride::new("paranoia-level-3").enabled(false)])
            .rules([RuleOverride::new("6179ae15870a4bb7b2d480d4843b323c")
                .action(Action::ManagedChallenge)
                .score_threshold(60_u32)]);
        let points = Execute::new(ManagedRuleset::Owasp).overrides(overrides);
        Ruleset::named("subject")
            .zone_id(zone(stack).zone_id())
            .phase(MANAGED)
            .rules(v.pick(
                "rules",
                vec![Rule::execute("true", Execute::of(ManagedRuleset::Cloudflare))],
                vec![Rule::execute("true", points)],
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "rules[0].action_parameters.execute.overrides.rules[0].id",
            build: |stack| {
                let overrides = Overrides::new().rules([RuleOverride::new("100015")]);
                rules(stack, MANAGED, managed(overrides));
            },
            says: "is no id: 32 hexadecimal digits",
        },
        Refused {
            property: "rules[0].action_parameters.execute.overrides",
            build: |stack| {
                rules(stack, MANAGED, managed(Overrides::new().action(Action::Skip)));
            },
            says: "have the action skip, which managed rules can't do",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: NO_CFN,
};

const CACHED: Case = Case {
    ty: Ruleset::definition,
    build: |stack, v| {
        let key = CacheKey::new()
            .ignore_query_strings_order(true)
            .cache_deception_armor(true)
            .query_string(QueryStringKey::include(["rev"]));
        let edge = EdgeTtl::new(EdgeTtlMode::OverrideOrigin)
            .default_ttl(Seconds(86_400))
            .status_code_ttl([StatusCodeTtl::new(404_u16, -1)]);
        let long = CacheSettings::new(true)
            .edge_ttl(edge)
            .browser_ttl(BrowserTtl::new(BrowserTtlMode::RespectOrigin))
            .cache_key(key)
            .respect_strong_etags(true);
        Ruleset::named("subject")
            .zone_id(zone(stack).zone_id())
            .phase(CACHE)
            .rules(v.pick(
                "rules",
                vec![Rule::cache("true", CacheSettings::bypass())],
                vec![Rule::cache(THEME, long)],
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "rules[0].action_parameters.set_cache_settings.edge_ttl.default_ttl",
            build: |stack| {
                let edge = EdgeTtl::new(EdgeTtlMode::OverrideOrigin);
                let settings = CacheSettings::new(true).edge_ttl(edge);
                rules(stack, CACHE, vec![Rule::cache(THEME, settings)]);
            },
            says: "is given with the mode override_origin",
        },
        Refused {
            property: "rules[0].action_parameters.set_cache_settings.browser_ttl.default_ttl",
            build: |stack| {
                let browser = BrowserTtl::new(BrowserTtlMode::Bypass).default_ttl(Seconds(60));
                let settings = CacheSettings::new(true).browser_ttl(browser);
                rules(stack, CACHE, vec![Rule::cache(THEME, settings)]);
            },
            says: "is given with the mode override_origin",
        },
        Refused {
            property: "rules[0].action_parameters.set_cache_settings.edge_ttl",
            build: |stack| {
                let edge = EdgeTtl::new(EdgeTtlMode::RespectOrigin);
                let settings = CacheSettings::bypass().edge_ttl(edge);
                rules(stack, CACHE, vec![Rule::cache(THEME, settings)]);
            },
            says: "says how long, and `cache` is false",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: NO_CFN,
};
