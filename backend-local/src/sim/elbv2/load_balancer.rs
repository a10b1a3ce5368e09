//! What is special about a load balancer: where it lies, what each kind can do, and its name in DNS.

mod logs;
mod zone_ids;

use infra_core::{
    aws::{
        SecurityGroupId, SubnetId, ec2,
        elbv2::{self, LoadBalancerScheme as Scheme, LoadBalancerType as Kind},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
    value::{PropertiesBuilder, Slot},
};

pub(in crate::sim) use zone_ids::is_zone_of_balancers;

use crate::sim::{
    identity::digits,
    network::{attached_gateway, check_groups, one_vpc, zones_apart},
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&LoadBalancer];

const CODES: Codes = Codes {
    not_found: "LoadBalancerNotFound",
    not_ready: "InvalidConfigurationRequest",
    exists: "DuplicateLoadBalancerName",
    in_use: "ResourceInUse",
    quota: "TooManyLoadBalancers",
};

/// AWS: "Application Load Balancers per Region" and "Network Load Balancers per Region", adjustable.
const PER_KIND: usize = 50;
/// The least capacity that can be reserved for an application load balancer.
const CAPACITY: u32 = 100;

struct LoadBalancer;

impl Special for LoadBalancer {
    fn ty(&self) -> &'static TypeDef {
        elbv2::LoadBalancer::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let name = asked.get(elbv2::LoadBalancer::NAME).unwrap_or_default();
        if name.starts_with("internal-") {
            let message = format!("`name` {name} can't begin with `internal-`, which AWS keeps");
            return refused("name", "ValidationError", message);
        }
        check_kind(asked)?;
        let vpc = check_subnets(asked)?;
        check_groups_of(asked, vpc)?;
        check_seconds(asked)?;
        check_quota(asked)?;
        for (property, prop) in [
            ("access_logs", elbv2::LoadBalancer::ACCESS_LOGS),
            ("connection_logs", elbv2::LoadBalancer::CONNECTION_LOGS),
            ("health_check_logs", elbv2::LoadBalancer::HEALTH_CHECK_LOGS),
        ] {
            if let Some(logs) = asked.get(prop) {
                logs::check(asked, property, &logs)?;
            }
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let name = asked.get(elbv2::LoadBalancer::NAME).unwrap_or_default();
        let (kind, region) = (kind(asked), asked.region());
        let internal = asked.get(elbv2::LoadBalancer::SCHEME) == Some(Scheme::Internal);
        let random = digits(asked.scope, asked.number, 16);
        let host = match (kind, internal) {
            (Kind::Application, true) => {
                format!("internal-{name}-{}.{region}.elb.amazonaws.com", asked.number)
            }
            (Kind::Application, false) => {
                format!("{name}-{}.{region}.elb.amazonaws.com", asked.number)
            }
            (Kind::Network, _) => format!("{name}-{random}.elb.{region}.amazonaws.com"),
        };
        tell(outputs, elbv2::LoadBalancer::DNS_NAME, host);
        let zone = zone_ids::zone_id(kind, region);
        tell(outputs, elbv2::LoadBalancer::CANONICAL_HOSTED_ZONE_ID, zone);
        let full = asked.id.rsplit_once(":loadbalancer/").map_or("", |(_, name)| name);
        tell(outputs, elbv2::LoadBalancer::LOAD_BALANCER_FULL_NAME, full.to_owned());
        let given = asked.get(elbv2::LoadBalancer::SECURITY_GROUPS).is_some();
        if let Some(group) = default_group(asked).filter(|_| kind == Kind::Application && !given) {
            tell(outputs, elbv2::LoadBalancer::SECURITY_GROUPS, vec![group]);
        }
    }
}

fn refused<T>(property: &str, code: &str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::invalid(property, code, message))
}

fn kind(asked: &Asked<'_>) -> Kind {
    asked.get(elbv2::LoadBalancer::LOAD_BALANCER_TYPE).unwrap_or(Kind::Application)
}

/// The subnets, whichever way they are named, and the property that names them.
fn subnets(asked: &Asked<'_>) -> (&'static str, Vec<SubnetId>) {
    let mappings = asked.get(elbv2::LoadBalancer::SUBNET_MAPPINGS).unwrap_or_default();
    if mappings.is_empty() {
        return ("subnets", asked.get(elbv2::LoadBalancer::SUBNETS).unwrap_or_default());
    }
    ("subnet_mappings", mappings.into_iter().map(|mapping| mapping.subnet_id).collect())
}

fn default_group(asked: &Asked<'_>) -> Option<SecurityGroupId> {
    let (_, subnets) = subnets(asked);
    let vpc = crate::sim::network::vpc_of(asked.world, asked.scope, subnets.first()?.as_str())?;
    let vpc = asked.world.get(ec2::Vpc::definition().name, vpc, asked.scope)?;
    of(vpc, ec2::Vpc::DEFAULT_SECURITY_GROUP)
}

/// What only one kind of load balancer has.
fn check_kind(asked: &Asked<'_>) -> Result<(), Refusal> {
    type L = elbv2::LoadBalancer;
    let application: [(&str, Slot); 11] = [
        ("connection_logs", L::CONNECTION_LOGS.slot),
        ("health_check_logs", L::HEALTH_CHECK_LOGS.slot),
        ("idle_timeout", L::IDLE_TIMEOUT.slot),
        ("client_keep_alive", L::CLIENT_KEEP_ALIVE.slot),
        ("desync_mitigation_mode", L::DESYNC_MITIGATION_MODE.slot),
        ("drop_invalid_header_fields", L::DROP_INVALID_HEADER_FIELDS.slot),
        ("http2", L::HTTP2.slot),
        ("preserve_host_header", L::PRESERVE_HOST_HEADER.slot),
        ("tls_version_and_cipher_headers", L::TLS_VERSION_AND_CIPHER_HEADERS.slot),
        ("xff_client_port", L::XFF_CLIENT_PORT.slot),
        ("xff_header_processing_mode", L::XFF_HEADER_PROCESSING_MODE.slot),
    ];
    let further = ("waf_fail_open", L::WAF_FAIL_OPEN.slot);
    let inbound = "enforce_security_group_inbound_rules_on_private_link_traffic";
    let network = [
        ("cross_zone", L::CROSS_ZONE.slot),
        ("client_routing_policy", L::CLIENT_ROUTING_POLICY.slot),
        (inbound, L::ENFORCE_SECURITY_GROUP_INBOUND_RULES_ON_PRIVATE_LINK_TRAFFIC.slot),
    ];
    let kind = kind(asked);
    let (others, owner) = match kind {
        Kind::Application => (network.to_vec(), Kind::Network),
        Kind::Network => {
            (application.into_iter().chain([further]).collect::<Vec<_>>(), Kind::Application)
        }
    };
    match others.into_iter().find(|(_, slot)| !asked.inputs.get(*slot).is_null()) {
        Some((name, _)) => {
            let message = format!(
                "`{name}` can't be given for a load balancer of type {kind}, only for {owner}"
            );
            refused(name, "InvalidConfigurationRequest", message)
        }
        None => Ok(()),
    }
}

/// Subnets of one VPC, a zone each; the VPC.
fn check_subnets<'a>(asked: &Asked<'a>) -> Result<&'a str, Refusal> {
    let given = asked.get(elbv2::LoadBalancer::SUBNETS).unwrap_or_default();
    let mappings = asked.get(elbv2::LoadBalancer::SUBNET_MAPPINGS).unwrap_or_default();
    if given.is_empty() == mappings.is_empty() {
        let message = "one of `subnets` and `subnet_mappings` is needed, not both";
        return refused("subnets", "ValidationError", message);
    }
    let (property, subnets) = subnets(asked);
    let vpc = one_vpc(asked, property, &subnets, "InvalidSubnet")?;
    let zones = zones_apart(asked, property, &subnets, "InvalidConfigurationRequest")?;
    let kind = kind(asked);
    if kind == Kind::Application && zones < 2 {
        let message = format!(
            "`{property}` lies in {zones} zone; an application load balancer needs subnets of two \
             at least"
        );
        return refused(property, "ValidationError", message);
    }
    let internal = asked.get(elbv2::LoadBalancer::SCHEME) == Some(Scheme::Internal);
    if !internal && attached_gateway(asked.world, asked.scope, vpc).is_none() {
        let message = format!(
            "`{property}`: {vpc} has no internet gateway, which a load balancer that faces the \
             internet needs; attach one, or set `scheme` to internal"
        );
        return refused(property, "InvalidSubnet", message);
    }
    for mapping in &mappings {
        let (public, private) = (&mapping.allocation_id, mapping.private_ipv4_address);
        let message = match (kind, public, private) {
            (Kind::Application, None, None) | (Kind::Network, None, None) => continue,
            (Kind::Application, ..) => "an application load balancer has no addresses of one's own",
            (Kind::Network, Some(_), _) if internal => {
                "`allocation_id`: an internal load balancer has no public addresses"
            }
            (Kind::Network, _, Some(_)) if !internal => {
                "`private_ipv4_address`: only an internal load balancer can have it chosen"
            }
            (Kind::Network, ..) => continue,
        };
        let message = format!("`subnet_mappings` {}: {message}", mapping.subnet_id);
        return refused("subnet_mappings", "InvalidConfigurationRequest", message);
    }
    Ok(vpc)
}

fn check_groups_of(asked: &Asked<'_>, vpc: &str) -> Result<(), Refusal> {
    let Some(groups) = asked.get(elbv2::LoadBalancer::SECURITY_GROUPS) else { return Ok(()) };
    let before = asked.old.map(|old| of(old, elbv2::LoadBalancer::SECURITY_GROUPS));
    let without = before.is_some_and(|before| before.unwrap_or_default().is_empty());
    if kind(asked) == Kind::Network && without && !groups.is_empty() {
        let message = "`security_groups`: a network load balancer that was created without any \
                       gets none; replace it";
        return refused("security_groups", "InvalidConfigurationRequest", message);
    }
    check_groups(asked, "security_groups", &groups, vpc, "InvalidSecurityGroup")
}

fn check_seconds(asked: &Asked<'_>) -> Result<(), Refusal> {
    let limits = [
        ("idle_timeout", elbv2::LoadBalancer::IDLE_TIMEOUT, 1..=4000),
        ("client_keep_alive", elbv2::LoadBalancer::CLIENT_KEEP_ALIVE, 60..=604_800),
    ];
    for (name, prop, range) in limits {
        if let Some(Seconds(seconds)) = asked.get(prop)
            && !range.contains(&seconds)
        {
            let message = format!(
                "`{name}` {seconds} s must be between {} and {} s",
                range.start(),
                range.end()
            );
            return refused(name, "InvalidConfigurationRequest", message);
        }
    }
    let capacity = asked.get(elbv2::LoadBalancer::MINIMUM_LOAD_BALANCER_CAPACITY);
    let units = capacity.map_or(CAPACITY, |capacity| capacity.capacity_units);
    if kind(asked) == Kind::Application && units < CAPACITY {
        let message = format!(
            "`minimum_load_balancer_capacity.capacity_units` {units} must be {CAPACITY} at least"
        );
        return refused("minimum_load_balancer_capacity", "InvalidConfigurationRequest", message);
    }
    Ok(())
}

fn check_quota(asked: &Asked<'_>) -> Result<(), Refusal> {
    let all = asked.world.all(asked.ty.name, asked.scope);
    let same =
        all.filter(|other| of(other, elbv2::LoadBalancer::LOAD_BALANCER_TYPE) == Some(kind(asked)));
    if asked.old.is_none() && same.count() >= PER_KIND {
        let what = format!("{} load balancers of a region", kind(asked));
        return Err(Refusal::quota(&what, PER_KIND).in_words_of(Some(&CODES)));
    }
    Ok(())
}
