//! What is special about a record: its place among others, what it leads to, and certificates that
//! wait for it.

mod values;

use infra_core::{
    aws::{
        cloudfront, elbv2,
        route53::{self, AliasTarget, AliasTargetArgs, RecordType, RoutingArgs},
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    World,
    acm::certificate::issue,
    elbv2::load_balancer::is_zone_of_balancers,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Record];

const CODES: Codes = Codes {
    not_found: "NoSuchHostedZone",
    not_ready: "PriorRequestNotComplete",
    exists: INVALID,
    in_use: "PriorRequestNotComplete",
    quota: "LimitsExceeded",
};
/// What the service says of nearly everything.
const INVALID: &str = "InvalidChangeBatch";

struct Record;

type R = route53::Record;

impl Special for Record {
    fn ty(&self) -> &'static TypeDef {
        R::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(zone) = asked.referenced(R::HOSTED_ZONE_ID) else { return Ok(()) };
        let Some(record_type) = asked.get(R::RECORD_TYPE) else { return Ok(()) };
        let domain = bare(zone.text("name"));
        let name = bare(&asked.get(R::NAME).unwrap_or_default());
        check_name(&name, &domain, record_type)?;
        check_routing(asked)?;
        check_others(asked, zone, &name, record_type)?;
        if let Some(values) = asked.get(R::RESOURCE_RECORDS) {
            if asked.get(R::TTL).is_none() {
                return refused(
                    "ttl",
                    "`ttl` is needed with `resource_records`: Seconds(300), say",
                );
            }
            values::check(record_type, &values)?;
        }
        match asked.get(R::ALIAS_TARGET) {
            Some(alias) => check_alias(asked, zone, &alias, record_type),
            None => Ok(()),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        tell(outputs, R::FQDN, bare(&asked.get(R::NAME).unwrap_or_default()));
    }

    fn created(&self, world: &mut World, _: u32) {
        issue(world);
    }

    fn changed(&self, world: &mut World, _: u32) {
        issue(world);
    }
}

fn refused<T>(property: &str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

/// A name as it is compared: without a dot at its end, in small letters.
pub(in crate::sim) fn bare(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Whether a name is a domain or below it.
pub(in crate::sim) fn is_within(name: &str, domain: &str) -> bool {
    name == domain || name.strip_suffix(domain).is_some_and(|before| before.ends_with('.'))
}

fn check_name(name: &str, domain: &str, record_type: RecordType) -> Result<(), Refusal> {
    if !is_within(name, domain) {
        let message = format!("`name` {name} does not lie in the zone {domain}");
        return refused("name", message);
    }
    let label = |label: &str| (1..=63).contains(&label.len()) && label.is_ascii();
    if name.len() > 255 || !name.split('.').all(label) {
        let message =
            format!("`name` {name} has more than 255 characters, or a label of none or over 63");
        return refused("name", message);
    }
    if name != domain {
        return Ok(());
    }
    match record_type {
        RecordType::Cname => refused(
            "record_type",
            format!(
                "`record_type` CNAME is not allowed for {domain} itself, the domain of the zone; \
                 use an A record with `alias_target`"
            ),
        ),
        RecordType::Ns => refused(
            "record_type",
            format!("`record_type` NS of {domain} itself is there already: it came with the zone"),
        ),
        _ => Ok(()),
    }
}

/// Which kind of routing this is.
fn kind(routing: Option<&RoutingArgs>) -> &'static str {
    match routing {
        None => "simple",
        Some(RoutingArgs::Weighted(_)) => "weighted",
        Some(RoutingArgs::Failover(_)) => "failover",
        Some(RoutingArgs::Latency(_)) => "latency",
    }
}

fn check_routing(asked: &Asked<'_>) -> Result<(), Refusal> {
    let routing = asked.get(R::ROUTING);
    match (&routing, asked.get(R::SET_IDENTIFIER)) {
        (Some(_), None) => {
            return refused("set_identifier", "`set_identifier` is needed with `routing`");
        }
        (None, Some(_)) => {
            return refused("routing", "`routing` is needed with `set_identifier`");
        }
        (_, Some(set)) if set.is_empty() || set.len() > 128 => {
            return refused("set_identifier", "`set_identifier` must have 1 to 128 characters");
        }
        _ => {}
    }
    if let Some(RoutingArgs::Weighted(weight)) = routing
        && weight > 255
    {
        return refused("routing", format!("`routing.weighted` {weight} must be 0 to 255"));
    }
    let before = asked.old.map(|old| kind(of(old, R::ROUTING).as_ref()));
    let now = kind(routing.as_ref());
    match before.filter(|before| *before != now) {
        Some(before) => refused(
            "routing",
            format!("`routing` {before} can't become {now}; take another `set_identifier` too"),
        ),
        None => Ok(()),
    }
}

/// What else the name has.
fn check_others(
    asked: &Asked<'_>,
    zone: &Object,
    name: &str,
    record_type: RecordType,
) -> Result<(), Refusal> {
    let all = asked.world.all(asked.ty.name, asked.scope);
    let own_kind = kind(asked.get(R::ROUTING).as_ref());
    for other in all.filter(|it| it.text("hosted_zone_id") == &*zone.id && *it.id != *asked.id) {
        if bare(other.text("name")) != name {
            continue;
        }
        let other_type = of(other, R::RECORD_TYPE);
        let cname = [Some(record_type), other_type].contains(&Some(RecordType::Cname));
        if other_type != Some(record_type) {
            if cname {
                let message = format!(
                    "`record_type` {record_type}: {name} has a record of type {} already, and a \
                     CNAME stands alone",
                    other_type.map(RecordType::as_str).unwrap_or_default()
                );
                return refused("record_type", message);
            }
            continue;
        }
        let routing = of(other, R::ROUTING);
        let other_kind = kind(routing.as_ref());
        if other_kind != own_kind {
            let message = format!(
                "`routing`: {name} has a {other_kind} record of type {record_type} already; all \
                 of a name are routed in one way"
            );
            return refused("routing", message);
        }
        let same_name = own_kind == "simple" || routing == asked.get(R::ROUTING);
        if same_name && own_kind != "weighted" {
            let message = format!(
                "`name` {name} has such a record of type {record_type} already: {}",
                other.id
            );
            return refused("name", message);
        }
    }
    Ok(())
}

/// An alias leads to something that is there.
fn check_alias(
    asked: &Asked<'_>,
    zone: &Object,
    alias: &AliasTargetArgs,
    record_type: RecordType,
) -> Result<(), Refusal> {
    let target = bare(&alias.dns_name);
    let missing = |message: String| refused("alias_target", format!("`alias_target` {message}"));
    if alias.hosted_zone_id == *zone.id {
        let mut all = asked.world.all(asked.ty.name, asked.scope);
        let there = all.any(|other| {
            other.text("hosted_zone_id") == &*zone.id
                && bare(other.text("name")) == target
                && of(other, R::RECORD_TYPE) == Some(record_type)
        });
        return match there {
            true => Ok(()),
            false => {
                missing(format!("{target}: the zone has no such record of type {record_type}"))
            }
        };
    }
    if !matches!(record_type, RecordType::A | RecordType::Aaaa | RecordType::Https) {
        return missing(format!(
            "{target}: a record of type {record_type} can't lead there; it is A or AAAA"
        ));
    }
    if alias.hosted_zone_id == AliasTarget::CLOUDFRONT {
        let ty = cloudfront::Distribution::definition().name;
        let named = |it: &Object| it.ty.name == ty && it.text("domain_name") == target;
        return match asked.world.live().any(named) {
            true => Ok(()),
            false => missing(format!("{target} is no distribution of CloudFront")),
        };
    }
    if is_zone_of_balancers(&alias.hosted_zone_id) {
        let ty = elbv2::LoadBalancer::definition().name;
        let named = |it: &&Object| it.ty.name == ty && bare(it.text("dns_name")) == target;
        return match asked.world.live().find(named) {
            Some(it) if it.text("canonical_hosted_zone_id") == alias.hosted_zone_id => Ok(()),
            Some(it) => missing(format!(
                "{target} lies in the zone {}, not in {}",
                it.text("canonical_hosted_zone_id"),
                alias.hosted_zone_id
            )),
            None => missing(format!("{target} is no load balancer")),
        };
    }
    missing(format!(
        "`hosted_zone_id` {} is neither that of the record's own zone nor one of load balancers \
         or CloudFront",
        alias.hosted_zone_id
    ))
}
