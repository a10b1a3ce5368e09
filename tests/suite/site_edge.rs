//! A site behind an edge: it comes up, stays and goes, and the edge alone reaches the balancer.

use std::collections::BTreeSet;

use infra_core::{
    aws::{
        RoleArn,
        acm::Certificate,
        cloudfront::{Distribution, VpcOrigin},
        ec2::{PrefixList, SecurityGroupRule},
        elbv2::{Listener, LoadBalancer, LoadBalancerScheme, MutualAuthenticationMode, TrustStore},
        route53, rules,
        s3::Object as S3Object,
        wafv2::{IpSet, WebAcl},
    },
    cloudflare::{
        Plan,
        dns::Record,
        origin_tls::AuthenticatedOriginPulls,
        rulesets::{Phase, Ruleset},
        zones,
    },
    dsl::ResourceType,
    graph::{Field, NodeView, Program},
    prelude::*,
    value::Value,
};
use infra_tests::world::{World, configured, of, program};
use moodle_infra::{
    CloudFrontSettings, CloudflareSettings, DeliverySettings, Edge, Environment, GitRepository,
    ImageRepository, MoodleBuilder, SettingsError, WebSettings,
};

use crate::moodle::plain_site;

#[allow(dead_code)]
#[path = "../../examples/edge.rs"]
mod example;

/// The example with settings as from the command line.
fn site(settings: &[(&str, &str)]) -> Program {
    let stack = configured(settings);
    example::site(&stack).unwrap();
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
    program
}

fn behind(edge: &str) -> Program {
    site(&[("edge", edge)])
}

/// The one of its type.
fn one<R: ResourceType>(program: &Program) -> NodeView<'_, R> {
    let mut all = program.all::<R>();
    let found = all.next().unwrap();
    assert!(all.next().is_none(), "{} is one", found.node.urn);
    found
}

#[tokio::test]
async fn it_comes_up_stays_and_goes_behind_each() {
    for edge in ["cloudflare", "cloudfront", "direct"] {
        let world = World::default();
        let outcome = world.up(&behind(edge)).await;
        assert!(outcome.is_success(), "{edge}: {outcome:?}");
        world.assert_in_step(edge).await;
        world.assert_deletions_are_guarded(edge).await;
        assert!(world.preview(&behind(edge)).await.is_empty(), "{edge}");
        world.destroy().await;
        assert!(world.objects().is_empty(), "{edge}");
    }
}

#[tokio::test]
async fn an_edge_is_put_before_a_site_and_taken_away_again() {
    let world = World::default();
    world.up(&behind("direct")).await;
    for edge in ["cloudfront", "direct"] {
        assert!(world.up(&behind(edge)).await.is_success(), "{edge}");
        world.assert_in_step(edge).await;
        assert!(world.preview(&behind(edge)).await.is_empty(), "{edge}");
    }
}

/// The rules by which something comes in to the balancer from outside, as port and from where.
fn ways_in(program: &Program) -> BTreeSet<(i32, &'static str)> {
    let rules = program.all::<SecurityGroupRule>();
    let into = rules.filter(|rule| rule.node.urn.name().starts_with("balancer-"));
    let into = into.filter(|rule| !rule.node.urn.name().starts_with("balancer-to-"));
    into.map(|rule| {
        let Field::Known(port) = rule.get(SecurityGroupRule::FROM_PORT) else { panic!() };
        let list = rule.get(SecurityGroupRule::PREFIX_LIST_ID);
        let from = if matches!(list, Field::Absent) { "a range" } else { "a list" };
        (port, from)
    })
    .collect()
}

#[test]
fn the_edge_alone_reaches_the_balancer() {
    assert_eq!(ways_in(&behind("direct")), BTreeSet::from([(80, "a range"), (443, "a range")]));
    let cloudflare = behind("cloudflare");
    assert_eq!(ways_in(&cloudflare), BTreeSet::from([(443, "a list")]));
    let https = one::<Listener>(&cloudflare);
    let asked = https.node.inputs.get(Listener::MUTUAL_AUTHENTICATION.slot);
    let verify = Value::from(MutualAuthenticationMode::Verify.as_str());
    assert_eq!(asked.field("mode"), Some(&verify));
    let cloudfront = behind("cloudfront");
    assert_eq!(ways_in(&cloudfront), BTreeSet::from([(443, "a list")]));
    let balancer = one::<LoadBalancer>(&cloudfront);
    assert_eq!(balancer.get(LoadBalancer::SCHEME), Field::Known(LoadBalancerScheme::Internal));
}

#[tokio::test]
async fn cloudflare_is_known_by_its_ranges_and_its_certificate() {
    let world = World::default();
    world.up(&behind("cloudflare")).await;
    let objects = world.objects();
    let list = of::<PrefixList>(&objects)[0];
    assert_eq!(list.named("entries").items().len(), 15);
    let pulls = of::<AuthenticatedOriginPulls>(&objects)[0];
    assert_eq!(pulls.named("enabled").as_bool(), Some(true));
    // The authority that the balancer trusts has signed what is shown, and its key is nowhere.
    let store = of::<TrustStore>(&objects)[0];
    assert_eq!(store.named("number_of_ca_certificates").as_int(), Some(1));
    let authority = objects.iter().find(|it| {
        it.ty.name == S3Object::definition().name && it.text("key") == "edge/authority.pem"
    });
    let authority = authority.unwrap().text("content");
    assert!(authority.starts_with("-----BEGIN CERTIFICATE-----"), "{authority}");
    assert!(!authority.contains("KEY"));
    let record = objects.iter().find(|it| {
        it.ty.name == Record::definition().name && it.text("name") == "moodle.example.edu"
    });
    assert_eq!(record.unwrap().named("proxied").as_bool(), Some(true));
}

#[tokio::test]
async fn the_sites_name_leads_to_the_edge() {
    let world = World::default();
    world.up(&behind("cloudflare")).await;
    let objects = world.objects();
    let balancer = of::<LoadBalancer>(&objects)[0];
    // What confirms the certificate is seen by AWS as it is; the site's name is Cloudflare's.
    let mut records: Vec<(bool, String)> = of::<Record>(&objects)
        .into_iter()
        .map(|it| (it.named("proxied").as_bool() == Some(true), it.named("content").to_string()))
        .collect();
    records.sort();
    let [(false, confirms), (true, site)] = &records[..] else { panic!("{records:?}") };
    assert!(confirms.contains(".acm-validations.aws"), "{confirms}");
    assert!(site.contains(balancer.text("dns_name")), "{site}");

    let world = World::default();
    world.up(&behind("cloudfront")).await;
    let objects = world.objects();
    let distribution = of::<Distribution>(&objects)[0];
    assert_eq!(distribution.named("aliases").items(), [Value::from("moodle.example.edu")]);
    let origin = of::<VpcOrigin>(&objects)[0];
    assert!(distribution.named("origins").to_string().contains(&*origin.id));
    let names = of::<route53::Record>(&objects).into_iter().filter(|it| {
        it.named("alias_target").to_string().contains(distribution.text("domain_name"))
    });
    let mut types: Vec<&str> = names.map(|it| it.text("record_type")).collect();
    types.sort_unstable();
    assert_eq!(types, ["A", "AAAA"]);
    // One here for the balancer, and one in us-east-1, confirmed by the same record.
    let regions: BTreeSet<&str> = of::<Certificate>(&objects)
        .into_iter()
        .map(|it| it.scope.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(regions, BTreeSet::from(["eu-central-1", "us-east-1"]));
    assert_eq!(of::<route53::Record>(&objects).len(), 3);
}

/// What the web server is told of who may say where a request came from.
async fn trusted(edge: &str) -> Vec<String> {
    let world = World::default();
    world.up(&behind(edge)).await;
    let objects = world.objects();
    let nginx = objects
        .iter()
        .find(|it| it.ty.name == S3Object::definition().name && it.text("key") == "nginx.conf");
    let text = nginx.unwrap().text("content").to_owned();
    assert!(text.contains("real_ip_header X-Forwarded-For;\n    real_ip_recursive on;"), "{text}");
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("set_real_ip_from "));
    lines.map(|line| line.trim_end_matches(';').to_owned()).collect()
}

/// The address of the client as the web server finds it: the last of those that were handed on by
/// nobody who is trusted.
fn client(trusted: &[String], forwarded: &[&str], peer: &str) -> String {
    let trusted: Vec<Ipv4Net> = trusted.iter().map(|range| range.parse().unwrap()).collect();
    let is_trusted = |address: &&&str| {
        let address: Ipv4Addr = address.parse().unwrap();
        trusted.iter().any(|range| range.contains(&address))
    };
    let chain: Vec<&str> = forwarded.iter().copied().chain([peer]).collect();
    let found = chain.iter().rev().find(|address| !is_trusted(address)).unwrap_or(&chain[0]);
    (*found).to_owned()
}

#[tokio::test]
async fn nobody_makes_up_an_address() {
    const FORGED: &str = "192.0.2.7";
    const PERSON: &str = "198.51.100.9";
    const BALANCER: &str = "10.0.1.5";
    let direct = trusted("direct").await;
    assert_eq!(direct, ["10.0.0.0/16"]);
    assert_eq!(client(&direct, &[FORGED, PERSON], BALANCER), PERSON);
    // Cloudflare adds who asked it, and the balancer adds Cloudflare.
    let cloudflare = trusted("cloudflare").await;
    assert_eq!(cloudflare.len(), 16);
    assert_eq!(client(&cloudflare, &[FORGED, PERSON, "162.158.3.4"], BALANCER), PERSON);
    // Whoever is not Cloudflare and reached the balancer all the same would be taken for himself.
    assert_eq!(client(&cloudflare, &[FORGED, PERSON], BALANCER), PERSON);
    // CloudFront asks by an interface of its own within the network.
    let cloudfront = trusted("cloudfront").await;
    assert_eq!(cloudfront, direct);
    assert_eq!(client(&cloudfront, &[FORGED, PERSON, "10.0.2.9"], BALANCER), PERSON);
}

fn rules_of(program: &Program, phase: Phase) -> Vec<String> {
    let of = program.all::<Ruleset>().find(|it| it.get(Ruleset::PHASE) == Field::Known(phase));
    let Some(Field::Known(rules)) = of.map(|it| it.get(Ruleset::RULES)) else { return vec![] };
    rules.into_iter().map(|rule| rule.expression).collect()
}

#[test]
fn each_plan_has_the_rules_that_it_pays_for() {
    for (plan, limits, attacks) in
        [("free", 1, 0), ("pro", 2, 3), ("business", 2, 3), ("enterprise", 2, 3)]
    {
        let program = site(&[("edge", "cloudflare"), ("plan", plan)]);
        let count = |phase| rules_of(&program, phase).len();
        assert_eq!(count(Phase::HttpRatelimit), limits, "{plan}");
        assert_eq!(count(Phase::HttpRequestFirewallManaged), attacks, "{plan}");
        // What limits can ask for: the path, then the host, then the method; never the address.
        let limits = rules_of(&program, Phase::HttpRatelimit).concat();
        assert_eq!(limits.contains("http.host"), plan != "free", "{limits}");
        let asks_method = ["business", "enterprise"].contains(&plan);
        assert_eq!(limits.contains("http.request.method"), asks_method, "{limits}");
        assert!(!limits.contains("ip.src"), "{limits}");
        let own = rules_of(&program, Phase::HttpRequestFirewallCustom);
        let campus = "http.host eq \"moodle.example.edu\" and ip.src in {192.0.2.0/24}";
        assert_eq!(own[0], campus, "{plan}");
        let cached = rules_of(&program, Phase::HttpRequestCacheSettings);
        assert_eq!(cached.len(), 2);
        assert!(cached[1].contains("/theme/styles.php/") && !cached[1].contains("pluginfile"));
        let zone = one::<zones::Settings>(&program);
        let waits = zone.get(zones::Settings::PROXY_READ_TIMEOUT);
        let by_contract = plan == "enterprise";
        assert_eq!(waits, if by_contract { Field::Known(Seconds(300)) } else { Field::Absent });
    }
}

#[tokio::test]
async fn the_firewall_lets_editors_write_and_a_campus_come() {
    let world = World::default();
    let program = behind("cloudfront");
    world.up(&program).await;
    let objects = world.objects();
    let acl = objects.iter().find(|it| it.ty.name == WebAcl::definition().name).unwrap();
    assert!(acl.named("capacity").as_int().unwrap() <= 1500, "what is in the price");
    let campus = objects.iter().find(|it| it.ty.name == IpSet::definition().name).unwrap();
    assert_eq!(campus.named("addresses").items(), [Value::from("192.0.2.0/24")]);
    assert!(acl.scope.ends_with("/us-east-1") && campus.scope.ends_with("/us-east-1"));

    let rules = acl.named("rules").items().to_vec();
    let of = |name: &str| {
        let found = rules.iter().find(|it| it.field("name").and_then(Value::as_str) == Some(name));
        found.unwrap_or_else(|| panic!("{name} in {rules:?}")).to_string()
    };
    assert!(of("sessions").contains("MoodleSession"), "{}", of("sessions"));
    assert!(of("addresses").contains("ip_set") && of("addresses").contains("not"));
    for rule in ["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY"] {
        assert!(of("common").contains(rule), "{}", of("common"));
    }
    assert!(of("sql").contains("SQLi_BODY"));
    // What has a label is refused where nobody edits.
    let bodies = of("bodies");
    assert!(bodies.contains("sql-database:SQLi_Body") && bodies.contains("/mod/"), "{bodies}");
}

fn refused(
    edge: Edge,
    change: impl FnOnce(MoodleBuilder) -> MoodleBuilder,
) -> Option<SettingsError> {
    let mut found = None;
    let _ = program(|stack| {
        let site = plain_site(stack).environment(Environment::NonProduction).edge(edge);
        found = change(site).create(stack).err();
    });
    found
}

#[test]
fn what_the_edge_does_not_go_along_with_is_told() {
    let on = |plan| CloudflareSettings::new("example.edu".parse().unwrap(), plan);
    let web = |upload, seconds| WebSettings {
        upload: MiB(upload),
        longest_request: Seconds(seconds),
        ..WebSettings::default()
    };
    let said = |edge, web: Option<WebSettings>| {
        let error = refused(edge, |site| match web {
            Some(web) => site.web(web),
            None => site,
        });
        error.map(|error| error.to_string()).unwrap_or_default()
    };
    let pro = || Edge::Cloudflare(on(Plan::Pro));
    assert_eq!(said(pro(), None), "");
    assert!(said(pro(), Some(web(100, 60))).contains("lets uploads of 87 MiB pass"));
    assert!(said(pro(), Some(web(50, 120))).contains("waits for 100 s"));
    let elsewhere = CloudflareSettings::new("example.org".parse().unwrap(), Plan::Pro);
    let found = said(Edge::Cloudflare(elsewhere), None);
    assert!(found.contains("example.org does not answer for moodle.example.edu"), "{found}");
    let all = on(Plan::Pro).campus(["0.0.0.0/0".parse().unwrap()]);
    assert!(said(Edge::Cloudflare(all), None).contains("takes the limits away"));

    let zone: infra_core::aws::HostedZoneId = "Z0123456789ABCDEFGHIJ".parse().unwrap();
    let arn = "arn:aws:acm:us-east-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10";
    let front = || CloudFrontSettings::new(zone.clone(), arn);
    let found = said(Edge::CloudFront(front()), Some(web(50, 150)));
    assert_eq!(found, "a request of 150 s: CloudFront waits for 120 s; give 1 to 120");
    // Who delivers comes to the balancer, and is nobody's edge.
    let registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    let repository = "arn:aws:ecr:eu-central-1:123456789012:repository/moodle";
    let deploy: RoleArn = "arn:aws:iam::123456789012:role/deploy".parse().unwrap();
    let delivery = DeliverySettings::new(
        "delivery.example.edu".parse().unwrap(),
        ["192.0.2.0/24".parse().unwrap()],
        format!("{registry}/controller:1"),
        GitRepository::public("https://git.example.edu/site.git"),
        ImageRepository::new(format!("{registry}/moodle"), repository),
        deploy,
    );
    let error = refused(pro(), |site| site.delivery(delivery));
    assert_eq!(error, Some(SettingsError::DeliveryEdge));

    let raised = front().longest_answer(Seconds(181));
    assert!(said(Edge::CloudFront(raised), None).contains("give 1 to 180"));
}

#[test]
fn the_rules_of_aws_are_kept() {
    for edge in ["cloudflare", "cloudfront"] {
        let program = behind(edge);
        let found: Vec<String> = rules::all()
            .into_iter()
            .chain(moodle_infra::rules())
            .flat_map(|rule| rule.program(&program))
            .map(|problem| problem.to_string())
            // What the cheap twin does without, with a reason.
            .filter(|found| found.contains("edge/") || found.contains("balancer"))
            .filter(|found| !found.contains("single-point"))
            .collect();
        assert_eq!(found, [""; 0], "{edge}");
    }
}
