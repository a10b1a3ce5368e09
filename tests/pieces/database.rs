//! A database of one node; its update is a second node, another password and a snapshot.

use infra_core::{
    aws::rds::{
        DbCluster, DbClusterParameterGroup, DbClusterSnapshot, DbInstance, DbParameterGroup,
        DbSubnetGroup,
    },
    prelude::*,
};

use crate::network::Network;

pub(crate) fn build(stack: &Stack, changed: bool) {
    let network = Network::new(stack);
    let subnets = DbSubnetGroup::named("data")
        .db_subnet_group_description("the database")
        .subnet_ids(network.subnets.each_ref())
        .create(stack);
    let parameters = DbClusterParameterGroup::named("data")
        .family("aurora-mysql8.0")
        .description("the database")
        .create(stack);
    let own = DbParameterGroup::named("data")
        .family("aurora-mysql8.0")
        .description("its nodes")
        .create(stack);
    let cluster = DbCluster::named("data")
        .db_subnet_group_name(&subnets)
        .vpc_security_group_ids([&network.group(stack, "data")])
        .db_cluster_parameter_group_name(&parameters)
        .master_username("admin")
        .master_user_password(if changed { "another-horse" } else { "correct-horse" })
        .skip_final_snapshot(true)
        .create(stack);
    let names: &[&str] = if changed { &["one", "two"] } else { &["one"] };
    for name in names {
        DbInstance::named(*name)
            .db_cluster_identifier(&cluster)
            .db_instance_class("db.r7g.large")
            .db_parameter_group_name(&own)
            .create(stack);
    }
    if changed {
        DbClusterSnapshot::named("copy").db_cluster_identifier(&cluster).create(stack);
    }
}
