//! NAT gateways, and the zones that reach the internet by them.

use std::collections::BTreeSet;

use super::{Failure, FailureKind, Loss, Sites, recovery, tasks::Web};
use crate::{
    analysis::Outline,
    aws::ec2::{NatGateway, Route, RouteTable, Subnet},
    graph::NodeView,
};

/// A gateway.
pub(super) struct Gateway<'a> {
    gateway: NodeView<'a, NatGateway>,
    /// Where it stands.
    zone: Option<String>,
    /// The zones that reach the internet by it, of those that tasks stand in.
    serves: BTreeSet<String>,
}

pub(super) fn all<'a>(outline: &Outline<'a>, tasks: &[Web<'a>]) -> Vec<Gateway<'a>> {
    let used: BTreeSet<String> = tasks.iter().flat_map(|web| web.zones.clone()).collect();
    let of = |gateway: NodeView<'a, NatGateway>| {
        let subnets = outline.links::<_, _, Subnet>(&gateway, NatGateway::SUBNET_ID);
        let served = served(outline, &gateway);
        Gateway {
            zone: subnets.first().and_then(|subnet| outline.zone(subnet)),
            serves: served.into_iter().filter(|zone| used.contains(zone)).collect(),
            gateway,
        }
    };
    outline.all::<NatGateway>().map(of).collect()
}

/// The zones of the subnets whose routes lead to a gateway.
fn served<'a>(outline: &Outline<'a>, gateway: &NodeView<'a, NatGateway>) -> BTreeSet<String> {
    let routes = outline.referring(Route::NAT_GATEWAY_ID, gateway.node);
    let tables =
        routes.flat_map(|it| outline.links::<_, _, RouteTable>(&it, Route::ROUTE_TABLE_ID));
    tables.flat_map(|table| outline.zones_of_table(&table)).collect()
}

impl Gateway<'_> {
    /// What its loss comes to: of the zones that tasks stand in, those that are cut off.
    fn loss(&self, sites: &Sites<'_>, recovery: Option<super::Recovery>) -> Option<Loss> {
        let zones: BTreeSet<&String> = sites.tasks.iter().flat_map(|web| &web.zones).collect();
        let count = |zones: usize| u32::try_from(zones).unwrap_or(u32::MAX);
        let (all, lost) = (count(zones.len()), count(self.serves.len()));
        (lost > 0).then(|| Loss {
            needed: all.saturating_sub(1).max(1),
            ..Loss::of(self.gateway.node, "zones with a way out", lost, all - lost, recovery)
        })
    }

    pub(super) fn without_zone(&self, sites: &Sites<'_>, zone: &str) -> Option<Loss> {
        let here = self.zone.as_deref() == Some(zone);
        here.then(|| self.loss(sites, None)).flatten()
    }
}

pub(super) fn failures(sites: &Sites<'_>) -> Vec<Failure> {
    let of = |gateway: &Gateway<'_>| {
        let loss = gateway.loss(sites, Some(recovery::GATEWAY))?;
        let what = gateway.gateway.node.urn.short().to_owned();
        Some(Failure { kind: FailureKind::Nat, what, losses: vec![loss] })
    };
    sites.gateways.iter().filter_map(of).collect()
}
