//! What is special about a route table: the main one goes with its VPC alone.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    World,
    object::Object,
    refusal::Refusal,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RouteTable];

struct RouteTable;

/// AWS: "Route tables per VPC", adjustable. The main one counts.
const PER_VPC: usize = 200;

impl Special for RouteTable {
    fn ty(&self) -> &'static TypeDef {
        ec2::RouteTable::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let vpc = asked.value(ec2::RouteTable::VPC_ID.slot).as_str();
        let all = asked.world.all(asked.ty.name, asked.scope);
        let there = all.filter(|other| Some(other.text("vpc_id")) == vpc).count();
        if asked.old.is_none() && there >= PER_VPC {
            return Err(Refusal::quota("route tables of a VPC", PER_VPC));
        }
        Ok(())
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        if object.implicit {
            let vpc = format!("Vpc {} (main_route_table_id)", object.text("vpc_id"));
            return Err(Refusal::in_use(&object.id, vec![vpc]));
        }
        Ok(())
    }
}
