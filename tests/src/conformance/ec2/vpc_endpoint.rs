//! The cases of `aws:ec2:VpcEndpoint`: one for each kind.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{
        DnsRecordIpType, EndpointDnsOptions, EndpointIpAddressType, RouteTable, SecurityGroup,
        Subnet, Vpc, VpcEndpoint, VpcEndpointBuilder, VpcEndpointType,
    },
    dsl::Provided,
    prelude::*,
};

const OF_INTERFACES: &str = "only endpoints of type Interface have it: see that case";
const OF_GATEWAYS: &str = "only endpoints of type Gateway have it: see that case";
const IN_THE_VPC: &str = "what it lies in belongs to the VPC: see the last case";
const ELSEWHERE: &str = "see the cases of the kinds";
const KINDS: &str = "the kinds have different properties: each has a case of its own";

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

fn subnet(stack: &Stack, vpc: &Vpc, zone: &str, third: u32) -> Subnet {
    Subnet::named(format!("subnet-{third}"))
        .vpc_id(vpc)
        .cidr_block(format!("10.0.{third}.0/24").as_str())
        .availability_zone(format!("eu-central-1{zone}"))
        .create(stack)
}

fn group(stack: &Stack, vpc: &Vpc, name: &str) -> SecurityGroup {
    SecurityGroup::named(name).vpc_id(vpc).group_description("endpoints").create(stack)
}

fn policy(action: &str) -> Json {
    let statement = serde_json::json!({
        "Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"
    });
    serde_json::json!({ "Version": "2012-10-17", "Statement": [statement] }).into()
}

/// An endpoint of the service of logs, with a kind.
fn logs(vpc: &Vpc, kind: VpcEndpointType) -> VpcEndpointBuilder<Provided, Provided> {
    VpcEndpoint::named("subject")
        .vpc_id(vpc)
        .service_name("com.amazonaws.eu-central-1.logs")
        .vpc_endpoint_type(kind)
}

const REFUSED: &[Refused] = &[
    Refused {
        property: "service_name",
        build: |stack| {
            VpcEndpoint::named("subject")
                .vpc_id(&vpc(stack, "vpc"))
                .service_name("com.amazonaws.us-east-1.s3")
                .create(stack);
        },
        says: "com.amazonaws.us-east-1.s3 does not exist in eu-central-1",
    },
    Refused {
        property: "vpc_endpoint_type",
        build: |stack| {
            logs(&vpc(stack, "vpc"), VpcEndpointType::Gateway).create(stack);
        },
        says: "gateways lead to s3 and dynamodb",
    },
    Refused {
        property: "route_table_ids",
        build: |stack| {
            let vpc = vpc(stack, "vpc");
            logs(&vpc, VpcEndpointType::Interface)
                .route_table_ids([vpc.main_route_table_id()])
                .create(stack);
        },
        says: "only for Gateway",
    },
    Refused {
        property: "subnet_ids",
        build: |stack| {
            let vpc = vpc(stack, "vpc");
            let subnets = [subnet(stack, &vpc, "a", 1), subnet(stack, &vpc, "a", 2)];
            logs(&vpc, VpcEndpointType::Interface).subnet_ids(subnets.each_ref()).create(stack);
        },
        says: "one a zone is enough",
    },
    Refused {
        property: "subnet_ids",
        build: |stack| {
            let subnet = subnet(stack, &vpc(stack, "other"), "a", 1);
            logs(&vpc(stack, "vpc"), VpcEndpointType::Interface)
                .subnet_ids_push(&subnet)
                .create(stack);
        },
        says: "belongs to another network",
    },
    Refused {
        property: "security_group_ids",
        build: |stack| {
            let group = group(stack, &vpc(stack, "other"), "group");
            logs(&vpc(stack, "vpc"), VpcEndpointType::Interface)
                .security_group_ids_push(&group)
                .create(stack);
        },
        says: "both must belong to one network",
    },
    Refused {
        property: "private_dns_enabled",
        build: |stack| {
            let vpc = Vpc::named("vpc")
                .cidr_block("10.0.0.0/16")
                .enable_dns_hostnames(false)
                .create(stack);
            logs(&vpc, VpcEndpointType::Interface).private_dns_enabled(true).create(stack);
        },
        says: "needs `enable_dns_hostnames`",
    },
    Refused {
        property: "private_dns_enabled",
        build: |stack| {
            let vpc = vpc(stack, "vpc");
            for name in ["one", "two"] {
                VpcEndpoint::named(name)
                    .vpc_id(&vpc)
                    .service_name("com.amazonaws.eu-central-1.logs")
                    .vpc_endpoint_type(VpcEndpointType::Interface)
                    .private_dns_enabled(true)
                    .create(stack);
            }
        },
        says: "in this VPC already",
    },
    Refused {
        property: "policy_document",
        build: |stack| {
            logs(&vpc(stack, "vpc"), VpcEndpointType::Interface)
                .policy_document(serde_json::json!({ "Version": "2012-10-17" }))
                .create(stack);
        },
        says: "has no `Statement`",
    },
];

const CFN: Cfn = Cfn {
    name: "AWS::EC2::VPCEndpoint",
    differs: &[
        ("CreationTimestamp", "left out: of no use to a program"),
        (
            "DnsOptions.DnsRecordIpType",
            "the word `not-specified` is left out: it is the absence of the property",
        ),
        (
            "DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint",
            "left out: there are no resolvers for networks outside",
        ),
        ("DnsOptions.PrivateDnsPreference", "left out: belongs to the types that are left out"),
        ("DnsOptions.PrivateDnsSpecifiedDomains", "left out: belongs to these types as well"),
        ("IpAddressType", "the word `not-specified` is left out: it is the default, IPv4"),
        ("ResourceConfigurationArn", "left out: VPC Lattice is not part of the architecture"),
        ("ServiceName", "required here: the types without a service are left out"),
        ("ServiceNetworkArn", "left out: VPC Lattice is not part of the architecture"),
        ("ServiceRegion", "left out: services of other regions are reached through the internet"),
        ("VpcEndpointType", "the types of VPC Lattice and tunnels are left out"),
        ("prefix_list_id", "from DescribePrefixLists; CloudFormation does not tell it"),
        ("arn", "made of region, account and id; CloudFormation does not tell it"),
    ],
    renamed: &[("Id", "vpc_endpoint_id")],
};

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: VpcEndpoint::definition,
        build: |stack, v| {
            let vpc = vpc(stack, "vpc");
            let [one, two] =
                ["one", "two"].map(|name| RouteTable::named(name).vpc_id(&vpc).create(stack));
            VpcEndpoint::named("subject")
                .vpc_id(&vpc)
                .service_name(v.pick(
                    "service_name",
                    "com.amazonaws.eu-central-1.s3",
                    "com.amazonaws.eu-central-1.dynamodb",
                ))
                .route_table_ids(v.pick("route_table_ids", inputs![&one], inputs![&one, &two]))
                .ip_address_type(v.pick(
                    "ip_address_type",
                    EndpointIpAddressType::Ipv4,
                    EndpointIpAddressType::Dualstack,
                ))
                .policy_document(v.pick("policy_document", policy("s3:*"), policy("s3:Get*")))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: REFUSED,
        fixed: &[
            ("vpc_id", IN_THE_VPC),
            ("vpc_endpoint_type", KINDS),
            ("subnet_ids", OF_INTERFACES),
            ("security_group_ids", OF_INTERFACES),
            ("private_dns_enabled", OF_INTERFACES),
            ("dns_options", OF_INTERFACES),
        ],
        cfn: CFN,
    },
    Case {
        ty: VpcEndpoint::definition,
        build: |stack, v| {
            let vpc = vpc(stack, "vpc");
            let subnets = [subnet(stack, &vpc, "a", 1), subnet(stack, &vpc, "b", 2)];
            let groups = ["one", "two"].map(|name| group(stack, &vpc, name));
            let [dns, other_dns] = [DnsRecordIpType::Ipv4, DnsRecordIpType::ServiceDefined]
                .map(|kind| EndpointDnsOptions::new().dns_record_ip_type(kind));
            let [a, b] = &subnets;
            let [one, two] = &groups;
            VpcEndpoint::named("subject")
                .vpc_id(&vpc)
                .service_name(v.pick(
                    "service_name",
                    "com.amazonaws.eu-central-1.ecr.api",
                    "com.amazonaws.eu-central-1.logs",
                ))
                .vpc_endpoint_type(VpcEndpointType::Interface)
                .private_dns_enabled(v.pick("private_dns_enabled", true, false))
                .ip_address_type(v.pick(
                    "ip_address_type",
                    EndpointIpAddressType::Dualstack,
                    EndpointIpAddressType::Ipv4,
                ))
                .dns_options(v.pick("dns_options", dns, other_dns))
                .policy_document(v.pick("policy_document", policy("ecr:*"), policy("ecr:Get*")))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .subnet_ids(v.pick("subnet_ids", inputs![a], inputs![a, b]))
                .security_group_ids(v.pick("security_group_ids", inputs![one], inputs![two]))
                .create(stack);
        },
        refused: REFUSED,
        fixed: &[
            ("vpc_id", IN_THE_VPC),
            ("vpc_endpoint_type", KINDS),
            ("route_table_ids", OF_GATEWAYS),
        ],
        cfn: CFN,
    },
    // One that has nothing in its VPC, so that the VPC can change alone.
    Case {
        ty: VpcEndpoint::definition,
        build: |stack, v| {
            let (vpc, other) = (vpc(stack, "vpc"), vpc(stack, "other"));
            VpcEndpoint::named("subject")
                .vpc_id(v.pick("vpc_id", &vpc, &other))
                .service_name("com.amazonaws.eu-central-1.s3")
                .create(stack);
        },
        refused: REFUSED,
        fixed: &[
            ("service_name", ELSEWHERE),
            ("vpc_endpoint_type", KINDS),
            ("route_table_ids", ELSEWHERE),
            ("subnet_ids", ELSEWHERE),
            ("security_group_ids", ELSEWHERE),
            ("private_dns_enabled", ELSEWHERE),
            ("ip_address_type", ELSEWHERE),
            ("dns_options", ELSEWHERE),
            ("policy_document", ELSEWHERE),
            ("tags", ELSEWHERE),
        ],
        cfn: CFN,
    },
];
