//! What is special about a VPC: its size, and what AWS makes together with it.

use std::sync::Arc;

use infra_core::{
    aws::{
        SecurityGroupId, VpcId,
        ec2::{self, IpProtocol, RuleDirection},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::{Ipv4Addr, Ipv4Net},
    value::PropertiesBuilder,
};

use crate::sim::{
    World,
    identity::digits,
    refusal::Refusal,
    special::{Asked, Special, of, tell},
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

    fn created(&self, world: &mut World, place: u32) {
        let vpc = &world.objects[place as usize];
        let (scope, number) = (vpc.scope.clone(), world.number);
        let group = of(vpc, ec2::Vpc::DEFAULT_SECURITY_GROUP);
        let table = of(vpc, ec2::Vpc::MAIN_ROUTE_TABLE_ID);
        let (Ok(id), Some(group), Some(table)) = (VpcId::parse(&vpc.id), group, table) else {
            unreachable!("a VPC tells its id, its default group and its main table");
        };
        let mut inputs = PropertiesBuilder::default();
        tell(&mut inputs, ec2::RouteTable::VPC_ID, id.clone());
        let ty = ec2::RouteTable::definition();
        world.insert_implicit(ty, table.as_str().into(), scope.clone(), inputs.build());

        let mut inputs = PropertiesBuilder::default();
        tell(&mut inputs, ec2::SecurityGroup::VPC_ID, id);
        tell(&mut inputs, ec2::SecurityGroup::GROUP_NAME, "default".to_owned());
        let description = "default VPC security group".to_owned();
        tell(&mut inputs, ec2::SecurityGroup::GROUP_DESCRIPTION, description);
        let ty = ec2::SecurityGroup::definition();
        world.insert_implicit(ty, group.as_str().into(), scope.clone(), inputs.build());
        default_rules(world, &group, &scope, number);
    }
}

/// The default group lets its own members in and everything out.
fn default_rules(world: &mut World, group: &SecurityGroupId, scope: &Arc<str>, number: u64) {
    let ty = ec2::SecurityGroupRule::definition();
    for direction in RuleDirection::ALL {
        let mut inputs = PropertiesBuilder::default();
        tell(&mut inputs, ec2::SecurityGroupRule::GROUP_ID, group.clone());
        tell(&mut inputs, ec2::SecurityGroupRule::DIRECTION, direction);
        tell(&mut inputs, ec2::SecurityGroupRule::IP_PROTOCOL, IpProtocol::All);
        match direction {
            RuleDirection::Ingress => {
                let property = ec2::SecurityGroupRule::REFERENCED_GROUP_ID;
                tell(&mut inputs, property, group.clone());
            }
            RuleDirection::Egress => {
                let property = ec2::SecurityGroupRule::CIDR_IPV4;
                let everywhere = Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0);
                tell(&mut inputs, property, everywhere);
            }
        }
        let digits = digits(&format!("{scope}/{direction}"), number, 16);
        let id = format!("sgr-0{digits}");
        world.insert_implicit(ty, id.into(), scope.clone(), inputs.build());
    }
}
