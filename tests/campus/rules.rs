//! Shapes that break a rule, allowed or not.

use infra_cli::ProgramError;
use infra_core::{
    aws::{
        ec2::{SecurityGroup, Subnet, Vpc},
        elasticache::{ReplicationGroup, SubnetGroup},
        rules,
        s3::Bucket,
    },
    prelude::*,
};

/// Builds a shape that breaks a rule, if it is one.
pub(crate) fn build(shape: &str, stack: &Stack) -> Option<Result<(), ProgramError>> {
    if shape == "single-cache" {
        single_cache(stack);
        return Some(Ok(()));
    }
    let pattern = match shape {
        "rule-broken" => None,
        "rule-allowed" => Some("Bucket/pictures"),
        "allowance-unused" => Some("Bucket/sounds"),
        _ => return None,
    };
    if let Some(pattern) = pattern {
        stack.allow("data-backed-up", pattern, "they are made again every night");
    }
    stack.checks(rules::all());
    // Without older versions, which a rule wants.
    Bucket::named("pictures").create(stack);
    Some(Ok(()))
}

/// A cache of one node, which a rule would be against that is not registered.
fn single_cache(stack: &Stack) {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    let subnets: Vec<Subnet> = [("eu-central-1a", "10.0.0.0/24"), ("eu-central-1b", "10.0.1.0/24")]
        .into_iter()
        .map(|(zone, range)| {
            Subnet::named(zone).vpc_id(&vpc).cidr_block(range).availability_zone(zone).create(stack)
        })
        .collect();
    let group =
        SecurityGroup::named("cache").vpc_id(&vpc).group_description("The cache").create(stack);
    let place = SubnetGroup::named("cache")
        .cache_subnet_group_description("The cache")
        .subnet_ids(subnets.iter().collect::<Vec<_>>())
        .create(stack);
    ReplicationGroup::named("cache")
        .replication_group_description("The cache")
        .cache_node_type("cache.t4g.small")
        .cache_subnet_group_name(&place)
        .security_group_ids([&group])
        .num_cache_clusters(1_u32)
        .create(stack);
}
