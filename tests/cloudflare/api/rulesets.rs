//! Rule sets of phases. Source: API, "Zone Rulesets"; Ruleset Engine, "Rulesets API".

use serde_json::{Value as Json, json};

use super::{
    Answer, Asked, Told, no_route, refuse,
    rules::{Given, check},
};
use crate::account::Account;

const PHASES: [&str; 4] = [
    "http_request_firewall_custom",
    "http_ratelimit",
    "http_request_firewall_managed",
    "http_request_cache_settings",
];

pub(super) fn route(
    account: &mut Account,
    zone: usize,
    asked: &Asked<'_>,
    rest: &[&str],
) -> Answer {
    match (asked.method, rest) {
        ("GET" | "PUT", ["phases", phase, "entrypoint"]) if !PHASES.contains(phase) => {
            refuse(400, 20_012, format!("unknown phase {phase}"))
        }
        ("GET", ["phases", phase, "entrypoint"]) => {
            match account.zones[zone].rulesets.get(*phase) {
                Some(ruleset) => Ok(Told(ruleset.clone(), None)),
                None => {
                    let message = format!("could not find entrypoint ruleset in the {phase} phase");
                    refuse(404, 10_003, message)
                }
            }
        }
        ("PUT", ["phases", phase, "entrypoint"]) => put(account, zone, phase, asked.body(20_015)?),
        ("DELETE", [id]) => {
            let rulesets = &mut account.zones[zone].rulesets;
            let phase = rulesets.iter().find(|(_, it)| it["id"] == *id);
            let Some(phase) = phase.map(|(phase, _)| phase.clone()) else {
                return refuse(404, 10_003, format!("could not find ruleset {id}"));
            };
            rulesets.remove(&phase);
            Ok(Told(Json::Null, None))
        }
        _ => no_route(asked),
    }
}

/// Puts rules in the place of all that were there. Those with a reference that was there are the same.
fn put(account: &mut Account, zone: usize, phase: &str, given: Given) -> Answer {
    let rules = given.rules.iter().map(|rule| check(phase, rule));
    let rules = rules.collect::<Answer<Vec<Json>>>()?;
    let old = account.zones[zone].rulesets.get(phase).cloned().unwrap_or_default();
    let id = old["id"].as_str().map_or_else(|| account.id(), str::to_owned);
    let mut told: Vec<Json> = vec![];
    for mut rule in rules {
        let known = old["rules"].as_array().into_iter().flatten();
        let same = known.into_iter().find(|it| !rule["ref"].is_null() && it["ref"] == rule["ref"]);
        let id = same.map_or_else(|| json!(account.id()), |it| it["id"].clone());
        if rule["ref"].is_null() {
            rule["ref"] = id.clone();
        }
        if told.iter().any(|it| it["ref"] == rule["ref"]) {
            return refuse(400, 20_217, format!("the reference {} is there twice", rule["ref"]));
        }
        rule["id"] = id;
        rule["version"] = json!("1");
        rule["last_updated"] = json!(account.now());
        told.push(rule);
    }
    let ruleset = json!({
        "id": id,
        "name": "default",
        "description": given.description.unwrap_or_default(),
        "kind": "zone",
        "phase": phase,
        "version": "1",
        "rules": told,
    });
    account.zones[zone].rulesets.insert(phase.to_owned(), ruleset.clone());
    Ok(Told(ruleset, None))
}
