//! What is special about a target group: its health check, and which attributes go together.

use infra_core::{
    aws::elbv2::{
        self, HealthCheckProtocol, LoadBalancingAlgorithm as Algorithm, MinimumHealthyTargetsArgs,
        Protocol, StickinessArgs, TargetType,
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
    value::{PropertiesBuilder, Slot},
};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&TargetGroup];

const CODES: Codes = Codes {
    not_found: "TargetGroupNotFound",
    not_ready: "InvalidConfigurationRequest",
    exists: "DuplicateTargetGroupName",
    in_use: "ResourceInUse",
    quota: "TooManyTargetGroups",
};
const INVALID: &str = "InvalidConfigurationRequest";
/// The longest time that a cookie can bind a client.
const WEEK: u32 = 604_800;

struct TargetGroup;

impl Special for TargetGroup {
    fn ty(&self) -> &'static TypeDef {
        elbv2::TargetGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Target Groups per Region", adjustable.
        Some(3000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_kind(asked)?;
        check_health(asked)?;
        check_matcher(asked)?;
        check_algorithm(asked)?;
        check_stickiness(asked)?;
        let Some(health) = asked.get(elbv2::TargetGroup::TARGET_GROUP_HEALTH) else {
            return Ok(());
        };
        check_minimum("dns_failover", health.dns_failover.as_ref())?;
        check_minimum("unhealthy_state_routing", health.unhealthy_state_routing.as_ref())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let full = asked.id.rsplit(':').next().unwrap_or_default();
        tell(outputs, elbv2::TargetGroup::TARGET_GROUP_FULL_NAME, full.to_owned());
    }
}

fn refused(property: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn protocol(asked: &Asked<'_>) -> Protocol {
    asked.get(elbv2::TargetGroup::PROTOCOL).unwrap_or(Protocol::Http)
}

/// What only groups behind one kind of load balancer have.
fn check_kind(asked: &Asked<'_>) -> Result<(), Refusal> {
    type G = elbv2::TargetGroup;
    let application: &[(&str, Slot)] = &[
        ("protocol_version", G::PROTOCOL_VERSION.slot),
        ("slow_start", G::SLOW_START.slot),
        ("load_balancing_algorithm", G::LOAD_BALANCING_ALGORITHM.slot),
        ("anomaly_mitigation", G::ANOMALY_MITIGATION.slot),
    ];
    let network: &[(&str, Slot)] = &[
        ("deregistration_connection_termination", G::DEREGISTRATION_CONNECTION_TERMINATION.slot),
        ("preserve_client_ip", G::PRESERVE_CLIENT_IP.slot),
        ("proxy_protocol_v2", G::PROXY_PROTOCOL_V2.slot),
        ("unhealthy_connection_termination", G::UNHEALTHY_CONNECTION_TERMINATION.slot),
    ];
    let protocol = protocol(asked);
    let (others, owner) = if protocol.is_http() {
        (network, "a network load balancer")
    } else {
        (application, "an application load balancer")
    };
    if let Some((name, _)) = others.iter().find(|(_, slot)| !asked.inputs.get(*slot).is_null()) {
        let message =
            format!("`{name}` can't be given for protocol {protocol}, only behind {owner}");
        return refused(name, message);
    }
    let target = asked.get(G::TARGET_TYPE);
    if target == Some(TargetType::Alb) && protocol != Protocol::Tcp {
        let message = format!("`target_type` alb needs `protocol` TCP, not {protocol}");
        return refused("target_type", message);
    }
    Ok(())
}

fn check_health(asked: &Asked<'_>) -> Result<(), Refusal> {
    type G = elbv2::TargetGroup;
    let seconds = |prop| asked.get(prop).map(|Seconds(seconds)| seconds);
    let interval = seconds(G::HEALTH_CHECK_INTERVAL_SECONDS).unwrap_or(30);
    let usual = if protocol(asked) == Protocol::Http { 6 } else { 10 };
    let timeout = seconds(G::HEALTH_CHECK_TIMEOUT_SECONDS).unwrap_or(usual);
    let limits = [
        ("health_check_interval_seconds", interval, 5..=300),
        ("health_check_timeout_seconds", timeout, 2..=120),
        ("healthy_threshold_count", asked.get(G::HEALTHY_THRESHOLD_COUNT).unwrap_or(5), 2..=10),
        ("unhealthy_threshold_count", asked.get(G::UNHEALTHY_THRESHOLD_COUNT).unwrap_or(2), 2..=10),
        ("deregistration_delay", seconds(G::DEREGISTRATION_DELAY).unwrap_or(300), 0..=3600),
    ];
    for (name, number, range) in limits {
        if !range.contains(&number) {
            let message =
                format!("`{name}` {number} must be between {} and {}", range.start(), range.end());
            return refused(name, message);
        }
    }
    if timeout >= interval {
        let message = format!(
            "`health_check_timeout_seconds` {timeout} s must be less than the interval of \
             {interval} s"
        );
        return refused("health_check_timeout_seconds", message);
    }
    let by = asked.get(G::HEALTH_CHECK_PROTOCOL);
    if protocol(asked).is_http() && by == Some(HealthCheckProtocol::Tcp) {
        let message = format!(
            "`health_check_protocol` TCP does not fit `protocol` {}; targets are asked by HTTP or \
             HTTPS",
            protocol(asked)
        );
        return refused("health_check_protocol", message);
    }
    let port = asked.get(G::HEALTH_CHECK_PORT).unwrap_or_else(|| "traffic-port".to_owned());
    if port != "traffic-port" && !port.parse::<u16>().is_ok_and(|port| port > 0) {
        let message = format!("`health_check_port` {port} is neither `traffic-port` nor a port");
        return refused("health_check_port", message);
    }
    let path = asked.get(G::HEALTH_CHECK_PATH).unwrap_or_else(|| "/".to_owned());
    if !path.starts_with('/') || path.len() > 1024 {
        let message =
            format!("`health_check_path` {path:?} begins with a slash and is 1024 long at most");
        return refused("health_check_path", message);
    }
    Ok(())
}

/// Whether targets are asked by requests, so that there are paths and codes.
fn asks_by_request(asked: &Asked<'_>) -> bool {
    let by = asked.get(elbv2::TargetGroup::HEALTH_CHECK_PROTOCOL);
    by.map_or_else(|| protocol(asked).is_http(), |by| by != HealthCheckProtocol::Tcp)
}

fn check_matcher(asked: &Asked<'_>) -> Result<(), Refusal> {
    let matcher = asked.get(elbv2::TargetGroup::MATCHER);
    let path = asked.get(elbv2::TargetGroup::HEALTH_CHECK_PATH);
    let given = [("matcher", matcher.is_some()), ("health_check_path", path.is_some())];
    if let Some((name, _)) = given.into_iter().find(|(_, given)| *given)
        && !asks_by_request(asked)
    {
        let message = format!("`{name}` is for health checks by HTTP or HTTPS");
        return refused(name, message);
    }
    let Some(matcher) = matcher else { return Ok(()) };
    let (codes, range) = match (&matcher.http_code, &matcher.grpc_code) {
        (Some(codes), None) if protocol(asked).is_http() => (codes, 200..=499),
        (Some(codes), None) => (codes, 200..=599),
        (None, Some(codes)) => (codes, 0..=99),
        _ => return refused("matcher", "`matcher` takes one of `http_code` and `grpc_code`"),
    };
    let fits = |code: &str| code.parse().is_ok_and(|code: u32| range.contains(&code));
    let good = codes.split(',').all(|part| match part.split_once('-') {
        Some((first, last)) => fits(first) && fits(last),
        None => fits(part),
    });
    if good {
        return Ok(());
    }
    let message = format!(
        "`matcher` {codes:?} must be codes from {} to {}, such as `{}` or `{}-{}`",
        range.start(),
        range.end(),
        range.start(),
        range.start(),
        range.end()
    );
    refused("matcher", message)
}

fn check_algorithm(asked: &Asked<'_>) -> Result<(), Refusal> {
    let algorithm = asked.get(elbv2::TargetGroup::LOAD_BALANCING_ALGORITHM);
    let algorithm = algorithm.unwrap_or(Algorithm::RoundRobin);
    let Seconds(slow) = asked.get(elbv2::TargetGroup::SLOW_START).unwrap_or(Seconds(0));
    if slow != 0 && !(30..=900).contains(&slow) {
        let message = format!("`slow_start` {slow} s must be between 30 and 900 s, or 0 for none");
        return refused("slow_start", message);
    }
    if slow != 0 && algorithm != Algorithm::RoundRobin {
        let message = format!(
            "`slow_start` {slow} s and `load_balancing_algorithm` {} exclude each other; slow \
             start goes with round_robin alone",
            algorithm.as_str()
        );
        return refused("slow_start", message);
    }
    let mitigates = asked.get(elbv2::TargetGroup::ANOMALY_MITIGATION) == Some(elbv2::OnOff::On);
    if mitigates && algorithm != Algorithm::WeightedRandom {
        let message = "`anomaly_mitigation` needs `load_balancing_algorithm` weighted_random";
        return refused("anomaly_mitigation", message);
    }
    Ok(())
}

fn check_stickiness(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(stickiness) = asked.get(elbv2::TargetGroup::STICKINESS) else { return Ok(()) };
    let protocol = protocol(asked);
    let (by_cookie, Seconds(seconds)) = match &stickiness {
        StickinessArgs::LbCookie(cookie) => (true, cookie.duration_seconds),
        StickinessArgs::AppCookie(cookie) => (true, cookie.duration_seconds),
        StickinessArgs::SourceIp(_) => (false, Seconds(1)),
    };
    if by_cookie != protocol.is_http() {
        let kinds = if by_cookie { "HTTP and HTTPS" } else { "TCP, TLS and UDP" };
        let message = format!(
            "`stickiness` does not fit `protocol` {protocol}: cookies are for HTTP and HTTPS, \
             addresses for the others; this kind is for {kinds}"
        );
        return refused("stickiness", message);
    }
    if !(1..=WEEK).contains(&seconds) {
        let message = format!("`stickiness` {seconds} s must be between 1 and {WEEK} s");
        return refused("stickiness", message);
    }
    match stickiness {
        StickinessArgs::AppCookie(cookie) if cookie.cookie_name.starts_with("AWSALB") => {
            let name = cookie.cookie_name;
            let message = format!("`stickiness.cookie_name` {name}: AWS keeps names with AWSALB");
            refused("stickiness", message)
        }
        _ => Ok(()),
    }
}

fn check_minimum(which: &str, minimum: Option<&MinimumHealthyTargetsArgs>) -> Result<(), Refusal> {
    let Some(minimum) = minimum else { return Ok(()) };
    let zero = minimum.count == Some(0);
    let percentage = minimum.percentage.unwrap_or(1);
    if zero || !(1..=100).contains(&percentage) {
        let message = format!(
            "`target_group_health.{which}`: `count` is 1 at least, `percentage` between 1 and 100"
        );
        return refused("target_group_health", message);
    }
    Ok(())
}
