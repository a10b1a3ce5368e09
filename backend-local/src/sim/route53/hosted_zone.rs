//! What is special about a hosted zone: what a domain is, and its name servers.

use infra_core::{aws::route53, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    names::is_word,
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&HostedZone];

const CODES: Codes = Codes {
    not_found: "NoSuchHostedZone",
    not_ready: "PriorRequestNotComplete",
    exists: "HostedZoneAlreadyExists",
    in_use: "HostedZoneNotEmpty",
    quota: "TooManyHostedZones",
};

struct HostedZone;

impl Special for HostedZone {
    fn ty(&self) -> &'static TypeDef {
        route53::HostedZone::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Hosted zones", of an account; adjustable.
        Some(500)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_domain(&asked.get(route53::HostedZone::NAME).unwrap_or_default())?;
        asked.check_text(route53::HostedZone::COMMENT, 256, "InvalidInput")
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        // One of each top-level domain, so that no registry can take a zone down.
        let servers = ["com", "net", "org", "co.uk"].iter().zip(0_u64..).map(|(top, place)| {
            let number = (asked.number * 4 + place) % 2048;
            format!("ns-{number}.awsdns-{:02}.{top}", number % 64)
        });
        tell(outputs, route53::HostedZone::NAME_SERVERS, servers.collect::<Vec<_>>());
    }
}

fn check_domain(name: &str) -> Result<(), Refusal> {
    let domain = name.strip_suffix('.').unwrap_or(name);
    if domain.len() <= 255 && domain.split('.').all(|label| is_word(label, 63, "-_")) {
        return Ok(());
    }
    let message = format!(
        "`name` {name} is no domain: up to 255 characters, in labels of 1 to 63 letters, digits, \
         `-` and `_` between dots, such as campus.example.org"
    );
    Err(Refusal::invalid("name", "InvalidDomainName", message))
}
