//! The case of `aws:elbv2:ListenerRule`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::elbv2::{
        Action, FixedResponseAction, HostHeader, HttpHeader, HttpRequestMethod, Listener,
        ListenerRule, PathPattern, Protocol, QueryString, QueryStringValue, Rewrite, RuleCondition,
        SourceIp, TargetGroup, Transform,
    },
    prelude::*,
};

use super::{
    load_balancer::{Network, balancer, network_balancer},
    target_group::target_group,
};

fn answer(code: u16) -> Action {
    Action::fixed_response(FixedResponseAction::new(code))
}

fn listener(stack: &Stack, name: &str, port: u16) -> Listener {
    Listener::named(name)
        .load_balancer_arn(&balancer(stack, &Network::new(stack)))
        .protocol(Protocol::Http)
        .port(port)
        .default_actions([answer(404)])
        .create(stack)
}

fn path(pattern: &str) -> RuleCondition {
    RuleCondition::path_pattern(PathPattern::new().values([pattern]))
}

/// A condition of every kind, with five values among them.
fn every_kind() -> Vec<RuleCondition> {
    vec![
        RuleCondition::host_header(HostHeader::new().values(["*.example.org"])),
        RuleCondition::http_header(HttpHeader::new("X-Edge").regex_values(["^[a-f0-9]{32}$"])),
        RuleCondition::http_request_method(HttpRequestMethod::new(["GET"])),
        RuleCondition::query_string(QueryString::new([QueryStringValue::new("1").key("debug")])),
        RuleCondition::source_ip(SourceIp::new(["10.0.0.0/8"])),
    ]
}

fn rewrite(replace: &str) -> Transform {
    Transform::url_rewrite(Rewrite::new("^/old/(.*)$", replace))
}

fn refused(stack: &Stack, conditions: impl IntoInput<Vec<RuleCondition>>) {
    ListenerRule::named("subject")
        .listener_arn(&listener(stack, "http", 80))
        .priority(1_u32)
        .conditions(conditions)
        .actions([answer(200)])
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ListenerRule::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let balancer = balancer(stack, &network);
        let [one, other] = [("one", 80_u16), ("other", 8080)].map(|(name, port)| {
            Listener::named(name)
                .load_balancer_arn(&balancer)
                .protocol(Protocol::Http)
                .port(port)
                .default_actions([answer(404)])
                .create(stack)
        });
        let web = target_group(stack, &network.vpc, "web");
        let host = Transform::host_header_rewrite(Rewrite::new("^(.*)$", "www.example.org"));
        ListenerRule::named("subject")
            .listener_arn(v.pick("listener_arn", &one, &other))
            .priority(v.pick("priority", 10_u32, 20))
            .conditions(v.pick("conditions", vec![path("/theme/*")], every_kind()))
            .actions(v.pick("actions", vec![Action::to(&web)], vec![answer(503)]))
            .transforms(v.pick("transforms", vec![rewrite("/$1")], vec![rewrite("/new/$1"), host]))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "priority",
            build: |stack| {
                ListenerRule::named("subject")
                    .listener_arn(&listener(stack, "http", 80))
                    .priority(0_u32)
                    .conditions([path("/a")])
                    .actions([answer(200)])
                    .create(stack);
            },
            says: "0 must be between 1 and 50000",
        },
        Refused {
            property: "",
            build: |stack| {
                let listener = listener(stack, "http", 80);
                for name in ["one", "subject"] {
                    ListenerRule::named(name)
                        .listener_arn(&listener)
                        .priority(1_u32)
                        .conditions([path("/a")])
                        .actions([answer(200)])
                        .create(stack);
                }
            },
            // The listener's ARN is not known before it is there.
            says: "exists already",
        },
        Refused {
            property: "conditions",
            build: |stack| refused(stack, Vec::<RuleCondition>::new()),
            says: "is empty",
        },
        Refused {
            property: "conditions",
            build: |stack| {
                let mut all = every_kind();
                all.push(path("/a"));
                refused(stack, all);
            },
            says: "have 6 values; a rule has 5 at most",
        },
        Refused {
            property: "conditions[1].path_pattern",
            build: |stack| refused(stack, [path("/a"), path("/b")]),
            says: "stands twice",
        },
        Refused {
            property: "conditions[0].path_pattern",
            build: |stack| refused(stack, [RuleCondition::path_pattern(PathPattern::new())]),
            says: "has no value to compare with",
        },
        Refused {
            property: "conditions[0].path_pattern",
            build: |stack| refused(stack, [path(&"x".repeat(129))]),
            says: "has a value of 129 bytes; 128 are allowed",
        },
        Refused {
            property: "conditions[0].host_header",
            build: |stack| {
                refused(stack, [RuleCondition::host_header(HostHeader::new().values(["campus"]))]);
            },
            says: "is no host: it has no dot",
        },
        Refused {
            property: "conditions[0].http_header",
            build: |stack| {
                let host = HttpHeader::new("Host").values(["*.example.org"]);
                refused(stack, [RuleCondition::http_header(host)]);
            },
            says: "use host_header",
        },
        Refused {
            property: "conditions[0].http_request_method",
            build: |stack| {
                let method = HttpRequestMethod::new(["get"]);
                refused(stack, [RuleCondition::http_request_method(method)]);
            },
            says: "methods are written in capitals",
        },
        Refused {
            property: "transforms",
            build: |stack| {
                ListenerRule::named("subject")
                    .listener_arn(&listener(stack, "http", 80))
                    .priority(1_u32)
                    .conditions([path("/old/*")])
                    .actions([answer(200)])
                    .transforms([rewrite("/$1"), rewrite("/new/$1")])
                    .create(stack);
            },
            says: "rewrites the same twice",
        },
        Refused {
            property: "listener_arn",
            build: |stack| {
                let network = Network::new(stack);
                let tcp = TargetGroup::named("tcp")
                    .vpc_id(&network.vpc)
                    .protocol(Protocol::Tcp)
                    .port(443_u16)
                    .create(stack);
                let listener = Listener::named("tcp")
                    .load_balancer_arn(&network_balancer(stack, &network))
                    .protocol(Protocol::Tcp)
                    .port(443_u16)
                    .default_actions([Action::to(&tcp)])
                    .create(stack);
                ListenerRule::named("subject")
                    .listener_arn(&listener)
                    .priority(1_u32)
                    .conditions([path("/a")])
                    .actions([Action::to(&tcp)])
                    .create(stack);
            },
            says: "only listeners of application load balancers have such rules",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ElasticLoadBalancingV2::ListenerRule",
        differs: &[
            ("IsDefault", "left out: what a listener does by default is its own property"),
            ("ListenerArn", "required and told by DescribeRules, not write-only"),
        ],
        renamed: &[],
    },
}];
