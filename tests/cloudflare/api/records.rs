//! Records. Source: API, "DNS Records for a Zone"; DNS, "Record types", "TTL", "Record attributes".

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Answer, Asked, Told, no_route, refuse};
use crate::account::Account;

/// A record as it is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    r#type: Option<String>,
    name: Option<String>,
    content: Option<String>,
    data: Option<Data>,
    priority: Option<u16>,
    ttl: Option<u32>,
    proxied: Option<bool>,
    comment: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, untagged)]
enum Data {
    Srv { priority: u16, weight: u16, port: u16, target: String },
    Caa { flags: u8, tag: String, value: String },
}

/// What stands in a record whatever was given of it.
struct Content {
    text: String,
    data: Json,
    priority: Option<u16>,
}

pub(super) fn route(
    account: &mut Account,
    zone: usize,
    asked: &Asked<'_>,
    rest: &[&str],
) -> Answer {
    let there = |account: &Account, id: &str| {
        let records = &account.zones[zone].records;
        let place = records.iter().position(|record| record["id"] == id);
        place.map_or_else(|| refuse(404, 81_044, "Record does not exist."), Ok)
    };
    match (asked.method, rest) {
        ("GET", []) => list(account, zone, asked),
        ("GET", [id]) => {
            let place = there(account, id)?;
            Ok(Told(account.zones[zone].records[place].clone(), None))
        }
        ("POST", []) => {
            let given: Given = asked.body(9207)?;
            let id = account.id();
            let record = checked(account, zone, &given, None, &id)?;
            account.zones[zone].records.push(record.clone());
            Ok(Told(record, None))
        }
        ("PATCH", [id]) => {
            let place = there(account, id)?;
            let given: Given = asked.body(9207)?;
            let record = checked(account, zone, &given, Some(place), id)?;
            account.zones[zone].records[place] = record.clone();
            Ok(Told(record, None))
        }
        ("DELETE", [id]) => {
            let place = there(account, id)?;
            account.zones[zone].records.remove(place);
            Ok(Told(json!({ "id": id }), None))
        }
        _ => no_route(asked),
    }
}

fn list(account: &Account, zone: usize, asked: &Asked<'_>) -> Answer {
    asked.arguments(&["name.exact", "type", "page", "per_page"])?;
    let is = |record: &&Json, argument: &str, field: &str| {
        asked.argument(argument).is_none_or(|wanted| record[field] == wanted)
    };
    let all = account.zones[zone].records.iter();
    let all = all.filter(|it| is(it, "name.exact", "name") && is(it, "type", "type"));
    asked.page(all.cloned().collect(), 1)
}

/// What becomes of a record: what a change does not give stays.
fn checked(
    account: &mut Account,
    zone: usize,
    given: &Given,
    place: Option<usize>,
    id: &str,
) -> Answer<Json> {
    let now = account.now();
    let zone = &account.zones[zone];
    let old = place.map(|place| zone.records[place].clone()).unwrap_or_default();
    let kept = |field: &str| old[field].as_str().map(str::to_owned);
    let Some(kind) = given.r#type.clone().or_else(|| kept("type")) else {
        return refuse(400, 1004, "DNS Validation Error: type is missing");
    };
    let Some(name) = given.name.clone().or_else(|| kept("name")) else {
        return refuse(400, 9000, "DNS name is invalid.");
    };
    // What is not of the zone counts as a part of it.
    let mut name = name.to_lowercase();
    if name != zone.name && !name.ends_with(&format!(".{}", zone.name)) {
        name = format!("{name}.{}", zone.name);
    }
    let content = content(&kind, given, &old)?;
    let proxiable = ["A", "AAAA", "CNAME"].contains(&&*kind);
    let proxied = given.proxied.or(old["proxied"].as_bool()).unwrap_or_default();
    if proxied && !proxiable {
        return refuse(400, 9004, "This record type cannot be proxied.");
    }
    let ttl = given.ttl.map(u64::from).or(old["ttl"].as_u64()).unwrap_or(1);
    if ttl != 1 && !(30..=86_400).contains(&ttl) {
        return refuse(
            400,
            9021,
            "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.",
        );
    }
    let comment = given.comment.clone().or_else(|| kept("comment")).unwrap_or_default();
    if comment.chars().count() > 500 {
        return refuse(400, 9208, "Comment exceeds the maximum length.");
    }
    unique(&zone.records, place, &kind, &name, &content)?;
    Ok(json!({
        "id": id,
        "type": kind,
        "name": name,
        "content": content.text,
        "data": content.data,
        "priority": content.priority,
        "proxiable": proxiable,
        "proxied": proxied,
        "ttl": if proxied { 1 } else { ttl },
        "comment": (!comment.is_empty()).then_some(comment),
        "tags": [],
        "modified_on": now,
    }))
}

fn content(kind: &str, given: &Given, old: &Json) -> Answer<Content> {
    let old_kind = old["type"] == kind;
    let kept = || old["content"].as_str().filter(|_| old_kind).map(str::to_owned);
    let text = || given.content.clone().or_else(kept).filter(|text| !text.is_empty());
    let of = |text: String| Content { text, data: Json::Null, priority: None };
    let missing = |code, what: &str| refuse(400, code, format!("Content for {kind} record {what}"));
    match (kind, text(), &given.data) {
        ("A", Some(text), None) if text.parse::<std::net::Ipv4Addr>().is_ok() => Ok(of(text)),
        ("A", ..) => missing(9005, "must be a valid IPv4 address."),
        ("AAAA", Some(text), None) => match text.parse::<std::net::Ipv6Addr>() {
            Ok(address) => Ok(of(address.to_string())),
            Err(_) => missing(9006, "must be a valid IPv6 address."),
        },
        ("CNAME" | "NS", Some(host), None) => Ok(of(host.trim_end_matches('.').to_lowercase())),
        ("TXT", Some(text), None) => {
            // Texts without quotation marks get them.
            let is_quoted = text.starts_with('"') && text.ends_with('"') && text.len() > 1;
            Ok(of(if is_quoted { text } else { format!("\"{text}\"") }))
        }
        ("MX", Some(host), None) => {
            match given.priority.map(u64::from).or(old["priority"].as_u64()) {
                Some(priority) => Ok(Content {
                    priority: u16::try_from(priority).ok(),
                    ..of(host.trim_end_matches('.').to_lowercase())
                }),
                None => refuse(400, 9100, "priority is a required field"),
            }
        }
        ("SRV", _, Some(Data::Srv { priority, weight, port, target })) => Ok(Content {
            text: format!("{weight} {port} {target}"),
            data: json!({ "priority": priority, "weight": weight, "port": port, "target": target }),
            priority: Some(*priority),
        }),
        ("CAA", _, Some(Data::Caa { flags, tag, value })) => {
            if !["issue", "issuewild", "iodef"].contains(&&**tag) {
                return refuse(400, 9101, format!("tag {tag} is none"));
            }
            Ok(Content {
                data: json!({ "flags": flags, "tag": tag, "value": value }),
                ..of(format!("{flags} {tag} \"{value}\""))
            })
        }
        _ => missing(1004, "is invalid."),
    }
}

/// A record is there once, and a name that is another one has no address.
fn unique(
    records: &[Json],
    place: Option<usize>,
    kind: &str,
    name: &str,
    content: &Content,
) -> Answer<()> {
    let leads = |kind: &str| ["A", "AAAA", "CNAME"].contains(&kind);
    let others = records.iter().enumerate().filter(|(other, _)| Some(*other) != place);
    for (_, other) in others.filter(|(_, other)| other["name"] == name) {
        let other_kind = other["type"].as_str().unwrap();
        if other_kind == kind && other["content"] == *content.text {
            return refuse(400, 81_058, "An identical record already exists.");
        }
        if leads(kind) && leads(other_kind) && (kind == "CNAME" || other_kind == "CNAME") {
            let message = "An A, AAAA, or CNAME record with that host already exists.";
            return refuse(400, 81_053, message);
        }
    }
    Ok(())
}
