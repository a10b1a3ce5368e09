//! What people reach: load balancers, with a node in each of their zones.

use std::collections::BTreeSet;

use super::{Failure, FailureKind, Loss, Sites, recovery, tasks::count};
use crate::{analysis::Outline, aws::elbv2::LoadBalancer, graph::NodeView};

/// A load balancer.
pub(super) struct Balancer<'a> {
    balancer: NodeView<'a, LoadBalancer>,
    pub(super) zones: BTreeSet<String>,
}

pub(super) fn all<'a>(outline: &Outline<'a>, not_told: &mut Vec<String>) -> Vec<Balancer<'a>> {
    let mut all = vec![];
    for balancer in outline.all::<LoadBalancer>() {
        let zones = outline.zones_of(&balancer, LoadBalancer::SUBNETS).or_else(|| {
            outline.zones_of_value(balancer.node.inputs.get(LoadBalancer::SUBNET_MAPPINGS.slot))
        });
        match zones {
            Some(zones) => all.push(Balancer { balancer, zones }),
            None => not_told.push(format!(
                "`{}`: the program does not say in which zones it stands",
                balancer.node.urn.short()
            )),
        }
    }
    all
}

impl Balancer<'_> {
    fn loss(&self) -> Loss {
        let left = count(&self.zones) - 1;
        let recovery = (left > 0).then_some(recovery::NODE);
        Loss { interrupts: true, ..Loss::of(self.balancer.node, "nodes", 1, left, recovery) }
    }

    pub(super) fn without_zone(&self, zone: &str) -> Option<Loss> {
        self.zones.contains(zone).then(|| self.loss())
    }
}

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let of = |balancer: &Balancer<'_>| Failure {
        kind: FailureKind::Edge,
        what: format!("a node of {}", balancer.balancer.node.urn.short()),
        losses: vec![balancer.loss()],
    };
    sites.balancers.iter().map(of).collect()
}
