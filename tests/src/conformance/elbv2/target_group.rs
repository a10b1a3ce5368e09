//! The cases of `aws:elbv2:TargetGroup`: behind load balancers of requests, and of connections.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        VpcId,
        ec2::Vpc,
        elbv2::{
            AppCookieStickiness, HealthCheckProtocol, LbCookieStickiness, LoadBalancingAlgorithm,
            Matcher, MinimumHealthyTargets, OnOff, Protocol, ProtocolVersion, SourceIpStickiness,
            Stickiness, TargetGroup, TargetGroupBuilder, TargetGroupCrossZone, TargetGroupHealth,
            TargetType,
        },
    },
    dsl::Provided,
    prelude::*,
};

type Subject = TargetGroupBuilder<Provided, Provided, Provided>;

/// A target group of requests.
pub(crate) fn target_group(stack: &Stack, vpc: impl IntoInput<VpcId>, name: &str) -> TargetGroup {
    TargetGroup::named(name)
        .vpc_id(vpc)
        .protocol(Protocol::Http)
        .port(80_u16)
        .target_type(TargetType::Ip)
        .create(stack)
}

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

fn refused(stack: &Stack, protocol: Protocol, change: impl FnOnce(Subject) -> Subject) {
    let subject =
        TargetGroup::named("subject").vpc_id(&vpc(stack, "vpc")).protocol(protocol).port(80_u16);
    change(subject).create(stack);
}

fn healthy(count: u32) -> TargetGroupHealth {
    TargetGroupHealth::new()
        .dns_failover(MinimumHealthyTargets::new().count(count))
        .unhealthy_state_routing(MinimumHealthyTargets::new().percentage(50_u32))
}

const REQUESTS: Case = Case {
    ty: TargetGroup::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| vpc(stack, name));
        let cookie = LbCookieStickiness::new().duration_seconds(Seconds(3600));
        TargetGroup::named("subject")
            .name(v.pick("name", "web", "site"))
            .vpc_id(v.pick("vpc_id", &one, &other))
            .protocol(v.pick("protocol", Protocol::Http, Protocol::Https))
            .port(v.pick("port", 80_u16, 8080))
            .protocol_version(v.pick(
                "protocol_version",
                ProtocolVersion::Http1,
                ProtocolVersion::Http2,
            ))
            .target_type(v.pick("target_type", TargetType::Ip, TargetType::Instance))
            .health_check_path(v.pick("health_check_path", "/status.txt", "/"))
            .health_check_port(v.pick("health_check_port", "traffic-port", "9000"))
            .health_check_protocol(v.pick(
                "health_check_protocol",
                HealthCheckProtocol::Http,
                HealthCheckProtocol::Https,
            ))
            .health_check_interval_seconds(v.pick(
                "health_check_interval_seconds",
                Seconds(30),
                Seconds(15),
            ))
            .health_check_timeout_seconds(v.pick(
                "health_check_timeout_seconds",
                Seconds(5),
                Seconds(3),
            ))
            .healthy_threshold_count(v.pick("healthy_threshold_count", 5_u32, 2))
            .unhealthy_threshold_count(v.pick("unhealthy_threshold_count", 2_u32, 5))
            .matcher(v.pick("matcher", Matcher::http("200"), Matcher::http("200-299,302")))
            .deregistration_delay(v.pick("deregistration_delay", Seconds(60), Seconds(0)))
            .stickiness(v.pick(
                "stickiness",
                Stickiness::lb_cookie(cookie),
                Stickiness::app_cookie(AppCookieStickiness::new("MoodleSession")),
            ))
            .target_group_health(v.pick("target_group_health", healthy(1), healthy(2)))
            .cross_zone(v.pick("cross_zone", TargetGroupCrossZone::Yes, TargetGroupCrossZone::No))
            .load_balancing_algorithm(v.pick(
                "load_balancing_algorithm",
                LoadBalancingAlgorithm::WeightedRandom,
                LoadBalancingAlgorithm::LeastOutstandingRequests,
            ))
            .anomaly_mitigation(v.pick("anomaly_mitigation", OnOff::Off, OnOff::On))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: REFUSED,
    fixed: &[
        ("slow_start", "excludes the algorithms; the third case has it with round robin"),
        ("deregistration_connection_termination", "the second case has it"),
        ("preserve_client_ip", "the second case has it"),
        ("proxy_protocol_v2", "the second case has it"),
        ("unhealthy_connection_termination", "the second case has it"),
    ],
    cfn: Cfn {
        name: "AWS::ElasticLoadBalancingV2::TargetGroup",
        differs: &[
            ("HealthCheckEnabled", "left out: can be turned off for functions alone"),
            (
                "HealthCheckProtocol",
                "the three that AWS takes; CloudFormation lists all protocols of listeners",
            ),
            ("IpAddressType", "left out: the architecture is IPv4 inside"),
            ("LoadBalancerArns", "left out: changes with listeners that come later"),
            ("Port", "required here: only functions have none"),
            ("Protocol", "required here, and without QUIC and GENEVE: only functions have none"),
            ("TargetControlPort", "left out: targets that say themselves what they can bear"),
            ("TargetGroupAttributes", "each attribute is a property of its own here, with a type"),
            ("TargetGroupName", "the property `name`, which is told when the engine chose"),
            ("TargetType", "without lambda: functions behind load balancers are left out"),
            ("Targets", "left out: services and Auto Scaling groups put theirs in"),
            ("VpcId", "required here: only functions have none"),
            ("anomaly_mitigation", "a key of `TargetGroupAttributes`: load_balancing.algorithm"),
            ("cross_zone", "a key of `TargetGroupAttributes`: load_balancing.cross_zone"),
            ("deregistration_connection_termination", "a key of `TargetGroupAttributes`"),
            ("deregistration_delay", "a key of `TargetGroupAttributes`"),
            ("load_balancing_algorithm", "a key of `TargetGroupAttributes`"),
            ("preserve_client_ip", "a key of `TargetGroupAttributes`"),
            ("proxy_protocol_v2", "a key of `TargetGroupAttributes`"),
            ("slow_start", "a key of `TargetGroupAttributes`"),
            ("stickiness", "keys of `TargetGroupAttributes`: stickiness"),
            ("target_group_health", "keys of `TargetGroupAttributes`: target_group_health"),
            ("unhealthy_connection_termination", "a key of `TargetGroupAttributes`"),
        ],
        renamed: &[],
    },
};

const REFUSED: &[Refused] = &[
    Refused {
        property: "slow_start",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| {
                subject
                    .slow_start(Seconds(60))
                    .load_balancing_algorithm(LoadBalancingAlgorithm::LeastOutstandingRequests)
            });
        },
        says: "slow start goes with round_robin alone",
    },
    Refused {
        property: "slow_start",
        build: |stack| refused(stack, Protocol::Http, |subject| subject.slow_start(Seconds(10))),
        says: "10 s must be between 30 and 900 s",
    },
    Refused {
        property: "anomaly_mitigation",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| subject.anomaly_mitigation(OnOff::On));
        },
        says: "needs `load_balancing_algorithm` weighted_random",
    },
    Refused {
        property: "health_check_timeout_seconds",
        build: |stack| {
            refused(stack, Protocol::Https, |subject| {
                subject.health_check_interval_seconds(Seconds(10))
            });
        },
        says: "10 s must be less than the interval of 10 s",
    },
    Refused {
        property: "deregistration_delay",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| subject.deregistration_delay(Seconds(3601)));
        },
        says: "3601 must be between 0 and 3600",
    },
    Refused {
        property: "health_check_protocol",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| {
                subject.health_check_protocol(HealthCheckProtocol::Tcp)
            });
        },
        says: "does not fit `protocol` HTTP",
    },
    Refused {
        property: "health_check_port",
        build: |stack| refused(stack, Protocol::Http, |subject| subject.health_check_port("http")),
        says: "is neither `traffic-port` nor a port",
    },
    Refused {
        property: "health_check_path",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| subject.health_check_path("status"))
        },
        says: "begins with a slash",
    },
    Refused {
        property: "matcher",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| subject.matcher(Matcher::http("200,500")));
        },
        says: "must be codes from 200 to 499",
    },
    Refused {
        property: "matcher",
        build: |stack| {
            refused(stack, Protocol::Tcp, |subject| subject.matcher(Matcher::http("200")));
        },
        says: "is for health checks by HTTP or HTTPS",
    },
    Refused {
        property: "stickiness",
        build: |stack| {
            let stickiness = Stickiness::source_ip(SourceIpStickiness::new());
            refused(stack, Protocol::Http, |subject| subject.stickiness(stickiness));
        },
        says: "does not fit `protocol` HTTP",
    },
    Refused {
        property: "stickiness",
        build: |stack| {
            let cookie = AppCookieStickiness::new("AWSALBAPP-0");
            refused(stack, Protocol::Http, |subject| {
                subject.stickiness(Stickiness::app_cookie(cookie))
            });
        },
        says: "AWS keeps names with AWSALB",
    },
    Refused {
        property: "stickiness",
        build: |stack| {
            let cookie = LbCookieStickiness::new().duration_seconds(Seconds(604_801));
            refused(stack, Protocol::Http, |subject| {
                subject.stickiness(Stickiness::lb_cookie(cookie))
            });
        },
        says: "604801 s must be between 1 and 604800 s",
    },
    Refused {
        property: "target_group_health",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| subject.target_group_health(healthy(0)));
        },
        says: "`count` is 1 at least",
    },
    Refused {
        property: "proxy_protocol_v2",
        build: |stack| refused(stack, Protocol::Http, |subject| subject.proxy_protocol_v2(true)),
        says: "can't be given for protocol HTTP, only behind a network load balancer",
    },
    Refused {
        property: "target_type",
        build: |stack| {
            refused(stack, Protocol::Http, |subject| subject.target_type(TargetType::Alb));
        },
        says: "alb needs `protocol` TCP, not HTTP",
    },
];

const CONNECTIONS: Case = Case {
    ty: TargetGroup::definition,
    build: |stack, v| {
        TargetGroup::named("subject")
            .vpc_id(&vpc(stack, "vpc"))
            .protocol(Protocol::Tcp)
            .port(443_u16)
            .deregistration_connection_termination(v.pick(
                "deregistration_connection_termination",
                true,
                false,
            ))
            .preserve_client_ip(v.pick("preserve_client_ip", true, false))
            .proxy_protocol_v2(v.pick("proxy_protocol_v2", true, false))
            .unhealthy_connection_termination(v.pick(
                "unhealthy_connection_termination",
                true,
                false,
            ))
            .stickiness(Stickiness::source_ip(SourceIpStickiness::new()))
            .create(stack);
    },
    refused: &[Refused {
        property: "protocol_version",
        build: |stack| {
            refused(stack, Protocol::Tcp, |subject| {
                subject.protocol_version(ProtocolVersion::Http2)
            });
        },
        says: "can't be given for protocol TCP, only behind an application load balancer",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const SLOWLY: Case = Case {
    ty: TargetGroup::definition,
    build: |stack, v| {
        TargetGroup::named("subject")
            .vpc_id(&vpc(stack, "vpc"))
            .protocol(Protocol::Http)
            .port(80_u16)
            .slow_start(v.pick("slow_start", Seconds(30), Seconds(900)))
            .create(stack);
    },
    refused: &[Refused {
        property: "name",
        build: |stack| refused(stack, Protocol::Http, |subject| subject.name("web_site")),
        says: "letters, digits and hyphens",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[REQUESTS, CONNECTIONS, SLOWLY];
