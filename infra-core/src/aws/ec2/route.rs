//! AWS: ec2 CreateRoute, ReplaceRoute, DescribeRouteTables, DeleteRoute.

use crate::{
    aws::{
        InstanceId, InternetGatewayId, NatGatewayId, NetworkInterfaceId, RouteTableId,
        TransitGatewayId, VpcEndpointId, VpcPeeringConnectionId,
    },
    prelude::*,
    resource,
};

/// A route: where packets to a range of addresses go.
///
/// It has exactly one target. What the target is changes in place, from one kind to another as
/// well; a route whose target is gone drops its packets.
///
/// ```
/// use infra_core::{aws::ec2::{InternetGateway, Route, RouteTable, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let gateway = InternetGateway::named("main").vpc_id(&vpc).create(&stack);
/// let table = RouteTable::named("public").vpc_id(&vpc).create(&stack);
/// Route::named("public-internet")
///     .route_table_id(&table)
///     .destination_cidr_block("0.0.0.0/0")
///     .gateway_id(&gateway)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:Route",
    key(route_table_id, destination_cidr_block),
    create = "1s",
    delete = "1s"
)]
pub struct Route {
    /// The table. Changing it replaces the route. AWS: `RouteTableId`.
    #[prop(replace, owner)]
    pub route_table_id: RouteTableId,
    /// The destination; of several routes that fit, the one with the smallest range counts.
    /// Changing it replaces the route. AWS: `DestinationCidrBlock`.
    #[prop(replace)]
    pub destination_cidr_block: Ipv4Net,
    /// Target: the internet gateway that is attached to the table's VPC. Default: none. Changes in
    /// place. AWS: `GatewayId`.
    #[prop(weak, needs = configured)]
    pub gateway_id: Option<InternetGatewayId>,
    /// Target: a NAT gateway of the same VPC. Default: none. Changes in place. AWS:
    /// `NatGatewayId`.
    #[prop(weak, needs = ready)]
    pub nat_gateway_id: Option<NatGatewayId>,
    /// Target: an endpoint of a Gateway Load Balancer. Default: none. Changes in place. AWS:
    /// `VpcEndpointId`.
    #[prop(weak, needs = ready)]
    pub vpc_endpoint_id: Option<VpcEndpointId>,
    /// Target: a transit gateway that the VPC is attached to. Default: none. Changes in place.
    /// AWS: `TransitGatewayId`.
    #[prop(weak, needs = ready)]
    pub transit_gateway_id: Option<TransitGatewayId>,
    /// Target: a peering connection with another VPC. Default: none. Changes in place. AWS:
    /// `VpcPeeringConnectionId`.
    #[prop(weak, needs = ready)]
    pub vpc_peering_connection_id: Option<VpcPeeringConnectionId>,
    /// Target: a network interface, whose machine passes packets on. Default: none. Changes in
    /// place. AWS: `NetworkInterfaceId`.
    #[prop(weak, needs = ready)]
    pub network_interface_id: Option<NetworkInterfaceId>,
    /// Target: an instance with one network interface, which passes packets on. Default: none.
    /// Changes in place. AWS: `InstanceId`.
    #[prop(weak, needs = ready)]
    pub instance_id: Option<InstanceId>,
}
