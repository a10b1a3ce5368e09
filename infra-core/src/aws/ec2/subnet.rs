//! AWS: ec2 CreateSubnet, ModifySubnetAttribute, DescribeSubnets, DeleteSubnet.

use crate::{
    aws::{SubnetId, VpcId},
    prelude::*,
    resource,
};

/// A part of a VPC's range in one availability zone.
///
/// ```
/// use infra_core::{aws::ec2::{Subnet, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let subnet = Subnet::named("app-a")
///     .vpc_id(&vpc)
///     .cidr_block("10.0.16.0/20")
///     .availability_zone("eu-central-1a")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:Subnet", unique(vpc_id, cidr_block), create = "1s", delete = "1s")]
pub struct Subnet {
    /// The VPC. Changing it replaces the subnet. AWS: `VpcId`.
    #[prop(replace)]
    pub vpc_id: VpcId,
    /// The range, within that of the VPC and apart from its other subnets, /16 to /28. Changing
    /// it replaces the subnet. AWS: `CidrBlock`.
    #[prop(replace)]
    pub cidr_block: Ipv4Net,
    /// The availability zone by name, such as `eu-central-1a`. Default: AWS chooses. Changing it
    /// replaces the subnet. AWS: `AvailabilityZone`.
    #[prop(replace, computed, at = exists)]
    pub availability_zone: Option<String>,
    /// Whether instances get a public address. Default: false. Changes in place. AWS:
    /// `MapPublicIpOnLaunch`.
    #[prop(default = false, separate)]
    pub map_public_ip_on_launch: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `SubnetId`.
    #[output(id = "subnet-", at = exists)]
    pub subnet_id: SubnetId,
    /// The availability zone by id, the same in every account, such as `euc1-az2`. AWS:
    /// `AvailabilityZoneId`.
    #[output(at = exists)]
    pub availability_zone_id: String,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:subnet/{id}", at = exists)]
    pub arn: String,
}
