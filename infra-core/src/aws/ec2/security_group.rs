//! AWS: ec2 CreateSecurityGroup, DescribeSecurityGroupRules, RevokeSecurityGroupEgress,
//! DescribeSecurityGroups, DescribeNetworkInterfaces, DeleteSecurityGroup.

use crate::{
    aws::{SecurityGroupId, VpcId},
    prelude::*,
    resource,
};

/// A security group: which traffic the network interfaces in it may receive and send.
///
/// It allows what its [rules](super::SecurityGroupRule) allow and nothing else, in either
/// direction: the rule that lets everything out, with which AWS makes a group, is taken away at
/// once.
///
/// ```
/// use infra_core::{aws::ec2::{SecurityGroup, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let group = SecurityGroup::named("database")
///     .vpc_id(&vpc)
///     .group_description("The database: from the application alone")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:SecurityGroup",
    find = name,
    unique(vpc_id, group_name),
    create = "1s",
    delete = "1s"
)]
pub struct SecurityGroup {
    /// The VPC. Changing it replaces the group. AWS: `VpcId`.
    #[prop(replace)]
    pub vpc_id: VpcId,
    /// What it is for, at most 255 letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`. Changing
    /// it replaces the group. AWS: `GroupDescription`.
    #[prop(replace)]
    pub group_description: String,
    /// The name, one of a kind in the VPC; it does not begin with `sg-`. Default: made up.
    /// Changing it replaces the group. AWS: `GroupName`.
    #[prop(replace, name(255, iam))]
    pub group_name: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `GroupId`.
    #[output(id = "sg-", at = exists)]
    pub group_id: SecurityGroupId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:security-group/{id}", at = exists)]
    pub arn: String,
}
