//! `aws:ecs:ClusterCapacityProviders`.

use aws_sdk_ecs::types as sdk;
use infra_core::{
    aws::ecs,
    handler::{Deletion, Request, TypedRequest},
};

use super::{cluster, placement, text, words};
use crate::{
    alike::in_order,
    aws::Aws,
    error::{Answer, Error},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::{Resource, recorded},
    seen::Seen,
};

pub(crate) struct ClusterCapacityProviders;

type Type = ecs::ClusterCapacityProviders;

/// The set of a cluster; `None` if it has none and is not just losing it.
fn seen(request: &Request, cluster: &sdk::Cluster) -> Option<Seen> {
    let state = cluster.attachments_status().filter(|status| !status.is_empty());
    let state = state.unwrap_or("UPDATE_COMPLETE");
    let (told, strategy) =
        (cluster.capacity_providers(), cluster.default_capacity_provider_strategy());
    let gone = told.is_empty() && strategy.is_empty();
    if gone && state != "UPDATE_IN_PROGRESS" {
        return None;
    }
    let providers = recorded(request, Type::CAPACITY_PROVIDERS).unwrap_or_default();
    let providers = in_order(&providers, words(told));
    let prop = Type::DEFAULT_CAPACITY_PROVIDER_STRATEGY;
    let strategy = placement::strategy_seen(request, prop, strategy);
    let mut seen = Seen::new(cluster.cluster_name().unwrap_or_default())
        .text(Type::CLUSTER, cluster.cluster_name())
        .set(Type::CAPACITY_PROVIDERS, providers)
        .set(prop, strategy)
        .state(Some(state), &["UPDATE_COMPLETE"], &[], &["UPDATE_FAILED"]);
    seen.deleting = gone;
    Some(seen)
}

async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    let providers = args.capacity_providers.iter().map(ToString::to_string).collect();
    let strategy = placement::strategy(&args.default_capacity_provider_strategy);
    let put = aws.ecs().put_cluster_capacity_providers().cluster(args.cluster.as_str());
    let put = put.set_capacity_providers(Some(providers));
    put.set_default_capacity_provider_strategy(Some(strategy)).send().await?;
    Ok(())
}

/// The services of a cluster, which may use what is to be taken away.
async fn services(aws: &Aws, cluster: &str) -> Answer<Vec<String>> {
    let all = aws.ecs().list_services().cluster(cluster).into_paginator().items().send();
    Ok(all.collect::<Result<Vec<_>, _>>().await?)
}

const CLUSTER: &[On] = &[On::Arn("arn:aws:ecs:{region}:{account}:cluster/{cluster>cluster/}")];

impl Resource for ClusterCapacityProviders {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).and(DELETE).needs("ecs:PutClusterCapacityProviders").on(CLUSTER),
        READ.needs("ecs:DescribeClusters").on(CLUSTER),
        DELETE.needs("ecs:ListServices"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        Ok(Seen::new(request.args.cluster.as_str()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let cluster = cluster::describe(aws, &request.id).await?;
        Ok(cluster.and_then(|cluster| seen(request, &cluster)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let cluster = text(request, Type::CLUSTER.slot);
        let put = aws.ecs().put_cluster_capacity_providers().cluster(cluster);
        let put = put.set_capacity_providers(Some(vec![]));
        let put = put.set_default_capacity_provider_strategy(Some(vec![])).send().await;
        match put.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Started),
            Err(error) if error.0.code == "ResourceInUseException" => {
                Err(error.in_use(services(aws, cluster).await?))
            }
            Err(error) => Err(error),
        }
    }
}
