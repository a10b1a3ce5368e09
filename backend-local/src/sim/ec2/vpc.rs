//! What is special about a VPC: its size, and what AWS makes together with it.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    identity::digits,
    refusal::Refusal,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Vpc];

struct Vpc;

impl Special for Vpc {
    fn ty(&self) -> &'static TypeDef {
        ec2::Vpc::definition()
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "VPCs per Region", adjustable.
        Some(5)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(range) = asked.get(ec2::Vpc::CIDR_BLOCK) else { return Ok(()) };
        if !(16..=28).contains(&range.prefix_len()) {
            let message = format!("`cidr_block` {range} must be between /16 and /28");
            return Err(Refusal::invalid("cidr_block", "InvalidVpc.Range", message));
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let digits = digits(asked.scope, asked.number, 16);
        let id = |prefix: &str| format!("{prefix}0{digits}");
        outputs.set(ec2::Vpc::DEFAULT_SECURITY_GROUP.slot, id("sg-").into());
        outputs.set(ec2::Vpc::DEFAULT_NETWORK_ACL.slot, id("acl-").into());
        outputs.set(ec2::Vpc::MAIN_ROUTE_TABLE_ID.slot, id("rtb-").into());
    }
}
