//! The server itself: it refuses what Cloudflare refuses, in Cloudflare's words.

use infra_tests::http::Message;
use serde_json::{Value as Json, json};

use crate::{account::Account, api, server::TOKEN};

/// What is answered: the status and the first code, or 0.
fn asked(account: &mut Account, line: &str, token: Option<&str>, body: &Json) -> (u16, u64) {
    let (method, path) = line.split_once(' ').unwrap();
    let zone = account.zones[0].id.clone();
    let path = path.replace("{zone}", &format!("/client/v4/zones/{zone}"));
    let authorization = token.map(|token| ("authorization".to_owned(), format!("Bearer {token}")));
    let request = Message {
        line: format!("{method} {path} HTTP/1.1"),
        headers: authorization.into_iter().collect(),
        body: body.to_string().into_bytes(),
    };
    let answer = api::answer(account, &request);
    let told: Json = serde_json::from_slice(&answer.body).unwrap();
    let status = answer.line.split(' ').nth(1).unwrap().parse().unwrap();
    assert_eq!(told["success"], status == 200, "{told}");
    (status, told["errors"][0]["code"].as_u64().unwrap_or_default())
}

#[test]
fn what_cloudflare_refuses_is_refused() {
    let record = json!({ "type": "A", "name": "a.campus.example.org", "content": "192.0.2.7" });
    let with = |field: &str, value: Json| {
        let mut record = record.clone();
        record[field] = value;
        record
    };
    let records = "POST {zone}/dns_records";
    let rules = "PUT {zone}/rulesets/phases/http_request_firewall_custom/entrypoint";
    let rule =
        |field: &str| json!({ "rules": [{ "expression": "true", "action": "block", field: 1 }] });
    let cases = [
        ("GET /client/v4/zones", None, Json::Null, (400, 9106)),
        ("GET /client/v4/zones", Some("none"), Json::Null, (400, 6003)),
        ("GET /client/v4/zones/0", Some(TOKEN), Json::Null, (404, 7003)),
        ("GET /client/v4/zones?colour=red", Some(TOKEN), Json::Null, (400, 1004)),
        (records, Some(TOKEN), with("colour", json!("red")), (400, 9207)),
        (records, Some(TOKEN), with("ttl", json!("300")), (400, 9207)),
        (records, Some(TOKEN), with("ttl", json!(10)), (400, 9021)),
        (records, Some(TOKEN), with("content", json!("2001:db8::7")), (400, 9005)),
        (records, Some(TOKEN), record.clone(), (200, 0)),
        (records, Some(TOKEN), record.clone(), (400, 81_058)),
        (
            records,
            Some(TOKEN),
            json!({ "type": "CNAME", "name": "a.campus.example.org",
            "content": "b.example.org" }),
            (400, 81_053),
        ),
        ("DELETE {zone}/dns_records/0", Some(TOKEN), Json::Null, (404, 81_044)),
        ("PATCH {zone}/settings/ssl", Some(TOKEN), json!({ "value": "loose" }), (400, 1007)),
        ("PATCH {zone}/settings/colour", Some(TOKEN), json!({ "value": "on" }), (400, 1006)),
        ("GET {zone}/origin_tls_client_auth/0", Some(TOKEN), Json::Null, (404, 1414)),
        (rules, Some(TOKEN), rule("colour"), (400, 20_217)),
        (rules, Some(TOKEN), rule("enabled"), (400, 20_217)),
        ("DELETE {zone}/rulesets/0", Some(TOKEN), Json::Null, (404, 10_003)),
    ];
    let mut account = Account::default();
    for (line, token, body, expected) in cases {
        assert_eq!(asked(&mut account, line, token, &body), expected, "{line} {body}");
    }
}
