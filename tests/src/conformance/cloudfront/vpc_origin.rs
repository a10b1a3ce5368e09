//! The case of `aws:cloudfront:VpcOrigin`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        cloudfront::{OriginProtocolPolicy, OriginSslProtocol, VpcOrigin},
        elbv2::LoadBalancer,
    },
    prelude::*,
};

use crate::conformance::elbv2::load_balancer::{Network, balancer, network_balancer};

const PART: &str = "a part of `VpcOriginEndpointConfig`";

pub(crate) const CASES: &[Case] = &[Case {
    ty: VpcOrigin::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let [one, other] = ["one", "other"]
            .map(|name| LoadBalancer::named(name).subnets(network.two()).create(stack));
        VpcOrigin::named("subject")
            .name(v.pick("name", "campus", "campus-web"))
            .endpoint_arn(v.pick("endpoint_arn", &one, &other))
            .origin_protocol_policy(v.pick(
                "origin_protocol_policy",
                OriginProtocolPolicy::HttpsOnly,
                OriginProtocolPolicy::HttpOnly,
            ))
            .http_port(v.pick("http_port", 80_u16, 8080_u16))
            .https_port(v.pick("https_port", 443_u16, 8443_u16))
            .origin_ssl_protocols(v.pick(
                "origin_ssl_protocols",
                vec![OriginSslProtocol::TlsV12],
                vec![OriginSslProtocol::TlsV12, OriginSslProtocol::TlsV11],
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                VpcOrigin::named("subject")
                    .name("the campus")
                    .endpoint_arn(&balancer(stack, &Network::new(stack)))
                    .create(stack);
            },
            says: "must have 1 to 64 letters",
        },
        Refused {
            property: "origin_ssl_protocols",
            build: |stack| {
                VpcOrigin::named("subject")
                    .name("campus")
                    .endpoint_arn(&balancer(stack, &Network::new(stack)))
                    .origin_ssl_protocols(Vec::<OriginSslProtocol>::new())
                    .create(stack);
            },
            says: "is empty",
        },
        Refused {
            property: "endpoint_arn",
            build: |stack| {
                VpcOrigin::named("subject")
                    .name("campus")
                    .endpoint_arn(&network_balancer(stack, &Network::new(stack)))
                    .create(stack);
            },
            says: "is a network load balancer without security groups",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudFront::VpcOrigin",
        differs: &[
            ("VpcOriginEndpointConfig", "its parts are properties here; addresses are IPv4 ones"),
            ("AccountId", "left out: that of the caller"),
            ("CreatedTime", "left out: nobody depends on it"),
            ("LastModifiedTime", "left out: nobody depends on it"),
            ("Status", "left out: it is ready when it is deployed"),
            ("name", PART),
            ("endpoint_arn", PART),
            ("origin_protocol_policy", PART),
            ("http_port", PART),
            ("https_port", PART),
            ("origin_ssl_protocols", PART),
        ],
        renamed: &[("Id", "vpc_origin_id")],
    },
}];
