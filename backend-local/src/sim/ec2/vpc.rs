//! What is special about a VPC: its size, and the security group that comes with it.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    World,
    refusal::Refusal,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&'static dyn Special; 1] = [&Vpc];

struct Vpc;

impl Special for Vpc {
    fn ty(&self) -> &'static TypeDef {
        ec2::Vpc::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(range) = asked.get(ec2::Vpc::CIDR_BLOCK) else { return Ok(()) };
        if !(16..=28).contains(&range.prefix_len()) {
            let message = format!("`cidr_block` {range} must be between /16 and /28");
            return Err(Refusal::invalid("cidr_block", "InvalidVpc.Range", message));
        }
        Ok(())
    }

    fn outputs(&self, _: &Asked<'_>, _: &mut PropertiesBuilder) {}

    fn created(&self, _: &mut World, _: u32) {}
}
