//! The case of `aws:ec2:Route`. That a route changes from one kind of target to another is tested
//! with the network.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{
        ConnectivityType, Instance, InternetGateway, NatGateway, NetworkInterface,
        NetworkInterfaceSpecification, Route, RouteBuilder, RouteTable, Subnet, Vpc, VpcEndpoint,
    },
    dsl::Provided,
    prelude::*,
};

const ONE_TARGET: &str = "a route has one target, and the case has a NAT gateway";

/// A private NAT gateway needs no address and no internet gateway.
fn nat(stack: &Stack, name: &str, subnet: &Subnet) -> NatGateway {
    NatGateway::named(name)
        .subnet_id(subnet)
        .connectivity_type(ConnectivityType::Private)
        .create(stack)
}

fn vpc(stack: &Stack, name: &str) -> Vpc {
    Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)
}

fn subnet(stack: &Stack, vpc: &Vpc) -> Subnet {
    Subnet::named("machines").vpc_id(vpc).cidr_block("10.0.9.0/24").create(stack)
}

/// An instance that passes packets on.
fn machine(stack: &Stack, vpc: &Vpc) -> Instance {
    Instance::named("machine")
        .image_id("ami-0123456789abcdef0")
        .instance_type("m7g.large")
        .subnet_id(&subnet(stack, vpc))
        .source_dest_check(false)
        .create(stack)
}

fn subject(stack: &Stack, vpc: &Vpc, destination: &str) -> RouteBuilder<Provided, Provided> {
    let table = RouteTable::named("table").vpc_id(vpc).create(stack);
    Route::named("subject").route_table_id(&table).destination_cidr_block(destination)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Route::definition,
    build: |stack, v| {
        let vpc = vpc(stack, "vpc");
        let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
        let [one, two] = ["one", "two"].map(|name| nat(stack, name, &subnet));
        let [first, second] =
            ["first", "second"].map(|name| RouteTable::named(name).vpc_id(&vpc).create(stack));
        Route::named("subject")
            .route_table_id(v.pick("route_table_id", &first, &second))
            .destination_cidr_block(v.pick("destination_cidr_block", "0.0.0.0/0", "10.9.0.0/16"))
            .nat_gateway_id(v.pick("nat_gateway_id", &one, &two))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "nat_gateway_id",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "0.0.0.0/0").create(stack);
            },
            says: "a route needs a target",
        },
        Refused {
            property: "instance_id",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "0.0.0.0/0")
                    .transit_gateway_id("tgw-0123456789abcdef0")
                    .instance_id(&machine(stack, &vpc))
                    .create(stack);
            },
            says: "both `transit_gateway_id` and `instance_id` are given",
        },
        Refused {
            property: "gateway_id",
            build: |stack| {
                let gateway =
                    InternetGateway::named("gateway").vpc_id(&vpc(stack, "other")).create(stack);
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "0.0.0.0/0").gateway_id(&gateway).create(stack);
            },
            says: "belong to different networks",
        },
        Refused {
            property: "nat_gateway_id",
            build: |stack| {
                let other = vpc(stack, "other");
                let subnet =
                    Subnet::named("a").vpc_id(&other).cidr_block("10.0.1.0/24").create(stack);
                let nat = nat(stack, "nat", &subnet);
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "0.0.0.0/0").nat_gateway_id(&nat).create(stack);
            },
            says: "belong to different networks",
        },
        Refused {
            property: "instance_id",
            build: |stack| {
                let elsewhere = machine(stack, &vpc(stack, "other"));
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "0.0.0.0/0").instance_id(&elsewhere).create(stack);
            },
            says: "belong to different networks",
        },
        Refused {
            property: "network_interface_id",
            build: |stack| {
                let subnet = subnet(stack, &vpc(stack, "other"));
                let elsewhere = NetworkInterface::named("eni").subnet_id(&subnet).create(stack);
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "0.0.0.0/0").network_interface_id(&elsewhere).create(stack);
            },
            says: "belong to different networks",
        },
        Refused {
            property: "instance_id",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                let subnet = subnet(stack, &vpc);
                let interface = |place| {
                    NetworkInterfaceSpecification::new().device_index(place).subnet_id(&subnet)
                };
                let machine = Instance::named("machine")
                    .image_id("ami-0123456789abcdef0")
                    .instance_type("m7g.large")
                    .network_interfaces([interface(0), interface(1)])
                    .create(stack);
                subject(stack, &vpc, "0.0.0.0/0").instance_id(&machine).create(stack);
            },
            says: "name the one that passes packets on",
        },
        Refused {
            property: "vpc_endpoint_id",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                let endpoint = VpcEndpoint::named("s3")
                    .vpc_id(&vpc)
                    .service_name("com.amazonaws.eu-central-1.s3")
                    .create(stack);
                subject(stack, &vpc, "0.0.0.0/0").vpc_endpoint_id(&endpoint).create(stack);
            },
            says: "is no endpoint of a Gateway Load Balancer",
        },
        Refused {
            property: "destination_cidr_block",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "10.0.0.0/16")
                    .instance_id(&machine(stack, &vpc))
                    .create(stack);
            },
            says: "which every table leads to already",
        },
        Refused {
            property: "destination_cidr_block",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "10.0.1.0/24")
                    .transit_gateway_id("tgw-0123456789abcdef0")
                    .create(stack);
            },
            says: "`transit_gateway_id` can't be the target",
        },
        Refused {
            property: "destination_cidr_block",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                subject(stack, &vpc, "10.0.1.0/24")
                    .instance_id(&machine(stack, &vpc))
                    .create(stack);
            },
            says: "is the range of none of its subnets",
        },
        Refused {
            property: "",
            build: |stack| {
                let vpc = vpc(stack, "vpc");
                let table = RouteTable::named("table").vpc_id(&vpc).create(stack);
                for number in 0..501 {
                    let (high, low) = (number / 256, number % 256);
                    Route::named(format!("route-{number}"))
                        .route_table_id(&table)
                        .destination_cidr_block(format!("172.{}.{low}.0/24", 16 + high).as_str())
                        .transit_gateway_id("tgw-0123456789abcdef0")
                        .create(stack);
                }
            },
            says: "the quota of 500 routes of a route table is exhausted",
        },
    ],
    fixed: &[
        ("gateway_id", ONE_TARGET),
        ("vpc_endpoint_id", ONE_TARGET),
        ("transit_gateway_id", ONE_TARGET),
        ("vpc_peering_connection_id", ONE_TARGET),
        ("network_interface_id", ONE_TARGET),
        ("instance_id", ONE_TARGET),
    ],
    cfn: Cfn {
        name: "AWS::EC2::Route",
        differs: &[
            ("CarrierGatewayId", "left out: Wavelength zones are not part of the architecture"),
            ("CidrBlock", "the destination, which is a property here"),
            ("CoreNetworkArn", "left out: Cloud WAN is not part of the architecture"),
            ("DestinationCidrBlock", "required here: the other kinds of destination are left out"),
            ("DestinationIpv6CidrBlock", "left out: the architecture is IPv4 inside"),
            ("DestinationPrefixListId", "left out: a gateway endpoint makes its own route"),
            ("EgressOnlyInternetGatewayId", "left out: the architecture is IPv4 inside"),
            ("LocalGatewayId", "left out: Outposts are not part of the architecture"),
            ("OdbNetworkArn", "left out: Oracle databases are not part of the architecture"),
        ],
        renamed: &[],
    },
}];
