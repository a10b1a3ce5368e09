//! Certificates that Cloudflare shows. Source: API, "Zone-Level Authenticated Origin Pulls"; SSL/TLS,
//! "Certificate statuses".

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Answer, Asked, Told, no_route, refuse};
use crate::account::{Account, Zone};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    certificate: String,
    private_key: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    enabled: bool,
}

pub(super) fn route(
    account: &mut Account,
    zone: usize,
    asked: &Asked<'_>,
    rest: &[&str],
) -> Answer {
    let there = |zone: &Zone, id: &str| {
        let place = zone.certificates.iter().position(|it| it["id"] == id);
        place.map_or_else(|| refuse(404, 1414, "Certificate not found"), Ok)
    };
    match (asked.method, rest) {
        ("GET", ["settings"]) => {}
        ("PUT", ["settings"]) => {
            let Switch { enabled } = asked.body(1400)?;
            let has_one =
                account.zones[zone].certificates.iter().any(|it| it["status"] == "active");
            if enabled && !has_one {
                return refuse(400, 1402, "there is no active certificate to show");
            }
            account.zones[zone].pulls = enabled;
        }
        ("GET", []) => {
            asked.arguments(&["page", "per_page"])?;
            return asked.page(account.zones[zone].certificates.clone(), 1);
        }
        ("GET", [id]) => {
            let zone = &mut account.zones[zone];
            let place = there(zone, id)?;
            let told = zone.certificates[place].clone();
            pass(&mut zone.certificates[place]);
            return Ok(Told(told, None));
        }
        ("POST", []) => return create(account, zone, asked.body(1400)?),
        ("DELETE", [id]) => {
            let zone = &mut account.zones[zone];
            let place = there(zone, id)?;
            if zone.certificates[place]["status"] == "deleted" {
                return refuse(404, 1414, "Certificate not found");
            }
            zone.certificates[place]["status"] = json!("pending_deletion");
            return Ok(Told(zone.certificates[place].clone(), None));
        }
        _ => return no_route(asked),
    }
    Ok(Told(json!({ "enabled": account.zones[zone].pulls }), None))
}

/// Time passes between two looks.
fn pass(certificate: &mut Json) {
    let next = match certificate["status"].as_str() {
        Some("initializing") => "pending_deployment",
        Some("pending_deployment") => "active",
        Some("pending_deletion") => "deleted",
        _ => return,
    };
    certificate["status"] = json!(next);
}

fn is_pem(text: &str, what: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN ") && text.ends_with(&format!("{what}-----"))
}

fn create(account: &mut Account, zone: usize, given: Given) -> Answer {
    if !is_pem(&given.certificate, "CERTIFICATE") {
        return refuse(400, 1401, "The certificate could not be parsed");
    }
    if !is_pem(&given.private_key, "PRIVATE KEY") {
        return refuse(400, 1403, "The private key could not be parsed");
    }
    let certificate = given.certificate.trim();
    let leaves = |it: &Json| it["status"] == "pending_deletion" || it["status"] == "deleted";
    let same = |it: &Json| !leaves(it) && it["certificate"] == certificate;
    if account.zones[zone].certificates.iter().any(same) {
        return refuse(400, 1406, "This certificate has already been submitted.");
    }
    let made = json!({
        "id": account.uuid(),
        "certificate": certificate,
        "issuer": "CN=edge",
        "signature": "ECDSAWithSHA256",
        "status": "initializing",
        "uploaded_on": account.now(),
    });
    account.zones[zone].certificates.push(made.clone());
    Ok(Told(made, None))
}
