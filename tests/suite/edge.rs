//! Cloudflare in front of a site: what a plan does not allow is told before anything is called, and
//! both clouds stand in one program.

use infra_core::{
    aws::ec2::{IpProtocol, RuleDirection, SecurityGroup, SecurityGroupRule, Vpc},
    cloudflare::{
        Plan, Switch,
        ips::AddressRanges,
        rulesets::{
            Action, Characteristic, Execute, ManagedRuleset, Phase, RateField, RateLimit, Rule,
            Ruleset,
        },
        zones::{SecurityLevel, Settings, SslMode, Zone},
    },
    engine::EngineError,
    prelude::*,
};
use infra_tests::world::{World, program};

/// What is said of a program with a zone on a plan.
#[track_caller]
fn said(plan: Plan, build: impl FnOnce(&Stack, &Zone)) -> Vec<String> {
    let program = program(|stack| {
        let zone = Zone::lookup("zone").name("campus.example.org").plan(plan).create(stack);
        build(stack, &zone);
    });
    for problem in &program.problems {
        assert_eq!(problem.check.as_deref(), Some("cloudflare-plan"), "{problem}");
    }
    program.problems.iter().map(ToString::to_string).collect()
}

fn ruleset(stack: &Stack, zone: &Zone, phase: Phase, rules: Vec<Rule>) {
    Ruleset::named("rules").zone_id(zone.zone_id()).phase(phase).rules(rules).create(stack);
}

/// What is said of one rule about how often somebody may come.
#[track_caller]
fn said_of_limit(plan: Plan, action: Action, limit: RateLimit) -> String {
    let rule = Rule::new("true", action).ratelimit(limit);
    said(plan, |stack, zone| ruleset(stack, zone, Phase::HttpRatelimit, vec![rule])).concat()
}

fn limit(by: Characteristic, period: u32, timeout: u32) -> RateLimit {
    RateLimit::new([by], Seconds(period), 30_u32, Seconds(timeout))
}

#[test]
fn uploads_are_as_large_as_the_plan_allows() {
    for (plan, most) in [(Plan::Free, 100), (Plan::Pro, 100), (Plan::Business, 200)] {
        let upload = |size| {
            said(plan, |stack, zone| {
                Settings::named("s").zone_id(zone.zone_id()).max_upload(MB(size)).create(stack);
            })
        };
        assert_eq!(upload(most), Vec::<String>::new());
        let found = upload(most + 25).concat();
        let wanted = format!("is more than the {most} MB of the plan {plan}");
        assert!(found.contains(&wanted) && found.contains("`max_upload`"), "{found}");
    }
}

#[test]
fn what_contracts_have_needs_one() {
    let settings = |plan| {
        said(plan, |stack, zone| {
            Settings::named("s")
                .zone_id(zone.zone_id())
                .ssl(SslMode::OriginPull)
                .security_level(SecurityLevel::Off)
                .true_client_ip_header(Switch::On)
                .proxy_read_timeout(Seconds(300))
                .create(stack);
        })
    };
    assert_eq!(settings(Plan::Enterprise), Vec::<String>::new());
    let found = settings(Plan::Business);
    assert_eq!(found.len(), 4, "{found:#?}");
    for property in ["ssl", "security_level", "true_client_ip_header", "proxy_read_timeout"] {
        let named = found.iter().find(|found| found.contains(&format!("`{property}`")));
        assert!(
            named.is_some_and(|found| found.contains("needs the plan enterprise")),
            "{found:#?}"
        );
    }
}

#[test]
fn each_phase_has_so_many_rules() {
    let blocks = |count| vec![Rule::block("true"); count];
    let found = |plan, count| {
        let phase = Phase::HttpRequestFirewallCustom;
        said(plan, |stack, zone| ruleset(stack, zone, phase, blocks(count))).concat()
    };
    assert_eq!(found(Plan::Free, 5), "");
    assert!(found(Plan::Free, 6).contains("are 6 in the phase http_request_firewall_custom"));
    assert_eq!(found(Plan::Pro, 20), "");
    assert!(found(Plan::Pro, 21).contains("the plan pro has 20"));
}

#[test]
fn limits_are_those_of_the_plan() {
    let ip = || Characteristic::ip();
    assert_eq!(said_of_limit(Plan::Free, Action::Block, limit(ip(), 10, 10)), "");
    let found = said_of_limit(Plan::Free, Action::Block, limit(ip(), 60, 10));
    assert!(found.contains("`rules[0].ratelimit.period` 60 s is longer than the 10 s"), "{found}");
    let found = said_of_limit(Plan::Pro, Action::Block, limit(ip(), 60, 86_400));
    assert!(found.contains("`rules[0].ratelimit.mitigation_timeout` 86400 s is longer"), "{found}");
    let found = said_of_limit(Plan::Pro, Action::ManagedChallenge, limit(ip(), 60, 60));
    assert!(found.contains("must be 0 s for a challenge"), "{found}");
    let nat = || Characteristic::field(RateField::IpWithNat);
    let found = said_of_limit(Plan::Pro, Action::Block, limit(nat(), 60, 60));
    assert!(
        found.contains("cf.unique_visitor_id, by which the plan pro does not count"),
        "{found}"
    );
    assert_eq!(said_of_limit(Plan::Business, Action::Block, limit(nat(), 600, 60)), "");
    let header = limit(Characteristic::header("authorization"), 60, 60);
    let found = said_of_limit(Plan::Business, Action::Block, header);
    assert!(found.contains("authorization, by which the plan business"), "{found}");
    let counted = limit(ip(), 60, 60).counting_expression("http.response.code eq 403");
    let found = said_of_limit(Plan::Pro, Action::Block, counted);
    assert!(found.contains("counting_expression` needs the plan business"), "{found}");
    let found = said_of_limit(Plan::Business, Action::Log, limit(ip(), 60, 60));
    assert!(found.contains("`rules[0].action` log needs the plan enterprise"), "{found}");
}

#[test]
fn limits_ask_for_what_the_plan_knows() {
    let found = |plan, expression: &str| {
        let limit = limit(Characteristic::ip(), 10, 10);
        let rule = Rule::new(expression, Action::Block).ratelimit(limit);
        said(plan, |stack, zone| ruleset(stack, zone, Phase::HttpRatelimit, vec![rule])).concat()
    };
    let path = r#"starts_with(http.request.uri.path, "/x.http.host/")"#;
    let host = format!(r#"http.host eq "moodle.example.org" and {path}"#);
    let address = format!("{host} and not ip.src in {{192.0.2.0/24}}");
    assert_eq!(found(Plan::Free, path), "");
    let said = found(Plan::Free, &host);
    assert!(
        said.contains(
            "`rules[0].expression` asks for http.host, for which limits of the plan free"
        ),
        "{said}"
    );
    assert_eq!(found(Plan::Pro, &host), "");
    assert!(found(Plan::Pro, &address).contains("asks for ip.src"));
    assert_eq!(found(Plan::Business, &address), "");
    assert!(found(Plan::Business, "ip.src.country eq \"DE\"").contains("ip.src.country"));
}

#[test]
fn rules_that_are_kept_are_paid_for() {
    let managed = |plan, which| {
        let rule = Rule::execute("true", Execute::of(which));
        let phase = Phase::HttpRequestFirewallManaged;
        said(plan, |stack, zone| ruleset(stack, zone, phase, vec![rule])).concat()
    };
    assert_eq!(managed(Plan::Pro, ManagedRuleset::Owasp), "");
    assert_eq!(managed(Plan::Free, ManagedRuleset::CloudflareFree), "");
    assert!(managed(Plan::Free, ManagedRuleset::Owasp).contains("names rules of paid plans"));
}

#[tokio::test]
async fn a_refused_plan_calls_nothing() {
    let world = World::default();
    let program = program(|stack| {
        let zone = Zone::lookup("zone").name("campus.example.org").plan(Plan::Pro).create(stack);
        Settings::named("s").zone_id(zone.zone_id()).max_upload(MB(500)).create(stack);
    });
    assert!(matches!(world.try_up(&program).await, Err(EngineError::Program(_))));
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_balancer_lets_in_cloudflare_alone() {
    let world = World::default();
    let program = program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let group = SecurityGroup::named("balancer")
            .vpc_id(&vpc)
            .group_description("the load balancer")
            .create(stack);
        let ranges = AddressRanges::lookup("cloudflare").create(stack);
        for (place, range) in ranges.ipv4_cidrs().take::<15>().into_iter().enumerate() {
            SecurityGroupRule::named(format!("from-cloudflare-{place}"))
                .group_id(&group)
                .direction(RuleDirection::Ingress)
                .ip_protocol(IpProtocol::Tcp)
                .from_port(443)
                .to_port(443)
                .cidr_ipv4(range)
                .create(stack);
        }
        let zone = Zone::lookup("zone").name("campus.example.org").plan(Plan::Pro).create(stack);
        Settings::named("zone").zone_id(zone.zone_id()).ssl(SslMode::Strict).create(stack);
    });
    world.up(&program).await;
    world.assert_in_step("two clouds").await;
    assert!(world.preview(&program).await.is_empty());
    let scopes: Vec<String> = world.sim.with_world(|account| {
        let of = |ty: &str| account.live().find(|object| object.ty.name == ty).unwrap();
        ["aws:ec2:Vpc", "cloudflare:zones:Settings"].map(|ty| of(ty).scope.to_string()).to_vec()
    });
    assert_eq!(scopes, ["123456789012/eu-central-1", "0123456789abcdef0123456789abcdef/global"]);
    world.destroy().await;
    assert!(world.objects().is_empty());
}
