//! What the cases of this service have in common.

use crate::conformance::Case;
use infra_core::{
    aws::{
        ec2::{SecurityGroup, Subnet, Vpc},
        rds::{DbCluster, DbClusterBuilder, DbSubnetGroup},
    },
    dsl::Provided,
    prelude::*,
};

/// Structures alone: no type of its own.
pub(crate) const CASES: &[Case] = &[];

/// A VPC with a subnet in each zone.
pub(crate) struct Network {
    pub(crate) vpc: Vpc,
    pub(crate) subnets: [Subnet; 3],
}

impl Network {
    pub(crate) fn new(stack: &Stack, name: &str) -> Self {
        let vpc = Vpc::named(name).cidr_block("10.0.0.0/16").create(stack);
        let subnets = [("a", 1), ("b", 2), ("c", 3)].map(|(zone, number)| {
            Subnet::named(format!("{name}-{zone}"))
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{number}.0/24").as_str())
                .availability_zone(format!("eu-central-1{zone}").as_str())
                .create(stack)
        });
        Self { vpc, subnets }
    }

    pub(crate) fn group(&self, stack: &Stack, name: &str) -> SecurityGroup {
        SecurityGroup::named(name)
            .vpc_id(&self.vpc)
            .group_description("who reaches the data")
            .create(stack)
    }

    pub(super) fn subnet_group(&self, stack: &Stack, name: &str) -> DbSubnetGroup {
        DbSubnetGroup::named(name)
            .db_subnet_group_description("the database")
            .subnet_ids(self.subnets.each_ref())
            .create(stack)
    }
}

/// A cluster in a network of its own, of which nothing is said yet.
pub(super) fn placed(stack: &Stack, name: &str) -> DbClusterBuilder<Provided, Provided> {
    let network = Network::new(stack, &format!("{name}-net"));
    let group = network.group(stack, &format!("{name}-reach"));
    DbCluster::named(name)
        .db_subnet_group_name(&network.subnet_group(stack, &format!("{name}-subnets")))
        .vpc_security_group_ids([&group])
}

/// A new cluster that leaves nothing behind.
pub(super) fn cluster(stack: &Stack, name: &str) -> DbClusterBuilder<Provided, Provided> {
    placed(stack, name)
        .master_username("admin")
        .manage_master_user_password(true)
        .skip_final_snapshot(true)
}
