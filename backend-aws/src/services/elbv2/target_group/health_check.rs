//! How targets are asked for their health.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use infra_core::{
    aws::elbv2::{
        HealthCheckProtocol, MatcherArgs, Protocol, ProtocolVersion, TargetGroup, TargetGroupArgs,
    },
    handler::{Request, TypedRequest},
    types::{PropertyType, Seconds},
};

use crate::{aws::Aws, error::Answer, plain::int, resource::changed, seen::Seen};

const PROPERTIES: [&str; 8] = [
    "health_check_path",
    "health_check_port",
    "health_check_protocol",
    "health_check_interval_seconds",
    "health_check_timeout_seconds",
    "healthy_threshold_count",
    "unhealthy_threshold_count",
    "matcher",
];
const PORT: &str = "traffic-port";
const INTERVAL: Seconds = Seconds(30);
/// AWS tells of 6 s in its reference, and of 5 s in its guide and in what it makes.
const TIMEOUTS: [Seconds; 3] = [Seconds(5), Seconds(6), Seconds(10)];
const HEALTHY: u32 = 5;
const UNHEALTHY: u32 = 2;

pub(super) fn seconds(Seconds(seconds): Seconds) -> i32 {
    int(seconds)
}

pub(super) fn matcher(matcher: &MatcherArgs) -> sdk::Matcher {
    sdk::Matcher::builder()
        .set_http_code(matcher.http_code.clone())
        .set_grpc_code(matcher.grpc_code.clone())
        .build()
}

/// What AWS does where the program says nothing.
struct Usual {
    protocol: HealthCheckProtocol,
    path: &'static str,
    timeout: Seconds,
    matcher: MatcherArgs,
}

fn usual(protocol: Protocol, version: Option<ProtocolVersion>) -> Usual {
    let grpc = version == Some(ProtocolVersion::Grpc);
    let http = |codes: &str| MatcherArgs { http_code: Some(codes.to_owned()), grpc_code: None };
    Usual {
        protocol: match protocol.is_http() {
            true => HealthCheckProtocol::Http,
            false => HealthCheckProtocol::Tcp,
        },
        path: if grpc { "/AWS.ALB/healthcheck" } else { "/" },
        timeout: if protocol == Protocol::Http { TIMEOUTS[1] } else { TIMEOUTS[2] },
        matcher: match (grpc, protocol.is_http()) {
            (true, _) => MatcherArgs { http_code: None, grpc_code: Some("12".to_owned()) },
            (_, true) => http("200"),
            (_, false) => http("200-399"),
        },
    }
}

/// The health check as AWS tells it.
pub(super) fn seen(seen: Seen, group: &sdk::TargetGroup, request: &Request) -> Seen {
    type Type = TargetGroup;
    let recorded = |slot| request.inputs.get(slot);
    let protocol = Protocol::decode(recorded(Type::PROTOCOL.slot)).unwrap_or(Protocol::Http);
    let version = ProtocolVersion::decode(recorded(Type::PROTOCOL_VERSION.slot)).ok();
    let usual = usual(protocol, version);
    let number = |count: Option<i32>| count.and_then(|count| u32::try_from(count).ok());
    let by = group.health_check_protocol().map(sdk::ProtocolEnum::as_str);
    let by = HealthCheckProtocol::ALL.into_iter().find(|it| Some(it.as_str()) == by);
    let by_request = by != Some(HealthCheckProtocol::Tcp);
    let path = group.health_check_path().filter(|_| by_request).map(str::to_owned);
    let matcher = group.matcher().filter(|_| by_request).map(|it| MatcherArgs {
        http_code: it.http_code().map(str::to_owned),
        grpc_code: it.grpc_code().map(str::to_owned),
    });
    let interval = number(group.health_check_interval_seconds()).map(Seconds);
    let timeout = number(group.health_check_timeout_seconds()).map(Seconds);
    let port = group.health_check_port().map(str::to_owned);
    let (good, bad) = (group.healthy_threshold_count(), group.unhealthy_threshold_count());
    seen.unless_usual(Type::HEALTH_CHECK_PROTOCOL, request, by, &[usual.protocol])
        .unless_usual(Type::HEALTH_CHECK_PORT, request, port, &[PORT.to_owned()])
        .unless_usual(Type::HEALTH_CHECK_PATH, request, path, &[usual.path.to_owned()])
        .unless_usual(Type::HEALTH_CHECK_INTERVAL_SECONDS, request, interval, &[INTERVAL])
        .unless_usual(Type::HEALTH_CHECK_TIMEOUT_SECONDS, request, timeout, &TIMEOUTS)
        .unless_usual(Type::HEALTHY_THRESHOLD_COUNT, request, number(good), &[HEALTHY])
        .unless_usual(Type::UNHEALTHY_THRESHOLD_COUNT, request, number(bad), &[UNHEALTHY])
        .unless_usual(Type::MATCHER, request, matcher, &[usual.matcher])
}

/// What is to change of it: what the program does not say any more becomes usual again.
pub(super) async fn update(aws: &Aws, request: &TypedRequest<'_, TargetGroup>) -> Answer<()> {
    if !changed(request, &PROPERTIES) {
        return Ok(());
    }
    let args: &TargetGroupArgs = &request.args;
    let usual = usual(args.protocol, args.protocol_version);
    let by = args.health_check_protocol.unwrap_or(usual.protocol);
    let by_request = by != HealthCheckProtocol::Tcp;
    let is = |name: &str| changed(request, &[name]);
    let mut modify = aws.elbv2().modify_target_group().target_group_arn(&*request.id);
    if is("health_check_protocol") {
        modify = modify.health_check_protocol(by.as_str().into());
    }
    if is("health_check_path") && by_request {
        modify = modify.health_check_path(args.health_check_path.as_deref().unwrap_or(usual.path));
    }
    if is("health_check_port") {
        modify = modify.health_check_port(args.health_check_port.as_deref().unwrap_or(PORT));
    }
    if is("health_check_interval_seconds") {
        let interval = args.health_check_interval_seconds.unwrap_or(INTERVAL);
        modify = modify.health_check_interval_seconds(seconds(interval));
    }
    if is("health_check_timeout_seconds") {
        let timeout = args.health_check_timeout_seconds.unwrap_or(usual.timeout);
        modify = modify.health_check_timeout_seconds(seconds(timeout));
    }
    if is("healthy_threshold_count") {
        let good = args.healthy_threshold_count.unwrap_or(HEALTHY);
        modify = modify.healthy_threshold_count(int(good));
    }
    if is("unhealthy_threshold_count") {
        let bad = args.unhealthy_threshold_count.unwrap_or(UNHEALTHY);
        modify = modify.unhealthy_threshold_count(int(bad));
    }
    if is("matcher") && by_request {
        modify = modify.matcher(matcher(args.matcher.as_ref().unwrap_or(&usual.matcher)));
    }
    modify.send().await?;
    Ok(())
}
