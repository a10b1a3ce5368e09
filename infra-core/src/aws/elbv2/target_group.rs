//! AWS: elasticloadbalancing CreateTargetGroup, ModifyTargetGroup, ModifyTargetGroupAttributes,
//! AddTags, DescribeTargetGroups, DescribeTargetGroupAttributes, DeleteTargetGroup.

use super::OnOff;
use crate::{
    aws::{TargetGroupArn, VpcId},
    prelude::*,
    props, resource,
};

/// Where a load balancer sends what comes in: targets of one kind, and how their health is checked.
///
/// Services and Auto Scaling groups put their tasks and instances into it. What AWS calls
/// attributes are properties here; each says which kind of load balancer has it.
///
/// ```
/// use infra_core::{aws::{VpcId, elbv2::{LoadBalancingAlgorithm, Protocol, TargetGroup, TargetType}}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vpc = VpcId::parse("vpc-0123456789abcdef0").unwrap();
/// let web = TargetGroup::named("web")
///     .vpc_id(vpc)
///     .protocol(Protocol::Http)
///     .port(8080_u16)
///     .target_type(TargetType::Ip)
///     .health_check_path("/status.txt")
///     .deregistration_delay(Seconds(60))
///     .load_balancing_algorithm(LoadBalancingAlgorithm::LeastOutstandingRequests)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:elbv2:TargetGroup", unique(name), find = name, create = "1s", delete = "1s")]
pub struct TargetGroup {
    /// The VPC of the targets. Changing it replaces the group. AWS: `VpcId`.
    #[prop(replace)]
    pub vpc_id: VpcId,
    /// How targets are spoken to: HTTP or HTTPS behind an application load balancer, the others
    /// behind a network load balancer. Changing it replaces the group. AWS: `Protocol`.
    #[prop(replace)]
    pub protocol: Protocol,
    /// The port of the targets, where a target does not name another one. Changing it replaces the
    /// group. AWS: `Port`.
    #[prop(replace)]
    pub port: u16,
    /// The name, up to 32 letters, digits and hyphens. Default: made up from project, stack and
    /// name. Changing it replaces the group. AWS: `Name`.
    #[prop(replace, name(32, hyphens))]
    pub name: Option<String>,
    /// The version of HTTP. Default: HTTP/1.1. Changing it replaces the group. AWS:
    /// `ProtocolVersion`.
    #[prop(replace)]
    pub protocol_version: Option<ProtocolVersion>,
    /// What targets are. Default: instances. Changing it replaces the group. AWS: `TargetType`.
    #[prop(replace, default = TargetType::Instance)]
    pub target_type: TargetType,
    /// The path that is asked for, with HTTP and HTTPS alone. Default: `/`. Changes in place. AWS:
    /// `HealthCheckPath`.
    pub health_check_path: Option<String>,
    /// The port that is asked, `traffic-port` or a number. Default: `traffic-port`, the one that
    /// traffic goes to. Changes in place. AWS: `HealthCheckPort`.
    pub health_check_port: Option<String>,
    /// How targets are asked. Default: HTTP behind an application load balancer, TCP behind a
    /// network load balancer. Changes in place. AWS: `HealthCheckProtocol`.
    pub health_check_protocol: Option<HealthCheckProtocol>,
    /// How often, every 5 to 300 s. Default: 30 s. Changes in place. AWS:
    /// `HealthCheckIntervalSeconds`.
    pub health_check_interval_seconds: Option<Seconds>,
    /// How long an answer may take, 2 to 120 s, and less than the interval. Default: 6 s for HTTP,
    /// 10 s for the others. Changes in place. AWS: `HealthCheckTimeoutSeconds`.
    pub health_check_timeout_seconds: Option<Seconds>,
    /// How many good answers make a target healthy, 2 to 10. Default: 5. Changes in place. AWS:
    /// `HealthyThresholdCount`.
    pub healthy_threshold_count: Option<u32>,
    /// How many bad answers make it unhealthy, 2 to 10. Default: 2. Changes in place. AWS:
    /// `UnhealthyThresholdCount`.
    pub unhealthy_threshold_count: Option<u32>,
    /// Which codes are good answers, with HTTP and HTTPS alone. Default: 200. Changes in place.
    /// AWS: `Matcher`.
    pub matcher: Option<Matcher>,
    /// How long a target that leaves may finish what it is at, 0 to 3600 s. Default: 300 s. Changes
    /// in place. AWS: `deregistration_delay.timeout_seconds`.
    #[prop(default = Seconds(300), separate)]
    pub deregistration_delay: Seconds,
    /// Application: how long a new target gets less than its share, 30 to 900 s, or 0 for not at
    /// all. With round robin alone. Default: 0. Changes in place. AWS:
    /// `slow_start.duration_seconds`.
    #[prop(separate)]
    pub slow_start: Option<Seconds>,
    /// Application: which target gets the next request. Default: each in turn. Changes in place.
    /// AWS: `load_balancing.algorithm.type`.
    #[prop(separate)]
    pub load_balancing_algorithm: Option<LoadBalancingAlgorithm>,
    /// Application: whether targets that answer worse than the others get less, with weighted
    /// random alone. Default: off. Changes in place. AWS:
    /// `load_balancing.algorithm.anomaly_mitigation`.
    #[prop(separate)]
    pub anomaly_mitigation: Option<OnOff>,
    /// Whether a client stays with a target. Default: it does not. Changes in place. AWS:
    /// `stickiness.enabled`, `stickiness.type`.
    #[prop(separate)]
    pub stickiness: Option<Stickiness>,
    /// How many targets must be healthy, and what happens below that. Default: one. Changes in
    /// place. AWS: `target_group_health`.
    #[prop(separate)]
    pub target_group_health: Option<TargetGroupHealth>,
    /// Whether each zone's traffic goes to targets of all zones. Default: as the load balancer
    /// says. Changes in place. AWS: `load_balancing.cross_zone.enabled`.
    #[prop(separate)]
    pub cross_zone: Option<TargetGroupCrossZone>,
    /// Network: whether connections are cut when `deregistration_delay` is over. Default: for UDP
    /// they are, else not. Changes in place. AWS: `deregistration_delay.connection_termination.enabled`.
    #[prop(separate)]
    pub deregistration_connection_termination: Option<bool>,
    /// Network: whether targets see the client's address. Default: they do, except targets by
    /// address with TCP or TLS. Changes in place. AWS: `preserve_client_ip.enabled`.
    #[prop(separate)]
    pub preserve_client_ip: Option<bool>,
    /// Network: whether connections begin with a header of the proxy protocol, version 2. Default:
    /// false. Changes in place. AWS: `proxy_protocol_v2.enabled`.
    #[prop(separate)]
    pub proxy_protocol_v2: Option<bool>,
    /// Network: whether connections to targets that became unhealthy are cut. Default: true.
    /// Changes in place. AWS: `target_health_state.unhealthy.connection_termination.enabled`.
    #[prop(separate)]
    pub unhealthy_connection_termination: Option<bool>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `TargetGroupArn`.
    #[output(
        id,
        arn = "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{random}",
        at = exists
    )]
    pub target_group_arn: TargetGroupArn,
    /// The part of the ARN that names it in figures of CloudWatch:
    /// `targetgroup/web/6d0ecf831eec9f09`. AWS: `TargetGroupFullName`.
    #[output(at = exists)]
    pub target_group_full_name: String,
}

/// How a load balancer is spoken to, or speaks to its targets.
#[props]
pub enum Protocol {
    /// HTTP; application load balancers.
    #[prop("HTTP")]
    Http,
    /// HTTP with TLS; application load balancers.
    #[prop("HTTPS")]
    Https,
    /// TCP; network load balancers.
    #[prop("TCP")]
    Tcp,
    /// TLS that ends at the load balancer; network load balancers.
    #[prop("TLS")]
    Tls,
    /// UDP; network load balancers.
    #[prop("UDP")]
    Udp,
    /// TCP and UDP on the same port; network load balancers.
    #[prop("TCP_UDP")]
    TcpUdp,
}

impl Protocol {
    /// Whether it is one of application load balancers.
    #[must_use]
    pub const fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    /// Whether TLS ends at the load balancer, which then needs a certificate.
    #[must_use]
    pub const fn is_tls(self) -> bool {
        matches!(self, Self::Https | Self::Tls)
    }
}

/// How targets are asked for their health.
#[props]
pub enum HealthCheckProtocol {
    /// By a request.
    #[prop("HTTP")]
    Http,
    /// By a request with TLS; the target's certificate is not checked.
    #[prop("HTTPS")]
    Https,
    /// By a connection.
    #[prop("TCP")]
    Tcp,
}

/// The version of HTTP that targets are spoken to with.
#[props]
pub enum ProtocolVersion {
    /// HTTP/1.1.
    #[prop("HTTP1")]
    Http1,
    /// HTTP/2.
    #[prop("HTTP2")]
    Http2,
    /// gRPC.
    #[prop("GRPC")]
    Grpc,
}

/// What targets are.
#[props(words = "lower")]
pub enum TargetType {
    /// Instances, by id: tasks whose network mode is bridge or host.
    Instance,
    /// Addresses in the VPC: tasks with a network interface of their own.
    Ip,
    /// One application load balancer, behind a network load balancer.
    Alb,
}

/// Which codes are good answers to a health check: of HTTP or of gRPC, one of the two.
#[props]
pub struct Matcher {
    /// Codes of HTTP: `200`, `200,302` or `200-299`. Default: none. AWS: `HttpCode`.
    pub http_code: Option<String>,
    /// Codes of gRPC: `0`, `0,12` or `0-99`. Default: none. AWS: `GrpcCode`.
    pub grpc_code: Option<String>,
}

impl Matcher {
    /// Codes of HTTP.
    pub fn http(codes: impl IntoInput<String>) -> Self {
        Self::new().http_code(codes)
    }
}

/// Which target gets the next request.
#[props]
pub enum LoadBalancingAlgorithm {
    /// Each in turn.
    #[prop("round_robin")]
    RoundRobin,
    /// The one that has the fewest requests unanswered: where some take far longer than others.
    /// Excludes slow start.
    #[prop("least_outstanding_requests")]
    LeastOutstandingRequests,
    /// Any, with weights that anomaly mitigation may lower. Excludes slow start.
    #[prop("weighted_random")]
    WeightedRandom,
}

/// How a client stays with a target.
#[props]
pub enum Stickiness {
    /// Application: by a cookie of the load balancer. AWS: `lb_cookie`.
    LbCookie(LbCookieStickiness),
    /// Application: by a cookie of the application. AWS: `app_cookie`.
    AppCookie(AppCookieStickiness),
    /// Network: by the client's address. AWS: `source_ip`.
    SourceIp(SourceIpStickiness),
}

/// By a cookie of the load balancer.
#[props]
pub struct LbCookieStickiness {
    /// How long, 1 to 604,800 s. Default: one day. AWS: `stickiness.lb_cookie.duration_seconds`.
    #[prop(default = Seconds(86_400))]
    pub duration_seconds: Seconds,
}

/// By a cookie of the application.
#[props]
pub struct AppCookieStickiness {
    /// The cookie's name, not beginning with `AWSALB`. AWS: `stickiness.app_cookie.cookie_name`.
    pub cookie_name: String,
    /// How long, 1 to 604,800 s. Default: one day. AWS: `stickiness.app_cookie.duration_seconds`.
    #[prop(default = Seconds(86_400))]
    pub duration_seconds: Seconds,
}

/// By the client's address. There is nothing more to say.
#[props]
pub struct SourceIpStickiness {}

/// How many targets must be healthy, and what happens below that.
#[props]
pub struct TargetGroupHealth {
    /// Below this, DNS no longer names the zone. Default: one target. AWS:
    /// `target_group_health.dns_failover.minimum_healthy_targets`.
    pub dns_failover: Option<MinimumHealthyTargets>,
    /// Below this, all targets get traffic, the unhealthy too. Default: one target. AWS:
    /// `target_group_health.unhealthy_state_routing.minimum_healthy_targets`.
    pub unhealthy_state_routing: Option<MinimumHealthyTargets>,
}

/// How many targets must be healthy. Where both are said, both must hold.
#[props]
pub struct MinimumHealthyTargets {
    /// So many, from 1. Default: 1. AWS: `count`.
    pub count: Option<u32>,
    /// So many of a hundred, 1 to 100. Default: off. AWS: `percentage`.
    pub percentage: Option<u32>,
}

/// Whether each zone's traffic goes to targets of all zones.
#[props]
pub enum TargetGroupCrossZone {
    /// It does.
    #[prop("true")]
    Yes,
    /// It stays in the zone.
    #[prop("false")]
    No,
    /// As the load balancer says.
    #[prop("use_load_balancer_configuration")]
    UseLoadBalancerConfiguration,
}
