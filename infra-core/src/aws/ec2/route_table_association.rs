//! AWS: ec2 AssociateRouteTable, DescribeRouteTables, DisassociateRouteTable.

use crate::{
    aws::{RouteTableAssociationId, RouteTableId, SubnetId},
    resource,
};

/// Which table a subnet's packets are routed by. A subnet without one goes by the VPC's main
/// table.
///
/// ```
/// use infra_core::{aws::ec2::{RouteTable, RouteTableAssociation, Subnet, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let subnet = Subnet::named("app-a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(&stack);
/// let table = RouteTable::named("app-a").vpc_id(&vpc).create(&stack);
/// RouteTableAssociation::named("app-a")
///     .subnet_id(&subnet)
///     .route_table_id(&table)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:RouteTableAssociation",
    find = key,
    unique(subnet_id),
    create = "1s",
    delete = "1s"
)]
pub struct RouteTableAssociation {
    /// The subnet, which has one association at most. Changing it replaces the association. AWS:
    /// `SubnetId`.
    #[prop(replace, owner)]
    pub subnet_id: SubnetId,
    /// The table, of the same VPC. Changing it replaces the association; until the new one is
    /// there, the subnet goes by the main table. AWS: `RouteTableId`.
    #[prop(replace)]
    pub route_table_id: RouteTableId,
    /// The id. AWS: `AssociationId`.
    #[output(id = "rtbassoc-", at = exists)]
    pub association_id: RouteTableAssociationId,
}
