//! AWS: ec2 CreateNatGateway, AssociateNatGatewayAddress, DisassociateNatGatewayAddress,
//! DescribeNatGateways, DeleteNatGateway.

use crate::{
    aws::{AllocationId, NatGatewayId, NetworkInterfaceId, SubnetId},
    prelude::*,
    props, resource,
};

/// Lets a zone's private subnets reach out, and nobody in.
///
/// It lies in one zone and fails with it: one for each zone, and routes that stay in the zone,
/// keep a zone's failure there.
///
/// ```
/// use infra_core::{aws::ec2::{ElasticIp, InternetGateway, NatGateway, Subnet, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// InternetGateway::named("main").vpc_id(&vpc).create(&stack);
/// let subnet = Subnet::named("public-a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
/// let address = ElasticIp::named("nat-a").create(&stack);
/// let nat = NatGateway::named("a").subnet_id(&subnet).allocation_id(&address).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:NatGateway",
    find = token,
    unique(allocation_id),
    after(
        "aws:ec2:InternetGateway",
        this = "subnet_id->vpc_id",
        that = "vpc_id",
        needs = configured,
        why = "a public NAT gateway reaches the internet through the VPC's internet gateway, and \
               its address keeps that from being detached"
    ),
    create = "90s",
    delete = "60s"
)]
pub struct NatGateway {
    /// The subnet that it lies in; a public one's routes lead to the internet gateway. Changing it
    /// replaces the gateway. AWS: `SubnetId`.
    #[prop(replace)]
    pub subnet_id: SubnetId,
    /// Whether it leads to the internet or only to other private networks. Default: public.
    /// Changing it replaces the gateway. AWS: `ConnectivityType`.
    #[prop(replace, default = ConnectivityType::Public)]
    pub connectivity_type: ConnectivityType,
    /// The address under which its traffic appears: required for a public gateway, refused for a
    /// private one. An address belongs to one gateway at a time. Changing it replaces the gateway;
    /// if further addresses stay with it, ask for `delete_before_replace`. AWS: `AllocationId`.
    #[prop(replace)]
    pub allocation_id: Option<AllocationId>,
    /// Further addresses, each for another 55,000 connections to one destination at a time.
    /// Default: none. Change in place. AWS: `SecondaryAllocationIds`.
    #[prop(default, set)]
    pub secondary_allocation_ids: Vec<AllocationId>,
    /// Its address in the subnet. Default: AWS chooses. Changing it replaces the gateway. AWS:
    /// `PrivateIpAddress`.
    #[prop(replace, computed)]
    pub private_ip_address: Option<Ipv4Addr>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `NatGatewayId`.
    #[output(id = "nat-", at = exists)]
    pub nat_gateway_id: NatGatewayId,
    /// The network interface that AWS makes for it. AWS: `NatGatewayAddresses`,
    /// `NetworkInterfaceId`.
    #[output]
    pub network_interface_id: NetworkInterfaceId,
    /// The address under which its traffic appears; absent for a private gateway. AWS:
    /// `NatGatewayAddresses`, `PublicIp`.
    #[output]
    pub public_ip: Option<Ipv4Addr>,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:natgateway/{id}", at = exists)]
    pub arn: String,
}

/// Where a NAT gateway leads.
#[props(words = "lower")]
pub enum ConnectivityType {
    /// To the internet.
    Public,
    /// To other private networks.
    Private,
}
