//! A balancer and its backends.

use std::{net::SocketAddr, time::Duration};

use backend_local::containers::balancer::{
    Action, Attributes, Balancer, BalancerConfig, BalancerStatus, HealthCheck, Listener,
    LoadBalancer as _, Protocol, Rule, TargetGroup, TargetState,
};
use tokio::time::timeout;

use super::backend::Backend;

/// A moment in which every health check is made.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

/// Any free port of this machine.
pub(crate) fn any() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// A group with fast health checks.
pub(crate) fn group<'a>(
    name: &str,
    backends: impl IntoIterator<Item = &'a Backend>,
) -> TargetGroup {
    let mut group = TargetGroup::new(name, backends.into_iter().map(|backend| backend.address));
    group.health = HealthCheck {
        path: "/health".to_owned(),
        interval: INTERVAL,
        timeout: INTERVAL,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
        ..HealthCheck::default()
    };
    group.deregistration_delay = Duration::from_secs(20);
    group
}

/// A listener `web` that speaks HTTP.
pub(crate) fn listener(rules: Vec<Rule>, default: Action) -> Listener {
    Listener { name: "web".to_owned(), address: any(), protocol: Protocol::Http, rules, default }
}

/// A listener that forwards all to the first group.
pub(crate) fn config(groups: Vec<TargetGroup>) -> BalancerConfig {
    let listeners = vec![listener(Vec::new(), Action::forward(&groups[0].name))];
    let attributes = Attributes { idle_timeout: Duration::from_secs(10), ..Attributes::default() };
    BalancerConfig { listeners, groups, attributes }
}

/// A balancer whose targets have all been checked, and where it listens.
pub(crate) async fn start(config: BalancerConfig) -> (Balancer, SocketAddr) {
    let balancer = Balancer::start(config).await.unwrap();
    let address = balancer.addresses()["web"];
    settled(&balancer, |status| {
        let targets = status.groups.values().flat_map(|group| group.targets.values());
        targets.into_iter().all(|target| target.state != TargetState::Initial)
    })
    .await;
    (balancer, address)
}

/// Waits until the targets are as they should be.
#[track_caller]
pub(crate) fn settled(
    balancer: &Balancer,
    wanted: impl FnMut(&BalancerStatus) -> bool,
) -> impl Future<Output = BalancerStatus> {
    let mut status = balancer.status();
    let now = status.clone();
    let caller = std::panic::Location::caller();
    async move {
        let settled = timeout(Duration::from_secs(20), status.wait_for(wanted)).await;
        match settled {
            Ok(status) => status.unwrap().clone(),
            Err(_) => {
                panic!("at {caller} targets are not as they should be: {:#?}", now.borrow())
            }
        }
    }
}

/// The state of a backend in the group `g`.
pub(crate) fn state(status: &BalancerStatus, backend: &Backend) -> Option<TargetState> {
    status.target("g", backend.address).map(|target| target.state)
}
