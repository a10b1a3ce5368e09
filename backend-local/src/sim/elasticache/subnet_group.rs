//! What is special about a cache's subnet group: one VPC, and nobody's subnet taken away.

use std::collections::BTreeSet;

use infra_core::{
    aws::{SubnetId, VpcId, elasticache},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::engine::INVALID;
use crate::sim::{
    World,
    network::{one_vpc, vpc_of, zone_of},
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&SubnetGroup];

const CODES: Codes = Codes {
    not_found: "CacheSubnetGroupNotFoundFault",
    not_ready: "CacheSubnetGroupInUse",
    exists: "CacheSubnetGroupAlreadyExists",
    in_use: "CacheSubnetGroupInUse",
    quota: "CacheSubnetGroupQuotaExceeded",
};
/// AWS: "Subnets per subnet group".
const SUBNETS: usize = 20;

struct SubnetGroup;

impl Special for SubnetGroup {
    fn ty(&self) -> &'static TypeDef {
        elasticache::SubnetGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Subnet groups", adjustable.
        Some(300)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked.id)?;
        let subnets = asked.get(elasticache::SubnetGroup::SUBNET_IDS).unwrap_or_default();
        let number = subnets.len();
        if number == 0 {
            return refused("InvalidSubnet", "`subnet_ids` is empty; give one at least".to_owned());
        }
        if number > SUBNETS {
            let message = format!("`subnet_ids` names {number} subnets; {SUBNETS} are allowed");
            return refused("CacheSubnetQuotaExceededFault", message);
        }
        check_network(asked, &subnets)?;
        check_nodes(asked, &subnets)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let subnets = asked.get(elasticache::SubnetGroup::SUBNET_IDS).unwrap_or_default();
        let vpc =
            subnets.first().and_then(|first| vpc_of(asked.world, asked.scope, first.as_str()));
        if let Some(vpc) = vpc.and_then(|vpc| VpcId::parse(vpc).ok()) {
            tell(outputs, elasticache::SubnetGroup::VPC_ID, vpc);
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
    let message = "`cache_subnet_group_name` default belongs to AWS; choose another name";
    Err(Refusal::invalid("cache_subnet_group_name", INVALID, message))
}

/// All lie in one VPC, and in the one that the group had.
fn check_network(asked: &Asked<'_>, subnets: &[SubnetId]) -> Result<(), Refusal> {
    let vpc = one_vpc(asked, "subnet_ids", subnets, "InvalidSubnet")?;
    let had = asked.old.map_or(vpc, |old| old.text("vpc_id"));
    if vpc == had {
        return Ok(());
    }
    let message = format!("`subnet_ids` lie in {vpc}, the group in {had}; it stays in its VPC");
    refused("InvalidSubnet", message)
}

/// A subnet that a node lies in stays, unless another one of its zone was there before it: a node
/// lies in the first of its zone.
fn check_nodes(asked: &Asked<'_>, subnets: &[SubnetId]) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    let had = of(old, elasticache::SubnetGroup::SUBNET_IDS).unwrap_or_default();
    for cache in caches(asked.world, old) {
        for zone in
            of(cache, elasticache::ReplicationGroup::MEMBER_AVAILABILITY_ZONES).unwrap_or_default()
        {
            let lies_in = had.iter().find(|subnet| {
                zone_of(asked.world, asked.scope, subnet.as_str()) == Some(zone.as_str())
            });
            if let Some(subnet) = lies_in.filter(|subnet| !subnets.contains(subnet)) {
                return refused(
                    "SubnetInUse",
                    format!(
                        "`subnet_ids` lack {subnet}, where a node of {} lies; keep it as long as \
                         the cache is there",
                        cache.id
                    ),
                );
            }
        }
    }
    Ok(())
}

/// The caches that lie in a subnet group.
fn caches<'a>(world: &'a World, group: &'a Object) -> impl Iterator<Item = &'a Object> {
    let caches = world.all(elasticache::ReplicationGroup::definition().name, &group.scope);
    caches.filter(|cache| cache.text("cache_subnet_group_name") == &*group.id)
}

/// The zones that the subnets of a group lie in.
pub(super) fn zones<'a>(world: &'a World, group: &Object) -> BTreeSet<&'a str> {
    let subnets = of(group, elasticache::SubnetGroup::SUBNET_IDS).unwrap_or_default();
    subnets.iter().filter_map(|subnet| zone_of(world, &group.scope, subnet.as_str())).collect()
}
