//! The cases of `aws:elbv2:Listener`: of requests, of connections, and a change of the protocol.

use crate::{
    certificates::issued,
    conformance::{Case, Cfn, Refused},
};
use infra_core::{
    aws::{
        CertificateArn,
        acm::Certificate,
        elbv2::{
            Action, AlpnPolicy, AuthenticateCognitoAction, AuthenticateOidcAction,
            FixedResponseAction, ForwardAction, Listener, ListenerBuilder, LoadBalancer,
            MutualAuthentication, MutualAuthenticationMode, Protocol, RedirectAction,
            RedirectProtocol, RedirectStatusCode, ResponseHeaders, TargetGroup,
            TargetGroupStickiness, TargetGroupTuple,
        },
    },
    dsl::Provided,
    prelude::*,
};

use super::{
    load_balancer::{Network, balancer, network_balancer},
    target_group::target_group,
    trust_store::trust_store,
};

fn certificate(stack: &Stack) -> Output<CertificateArn> {
    issued(stack, "campus", "campus.example.org")
}

/// Lets in who logs in at an identity provider.
pub(crate) fn login() -> Action {
    Action::authenticate_oidc(AuthenticateOidcAction::new(
        "https://id.example.org",
        "https://id.example.org/authorize",
        "https://id.example.org/token",
        "https://id.example.org/userinfo",
        "moodle",
        "hunter2",
    ))
}

fn answer() -> Action {
    Action::fixed_response(FixedResponseAction::new(503_u16).message_body("back soon"))
}

/// A listener of requests, without TLS.
fn plain(stack: &Stack, network: &Network) -> ListenerBuilder<Provided, Provided, Provided> {
    Listener::named("subject")
        .load_balancer_arn(&balancer(stack, network))
        .protocol(Protocol::Http)
        .port(80_u16)
}

fn refused_actions(stack: &Stack, actions: impl IntoInput<Vec<Action>>) {
    plain(stack, &Network::new(stack)).default_actions(actions).create(stack);
}

fn secure(stack: &Stack) -> ListenerBuilder<Provided, Provided, Provided, Provided> {
    Listener::named("subject")
        .load_balancer_arn(&balancer(stack, &Network::new(stack)))
        .protocol(Protocol::Https)
        .port(443_u16)
        .default_actions([answer()])
}

const REQUESTS: Case = Case {
    ty: Listener::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let [one, other] = ["one", "other"]
            .map(|name| LoadBalancer::named(name).subnets(network.two()).create(stack));
        let web = target_group(stack, &network.vpc, "web");
        let one_of = certificate(stack);
        let another = issued(stack, "school", "school.example.org");
        let mutual = MutualAuthentication::verify(&trust_store(stack, "edge"));
        let headers = ResponseHeaders::new().strict_transport_security("max-age=31536000");
        Listener::named("subject")
            .load_balancer_arn(v.pick("load_balancer_arn", &one, &other))
            .protocol(Protocol::Https)
            .port(v.pick("port", 443_u16, 8443))
            .certificates(v.pick("certificates", vec![&one_of], vec![&one_of, &another]))
            .ssl_policy(v.pick(
                "ssl_policy",
                "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "ELBSecurityPolicy-TLS13-1-3-2021-06",
            ))
            .mutual_authentication(v.pick(
                "mutual_authentication",
                MutualAuthentication::new(MutualAuthenticationMode::Passthrough),
                mutual.ignore_client_certificate_expiry(true),
            ))
            .default_actions(v.pick(
                "default_actions",
                vec![Action::to(&web)],
                vec![login(), answer()],
            ))
            .response_headers(v.pick(
                "response_headers",
                headers.clone(),
                headers.x_content_type_options("nosniff"),
            ))
            .server_header(v.pick("server_header", true, false))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: REFUSED,
    fixed: &[
        ("protocol", "the third case has it, without what only HTTPS has"),
        ("alpn_policy", "the second case has it, with TLS"),
        ("tcp_idle_timeout", "the second case has it, with TLS"),
    ],
    cfn: Cfn {
        name: "AWS::ElasticLoadBalancingV2::Listener",
        differs: &[
            ("ListenerAttributes", "each attribute is a property of its own here, with a type"),
            ("MutualAuthentication.Mode", "required here: who names none wants it off"),
            ("Port", "required here: only Gateway Load Balancers have none"),
            ("Protocol", "required here, and without QUIC and GENEVE"),
            ("response_headers", "keys of `ListenerAttributes`: routing.http.response"),
            ("server_header", "a key of `ListenerAttributes`: routing.http.response.server"),
            ("tcp_idle_timeout", "a key of `ListenerAttributes`: tcp.idle_timeout"),
        ],
        renamed: &[],
    },
};

const REFUSED: &[Refused] = &[
    Refused {
        property: "certificates",
        build: |stack| {
            secure(stack).create(stack);
        },
        says: "a listener of protocol HTTPS needs a certificate",
    },
    Refused {
        property: "certificates",
        build: |stack| {
            let network = Network::new(stack);
            plain(stack, &network)
                .default_actions([answer()])
                .certificates([certificate(stack)])
                .create(stack);
        },
        says: "can't be given for protocol HTTP",
    },
    Refused {
        property: "certificates",
        build: |stack| {
            let region = ComponentOptions::default().provider(Provider::aws("us-east-1"));
            let abroad = certificate(&stack.component_with("abroad", region));
            secure(stack).certificates([abroad]).create(stack);
        },
        says: "another region than eu-central-1",
    },
    Refused {
        property: "certificates",
        build: |stack| {
            let certificate = certificate(stack);
            secure(stack).certificates([&certificate, &certificate]).create(stack);
        },
        says: "twice",
    },
    Refused {
        property: "certificates",
        build: |stack| {
            let certificate = Certificate::named("campus").domain_name("campus.example.org");
            let certificate = certificate.create(stack);
            secure(stack).certificates([certificate.certificate_arn()]).create(stack);
        },
        says: "is a certificate that is not issued; give `issued_arn` of its",
    },
    Refused {
        property: "ssl_policy",
        build: |stack| {
            secure(stack).certificates([certificate(stack)]).ssl_policy("modern").create(stack);
        },
        says: "policies are called such as ELBSecurityPolicy-TLS13-1-2-2021-06",
    },
    Refused {
        property: "mutual_authentication",
        build: |stack| {
            secure(stack)
                .certificates([certificate(stack)])
                .mutual_authentication(MutualAuthentication::new(MutualAuthenticationMode::Verify))
                .create(stack);
        },
        says: "`mutual_authentication.trust_store_arn` is needed",
    },
    Refused {
        property: "mutual_authentication",
        build: |stack| {
            let off = MutualAuthentication::new(MutualAuthenticationMode::Off);
            secure(stack)
                .certificates([certificate(stack)])
                .mutual_authentication(off.trust_store_arn(&trust_store(stack, "edge")))
                .create(stack);
        },
        says: "goes with the mode verify, not off",
    },
    Refused {
        property: "",
        build: |stack| {
            let network = Network::new(stack);
            let balancer = balancer(stack, &network);
            for name in ["one", "subject"] {
                Listener::named(name)
                    .load_balancer_arn(&balancer)
                    .protocol(Protocol::Http)
                    .port(80_u16)
                    .default_actions([answer()])
                    .create(stack);
            }
        },
        // The load balancer's ARN is not known before it is there.
        says: "exists already",
    },
    Refused {
        property: "protocol",
        build: |stack| {
            Listener::named("subject")
                .load_balancer_arn(&balancer(stack, &Network::new(stack)))
                .protocol(Protocol::Tcp)
                .port(80_u16)
                .default_actions([answer()])
                .create(stack);
        },
        says: "a load balancer of type application listens to HTTP and HTTPS",
    },
    Refused {
        property: "tcp_idle_timeout",
        build: |stack| {
            let network = Network::new(stack);
            plain(stack, &network)
                .default_actions([answer()])
                .tcp_idle_timeout(Seconds(60))
                .create(stack);
        },
        says: "can't be given for protocol HTTP, only for TCP and TLS",
    },
    Refused {
        property: "default_actions",
        build: |stack| refused_actions(stack, Vec::<Action>::new()),
        says: "is empty",
    },
    Refused {
        property: "default_actions",
        build: |stack| refused_actions(stack, [login(), answer()]),
        says: "authenticates, which only HTTPS listeners do",
    },
    Refused {
        property: "default_actions",
        build: |stack| refused_actions(stack, [login()]),
        says: "ends without forward, redirect or fixed_response",
    },
    Refused {
        property: "default_actions",
        build: |stack| refused_actions(stack, [answer(), answer()]),
        says: "[0] ends the request, and stands before other actions",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let redirect = RedirectAction::new(RedirectStatusCode::Http302);
            refused_actions(stack, [Action::redirect(redirect.host("#{host}"))]);
        },
        says: "sends clients to where they came from",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let redirect = RedirectAction::new(RedirectStatusCode::Http302);
            let redirect = redirect.protocol(RedirectProtocol::Http).port("80");
            Listener::named("subject")
                .load_balancer_arn(&balancer(stack, &Network::new(stack)))
                .protocol(Protocol::Https)
                .port(443_u16)
                .certificates([certificate(stack)])
                .default_actions([Action::redirect(redirect)])
                .create(stack);
        },
        says: "sends clients from HTTPS to HTTP",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            refused_actions(stack, [Action::fixed_response(FixedResponseAction::new(302_u16))]);
        },
        says: "answers with 302, not 2XX, 4XX or 5XX",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let nowhere: Vec<TargetGroupTuple> = vec![];
            refused_actions(stack, [Action::forward(ForwardAction::new(nowhere))]);
        },
        says: "forwards to 0 target groups; 1 to 5 are allowed",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let network = Network::new(stack);
            let web = target_group(stack, &network.vpc, "web");
            let forward = ForwardAction::new([TargetGroupTuple::new(&web)])
                .target_group_stickiness(TargetGroupStickiness::new(true));
            plain(stack, &network).default_actions([Action::forward(forward)]).create(stack);
        },
        says: "without `duration_seconds` between 1 and 604800 s",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let (network, other) = (Network::new(stack), Network::private(stack, "other"));
            let web = target_group(stack, &other.vpc, "web");
            plain(stack, &network).default_actions([Action::to(&web)]).create(stack);
        },
        says: "and the load balancer lies in vpc-",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let network = Network::new(stack);
            let web = TargetGroup::named("web")
                .vpc_id(&network.vpc)
                .protocol(Protocol::Tcp)
                .port(80_u16)
                .create(stack);
            plain(stack, &network).default_actions([Action::to(&web)]).create(stack);
        },
        says: "speaks TCP, which does not fit a listener of HTTP",
    },
    Refused {
        property: "default_actions",
        build: |stack| {
            let network = Network::new(stack);
            let web = target_group(stack, &network.vpc, "web");
            for name in ["one", "other"] {
                let balancer = LoadBalancer::named(name).subnets(network.two()).create(stack);
                Listener::named(name)
                    .load_balancer_arn(&balancer)
                    .protocol(Protocol::Http)
                    .port(80_u16)
                    .default_actions([Action::to(&web)])
                    .create(stack);
            }
        },
        says: "it belongs to one load balancer",
    },
];

const CONNECTIONS: Case = Case {
    ty: Listener::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let tcp = TargetGroup::named("tcp")
            .vpc_id(&network.vpc)
            .protocol(Protocol::Tcp)
            .port(443_u16)
            .create(stack);
        Listener::named("subject")
            .load_balancer_arn(&network_balancer(stack, &network))
            .protocol(Protocol::Tls)
            .port(443_u16)
            .certificates([certificate(stack)])
            .alpn_policy(v.pick("alpn_policy", AlpnPolicy::None, AlpnPolicy::Http2Preferred))
            .default_actions([Action::to(&tcp)])
            .tcp_idle_timeout(v.pick("tcp_idle_timeout", Seconds(350), Seconds(600)))
            .create(stack);
    },
    refused: &[Refused {
        property: "default_actions",
        build: |stack| {
            Listener::named("subject")
                .load_balancer_arn(&network_balancer(stack, &Network::new(stack)))
                .protocol(Protocol::Tcp)
                .port(443_u16)
                .default_actions([answer()])
                .create(stack);
        },
        says: "can only forward, since the listener's protocol is TCP",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const PROTOCOL: Case = Case {
    ty: Listener::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let udp = TargetGroup::named("udp")
            .vpc_id(&network.vpc)
            .protocol(Protocol::TcpUdp)
            .port(53_u16)
            .create(stack);
        Listener::named("subject")
            .load_balancer_arn(&network_balancer(stack, &network))
            .protocol(v.pick("protocol", Protocol::TcpUdp, Protocol::Udp))
            .port(53_u16)
            .default_actions([Action::to(&udp)])
            .create(stack);
    },
    refused: &[Refused {
        property: "default_actions",
        build: |stack| {
            let pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_x";
            let login = AuthenticateCognitoAction::new(pool, "moodle", "campus");
            refused_actions(stack, [Action::authenticate_cognito(login), answer()]);
        },
        says: "authenticates, which only HTTPS listeners do",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[REQUESTS, CONNECTIONS, PROTOCOL];
