//! AWS: rds CreateDBSubnetGroup, ModifyDBSubnetGroup, AddTagsToResource, DescribeDBSubnetGroups,
//! DeleteDBSubnetGroup.

use crate::{
    aws::{DbSubnetGroupName, SubnetId, VpcId},
    prelude::*,
    resource,
};

/// The subnets that the machines of a database lie in.
///
/// They lie in two availability zones at least, so that a database can move away from a zone that
/// fails; with three a cluster keeps two machines while one zone is gone.
///
/// ```
/// use infra_core::{aws::{SubnetId, rds::DbSubnetGroup}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let [a, b, c] = ["a", "b", "c"].map(|_| SubnetId::parse("subnet-0123456789abcdef0").unwrap());
/// let subnets = DbSubnetGroup::named("moodle")
///     .db_subnet_group_description("Moodle's database")
///     .subnet_ids([a, b, c])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:rds:DbSubnetGroup", create = "1s")]
pub struct DbSubnetGroup {
    /// What it is for. Changes in place. AWS: `DBSubnetGroupDescription`.
    pub db_subnet_group_description: String,
    /// The subnets: up to 20 of one VPC, in two zones at least. Change in place, within the VPC,
    /// and as long as no machine lies in one that goes. AWS: `SubnetIds`.
    #[prop(set)]
    pub subnet_ids: Vec<SubnetId>,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the group. AWS: `DBSubnetGroupName`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub db_subnet_group_name: Option<DbSubnetGroupName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DBSubnetGroupArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:subgrp:{id}", at = exists)]
    pub db_subnet_group_arn: String,
    /// The VPC of its subnets. AWS: `VpcId`.
    #[output(at = exists)]
    pub vpc_id: VpcId,
}
