//! Who may ask: a token that is missing, wrong, or may do too little; an account; plans; what was there
//! before.

use std::sync::Arc;

use infra_core::{
    cloudflare::{
        Plan,
        dns::{Record, RecordContent},
        rulesets::{Phase, Rule, Ruleset},
        zones::Zone,
    },
    dsl::{Provider, ResourceType},
    graph::Program,
    handler::Backend,
    prelude::*,
};
use infra_tests::{deployed::Deployed, world::program};
use serde_json::json;

use crate::{
    account::ACCOUNT,
    server::{READER, Server, TOKEN, changes},
};

fn zone(stack: &Stack) -> Zone {
    Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(stack)
}

fn site(name: &'static str) -> Program {
    program(|stack| {
        Record::named("site")
            .zone_id(zone(stack).zone_id())
            .name(name)
            .content(RecordContent::a("192.0.2.7"))
            .create(stack);
    })
}

/// What is said to who deploys with a token.
async fn refused(server: &Server, token: Option<&str>, program: &Program) -> String {
    let world = Deployed::on(Arc::new(server.backend(token)));
    let refused = world.up(program).await.map(drop).unwrap_err();
    let calls = server.take_calls();
    assert!(!calls.iter().any(|call| changes(call) && token != Some(READER)), "{calls:?}");
    refused
}

#[tokio::test]
async fn without_a_token_nothing_is_asked() {
    let server = Server::start().await;
    let program = site("moodle.campus.example.org");
    let provider = Provider::of_kind("cloudflare");
    let error = server.backend(None).check_provider(&provider).await.unwrap_err();
    let said = (error.message.as_str(), error.help.as_deref().unwrap());
    insta::assert_debug_snapshot!(said, @r#"
    (
        "there is no API token of Cloudflare",
        "make one on https://dash.cloudflare.com/profile/api-tokens and set CLOUDFLARE_API_TOKEN",
    )
    "#);
    let said = refused(&server, None, &program).await;
    assert!(said.contains("there is no API token of Cloudflare"), "{said}");
    assert_eq!(server.take_calls(), [""; 0]);
}

#[tokio::test]
async fn a_wrong_token_is_told_before_anything_is_done() {
    let server = Server::start().await;
    insta::assert_snapshot!(
        refused(&server, Some("no token"), &site("moodle.campus.example.org")).await,
        @"Cloudflare does not let us in: Invalid request headers; the token in CLOUDFLARE_API_TOKEN is none of Cloudflare's, or has expired"
    );
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named() {
    let server = Server::start().await;
    insta::assert_snapshot!(
        refused(&server, Some(READER), &site("moodle.campus.example.org")).await,
        @"campus/test/cloudflare:dns:Record/site: dns GET /zones/{zone_id}/dns_records (10000), request 8f2b-TXL failed: Authentication error; the token in CLOUDFLARE_API_TOKEN needs the permission `Zone / DNS / Edit` for this zone"
    );
}

#[tokio::test]
async fn a_name_of_another_zone_is_refused() {
    let server = Server::start().await;
    insta::assert_snapshot!(refused(&server, Some(TOKEN), &site("moodle.example.com")).await, @r#"campus/test/cloudflare:dns:Record/site: dns GET /zones/{zone_id} failed: `name` "moodle.example.com" is not in the zone campus.example.org"#);
}

#[tokio::test]
async fn a_cheaper_plan_and_a_foreign_zone_are_refused() {
    let server = Server::start().await;
    server.account(|account| account.zones[0].plan = "free".to_owned());
    insta::assert_snapshot!(
        refused(&server, Some(TOKEN), &site("moodle.campus.example.org")).await,
        @"`campus/test/cloudflare:zones:Zone/campus` can't be read: the zone `campus.example.org` is on the plan free, and the program was written for pro"
    );
    let foreign = program(|stack| {
        let zone = Zone::lookup("other").name("example.net").plan(Plan::Free).create(stack);
        stack.output("zone", zone.zone_id());
    });
    insta::assert_snapshot!(refused(&server, Some(TOKEN), &foreign).await, @"`campus/test/cloudflare:zones:Zone/other` can't be read: the token reaches no zone `example.net`: add the domain to the account, or let the token have `Zone / Zone / Read` of it");
}

#[tokio::test]
async fn an_account_is_the_one_that_is_named() {
    let server = Server::start().await;
    let backend = server.backend(Some(TOKEN));
    let of = |account: &str| Provider::of_kind("cloudflare").account(account);
    backend.check_provider(&of(ACCOUNT)).await.unwrap();
    let error = backend.check_provider(&of("someone-else")).await.unwrap_err();
    assert_eq!(
        error.message,
        "the API token of Cloudflare reaches no zone of account someone-else"
    );
}

/// What somebody else has made is not taken over.
#[tokio::test]
async fn what_was_there_before_is_left_alone() {
    let server = Server::start().await;
    let rules = program(|stack| {
        Ruleset::named("rules")
            .zone_id(zone(stack).zone_id())
            .phase(Phase::HttpRequestFirewallCustom)
            .rules([Rule::block("true")])
            .create(stack);
    });
    let by_hand = json!({ "id": "by-hand", "rules": [{ "expression": "false", "action": "log" }] });
    server.account(|account| {
        let rulesets = &mut account.zones[0].rulesets;
        rulesets.insert("http_request_firewall_custom".to_owned(), by_hand.clone());
    });
    let said = refused(&server, Some(TOKEN), &rules).await;
    assert!(said.contains("already"), "{said}");
    let kept =
        server.account(|account| account.zones[0].rulesets["http_request_firewall_custom"].clone());
    assert_eq!(kept, by_hand);
}

/// More records of a name than a page has.
#[tokio::test]
async fn lists_are_read_to_their_end() {
    let server = Server::start().await;
    let program = site("moodle.campus.example.org");
    let world = server.deployed();
    world.up(&program).await.unwrap();
    server.account(|account| {
        let records = &mut account.zones[0].records;
        let ours = records.pop().unwrap();
        for number in 0..120 {
            let mut other = ours.clone();
            other["id"] = json!(format!("other{number}"));
            other["content"] = json!(format!("198.51.100.{number}"));
            records.push(other);
        }
        records.push(ours);
    });
    let state = world.state().await;
    let ty = Record::definition().name;
    let (_, record) = state.iter().find(|(_, it)| it.ty.name() == ty).unwrap();
    let mut request = Deployed::request(&state, record).unwrap();
    let id = std::mem::replace(&mut request.id, "".into());
    let found = world.handler(ty).unwrap().find(&world.context(), &request).await.unwrap();
    assert!(
        matches!(&found, infra_core::handler::Found::Here(it) if it.id == id),
        "{found:?} is not {id}"
    );
}

/// What was changed by hand is shown and mended.
#[tokio::test]
async fn drift_is_mended() {
    let server = Server::start().await;
    let program = site("moodle.campus.example.org");
    let world = server.deployed();
    world.up(&program).await.unwrap();
    server.account(|account| account.zones[0].records[0]["content"] = json!("198.51.100.7"));
    let refreshed = world.refresh().await.unwrap();
    assert_eq!(refreshed.drift.len(), 1, "{:?}", refreshed.drift);
    world.up(&program).await.unwrap();
    let content = server.account(|account| account.zones[0].records[0]["content"].clone());
    assert_eq!(content, "192.0.2.7");
}
