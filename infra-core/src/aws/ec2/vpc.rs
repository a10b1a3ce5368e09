//! AWS: ec2 CreateVpc, ModifyVpcAttribute, ModifyVpcTenancy, DescribeVpcs, DeleteVpc.

use crate::{
    aws::{NetworkAclId, RouteTableId, SecurityGroupId, VpcId},
    prelude::*,
    props, resource,
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
    /// Whether instances may get DNS host names; needs `enable_dns_support`. Default: true.
    /// Changes in place. AWS: `EnableDnsHostnames`.
    #[prop(default = true, separate)]
    pub enable_dns_hostnames: bool,
    /// Whether Amazon's resolver answers at the range's second address. Default: true. Changes in
    /// place. AWS: `EnableDnsSupport`.
    #[prop(default = true, separate)]
    pub enable_dns_support: bool,
    /// On whose hardware instances run. Default: shared. From dedicated to default changes in
    /// place; AWS refuses the other way for a VPC that exists. AWS: `InstanceTenancy`.
    #[prop(default = InstanceTenancy::Default)]
    pub instance_tenancy: InstanceTenancy,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `VpcId`.
    #[output(id = "vpc-", at = exists)]
    pub vpc_id: VpcId,
    /// The security group that AWS makes with every VPC. AWS: `DefaultSecurityGroup`.
    #[output(at = exists)]
    pub default_security_group: SecurityGroupId,
    /// The network ACL that AWS makes with every VPC. AWS: `DefaultNetworkAcl`.
    #[output(at = exists)]
    pub default_network_acl: NetworkAclId,
    /// The route table that AWS makes with every VPC, for subnets that have no other. AWS:
    /// DescribeRouteTables, `association.main`.
    #[output(at = exists)]
    pub main_route_table_id: RouteTableId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:vpc/{id}", at = exists)]
    pub arn: String,
}

/// On whose hardware instances run.
#[props(words = "lower")]
pub enum InstanceTenancy {
    /// On hardware shared with other customers.
    Default,
    /// On hardware of one's own, by the instance.
    Dedicated,
}
