//! What is special about a certificate: the records that confirm its domains, and when it is
//! issued.

use infra_core::{
    aws::{
        CertificateArn,
        acm::{self, ValidationRecordArgs},
        route53::{self, RecordType},
    },
    cloudflare::dns::{self, RecordContentArgs},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    World,
    identity::digits,
    names::is_word,
    object::{Life, Object},
    refusal::{Codes, Refusal},
    route53::record,
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Certificate];

pub(super) const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "RequestInProgressException",
    exists: "ConflictException",
    in_use: "ResourceInUseException",
    quota: "LimitExceededException",
};
const INVALID: &str = "ValidationException";
/// As what the moment is remembered from which on it is issued.
const ISSUED: &str = "issued";
/// How long AWS takes once it can see the records.
const ISSUES_IN: u64 = 2 * 60 * 1000;
/// AWS: "Domain names per ACM certificate", adjustable.
const DOMAINS: usize = 10;
/// Under which names AWS issues, in CAA records.
const AUTHORITIES: [&str; 4] = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

struct Certificate;

type C = acm::Certificate;

impl Special for Certificate {
    fn ty(&self) -> &'static TypeDef {
        C::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "ACM certificates", of a region; adjustable.
        Some(2500)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let domain = asked.get(C::DOMAIN_NAME).unwrap_or_default();
        check_domain("domain_name", &domain, 64)?;
        let others = asked.get(C::SUBJECT_ALTERNATIVE_NAMES).unwrap_or_default();
        for other in &others {
            check_domain("subject_alternative_names", other, 253)?;
        }
        let count = others.iter().filter(|other| **other != domain).count() + 1;
        if count > DOMAINS {
            return Err(
                Refusal::quota("domains of a certificate", DOMAINS).in_words_of(Some(&CODES))
            );
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let domain = asked.get(C::DOMAIN_NAME).unwrap_or_default();
        let others = asked.get(C::SUBJECT_ALTERNATIVE_NAMES).unwrap_or_default();
        let domains = C::confirmed_domains(&domain, others.iter().map(String::as_str));
        let records = domains.into_iter().map(|domain| record_of(asked.account(), domain));
        tell(outputs, C::VALIDATION_RECORDS, records.collect::<Vec<_>>());
    }

    /// Where an earlier certificate of the domain left its record, nothing more is needed.
    fn created(&self, world: &mut World, _: u32) {
        issue(world);
    }
}

fn check_domain(property: &str, domain: &str, length: usize) -> Result<(), Refusal> {
    let name = domain.strip_prefix("*.").unwrap_or(domain);
    let sound = |label| is_word(label, 63, "-");
    if domain.len() <= length && name.contains('.') && name.split('.').all(sound) {
        return Ok(());
    }
    let message = format!(
        "`{property}` {domain} is no domain of up to {length} characters, such as \
         campus.example.org or *.campus.example.org"
    );
    Err(Refusal::invalid(property, INVALID, message))
}

/// The record that confirms a domain: the same for all certificates of an account.
fn record_of(account: &str, domain: &str) -> ValidationRecordArgs {
    let part = |what: &str| digits(&format!("{account}/{domain}/{what}"), 0, 32);
    let (name, value) = (part("name"), part("value"));
    ValidationRecordArgs {
        domain_name: domain.to_owned(),
        name: format!("_{name}.{domain}"),
        record_type: RecordType::Cname.as_str().to_owned(),
        value: format!("_{value}.{}.acm-validations.aws", &name[..10]),
    }
}

/// Issues what can be: called when certificates and records come.
pub(in crate::sim) fn issue(world: &mut World) {
    for place in 0..world.objects.len() {
        let object = &world.objects[place];
        let waits = object.ty.name == C::definition().name && object.life == Life::Live;
        if !waits || object.moments.contains_key(ISSUED) {
            continue;
        }
        if let Ok(answers_at) = validated(world, object) {
            let at = answers_at + world.takes(ISSUES_IN);
            world.objects[place].moments.insert(ISSUED.to_owned(), at);
            world.rewrite(place as u32);
        }
    }
}

/// When a certificate is issued, or what keeps it from that.
pub(super) fn issued_at(world: &World, certificate: &Object) -> Result<u64, String> {
    match certificate.moments.get(ISSUED) {
        Some(at) => Ok(*at),
        None => validated(world, certificate).map(|at| at + world.takes(ISSUES_IN)),
    }
}

/// What uses a certificate needs one that is issued.
pub(in crate::sim) fn check_issued(
    world: &World,
    property: &str,
    arn: &CertificateArn,
    code: &str,
) -> Result<(), Refusal> {
    let Some(certificate) = world.get(C::definition().name, arn.as_str(), "") else {
        return Ok(());
    };
    if issued_at(world, certificate).is_ok_and(|at| at <= world.now) {
        return Ok(());
    }
    let message = format!(
        "`{property}` {arn} is a certificate that is not issued; give `issued_arn` of its \
         CertificateValidation, which waits for that"
    );
    Err(Refusal::invalid(property, code, message))
}

/// Whether a certificate is for a domain.
pub(in crate::sim) fn covers(certificate: &Object, domain: &str) -> bool {
    let first = of(certificate, C::DOMAIN_NAME);
    let others = of(certificate, C::SUBJECT_ALTERNATIVE_NAMES).unwrap_or_default();
    first.into_iter().chain(others).any(|name| match name.strip_prefix("*.") {
        Some(parent) => {
            name == domain || domain.split_once('.').is_some_and(|(_, rest)| rest == parent)
        }
        None => name == domain,
    })
}

/// From when on all records of a certificate are answered, or what is missing.
fn validated(world: &World, certificate: &Object) -> Result<u64, String> {
    let account = certificate.scope.split('/').next().unwrap_or_default();
    let scope = format!("{account}/global");
    let mut answers_at = 0;
    for wanted in of(certificate, C::VALIDATION_RECORDS).unwrap_or_default() {
        let (name, value) = (&wanted.name, &wanted.value);
        if let Some(at) = at_cloudflare(world, name, value) {
            answers_at = answers_at.max(at);
            continue;
        }
        let zones = answering(world, &scope, name);
        let Some(zone) = zones.first() else {
            return Err(format!(
                "no hosted zone of the account answers for {}, so that {name} can't be found",
                wanted.domain_name
            ));
        };
        let there = zones.iter().flat_map(|zone| records(world, &scope, zone, name));
        let right = there.filter(|record| {
            let values = of(record, route53::Record::RESOURCE_RECORDS).unwrap_or_default();
            of(record, route53::Record::RECORD_TYPE) == Some(RecordType::Cname)
                && values.iter().any(|it| record::bare(it) == *value)
        });
        let Some(at) = right.map(|record| record.ready_at).min() else {
            let (domain, id) = (zone.text("name"), &zone.id);
            return Err(format!(
                "the zone {domain} ({id}) has no record {name} of type CNAME that says {value}"
            ));
        };
        check_authorities(world, &scope, &wanted.domain_name)?;
        answers_at = answers_at.max(at);
    }
    Ok(answers_at)
}

/// From when on Cloudflare answers with a record, if it does. Of which domains the world asks
/// Cloudflare is not known here: what is in one of its zones is taken for what the world sees.
fn at_cloudflare(world: &World, name: &str, value: &str) -> Option<u64> {
    let ty = dns::Record::definition().name;
    let all = world.live().filter(|it| it.ty.name == ty);
    let right = all.filter(|it| {
        let content = of(it, dns::Record::CONTENT);
        let says =
            matches!(content, Some(RecordContentArgs::Cname(host)) if record::bare(&host) == value);
        // Who asks for what is proxied gets addresses of Cloudflare.
        let shown = of(it, dns::Record::PROXIED) != Some(true);
        says && shown && record::bare(it.text("name")) == name
    });
    right.map(|it| it.ready_at).min()
}

/// The zones that answer for a name: those with the longest domain.
fn answering<'a>(world: &'a World, scope: &'a str, name: &str) -> Vec<&'a Object> {
    let domain = |zone: &Object| record::bare(zone.text("name"));
    let all = world.all(route53::HostedZone::definition().name, scope);
    let all: Vec<&Object> = all.filter(|zone| record::is_within(name, &domain(zone))).collect();
    let longest = all.iter().map(|zone| domain(zone).len()).max();
    all.into_iter().filter(|zone| Some(domain(zone).len()) == longest).collect()
}

fn records<'a>(world: &'a World, scope: &'a str, zone: &'a Object, name: &str) -> Vec<&'a Object> {
    let all = world.all(route53::Record::definition().name, scope);
    all.filter(|it| it.text("hosted_zone_id") == &*zone.id && record::bare(it.text("name")) == name)
        .collect()
}

/// The CAA records that are nearest to a domain must let AWS issue.
fn check_authorities(world: &World, scope: &str, domain: &str) -> Result<(), String> {
    let mut name = domain;
    loop {
        let zones = answering(world, scope, name);
        let there = zones.iter().flat_map(|zone| records(world, scope, zone, name));
        let said: Vec<String> = there
            .filter(|it| of(it, route53::Record::RECORD_TYPE) == Some(RecordType::Caa))
            .flat_map(|it| of(it, route53::Record::RESOURCE_RECORDS).unwrap_or_default())
            .filter(|value| value.contains("issue"))
            .collect();
        if said.iter().any(|value| AUTHORITIES.iter().any(|name| value.contains(name))) {
            return Ok(());
        }
        if !said.is_empty() {
            return Err(format!(
                "the CAA record of {name} does not let AWS issue; add 0 issue \"amazon.com\""
            ));
        }
        match name.split_once('.') {
            Some((_, parent)) => name = parent,
            None => return Ok(()),
        }
    }
}
