//! AWS: ec2 CreateNetworkInterface, ModifyNetworkInterfaceAttribute, AssignPrivateIpAddresses,
//! UnassignPrivateIpAddresses, CreateTags, DescribeNetworkInterfaces, DeleteNetworkInterface.

use super::{ConnectionTrackingSpecification, InterfaceType};
use crate::{
    aws::{NetworkInterfaceId, SecurityGroupId, SubnetId, VpcId},
    prelude::*,
    resource,
};

/// A network interface that outlives the instances it is attached to: with it, its addresses pass
/// from an instance to the one that takes its place.
///
/// An instance takes it with
/// [`NetworkInterfaceSpecification::existing`](super::NetworkInterfaceSpecification::existing), and
/// leaves it behind when it goes. What AWS makes together with an instance goes with it, and is no
/// resource.
///
/// ```
/// use infra_core::{aws::ec2::{NetworkInterface, SecurityGroup, Subnet, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// # let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(&stack);
/// # let group = SecurityGroup::named("files")
/// #     .vpc_id(&vpc)
/// #     .group_description("the files")
/// #     .create(&stack);
/// let interface = NetworkInterface::named("files-a")
///     .subnet_id(&subnet)
///     .groups([&group])
///     .private_ip_address("10.0.1.10")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:NetworkInterface", find = token, create = "1s", delete = "1s")]
pub struct NetworkInterface {
    /// The subnet. Changing it replaces the interface. AWS: `SubnetId`.
    #[prop(replace)]
    pub subnet_id: SubnetId,
    /// What it is for, at most 255 characters. Default: none. Changes in place. AWS:
    /// `Description`.
    pub description: Option<String>,
    /// The security groups. Default: the VPC's default group. Change in place. AWS: `Groups`.
    #[prop(computed, set, at = exists)]
    pub groups: Option<Vec<SecurityGroupId>>,
    /// What kind of interface it is. Default: the usual one. Changing it replaces the interface.
    /// AWS: `InterfaceType`.
    #[prop(default = InterfaceType::Interface, replace)]
    pub interface_type: InterfaceType,
    /// The primary address. Default: AWS chooses. Changing it replaces the interface; with other
    /// things unchanged the old one must go first if the address is to stay. AWS:
    /// `PrivateIpAddress`.
    #[prop(computed, replace, at = exists)]
    pub private_ip_address: Option<Ipv4Addr>,
    /// Further addresses. Default: none. Change in place. AWS: AssignPrivateIpAddresses,
    /// `PrivateIpAddresses`.
    #[prop(default, set, separate)]
    pub secondary_private_ip_addresses: Vec<Ipv4Addr>,
    /// Whether it takes only what is for itself: false for a machine that passes packets on.
    /// Default: true. Changes in place. AWS: ModifyNetworkInterfaceAttribute, `SourceDestCheck`.
    #[prop(default = true, separate)]
    pub source_dest_check: bool,
    /// How long idle connections are remembered. Default: AWS's times. Changes in place. AWS:
    /// `ConnectionTrackingSpecification`.
    pub connection_tracking_specification: Option<ConnectionTrackingSpecification>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `NetworkInterfaceId`.
    #[output(id = "eni-", at = exists)]
    pub network_interface_id: NetworkInterfaceId,
    /// The VPC of its subnet. AWS: `VpcId`.
    #[output(at = exists)]
    pub vpc_id: VpcId,
    /// The zone of its subnet, in which the instance must be. AWS: `AvailabilityZone`.
    #[output(at = exists)]
    pub availability_zone: String,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:network-interface/{id}", at = exists)]
    pub arn: String,
}
