//! A cache of two nodes with sentinels; its update is a third node, and other parameters.

use infra_core::{
    aws::elasticache::{
        AuthenticationMode, Engine, ParameterGroup, ReplicationGroup, SubnetGroup, User, UserGroup,
    },
    prelude::*,
};

use crate::network::Network;

pub(crate) fn build(stack: &Stack, changed: bool) {
    let network = Network::new(stack);
    let subnets = SubnetGroup::named("data")
        .cache_subnet_group_description("the cache")
        .subnet_ids(network.subnets.each_ref())
        .create(stack);
    let parameters = ParameterGroup::named("data")
        .cache_parameter_group_family("valkey8")
        .description("the cache")
        .parameters([("maxmemory-policy", if changed { "allkeys-lru" } else { "noeviction" })])
        .create(stack);
    let user = User::named("cron")
        .user_name("cron")
        .engine(Engine::Valkey)
        .access_string("on ~* +@all -@admin")
        .authentication_mode(AuthenticationMode::with("correct-horse-battery"))
        .create(stack);
    UserGroup::named("all").engine(Engine::Valkey).user_ids([&user]).create(stack);
    ReplicationGroup::named("data")
        .replication_group_description("the cache")
        .cache_node_type("cache.r7g.large")
        .cache_subnet_group_name(&subnets)
        .security_group_ids([&network.group(stack, "data")])
        .cache_parameter_group_name(&parameters)
        .auth_token(if changed { "another-token-of-16" } else { "a-token-of-16-at-least" })
        .num_cache_clusters(if changed { 3 } else { 2 })
        .automatic_failover_enabled(true)
        .create(stack);
}
