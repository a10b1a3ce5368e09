//! AWS: ecs PutClusterCapacityProviders, DescribeClusters.

use super::CapacityProviderStrategyItem;
use crate::{
    aws::{CapacityProviderName, ClusterName},
    resource,
};

/// Which capacity providers a cluster has, and which of them tasks go to that name none. A cluster
/// has one such set; deletion takes all providers from it.
///
/// It comes before the services and tasks of the cluster, and goes after them: AWS takes no
/// provider away that a service uses.
///
/// ```
/// use infra_core::{
///     aws::{CapacityProviderName, ecs::{CapacityProviderStrategyItem, Cluster, ClusterCapacityProviders}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let web = CapacityProviderName::parse("web").unwrap();
/// let cluster = Cluster::named("web").create(&stack);
/// ClusterCapacityProviders::named("web")
///     .cluster(&cluster)
///     .capacity_providers([&web])
///     .default_capacity_provider_strategy([CapacityProviderStrategyItem::new(&web)])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ecs:ClusterCapacityProviders",
    key(cluster),
    create = "15s",
    update = "15s",
    delete = "15s"
)]
pub struct ClusterCapacityProviders {
    /// The cluster. Changing it replaces the set. AWS: `Cluster`.
    #[prop(replace, needs = ready)]
    pub cluster: ClusterName,
    /// The providers, up to 20, `FARGATE` and `FARGATE_SPOT` among them. The instances of a group
    /// register with one cluster alone. Change in place. AWS: `CapacityProviders`.
    #[prop(set, needs = ready)]
    pub capacity_providers: Vec<CapacityProviderName>,
    /// Where tasks go that say nothing. Default: nowhere; then each service says it. Changes in
    /// place. AWS: `DefaultCapacityProviderStrategy`.
    #[prop(default)]
    pub default_capacity_provider_strategy: Vec<CapacityProviderStrategyItem>,
}
