//! The attributes of a load balancer.

use infra_core::{
    aws::elbv2::{
        LoadBalancer, LoadBalancerArgs, LoadBalancerLogs, LoadBalancerLogsArgs, LoadBalancerType,
    },
    dsl::Prop,
    handler::{Request, TypedRequest},
};

use super::super::attributes::{Attributes, Plain};
use crate::seen::Seen;

type Type = LoadBalancer;

const PLAIN: &[Plain] = &[
    Plain::new(Type::DELETION_PROTECTION.slot, "deletion_protection.enabled", "false"),
    Plain::new(Type::IDLE_TIMEOUT.slot, "idle_timeout.timeout_seconds", "60"),
    Plain::new(Type::CLIENT_KEEP_ALIVE.slot, "client_keep_alive.seconds", "3600"),
    Plain::new(
        Type::DESYNC_MITIGATION_MODE.slot,
        "routing.http.desync_mitigation_mode",
        "defensive",
    ),
    Plain::new(
        Type::DROP_INVALID_HEADER_FIELDS.slot,
        "routing.http.drop_invalid_header_fields.enabled",
        "false",
    ),
    Plain::new(Type::HTTP2.slot, "routing.http2.enabled", "true"),
    Plain::new(
        Type::PRESERVE_HOST_HEADER.slot,
        "routing.http.preserve_host_header.enabled",
        "false",
    ),
    Plain::new(
        Type::TLS_VERSION_AND_CIPHER_HEADERS.slot,
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
        "false",
    ),
    Plain::new(Type::XFF_CLIENT_PORT.slot, "routing.http.xff_client_port.enabled", "false"),
    Plain::new(
        Type::XFF_HEADER_PROCESSING_MODE.slot,
        "routing.http.xff_header_processing.mode",
        "append",
    ),
    Plain::new(Type::WAF_FAIL_OPEN.slot, "waf.fail_open.enabled", "false"),
    Plain::new(Type::ZONAL_SHIFT.slot, "zonal_shift.config.enabled", "false"),
    Plain::new(
        Type::CLIENT_ROUTING_POLICY.slot,
        "dns_record.client_routing_policy",
        "any_availability_zone",
    ),
];

/// Of network load balancers alone; application load balancers have it always on.
const CROSS_ZONE: Plain =
    Plain::new(Type::CROSS_ZONE.slot, "load_balancing.cross_zone.enabled", "false");

type Property = Prop<Type, LoadBalancerLogs>;

/// Where it logs to: three attributes for each kind of log.
fn logs(args: &LoadBalancerArgs) -> [(Property, &'static str, Option<&LoadBalancerLogsArgs>); 3] {
    [
        (LoadBalancer::ACCESS_LOGS, "access_logs", args.access_logs.as_ref()),
        (LoadBalancer::CONNECTION_LOGS, "connection_logs", args.connection_logs.as_ref()),
        (LoadBalancer::HEALTH_CHECK_LOGS, "health_check_logs", args.health_check_logs.as_ref()),
    ]
}

fn put(attributes: &mut Attributes, kind: &str, logs: Option<&LoadBalancerLogsArgs>) {
    let mut put = |what: &str, value: &str| {
        attributes.insert(format!("{kind}.s3.{what}"), value.to_owned());
    };
    match logs {
        Some(logs) => {
            put("enabled", "true");
            put("bucket", logs.bucket.as_str());
            put("prefix", logs.prefix.as_deref().unwrap_or_default());
        }
        None => put("enabled", "false"),
    }
}

/// Those that the program says.
pub(super) fn given(request: &TypedRequest<'_, Type>) -> Attributes {
    let mut attributes = Attributes::new();
    PLAIN.iter().chain([&CROSS_ZONE]).for_each(|it| it.given(request, &mut attributes));
    for (_, kind, logs) in logs(&request.args).into_iter().filter(|(_, _, logs)| logs.is_some()) {
        put(&mut attributes, kind, logs);
    }
    attributes
}

/// Those that are to change, to what is usual too.
pub(super) fn changed(request: &TypedRequest<'_, Type>) -> Attributes {
    let mut attributes = Attributes::new();
    PLAIN.iter().chain([&CROSS_ZONE]).for_each(|it| it.changed(request, &mut attributes));
    for (property, kind, logs) in logs(&request.args) {
        if request.changed.contains(&property.slot) {
            put(&mut attributes, kind, logs);
        }
    }
    attributes
}

/// Those that AWS tells.
pub(super) fn seen(seen: Seen, request: &Request, told: &Attributes) -> Seen {
    let mut seen = PLAIN.iter().fold(seen, |seen, it| it.seen(seen, request, told));
    let kind = request.inputs.get(Type::LOAD_BALANCER_TYPE.slot);
    if kind.as_str() == Some(LoadBalancerType::Network.as_str()) {
        seen = CROSS_ZONE.seen(seen, request, told);
    }
    seen.set(Type::ACCESS_LOGS, logs_told(told, "access_logs"))
        .set(Type::CONNECTION_LOGS, logs_told(told, "connection_logs"))
        .set(Type::HEALTH_CHECK_LOGS, logs_told(told, "health_check_logs"))
}

fn logs_told(told: &Attributes, kind: &str) -> Option<LoadBalancerLogsArgs> {
    let get = |what: &str| told.get(&format!("{kind}.s3.{what}"));
    let is_on = get("enabled").is_some_and(|on| on == "true");
    let bucket = get("bucket").filter(|_| is_on)?.parse().ok()?;
    let prefix = get("prefix").filter(|prefix| !prefix.is_empty()).cloned();
    Some(LoadBalancerLogsArgs { bucket, prefix })
}
