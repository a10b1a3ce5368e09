//! What is special about a database's subnet group: one VPC, two zones, and nobody's subnet taken
//! away.

use std::collections::BTreeSet;

use infra_core::{
    aws::{SubnetId, VpcId, rds},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::aurora;
use crate::sim::{
    World,
    network::{vpc_of, zone_of},
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DbSubnetGroup];

const CODES: Codes = Codes {
    not_found: "DBSubnetGroupNotFoundFault",
    not_ready: "InvalidDBSubnetGroupStateFault",
    exists: "DBSubnetGroupAlreadyExists",
    in_use: "InvalidDBSubnetGroupStateFault",
    quota: "DBSubnetGroupQuotaExceeded",
};
/// AWS: "Subnets per DB subnet group".
const SUBNETS: usize = 20;

struct DbSubnetGroup;

impl Special for DbSubnetGroup {
    fn ty(&self) -> &'static TypeDef {
        rds::DbSubnetGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "DB subnet groups", adjustable.
        Some(50)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked.id)?;
        let subnets = asked.get(rds::DbSubnetGroup::SUBNET_IDS).unwrap_or_default();
        if subnets.len() > SUBNETS {
            return Err(Refusal::invalid(
                "subnet_ids",
                "DBSubnetQuotaExceededFault",
                format!("`subnet_ids` names {} subnets; {SUBNETS} are allowed", subnets.len()),
            ));
        }
        check_network(asked, &subnets)?;
        check_zones(asked, &subnets)?;
        check_machines(asked, &subnets)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if let Some(vpc) = network(asked).and_then(|vpc| VpcId::parse(vpc).ok()) {
            tell(outputs, rds::DbSubnetGroup::VPC_ID, vpc);
        }
    }
}

fn refused(code: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid("subnet_ids", code, message))
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if name != "default" {
        return Ok(());
    }
    let message = "`db_subnet_group_name` default belongs to AWS; choose another name";
    Err(Refusal::invalid("db_subnet_group_name", aurora::INVALID, message))
}

/// The VPC of the group: that of its first subnet, and that which it had.
fn network<'a>(asked: &Asked<'a>) -> Option<&'a str> {
    let old = asked.old.map(|old| old.text("vpc_id")).filter(|vpc| !vpc.is_empty());
    let first = asked.get(rds::DbSubnetGroup::SUBNET_IDS)?.into_iter().next();
    old.or_else(|| vpc_of(asked.world, asked.scope, first?.as_str()))
}

fn check_network(asked: &Asked<'_>, subnets: &[SubnetId]) -> Result<(), Refusal> {
    let Some(vpc) = network(asked) else { return Ok(()) };
    let vpc_of = |subnet: &SubnetId| vpc_of(asked.world, asked.scope, subnet.as_str());
    let mut foreign = subnets.iter().filter_map(|subnet| Some((subnet, vpc_of(subnet)?)));
    match foreign.find(|(_, theirs)| *theirs != vpc) {
        Some((subnet, theirs)) => refused(
            "InvalidSubnet",
            format!(
                "`subnet_ids` {subnet} lies in {theirs}, the group in {vpc}; give subnets of one VPC"
            ),
        ),
        None => Ok(()),
    }
}

fn check_zones(asked: &Asked<'_>, subnets: &[SubnetId]) -> Result<(), Refusal> {
    let zones: BTreeSet<&str> = subnets
        .iter()
        .filter_map(|subnet| zone_of(asked.world, asked.scope, subnet.as_str()))
        .collect();
    if zones.len() >= 2 {
        return Ok(());
    }
    let there = zones.into_iter().next().unwrap_or("no zone");
    refused(
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        format!("`subnet_ids` cover {there} alone; two availability zones are needed at least"),
    )
}

/// A subnet that a machine lies in stays. A machine lies in the first of its zone.
fn check_machines(asked: &Asked<'_>, subnets: &[SubnetId]) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    let had = of(old, rds::DbSubnetGroup::SUBNET_IDS).unwrap_or_default();
    for machine in machines(asked.world, old) {
        let zone = machine.text("availability_zone");
        let lies_in = had
            .iter()
            .find(|subnet| zone_of(asked.world, asked.scope, subnet.as_str()) == Some(zone));
        if let Some(subnet) = lies_in.filter(|subnet| !subnets.contains(subnet)) {
            return refused(
                "SubnetAlreadyInUse",
                format!(
                    "`subnet_ids` lack {subnet}, where the instance {} lies; keep it, or move the \
                     instance to another zone first",
                    machine.id
                ),
            );
        }
    }
    Ok(())
}

/// The instances of the clusters of a subnet group.
fn machines<'a>(world: &'a World, group: &'a Object) -> impl Iterator<Item = &'a Object> {
    let instances = world.all(rds::DbInstance::definition().name, &group.scope);
    instances.filter(|instance| {
        let cluster = aurora::cluster_of(world, instance);
        cluster.is_some_and(|cluster| cluster.text("db_subnet_group_name") == &*group.id)
    })
}

/// The zones that the subnets of a group lie in.
pub(super) fn zones<'a>(world: &'a World, group: &Object) -> BTreeSet<&'a str> {
    let subnets = of(group, rds::DbSubnetGroup::SUBNET_IDS).unwrap_or_default();
    subnets.iter().filter_map(|subnet| zone_of(world, &group.scope, subnet.as_str())).collect()
}
