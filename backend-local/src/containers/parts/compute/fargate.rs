//! What runs on Fargate: nowhere here, which is said instead of waiting for an instance that never comes.

use infra_core::aws::ecs::{self, CapacityProviderStrategyItemArgs, LaunchType};

use crate::sim::View;

/// What people are told of it.
pub(super) const NOT_HERE: &str = "it runs on Fargate, and tasks run on instances of Auto Scaling groups here: \
     say a capacity provider of a group in `capacity_provider_strategy`";

/// Whether it is on Fargate that tasks run, by what is said of them, else by what is said of their cluster.
pub(super) fn is_meant(
    view: &View,
    cluster: &str,
    launch_type: Option<LaunchType>,
    strategy: &[CapacityProviderStrategyItemArgs],
) -> bool {
    if let Some(launch_type) = launch_type {
        return launch_type == LaunchType::Fargate;
    }
    if !strategy.is_empty() {
        return is_on_fargate(strategy);
    }
    type C = ecs::ClusterCapacityProviders;
    let of_cluster = view.all::<C>().find(|it| {
        let own = it.get(C::CLUSTER).map(|own| own.to_string());
        // A cluster is said by its name or by its ARN.
        own.is_some_and(|own| name(&own) == name(cluster))
    });
    let strategy = of_cluster.and_then(|it| it.get(C::DEFAULT_CAPACITY_PROVIDER_STRATEGY));
    strategy.is_some_and(|strategy| is_on_fargate(&strategy))
}

fn name(cluster: &str) -> &str {
    cluster.rsplit('/').next().unwrap_or_default()
}

/// Whether some of it runs there.
fn is_on_fargate(strategy: &[CapacityProviderStrategyItemArgs]) -> bool {
    let mut names = strategy.iter().map(|it| it.capacity_provider.to_string());
    names.any(|name| ["FARGATE", "FARGATE_SPOT"].contains(&&*name))
}

#[cfg(test)]
mod tests {
    use infra_core::aws::ClusterName;

    use super::*;
    use crate::sim::made_up::{Given, account};

    type C = ecs::ClusterCapacityProviders;

    fn of(provider: &str) -> Vec<CapacityProviderStrategyItemArgs> {
        let capacity_provider = provider.parse().unwrap();
        vec![CapacityProviderStrategyItemArgs { capacity_provider, weight: 1, base: 0 }]
    }

    #[test]
    fn what_is_said_of_a_service_counts_before_what_is_said_of_its_cluster() {
        let cluster =
            Given::new::<C>("campus").with(C::CLUSTER, "campus".parse::<ClusterName>().unwrap());
        let view = account([cluster.with(C::DEFAULT_CAPACITY_PROVIDER_STRATEGY, of("FARGATE"))]);
        let arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/campus";
        let is_meant = |launch_type, strategy: &[_]| is_meant(&view, arn, launch_type, strategy);
        assert!(is_meant(None, &[]));
        assert!(!is_meant(Some(LaunchType::Ec2), &[]));
        assert!(is_meant(Some(LaunchType::Fargate), &[]));
        assert!(!is_meant(None, &of("web")));
        assert!(is_meant(None, &[of("web"), of("FARGATE_SPOT")].concat()));
        assert!(!super::is_meant(&view, "other", None, &[]));
    }
}
