//! AWS: ec2 CreateVpcEndpoint, ModifyVpcEndpoint, DescribeVpcEndpoints, DescribePrefixLists,
//! DescribeNetworkInterfaces, DeleteVpcEndpoints.

use crate::{
    aws::{
        NetworkInterfaceId, PrefixListId, RouteTableId, SecurityGroupId, SubnetId, VpcEndpointId,
        VpcId,
    },
    prelude::*,
    props, resource,
};

/// A private way from a VPC to a service of AWS, past NAT and internet gateway.
///
/// A gateway endpoint (S3, DynamoDB) is a route and costs nothing. An interface endpoint puts a
/// network interface into each of its subnets, and is paid for by the hour and the gigabyte. An
/// endpoint of a Gateway Load Balancer is a target for routes, through a firewall.
///
/// ```
/// use infra_core::{aws::ec2::{RouteTable, Vpc, VpcEndpoint}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let table = RouteTable::named("app-a").vpc_id(&vpc).create(&stack);
/// VpcEndpoint::named("s3")
///     .vpc_id(&vpc)
///     .service_name("com.amazonaws.eu-central-1.s3")
///     .route_table_ids_push(&table)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:VpcEndpoint", find = token, create = "60s", update = "5s", delete = "60s")]
pub struct VpcEndpoint {
    /// The VPC. Changing it replaces the endpoint. AWS: `VpcId`.
    // Private DNS names need the VPC's DNS attributes, which are set after its creation.
    #[prop(replace, needs = configured)]
    pub vpc_id: VpcId,
    /// The service, such as `com.amazonaws.eu-central-1.ecr.api`. Changing it replaces the
    /// endpoint. AWS: `ServiceName`.
    #[prop(replace)]
    pub service_name: String,
    /// Whether it is a route, a set of network interfaces, or a target for routes. Default:
    /// gateway. Changing it replaces the endpoint. AWS: `VpcEndpointType`.
    #[prop(replace, default = VpcEndpointType::Gateway)]
    pub vpc_endpoint_type: VpcEndpointType,
    /// Gateway endpoints: the tables that get a route to the service. Default: none. Change in
    /// place. AWS: `RouteTableIds`.
    #[prop(default, set)]
    pub route_table_ids: Vec<RouteTableId>,
    /// Interface endpoints: the subnets that get a network interface, one for each zone; endpoints
    /// of a Gateway Load Balancer: the one that it lies in. Default: none. Change in place. AWS:
    /// `SubnetIds`.
    #[prop(default, set)]
    pub subnet_ids: Vec<SubnetId>,
    /// Interface endpoints: the groups that the network interfaces are in; they must let port 443
    /// in. Default: the VPC's default group. Change in place. AWS: `SecurityGroupIds`.
    #[prop(set, computed, at = exists)]
    pub security_group_ids: Option<Vec<SecurityGroupId>>,
    /// Interface endpoints: whether the service's public name leads to the endpoint within the
    /// VPC, which needs the VPC's `enable_dns_support` and `enable_dns_hostnames`. Default: false.
    /// Changes in place. AWS: `PrivateDnsEnabled`.
    #[prop(default = false)]
    pub private_dns_enabled: bool,
    /// The kind of addresses that the network interfaces get. Default: IPv4. Changes in place.
    /// AWS: `IpAddressType`.
    #[prop(default = EndpointIpAddressType::Ipv4)]
    pub ip_address_type: EndpointIpAddressType,
    /// How names of the endpoint are answered. Default: AWS chooses. Changes in place. AWS:
    /// `DnsOptions`.
    #[prop(computed, at = exists)]
    pub dns_options: Option<EndpointDnsOptions>,
    /// Who may do what through it, as a policy of at most 20,480 characters. Default: everybody
    /// everything, as far as their own policies allow; AWS tells that policy then. Changes in
    /// place. AWS: `PolicyDocument`.
    #[prop(computed, at = exists)]
    pub policy_document: Option<Json>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `VpcEndpointId`.
    #[output(id = "vpce-", at = exists)]
    pub vpc_endpoint_id: VpcEndpointId,
    /// The network interfaces, in the order of the zones; empty for a gateway endpoint. AWS:
    /// `NetworkInterfaceIds`.
    #[output(changes_with(subnet_ids))]
    pub network_interface_ids: Vec<NetworkInterfaceId>,
    /// The names of an interface endpoint: that of the region first, then one for each zone, then
    /// the service's own if private DNS is enabled. Empty for a gateway endpoint. AWS:
    /// `DnsEntries`.
    #[output(changes_with(subnet_ids, private_dns_enabled))]
    pub dns_entries: Vec<DnsEntry>,
    /// The prefix list of a gateway endpoint's service, for rules of security groups; absent for
    /// an interface endpoint. AWS: DescribePrefixLists, `PrefixListId`.
    #[output]
    pub prefix_list_id: Option<PrefixListId>,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}", at = exists)]
    pub arn: String,
}

/// What an endpoint is.
#[props(words = "exact")]
pub enum VpcEndpointType {
    /// Routes in route tables: for S3 and DynamoDB.
    Gateway,
    /// Network interfaces in subnets.
    Interface,
    /// A target for routes, which lead through a Gateway Load Balancer.
    GatewayLoadBalancer,
}

/// The kind of addresses that an endpoint's network interfaces get.
#[props(words = "lower")]
pub enum EndpointIpAddressType {
    /// IPv4 alone.
    Ipv4,
    /// IPv4 and IPv6.
    Dualstack,
    /// IPv6 alone.
    Ipv6,
}

/// How names of an endpoint are answered.
#[props]
pub struct EndpointDnsOptions {
    /// The kind of addresses that are answered. Default: IPv4. AWS: `DnsRecordIpType`.
    #[prop(default = DnsRecordIpType::Ipv4)]
    pub dns_record_ip_type: DnsRecordIpType,
}

/// The kind of addresses that a name is answered with.
#[props(words = "kebab")]
pub enum DnsRecordIpType {
    /// IPv4 alone.
    Ipv4,
    /// IPv4 and IPv6.
    Dualstack,
    /// IPv6 alone.
    Ipv6,
    /// As the service says.
    ServiceDefined,
}

/// A name of an endpoint.
#[props]
pub struct DnsEntry {
    /// The name. AWS: `DnsName`.
    pub dns_name: String,
    /// The hosted zone that holds it, for alias records. AWS: `HostedZoneId`.
    pub hosted_zone_id: String,
}
