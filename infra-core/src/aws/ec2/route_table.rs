//! AWS: ec2 CreateRouteTable, DescribeRouteTables, DeleteRouteTable.

use crate::{
    aws::{RouteTableId, VpcId},
    prelude::*,
    resource,
};

/// A set of routes, for the subnets that are associated with it. The route within the VPC is
/// always in it.
///
/// ```
/// use infra_core::{aws::ec2::{RouteTable, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let table = RouteTable::named("public").vpc_id(&vpc).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:RouteTable", find = token, create = "1s", delete = "1s")]
pub struct RouteTable {
    /// The VPC. Changing it replaces the table. AWS: `VpcId`.
    #[prop(replace)]
    pub vpc_id: VpcId,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `RouteTableId`.
    #[output(id = "rtb-", at = exists)]
    pub route_table_id: RouteTableId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:route-table/{id}", at = exists)]
    pub arn: String,
}
