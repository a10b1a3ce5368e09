//! The cases of `aws:elbv2:LoadBalancer`: of requests, of connections, and a change of the kind.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ec2::{ElasticIp, InternetGateway, SecurityGroup, Subnet, Vpc},
        elbv2::{
            ClientRoutingPolicy, DesyncMitigationMode, LoadBalancer, LoadBalancerBuilder,
            LoadBalancerLogs, LoadBalancerScheme, LoadBalancerType, MinimumLoadBalancerCapacity,
            OnOff, SubnetMapping, XffHeaderProcessingMode,
        },
        iam::{PolicyDocument, Principal, Statement},
        s3::{Bucket, BucketEncryption, BucketPolicy},
    },
    prelude::*,
};

use crate::conformance::kms::key::key;

const ZONES: [&str; 3] = ["a", "b", "c"];

/// A VPC with an internet gateway and a subnet in each of three zones.
pub(crate) struct Network {
    pub(crate) vpc: Vpc,
    pub(crate) subnets: [Subnet; 3],
}

impl Network {
    pub(crate) fn new(stack: &Stack) -> Self {
        let network = Self::private(stack, "vpc");
        InternetGateway::named("gateway").vpc_id(&network.vpc).create(stack);
        network
    }

    /// A VPC that leads nowhere.
    pub(crate) fn private(stack: &Stack, name: &str) -> Self {
        let vpc = Vpc::named(name).cidr_block("10.0.0.0/16").create(stack);
        let subnet = |(place, zone): (usize, &str)| {
            Subnet::named(format!("{name}-{zone}"))
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{place}.0/24").as_str())
                .availability_zone(format!("eu-central-1{zone}"))
                .create(stack)
        };
        let subnets = [(0, ZONES[0]), (1, ZONES[1]), (2, ZONES[2])].map(subnet);
        Self { vpc, subnets }
    }

    pub(crate) fn group(&self, stack: &Stack, name: &str) -> SecurityGroup {
        SecurityGroup::named(name).vpc_id(&self.vpc).group_description("a group").create(stack)
    }

    /// The subnets of the first two zones.
    pub(crate) fn two(&self) -> [&Subnet; 2] {
        [&self.subnets[0], &self.subnets[1]]
    }
}

/// A load balancer of requests.
pub(crate) fn balancer(stack: &Stack, network: &Network) -> LoadBalancer {
    LoadBalancer::named("balancer").subnets(network.two()).create(stack)
}

/// A load balancer of connections.
pub(crate) fn network_balancer(stack: &Stack, network: &Network) -> LoadBalancer {
    LoadBalancer::named("balancer")
        .load_balancer_type(LoadBalancerType::Network)
        .subnets(network.two())
        .create(stack)
}

/// A bucket that load balancers may log to.
fn log_bucket(stack: &Stack, name: &str) -> Bucket {
    let bucket = Bucket::named(name).create(stack);
    let write = Statement::allow()
        .principals([Principal::service("logdelivery.elasticloadbalancing.amazonaws.com")])
        .actions(["s3:PutObject"])
        .resources([interpolate!("{}/*", bucket.arn())]);
    BucketPolicy::named(name)
        .bucket(&bucket)
        .policy_document(PolicyDocument::new([write]))
        .create(stack);
    bucket
}

fn refused(stack: &Stack, change: impl FnOnce(LoadBalancerBuilder) -> LoadBalancerBuilder) {
    let network = Network::new(stack);
    change(LoadBalancer::named("subject").subnets(network.two())).create(stack);
}

const APPLICATION: Case = Case {
    ty: LoadBalancer::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let [a, b, c] = &network.subnets;
        let [web, admin] = ["web", "admin"].map(|name| network.group(stack, name));
        let [one, other] = ["one", "other"].map(|name| log_bucket(stack, name));
        let logs = |bucket: &Bucket, prefix: &str| LoadBalancerLogs::new(bucket).prefix(prefix);
        LoadBalancer::named("subject")
            .name(v.pick("name", "web", "site"))
            .scheme(v.pick(
                "scheme",
                LoadBalancerScheme::InternetFacing,
                LoadBalancerScheme::Internal,
            ))
            .subnets(v.pick("subnets", vec![a, b], vec![a, b, c]))
            .security_groups(v.pick("security_groups", vec![&web], vec![&web, &admin]))
            .minimum_load_balancer_capacity(v.pick(
                "minimum_load_balancer_capacity",
                MinimumLoadBalancerCapacity::new(100_u32),
                MinimumLoadBalancerCapacity::new(200_u32),
            ))
            .deletion_protection(v.pick("deletion_protection", true, false))
            .access_logs(v.pick("access_logs", logs(&one, "requests"), logs(&other, "requests")))
            .connection_logs(v.pick("connection_logs", logs(&one, "c"), logs(&other, "c")))
            .health_check_logs(v.pick("health_check_logs", logs(&one, "h"), logs(&other, "h")))
            .idle_timeout(v.pick("idle_timeout", Seconds(60), Seconds(120)))
            .client_keep_alive(v.pick("client_keep_alive", Seconds(3600), Seconds(60)))
            .desync_mitigation_mode(v.pick(
                "desync_mitigation_mode",
                DesyncMitigationMode::Defensive,
                DesyncMitigationMode::Strictest,
            ))
            .drop_invalid_header_fields(v.pick("drop_invalid_header_fields", true, false))
            .http2(v.pick("http2", true, false))
            .preserve_host_header(v.pick("preserve_host_header", true, false))
            .tls_version_and_cipher_headers(v.pick("tls_version_and_cipher_headers", true, false))
            .xff_client_port(v.pick("xff_client_port", true, false))
            .xff_header_processing_mode(v.pick(
                "xff_header_processing_mode",
                XffHeaderProcessingMode::Append,
                XffHeaderProcessingMode::Preserve,
            ))
            .waf_fail_open(v.pick("waf_fail_open", true, false))
            .zonal_shift(v.pick("zonal_shift", true, false))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: REFUSED,
    fixed: &[
        ("load_balancer_type", "the third case has it, without what only one kind has"),
        ("subnet_mappings", "excludes `subnets`; the second case has it in its place"),
        (
            "enforce_security_group_inbound_rules_on_private_link_traffic",
            "of network load balancers, which the second case has",
        ),
        ("cross_zone", "of network load balancers, which the second case has"),
        ("client_routing_policy", "of network load balancers, which the second case has"),
    ],
    cfn: Cfn {
        name: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        differs: &[
            (
                "EnableCapacityReservationProvisionStabilize",
                "left out: says when CloudFormation goes on, and is kept by nobody",
            ),
            ("EnablePrefixForIpv6SourceNat", "left out: the architecture is IPv4 inside"),
            ("IpAddressType", "left out: the architecture is IPv4 inside"),
            ("Ipv4IpamPoolId", "left out: addresses from an IPAM pool are left out"),
            ("LoadBalancerAttributes", "each attribute is a property of its own here, with a type"),
            ("LoadBalancerName", "the property `name`, which is told when AWS or the engine chose"),
            ("SubnetMappings.IPv6Address", "left out: the architecture is IPv4 inside"),
            ("SubnetMappings.SourceNatIpv6Prefix", "left out: the architecture is IPv4 inside"),
            ("Type", "without gateway: Gateway Load Balancers are not part of the architecture"),
            ("access_logs", "keys of `LoadBalancerAttributes`: access_logs.s3"),
            ("client_keep_alive", "a key of `LoadBalancerAttributes`"),
            ("client_routing_policy", "a key of `LoadBalancerAttributes`: dns_record"),
            ("connection_logs", "keys of `LoadBalancerAttributes`: connection_logs.s3"),
            ("cross_zone", "a key of `LoadBalancerAttributes`: load_balancing.cross_zone"),
            ("deletion_protection", "a key of `LoadBalancerAttributes`"),
            ("desync_mitigation_mode", "a key of `LoadBalancerAttributes`: routing.http"),
            ("drop_invalid_header_fields", "a key of `LoadBalancerAttributes`: routing.http"),
            ("health_check_logs", "keys of `LoadBalancerAttributes`: health_check_logs.s3"),
            ("http2", "a key of `LoadBalancerAttributes`: routing.http2"),
            ("idle_timeout", "a key of `LoadBalancerAttributes`"),
            ("preserve_host_header", "a key of `LoadBalancerAttributes`: routing.http"),
            ("tls_version_and_cipher_headers", "a key of `LoadBalancerAttributes`: routing.http"),
            ("waf_fail_open", "a key of `LoadBalancerAttributes`: waf.fail_open"),
            ("xff_client_port", "a key of `LoadBalancerAttributes`: routing.http"),
            ("xff_header_processing_mode", "a key of `LoadBalancerAttributes`: routing.http"),
            ("zonal_shift", "a key of `LoadBalancerAttributes`: zonal_shift.config"),
        ],
        renamed: &[
            ("Type", "load_balancer_type"),
            ("CanonicalHostedZoneID", "canonical_hosted_zone_id"),
            ("SubnetMappings.PrivateIPv4Address", "private_ipv4_address"),
        ],
    },
};

const REFUSED: &[Refused] = &[
    Refused {
        property: "name",
        build: |stack| refused(stack, |subject| subject.name("internal-web")),
        says: "can't begin with `internal-`",
    },
    Refused {
        property: "name",
        build: |stack| refused(stack, |subject| subject.name("x".repeat(33))),
        says: "has 33 characters; 1 to 32 are allowed",
    },
    Refused {
        property: "subnets",
        build: |stack| {
            let network = Network::new(stack);
            LoadBalancer::named("subject").subnets([&network.subnets[0]]).create(stack);
        },
        says: "lies in 1 zone; an application load balancer needs subnets of two at least",
    },
    Refused {
        property: "subnets",
        build: |stack| {
            LoadBalancer::named("subject").create(stack);
        },
        says: "one of `subnets` and `subnet_mappings` is needed",
    },
    Refused {
        property: "subnets",
        build: |stack| {
            let network = Network::private(stack, "vpc");
            LoadBalancer::named("subject").subnets(network.two()).create(stack);
        },
        says: "has no internet gateway",
    },
    Refused {
        property: "subnets",
        build: |stack| {
            let (network, other) = (Network::new(stack), Network::private(stack, "other"));
            LoadBalancer::named("subject")
                .subnets([&network.subnets[0], &other.subnets[1]])
                .create(stack);
        },
        says: "all lie in one VPC",
    },
    Refused {
        property: "subnets",
        build: |stack| {
            let network = Network::new(stack);
            let again = Subnet::named("again")
                .vpc_id(&network.vpc)
                .cidr_block("10.0.9.0/24")
                .availability_zone("eu-central-1a")
                .create(stack);
            LoadBalancer::named("subject").subnets([&network.subnets[0], &again]).create(stack);
        },
        says: "lie both in eu-central-1a",
    },
    Refused {
        property: "security_groups",
        build: |stack| {
            let (network, other) = (Network::new(stack), Network::private(stack, "other"));
            let group = other.group(stack, "web");
            LoadBalancer::named("subject")
                .subnets(network.two())
                .security_groups([&group])
                .create(stack);
        },
        says: "the subnets to vpc-",
    },
    Refused {
        property: "idle_timeout",
        build: |stack| refused(stack, |subject| subject.idle_timeout(Seconds(4001))),
        says: "4001 s must be between 1 and 4000 s",
    },
    Refused {
        property: "minimum_load_balancer_capacity",
        build: |stack| {
            refused(stack, |subject| {
                subject.minimum_load_balancer_capacity(MinimumLoadBalancerCapacity::new(50_u32))
            });
        },
        says: "50 must be 100 at least",
    },
    Refused {
        property: "cross_zone",
        build: |stack| refused(stack, |subject| subject.cross_zone(true)),
        says: "can't be given for a load balancer of type application, only for network",
    },
    Refused {
        property: "http2",
        build: |stack| {
            refused(stack, |subject| {
                subject.load_balancer_type(LoadBalancerType::Network).http2(false)
            });
        },
        says: "can't be given for a load balancer of type network, only for application",
    },
    Refused {
        property: "access_logs",
        build: |stack| {
            let bucket = Bucket::named("logs").create(stack);
            refused(stack, |subject| subject.access_logs(LoadBalancerLogs::new(&bucket)));
        },
        says: "its policy does not let logdelivery.elasticloadbalancing.amazonaws.com do s3:PutObject",
    },
    Refused {
        property: "access_logs",
        build: |stack| {
            let key = key(stack, "key");
            let bucket =
                Bucket::named("logs").bucket_encryption(BucketEncryption::kms(&key)).create(stack);
            refused(stack, |subject| subject.access_logs(LoadBalancerLogs::new(&bucket)));
        },
        says: "is encrypted with KMS",
    },
];

const NETWORK: Case = Case {
    ty: LoadBalancer::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let [a, b, _] = &network.subnets;
        let [one, two, three] =
            ["one", "two", "three"].map(|name| ElasticIp::named(name).create(stack));
        let mapping = |subnet, address| SubnetMapping::new(subnet).allocation_id(address);
        let inbound = "enforce_security_group_inbound_rules_on_private_link_traffic";
        LoadBalancer::named("subject")
            .load_balancer_type(LoadBalancerType::Network)
            .subnet_mappings(v.pick(
                "subnet_mappings",
                vec![mapping(a, &one), mapping(b, &two)],
                vec![mapping(a, &one), mapping(b, &three)],
            ))
            .security_groups([&network.group(stack, "web")])
            .enforce_security_group_inbound_rules_on_private_link_traffic(v.pick(
                inbound,
                OnOff::On,
                OnOff::Off,
            ))
            .cross_zone(v.pick("cross_zone", true, false))
            .client_routing_policy(v.pick(
                "client_routing_policy",
                ClientRoutingPolicy::AnyAvailabilityZone,
                ClientRoutingPolicy::PartialAvailabilityZoneAffinity,
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "subnet_mappings",
            build: |stack| {
                let network = Network::new(stack);
                let address = ElasticIp::named("one").create(stack);
                let mapping = SubnetMapping::new(&network.subnets[0]).allocation_id(&address);
                LoadBalancer::named("subject")
                    .load_balancer_type(LoadBalancerType::Network)
                    .scheme(LoadBalancerScheme::Internal)
                    .subnet_mappings([mapping])
                    .create(stack);
            },
            says: "an internal load balancer has no public addresses",
        },
        Refused {
            property: "subnet_mappings",
            build: |stack| {
                let network = Network::new(stack);
                let mapping =
                    SubnetMapping::new(&network.subnets[0]).private_ipv4_address("10.0.0.9");
                LoadBalancer::named("subject")
                    .load_balancer_type(LoadBalancerType::Network)
                    .subnet_mappings([mapping])
                    .create(stack);
            },
            says: "only an internal load balancer can have it chosen",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const KIND: Case = Case {
    ty: LoadBalancer::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        LoadBalancer::named("subject")
            .load_balancer_type(v.pick(
                "load_balancer_type",
                LoadBalancerType::Application,
                LoadBalancerType::Network,
            ))
            .subnets(network.two())
            .create(stack);
    },
    refused: &[Refused {
        property: "subnet_mappings",
        build: |stack| {
            let network = Network::new(stack);
            let address = ElasticIp::named("one").create(stack);
            let [a, b] = network.two().map(SubnetMapping::new);
            LoadBalancer::named("subject")
                .subnet_mappings([a.allocation_id(&address), b])
                .create(stack);
        },
        says: "an application load balancer has no addresses of one's own",
    }],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[APPLICATION, NETWORK, KIND];
