//! What is special about an association: table and subnet belong to one VPC.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RouteTableAssociation];

struct RouteTableAssociation;

impl Special for RouteTableAssociation {
    fn ty(&self) -> &'static TypeDef {
        ec2::RouteTableAssociation::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let table = asked.referenced(ec2::RouteTableAssociation::ROUTE_TABLE_ID);
        let subnet = asked.referenced(ec2::RouteTableAssociation::SUBNET_ID);
        let (Some(table), Some(subnet)) = (table, subnet) else { return Ok(()) };
        let (theirs, ours) = (table.text("vpc_id"), subnet.text("vpc_id"));
        if theirs == ours {
            return Ok(());
        }
        let message = format!(
            "`route_table_id` {} belongs to {theirs}, subnet {} to {ours}; both must belong to one \
             network",
            table.id, subnet.id
        );
        Err(Refusal::invalid("route_table_id", "InvalidParameterValue", message))
    }
}
