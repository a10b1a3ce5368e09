//! AWS: ec2 CreateSubnet, ModifySubnetAttribute, DescribeSubnets, DeleteSubnet.

use crate::{
    aws::{SubnetId, VpcId},
    prelude::*,
    resource,
};

/// A part of a VPC's range in one availability zone.
#[resource("aws:ec2:Subnet", unique(vpc_id, cidr_block), create = "1s", delete = "1s")]
pub struct Subnet {
    /// The VPC. Changing it replaces the subnet. AWS: `VpcId`.
    #[prop(replace)]
    pub vpc_id: VpcId,
    /// The range, within that of the VPC and apart from its other subnets, /16 to /28. Changing
    /// it replaces the subnet. AWS: `CidrBlock`.
    #[prop(replace)]
    pub cidr_block: Ipv4Net,
    /// The availability zone, such as `eu-central-1a`. Default: AWS chooses. Changing it replaces
    /// the subnet. AWS: `AvailabilityZone`.
    #[prop(replace, computed)]
    pub availability_zone: Option<String>,
    /// Whether instances get a public address. Default: false. Changes in place. AWS:
    /// `MapPublicIpOnLaunch`.
    #[prop(default = false, separate)]
    pub map_public_ip_on_launch: bool,
    /// Tags. Default: none. Change in place.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "subnet-", at = exists)]
    pub subnet_id: SubnetId,
}
