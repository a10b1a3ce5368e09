//! AWS: ec2 CreateVpc, ModifyVpcAttribute, DescribeVpcs, DeleteVpc.

use crate::{
    aws::{SecurityGroupId, VpcId},
    prelude::*,
    resource,
};

/// A virtual private cloud: a network of its own.
///
/// ```
/// use infra_core::{aws::ec2::Vpc, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:Vpc", create = "2s", delete = "1s")]
pub struct Vpc {
    /// The primary IPv4 range, /16 to /28. Changing it replaces the VPC. AWS: `CidrBlock`.
    #[prop(replace)]
    pub cidr_block: Ipv4Net,
    /// Whether instances may get DNS host names. Default: true. Changes in place. AWS:
    /// `EnableDnsHostnames`.
    #[prop(default = true, separate)]
    pub enable_dns_hostnames: bool,
    /// Tags. Default: none. Change in place.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "vpc-", at = exists)]
    pub vpc_id: VpcId,
    /// The security group that AWS makes with every VPC.
    #[output(at = exists)]
    pub default_security_group_id: SecurityGroupId,
}
