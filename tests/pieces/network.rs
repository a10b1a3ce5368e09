//! The network that pieces stand in.

use infra_core::{
    aws::ec2::{InternetGateway, SecurityGroup, Subnet, Vpc},
    prelude::*,
};

/// A VPC with a subnet in each zone.
pub(crate) struct Network {
    pub(crate) vpc: Vpc,
    pub(crate) subnets: [Subnet; 3],
}

impl Network {
    pub(crate) fn new(stack: &Stack) -> Self {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        InternetGateway::named("main").vpc_id(&vpc).create(stack);
        let subnets = [("a", 1), ("b", 2), ("c", 3)].map(|(zone, number)| {
            Subnet::named(zone)
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
            .group_description("who reaches it")
            .create(stack)
    }
}
