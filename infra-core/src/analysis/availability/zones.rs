//! The loss of a whole zone.

use super::{Failure, FailureKind, Loss, Sites, recovery, tasks};

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let of = |zone: &String| Failure {
        kind: FailureKind::Zone,
        what: zone.clone(),
        losses: losses(sites, zone),
    };
    sites.zones.iter().map(of).collect()
}

fn losses(sites: &Sites<'_>, zone: &str) -> Vec<Loss> {
    let mut losses = vec![];
    for hosts in &sites.hosts {
        let Some(zones) = hosts.zones.as_ref().filter(|zones| zones.contains(zone)) else {
            continue;
        };
        let lost = hosts.least.div_ceil(tasks::count(zones));
        losses.push(tasks::instances(hosts, lost, 1, recovery::OTHER_ZONES));
    }
    let width = sites.width();
    for web in sites.tasks.iter().filter(|web| web.zones.contains(zone)) {
        let mut loss = web.loss(web.in_a_zone(), width, recovery::OTHER_ZONES);
        if web.zones.len() == 1 {
            // There is no other zone that they could be started in.
            loss.recovery = None;
        }
        losses.push(loss);
    }
    losses.extend(sites.databases.iter().filter_map(|cluster| cluster.without_zone(zone)));
    losses.extend(sites.caches.iter().filter_map(|cache| cache.without_zone(zone)));
    losses.extend(sites.files.iter().filter_map(|files| files.without_zone(zone)));
    losses.extend(sites.gateways.iter().filter_map(|gateway| gateway.without_zone(sites, zone)));
    losses.extend(sites.balancers.iter().filter_map(|balancer| balancer.without_zone(zone)));
    losses
}
