//! What is special about a subnet: it lies within its VPC and apart from its neighbours.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special, of, tell},
    zones::{check_zone, zone_id},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Subnet];

struct Subnet;

impl Special for Subnet {
    fn ty(&self) -> &'static TypeDef {
        ec2::Subnet::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused = |message| Err(Refusal::invalid("cidr_block", "InvalidSubnet.Range", message));
        let Some(range) = asked.get(ec2::Subnet::CIDR_BLOCK) else { return Ok(()) };
        let Some(vpc) = asked.referenced(ec2::Subnet::VPC_ID) else { return Ok(()) };
        if let Some(whole) = of(vpc, ec2::Vpc::CIDR_BLOCK)
            && !whole.contains(&range)
        {
            return refused(format!("`cidr_block` {range} lies outside of the VPC's {whole}"));
        }
        if !(16..=28).contains(&range.prefix_len()) {
            return refused(format!("`cidr_block` {range} must be between /16 and /28"));
        }
        if let Some(zone) = asked.get(ec2::Subnet::AVAILABILITY_ZONE) {
            check_zone("availability_zone", "InvalidParameterValue", asked.region(), &zone)?;
        }
        for other in asked.world.all(asked.ty.name, asked.scope) {
            if *other.id == *asked.id || other.text("vpc_id") != &*vpc.id {
                continue;
            }
            if let Some(taken) = of(other, ec2::Subnet::CIDR_BLOCK)
                && taken != range
                && (taken.contains(&range) || range.contains(&taken))
            {
                let message = format!("`cidr_block` {range} overlaps with {taken} of {}", other.id);
                return Err(Refusal::invalid("cidr_block", "InvalidSubnet.Conflict", message));
            }
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let chosen = asked.get(ec2::Subnet::AVAILABILITY_ZONE);
        let zone = chosen.unwrap_or_else(|| format!("{}a", asked.region()));
        let id = zone_id(asked.region(), &zone).unwrap_or_default();
        tell(outputs, ec2::Subnet::AVAILABILITY_ZONE, zone);
        tell(outputs, ec2::Subnet::AVAILABILITY_ZONE_ID, id);
    }
}
