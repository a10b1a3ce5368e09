//! The attributes of a target group.

use infra_core::{
    aws::elbv2::{
        AppCookieStickinessArgs, LbCookieStickinessArgs, MinimumHealthyTargetsArgs, Protocol,
        SourceIpStickinessArgs, StickinessArgs, TargetGroup, TargetGroupHealthArgs, TargetType,
    },
    handler::{Request, TypedRequest},
    types::{PropertyType, Seconds},
};

use super::super::attributes::{Attributes, Plain};
use crate::seen::Seen;

type Type = TargetGroup;

const PLAIN: &[Plain] = &[
    Plain::new(Type::DEREGISTRATION_DELAY.slot, "deregistration_delay.timeout_seconds", "300"),
    Plain::new(Type::SLOW_START.slot, "slow_start.duration_seconds", "0"),
    Plain::new(Type::LOAD_BALANCING_ALGORITHM.slot, "load_balancing.algorithm.type", "round_robin"),
    Plain::new(Type::ANOMALY_MITIGATION.slot, "load_balancing.algorithm.anomaly_mitigation", "off"),
    Plain::new(
        Type::CROSS_ZONE.slot,
        "load_balancing.cross_zone.enabled",
        "use_load_balancer_configuration",
    ),
    Plain::new(Type::PROXY_PROTOCOL_V2.slot, "proxy_protocol_v2.enabled", "false"),
    Plain::new(
        Type::UNHEALTHY_CONNECTION_TERMINATION.slot,
        "target_health_state.unhealthy.connection_termination.enabled",
        "true",
    ),
];

/// Attributes whose usual value depends on how targets are spoken to.
fn by_protocol(request: &Request) -> [Plain; 2] {
    let protocol = Protocol::decode(request.inputs.get(Type::PROTOCOL.slot)).ok();
    let target = TargetType::decode(request.inputs.get(Type::TARGET_TYPE.slot)).ok();
    let udp = matches!(protocol, Some(Protocol::Udp | Protocol::TcpUdp));
    let by_address = target == Some(TargetType::Ip) && !udp;
    let word = |value: bool| if value { "true" } else { "false" };
    [
        Plain::new(
            Type::DEREGISTRATION_CONNECTION_TERMINATION.slot,
            "deregistration_delay.connection_termination.enabled",
            word(udp),
        ),
        Plain::new(Type::PRESERVE_CLIENT_IP.slot, "preserve_client_ip.enabled", word(!by_address)),
    ]
}

fn put_stickiness(all: &mut Attributes, stickiness: Option<&StickinessArgs>) {
    let mut put = |what: &str, value: String| {
        all.insert(format!("stickiness.{what}"), value);
    };
    put("enabled", stickiness.is_some().to_string());
    match stickiness {
        Some(StickinessArgs::LbCookie(it)) => {
            put("type", "lb_cookie".to_owned());
            put("lb_cookie.duration_seconds", it.duration_seconds.0.to_string());
        }
        Some(StickinessArgs::AppCookie(it)) => {
            put("type", "app_cookie".to_owned());
            put("app_cookie.cookie_name", it.cookie_name.clone());
            put("app_cookie.duration_seconds", it.duration_seconds.0.to_string());
        }
        Some(StickinessArgs::SourceIp(_)) => put("type", "source_ip".to_owned()),
        None => {}
    }
}

fn stickiness_told(told: &Attributes) -> Option<StickinessArgs> {
    let get = |what: &str| told.get(&format!("stickiness.{what}")).map(String::as_str);
    let seconds = |what: &str| Some(Seconds(get(what)?.parse().ok()?));
    match get("type").filter(|_| get("enabled") == Some("true"))? {
        "lb_cookie" => {
            let duration_seconds = seconds("lb_cookie.duration_seconds")?;
            Some(StickinessArgs::LbCookie(LbCookieStickinessArgs { duration_seconds }))
        }
        "app_cookie" => Some(StickinessArgs::AppCookie(AppCookieStickinessArgs {
            cookie_name: get("app_cookie.cookie_name")?.to_owned(),
            duration_seconds: seconds("app_cookie.duration_seconds")?,
        })),
        "source_ip" => Some(StickinessArgs::SourceIp(SourceIpStickinessArgs {})),
        _ => None,
    }
}

fn health_key(of: &str, what: &str) -> String {
    format!("target_group_health.{of}.minimum_healthy_targets.{what}")
}

/// All that there is to say of health, with what AWS does where nothing is said.
fn health(health: TargetGroupHealthArgs) -> TargetGroupHealthArgs {
    let one = |minimum: Option<MinimumHealthyTargetsArgs>| {
        let (count, percentage) =
            minimum.map_or((None, None), |minimum| (minimum.count, minimum.percentage));
        Some(MinimumHealthyTargetsArgs { count: count.or(Some(1)), percentage })
    };
    TargetGroupHealthArgs {
        dns_failover: one(health.dns_failover),
        unhealthy_state_routing: one(health.unhealthy_state_routing),
    }
}

const NO_HEALTH: TargetGroupHealthArgs =
    TargetGroupHealthArgs { dns_failover: None, unhealthy_state_routing: None };

fn put_health(all: &mut Attributes, given: Option<&TargetGroupHealthArgs>) {
    let health = health(given.cloned().unwrap_or(NO_HEALTH));
    let mut put = |of: &str, minimum: Option<MinimumHealthyTargetsArgs>| {
        let Some(MinimumHealthyTargetsArgs { count, percentage }) = minimum else { return };
        let word = |number: Option<u32>| number.map_or("off".to_owned(), |it| it.to_string());
        all.insert(health_key(of, "count"), word(count));
        all.insert(health_key(of, "percentage"), word(percentage));
    };
    put("dns_failover", health.dns_failover);
    put("unhealthy_state_routing", health.unhealthy_state_routing);
}

fn health_told(told: &Attributes) -> Option<TargetGroupHealthArgs> {
    let minimum = |of: &str| {
        let number = |what| told.get(&health_key(of, what)).and_then(|text| text.parse().ok());
        // No count at all is something that no program can say.
        let off = told.get(&health_key(of, "count")).is_some_and(|text| text == "off");
        let count = number("count").or(off.then_some(0));
        Some(MinimumHealthyTargetsArgs { count, percentage: number("percentage") })
    };
    let any = told.keys().any(|key| key.starts_with("target_group_health."));
    any.then(|| TargetGroupHealthArgs {
        dns_failover: minimum("dns_failover"),
        unhealthy_state_routing: minimum("unhealthy_state_routing"),
    })
}

/// What a new target group is told.
pub(super) fn given(request: &TypedRequest<'_, Type>) -> Attributes {
    let mut all = Attributes::new();
    PLAIN.iter().chain(&by_protocol(request)).for_each(|it| it.given(request, &mut all));
    if request.args.stickiness.is_some() {
        put_stickiness(&mut all, request.args.stickiness.as_ref());
    }
    if request.args.target_group_health.is_some() {
        put_health(&mut all, request.args.target_group_health.as_ref());
    }
    all
}

/// What is to change.
pub(super) fn changed(request: &TypedRequest<'_, Type>) -> Attributes {
    let mut all = Attributes::new();
    PLAIN.iter().chain(&by_protocol(request)).for_each(|it| it.changed(request, &mut all));
    if request.changed.contains(&Type::STICKINESS.slot) {
        put_stickiness(&mut all, request.args.stickiness.as_ref());
    }
    if request.changed.contains(&Type::TARGET_GROUP_HEALTH.slot) {
        put_health(&mut all, request.args.target_group_health.as_ref());
    }
    all
}

/// What AWS tells.
pub(super) fn seen(seen: Seen, request: &Request, told: &Attributes) -> Seen {
    let by_protocol = by_protocol(request);
    let all = PLAIN.iter().chain(&by_protocol);
    let seen = all.fold(seen, |seen, it| it.seen(seen, request, told));
    let recorded = request.inputs.has(Type::TARGET_GROUP_HEALTH.slot);
    let minimum = health_told(told);
    let minimum = minimum.filter(|it| recorded || health(it.clone()) != health(NO_HEALTH));
    seen.set(Type::STICKINESS, stickiness_told(told)).alike(
        Type::TARGET_GROUP_HEALTH,
        request,
        minimum,
        health,
    )
}
