//! How many nodes a cache has, and the calls that change it.

use aws_sdk_elasticache::types as sdk;
use infra_core::{aws::elasticache::ReplicationGroupArgs, handler::TypedRequest};

use super::{Type, int};
use crate::{aws::Aws, error::Answer};

/// How many shards there are, and how many nodes each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) shards: u32,
    pub(super) each: u32,
}

impl Size {
    pub(super) fn wanted(args: &ReplicationGroupArgs) -> Self {
        match args.num_cache_clusters {
            Some(each) => Self { shards: 1, each },
            None => Self {
                shards: args.num_node_groups.unwrap_or(1),
                each: 1 + args.replicas_per_node_group.unwrap_or_default(),
            },
        }
    }

    /// While it is made, AWS tells the nodes without their shards.
    pub(super) fn told(group: &sdk::ReplicationGroup) -> Self {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let shards = group.node_groups();
        let nodes = shards.iter().map(|shard| shard.node_group_members().len()).max();
        match nodes.filter(|nodes| *nodes > 0) {
            Some(nodes) => Self { shards: count(shards.len()), each: count(nodes) },
            None => Self { shards: 1, each: count(group.member_clusters().len()) },
        }
    }
}

/// More nodes in each shard; where the zones are told, new ones go by them.
pub(super) async fn increase(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
) -> Answer<()> {
    let args = &request.args;
    let replicas = int(Size::wanted(args).each.saturating_sub(1));
    let call = aws.elasticache().increase_replica_count().replication_group_id(&*request.id);
    let call = call.apply_immediately(true);
    let zones = &args.preferred_cache_cluster_azs;
    let shard = group.node_groups().first().and_then(|shard| shard.node_group_id());
    let call = match shard.filter(|_| !zones.is_empty()) {
        Some(shard) => {
            let configured = sdk::ConfigureShard::builder()
                .node_group_id(shard)
                .new_replica_count(replicas)
                .set_preferred_availability_zones(Some(zones.clone()))
                .build();
            call.replica_configuration(configured)
        }
        None => call.new_replica_count(replicas),
    };
    call.send().await?;
    Ok(())
}

/// Fewer nodes in each shard.
pub(super) async fn decrease(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let replicas = int(Size::wanted(&request.args).each.saturating_sub(1));
    let call = aws.elasticache().decrease_replica_count().replication_group_id(&*request.id);
    call.new_replica_count(replicas).apply_immediately(true).send().await?;
    Ok(())
}

/// More shards, or fewer: then the first ones stay.
pub(super) async fn reshard(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
) -> Answer<()> {
    let wanted = Size::wanted(&request.args).shards as usize;
    let shards = group.node_groups().iter();
    let shards: Vec<String> =
        shards.filter_map(|shard| shard.node_group_id()).map(str::to_owned).collect();
    let stay = (wanted < shards.len()).then(|| shards.into_iter().take(wanted).collect());
    let call = aws.elasticache().modify_replication_group_shard_configuration();
    call.replication_group_id(&*request.id)
        .node_group_count(int(Size::wanted(&request.args).shards))
        .set_node_groups_to_retain(stay)
        .apply_immediately(true)
        .send()
        .await?;
    Ok(())
}
