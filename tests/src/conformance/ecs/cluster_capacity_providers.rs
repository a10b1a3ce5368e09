//! The case of `aws:ecs:ClusterCapacityProviders`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ecs::{CapacityProvider, CapacityProviderStrategyItem, Cluster, ClusterCapacityProviders},
    prelude::*,
};

use super::capacity_provider::protected;
use crate::conformance::elbv2::load_balancer::Network;

/// A capacity provider of a group of its own.
pub(crate) fn provider(stack: &Stack, network: &Network, name: &str) -> CapacityProvider {
    let group = protected(stack, network, name);
    CapacityProvider::named(name)
        .auto_scaling_group_arn(group.auto_scaling_group_arn())
        .create(stack)
}

/// A cluster with Fargate, and what is wrong with where its tasks go.
fn refused(stack: &Stack, strategy: Vec<CapacityProviderStrategyItem>) {
    let web = provider(stack, &Network::private(stack, "vpc"), "web");
    ClusterCapacityProviders::named("subject")
        .cluster(&Cluster::named("web").create(stack))
        .capacity_providers(inputs!["FARGATE", "FARGATE_SPOT", &web])
        .default_capacity_provider_strategy(strategy)
        .create(stack);
}

fn item(provider: &str) -> CapacityProviderStrategyItem {
    CapacityProviderStrategyItem::new(provider)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ClusterCapacityProviders::definition,
    build: |stack, v| {
        let network = Network::private(stack, "vpc");
        let [web, other] = ["web", "other"].map(|name| provider(stack, &network, name));
        let [one, two] = ["one", "two"].map(|name| Cluster::named(name).create(stack));
        let share = |provider: &CapacityProvider, weight: u32| {
            CapacityProviderStrategyItem::new(provider).weight(weight)
        };
        ClusterCapacityProviders::named("subject")
            .cluster(v.pick("cluster", &one, &two))
            .capacity_providers(v.pick(
                "capacity_providers",
                inputs![&web, &other],
                inputs![&web, &other, "FARGATE"],
            ))
            .default_capacity_provider_strategy(v.pick(
                "default_capacity_provider_strategy",
                vec![share(&web, 1).base(2_u32)],
                vec![share(&web, 1), share(&other, 3)],
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "default_capacity_provider_strategy",
            build: |stack| {
                ClusterCapacityProviders::named("subject")
                    .cluster(&Cluster::named("web").create(stack))
                    .capacity_providers(["FARGATE"])
                    .default_capacity_provider_strategy([item("FARGATE_SPOT")])
                    .create(stack);
            },
            says: "names FARGATE_SPOT, which is not among `capacity_providers`",
        },
        Refused {
            property: "default_capacity_provider_strategy",
            build: |stack| refused(stack, vec![item("FARGATE"), item("FARGATE")]),
            says: "names FARGATE twice",
        },
        Refused {
            property: "default_capacity_provider_strategy",
            build: |stack| refused(stack, vec![item("FARGATE").weight(1_001_u32)]),
            says: "[0].weight` 1001 of FARGATE is above 1000",
        },
        Refused {
            property: "default_capacity_provider_strategy",
            build: |stack| refused(stack, vec![item("FARGATE").weight(0_u32)]),
            says: "gives no provider a `weight`",
        },
        Refused {
            property: "default_capacity_provider_strategy",
            build: |stack| {
                let both = ["FARGATE", "FARGATE_SPOT"].map(|name| item(name).base(1_u32));
                refused(stack, both.into());
            },
            says: "has a `base` for FARGATE and for FARGATE_SPOT; one can have it",
        },
        Refused {
            property: "default_capacity_provider_strategy",
            build: |stack| {
                let web = provider(stack, &Network::private(stack, "vpc"), "web");
                let strategy = [item("FARGATE"), CapacityProviderStrategyItem::new(&web)];
                ClusterCapacityProviders::named("subject")
                    .cluster(&Cluster::named("web").create(stack))
                    .capacity_providers(inputs!["FARGATE", &web])
                    .default_capacity_provider_strategy(strategy)
                    .create(stack);
            },
            says: "mixes FARGATE with campus-test-web-",
        },
        Refused {
            property: "capacity_providers",
            build: |stack| {
                ClusterCapacityProviders::named("subject")
                    .cluster(&Cluster::named("web").create(stack))
                    .capacity_providers(["nowhere"])
                    .create(stack);
            },
            says: "the CapacityProvider `nowhere` does not exist",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ECS::ClusterCapacityProviderAssociations",
        differs: &[
            ("CapacityProviders", "required here: a set of none is no resource at all"),
            ("DefaultCapacityProviderStrategy", "may be absent here: then each service says it"),
        ],
        renamed: &[],
    },
}];
