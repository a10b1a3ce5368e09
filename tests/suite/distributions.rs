//! The edge: a distribution before a site, which is turned off before it goes.

use infra_core::{
    aws::{
        cloudfront::{
            AllowedMethods, CacheBehavior, CustomOrigin, Distribution, ManagedCachePolicy,
            ManagedOriginRequestPolicy, Origin, OriginKind, OriginProtocolPolicy,
            ViewerCertificate, ViewerProtocolPolicy,
        },
        route53::{AliasTarget, HostedZone, Record, RecordType},
        wafv2::{
            AllowAction, DefaultAction, ManagedRuleGroup, Rule, Scope, VisibilityConfig, WebAcl,
        },
    },
    graph::Program,
    handler::Problem,
    plan::ChangeKind,
    prelude::*,
};
use infra_tests::{
    certificates::issued,
    world::{World, program},
};

use crate::network::delete;

/// A distribution with a name of its own and an ACL, in a stack whose home is elsewhere.
fn site(comment: &'static str, rules: &'static [ManagedRuleGroup]) -> Program {
    program(move |stack| {
        let region = ComponentOptions::default().provider(Provider::aws("us-east-1"));
        let edge = stack.component_with("edge", region);
        let domain = "moodle.example.org";
        let certificate = issued(&edge, "site", domain);
        let rules = rules
            .iter()
            .zip(0_u32..)
            .map(|(group, place)| Rule::managed(&format!("rule-{place}"), place, *group));
        let acl = WebAcl::named("site")
            .scope(Scope::Cloudfront)
            .default_action(DefaultAction::allow(AllowAction::new()))
            .rules(rules.collect::<Vec<_>>())
            .visibility_config(VisibilityConfig::new("site"))
            .create(&edge);
        stack.output("capacity", acl.capacity());
        let https = OriginKind::custom(CustomOrigin::new(OriginProtocolPolicy::HttpsOnly));
        let policy = ManagedCachePolicy::CachingDisabled;
        let all = CacheBehavior::new("web", ViewerProtocolPolicy::RedirectToHttps, policy)
            .origin_request_policy_id(ManagedOriginRequestPolicy::AllViewer)
            .allowed_methods(AllowedMethods::All);
        let distribution = Distribution::named("site")
            .origins([Origin::new("web", "origin.example.org", https)])
            .default_cache_behavior(all)
            .aliases([domain])
            .viewer_certificate(ViewerCertificate::new(certificate))
            .web_acl_id(acl.arn())
            .comment(comment)
            .create(stack);
        let zone = HostedZone::named("above").name("example.org").create(stack);
        Record::named("moodle")
            .hosted_zone_id(&zone)
            .name(domain)
            .record_type(RecordType::A)
            .alias_target(AliasTarget::distribution(&distribution))
            .create(stack);
    })
}

const RULES: &[ManagedRuleGroup] = &[ManagedRuleGroup::Common, ManagedRuleGroup::Php];

#[tokio::test]
async fn it_comes_up_changes_and_goes_though_its_parts_stand_in_several_regions() {
    let world = World::default();
    let outcome = world.up(&site("the site", RULES)).await;
    let (_, capacity) = &outcome.outputs[0];
    assert_eq!(capacity.as_int(), Some(800));
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;
    assert!(world.preview(&site("the site", RULES)).await.is_empty());

    let next = site("the site of all", &RULES[..1]);
    let changes = world.preview(&next).await.changes;
    let found: Vec<(&str, ChangeKind)> =
        changes.iter().map(|change| (change.urn.ty(), change.kind)).collect();
    let update = ChangeKind::Update;
    let mut wanted = [("aws:wafv2:WebAcl", update), ("aws:cloudfront:Distribution", update)];
    wanted.sort_unstable();
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    world.up(&next).await;
    world.assert_in_step("changed").await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_distribution_goes_once_all_edges_know_that_it_is_off() {
    let world = World::default();
    world.up(&site("the site", RULES)).await;
    let state = world.state().await;
    // The call that turns it off goes before the deletion, and takes minutes to arrive everywhere.
    let error = delete(&world, &state, "site", "aws:cloudfront:Distribution").await.unwrap_err();
    assert_eq!(error.code, "DistributionNotDisabled");
    assert!(matches!(error.problem, Problem::EventuallyConsistent), "{error}");
    let there = world.objects();
    let distribution = there.iter().find(|it| it.ty.name == "aws:cloudfront:Distribution");
    assert!(distribution.unwrap().named("enabled").is_null());
    world.destroy().await;
    assert!(world.objects().is_empty());
}
