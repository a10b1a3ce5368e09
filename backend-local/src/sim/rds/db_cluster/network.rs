//! Where a cluster is reached, and by whom.

use infra_core::aws::rds;

use super::refused;
use crate::sim::{
    network::foreign_group,
    rds::aurora::{COMBINATION, INVALID},
    refusal::Refusal,
    special::Asked,
};

/// EC2: "Security groups per network interface", adjustable.
const GROUPS: usize = 5;

/// The groups are of the VPC that the subnets lie in.
pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let groups = asked.get(rds::DbCluster::VPC_SECURITY_GROUP_IDS).unwrap_or_default();
    if !(1..=GROUPS).contains(&groups.len()) {
        let message =
            format!("`vpc_security_group_ids` names {}; a cluster has 1 to {GROUPS}", groups.len());
        return refused("vpc_security_group_ids", INVALID, message);
    }
    let Some(subnets) = asked.referenced(rds::DbCluster::DB_SUBNET_GROUP_NAME) else {
        return Ok(());
    };
    let place = ("the subnet group", subnets.text("vpc_id"));
    match foreign_group(asked, "vpc_security_group_ids", &groups, place) {
        Some(message) => refused("vpc_security_group_ids", COMBINATION, message),
        None => Ok(()),
    }
}
