//! Cloudflare's API v4, as far as the handlers go: who asks, for what, and the form of all answers.
//! Sources: <https://developers.cloudflare.com/api/> and what is named in each file.

mod certificates;
mod records;
mod rules;
mod rulesets;
mod settings;

use infra_tests::http::Message;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::{
    account::{ACCOUNT, Account},
    server::{READER, TOKEN},
};

/// A refusal: its status, its code, what is said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal(u16, u32, String);

/// What is told: the result, and of lists which page it is.
struct Told(Json, Option<Json>);

type Answer<T = Told> = Result<T, Refusal>;

fn refuse<T>(status: u16, code: u32, message: impl Into<String>) -> Answer<T> {
    Err(Refusal(status, code, message.into()))
}

/// A request, taken to pieces.
struct Asked<'a> {
    method: &'a str,
    path: Vec<String>,
    query: Vec<(String, String)>,
    body: &'a [u8],
}

impl Asked<'_> {
    /// The body, which has nothing that is not known.
    fn body<T: DeserializeOwned>(&self, code: u32) -> Answer<T> {
        serde_json::from_slice(self.body)
            .or_else(|error| refuse(400, code, format!("invalid JSON body: {error}")))
    }

    /// The arguments, all of which must be known.
    fn arguments(&self, known: &[&str]) -> Answer<()> {
        match self.query.iter().find(|(name, _)| !known.contains(&&**name)) {
            Some((name, _)) => refuse(400, 1004, format!("unknown argument {name}")),
            None => Ok(()),
        }
    }

    fn argument(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The page of a list that is asked for.
    fn page(&self, all: Vec<Json>, least: usize) -> Answer {
        let number = |name: &str, usual| match self.argument(name).map(str::parse::<usize>) {
            None => Ok(usual),
            Some(Ok(number)) if number > 0 => Ok(number),
            Some(_) => refuse(400, 1004, format!("{name} is no number")),
        };
        let (page, size) = (number("page", 1)?, number("per_page", 20)?);
        if size < least || size > 50 {
            return refuse(400, 1004, format!("per_page must be {least} to 50"));
        }
        let total = all.len();
        let things: Vec<Json> = all.into_iter().skip((page - 1) * size).take(size).collect();
        let info = json!({
            "page": page,
            "per_page": size,
            "count": things.len(),
            "total_count": total,
            "total_pages": total.div_ceil(size),
        });
        Ok(Told(Json::Array(things), Some(info)))
    }
}

/// What is answered to a request.
pub(crate) fn answer(account: &mut Account, request: &Message) -> Message {
    let target = request.line.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Some(path) = path.strip_prefix("/client/v4/") else {
        return refusal(404, 7000, "No route for that URI");
    };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let asked = Asked {
        method: request.method(),
        path: path.split('/').map(decoded).collect(),
        query: pairs.map(|(name, value)| (decoded(name), decoded(value))).collect(),
        body: &request.body,
    };
    let told =
        allowed(&asked, request.header("authorization")).and_then(|()| route(account, &asked));
    match told {
        Ok(Told(result, info)) => message(
            200,
            &json!({
                "success": true,
                "errors": [],
                "messages": [],
                "result": result,
                "result_info": info,
            }),
        ),
        Err(Refusal(status, code, message)) => refusal(status, code, &message),
    }
}

/// The envelope of a refusal.
pub(crate) fn refusal(status: u16, code: u32, said: &str) -> Message {
    let error = json!({ "code": code, "message": said });
    message(status, &json!({ "success": false, "errors": [error], "messages": [], "result": null }))
}

fn message(status: u16, body: &Json) -> Message {
    Message {
        line: format!("HTTP/1.1 {status} Answered"),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("cf-ray".to_owned(), "8f2b-TXL".to_owned()),
        ],
        body: body.to_string().into_bytes(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let coded = if byte == b'%' { rest.next().zip(rest.next()) } else { None };
        bytes.push(coded.map_or(byte, |(high, low)| {
            let digits = [high, low];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        }));
    }
    String::from_utf8(bytes).unwrap()
}

/// Who asks, and whether they may. Everybody may know where Cloudflare calls from.
fn allowed(asked: &Asked<'_>, authorization: Option<&str>) -> Answer<()> {
    let is_zones = asked.method == "GET" && asked.path[0] == "zones" && asked.path.len() <= 2;
    match authorization {
        _ if asked.path == ["ips"] => Ok(()),
        None => refuse(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"),
        Some(given) if given == format!("Bearer {TOKEN}") => Ok(()),
        Some(given) if given == format!("Bearer {READER}") && is_zones => Ok(()),
        Some(given) if given == format!("Bearer {READER}") => {
            refuse(403, 10_000, "Authentication error")
        }
        Some(_) => refuse(400, 6003, "Invalid request headers"),
    }
}

fn route(account: &mut Account, asked: &Asked<'_>) -> Answer {
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    match (asked.method, &*path) {
        ("GET", ["ips"]) => Ok(Told(ips(), None)),
        ("GET", ["zones"]) => zones(account, asked),
        ("GET", ["zones", zone]) => {
            let place = zone_of(account, zone)?;
            Ok(Told(zone_told(account, place), None))
        }
        (_, ["zones", zone, rest @ ..]) => {
            let zone = zone_of(account, zone)?;
            match rest {
                ["dns_records", rest @ ..] => records::route(account, zone, asked, rest),
                ["settings", rest @ ..] => settings::route(account, zone, asked, rest),
                ["origin_tls_client_auth", rest @ ..] => {
                    certificates::route(account, zone, asked, rest)
                }
                ["rulesets", rest @ ..] => rulesets::route(account, zone, asked, rest),
                _ => no_route(asked),
            }
        }
        _ => no_route(asked),
    }
}

fn no_route<T>(asked: &Asked<'_>) -> Answer<T> {
    let path = asked.path.join("/");
    refuse(404, 7000, format!("No route for {} /{path}", asked.method))
}

fn zone_of(account: &Account, id: &str) -> Answer<usize> {
    let place = account.zones.iter().position(|zone| zone.id == id);
    let message =
        || format!("Could not route to /zones/{id}, perhaps your object identifier is invalid?");
    place.map_or_else(|| refuse(404, 7003, message()), Ok)
}

fn zone_told(account: &Account, place: usize) -> Json {
    let zone = &account.zones[place];
    json!({
        "id": zone.id,
        "name": zone.name,
        "status": "active",
        "account": { "id": ACCOUNT, "name": "Campus" },
        "name_servers": ["ada.ns.cloudflare.com", "dean.ns.cloudflare.com"],
        "plan": { "id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "legacy_id": zone.plan },
    })
}

fn zones(account: &Account, asked: &Asked<'_>) -> Answer {
    asked.arguments(&["name", "account.id", "page", "per_page"])?;
    let name = asked.argument("name");
    let is_ours = asked.argument("account.id").is_none_or(|id| id == ACCOUNT);
    let zones = account.zones.iter().enumerate();
    let zones = zones.filter(|(_, zone)| is_ours && name.is_none_or(|name| name == zone.name));
    let zones = zones.map(|(place, _)| zone_told(account, place));
    asked.page(zones.collect(), 5)
}

fn ips() -> Json {
    json!({
        "ipv4_cidrs": ["173.245.48.0/20", "103.21.244.0/22"],
        "ipv6_cidrs": ["2400:cb00::/32"],
        "etag": "38f79d050aa027e3be3865e495dcc9bc",
    })
}
