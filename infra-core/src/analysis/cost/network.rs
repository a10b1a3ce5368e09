//! Balancers, gateways, endpoints and public addresses.

use super::{HOURS, Sheet, length};
use crate::{
    aws::{
        ec2::{ConnectivityType, ElasticIp, NatGateway, VpcEndpoint, VpcEndpointType},
        elbv2::{LoadBalancer, LoadBalancerScheme, LoadBalancerType},
    },
    graph::NodeView,
};

pub(super) fn count(sheet: &mut Sheet<'_>) {
    let outline = sheet.outline;
    for balancer in outline.all::<LoadBalancer>() {
        self::balancer(sheet, &balancer);
    }
    for gateway in outline.all::<NatGateway>() {
        let name = gateway.node.urn.name();
        sheet.fixed(gateway.node, &format!("NAT gateway {name}"), "nat/hour", 1.0);
    }
    for address in outline.all::<ElasticIp>() {
        let name = address.node.urn.name();
        sheet.fixed(address.node, &format!("public address {name}"), "ipv4/hour", 1.0);
    }
    for endpoint in outline.all::<VpcEndpoint>() {
        let ty = outline.get(&endpoint, VpcEndpoint::VPC_ENDPOINT_TYPE);
        if ty != Some(VpcEndpointType::Gateway) {
            let zones = length(outline.value(&endpoint, VpcEndpoint::SUBNET_IDS).items().len());
            let what = format!("endpoint {} in each zone", endpoint.node.urn.name());
            sheet.fixed(endpoint.node, &what, "endpoint/hour", zones);
            sheet.not_told("data through interface endpoints".to_owned());
        }
    }
    break_even(sheet);
}

fn balancer<'a>(sheet: &mut Sheet<'a>, balancer: &NodeView<'a, LoadBalancer>) {
    let outline = sheet.outline;
    let (thing, what) = match outline.get(balancer, LoadBalancer::LOAD_BALANCER_TYPE) {
        Some(LoadBalancerType::Network) => ("balancer/network", "network load balancer"),
        _ => ("balancer/application", "application load balancer"),
    };
    sheet.fixed(balancer.node, what, thing, 1.0);
    if outline.get(balancer, LoadBalancer::SCHEME) == Some(LoadBalancerScheme::InternetFacing) {
        let items = |prop| outline.value(balancer, prop).items().len();
        let mapped = outline.value(balancer, LoadBalancer::SUBNET_MAPPINGS).items().len();
        let zones = length(items(LoadBalancer::SUBNETS).max(mapped));
        sheet.fixed(balancer.node, "its public address in each zone", "ipv4/hour", zones);
    }
}

/// From how much traffic on an interface endpoint is cheaper than NAT, whose own hours are paid
/// anyway.
fn break_even(sheet: &mut Sheet<'_>) {
    let public = |gateway: &NodeView<'_, NatGateway>| {
        sheet.outline.get(gateway, NatGateway::CONNECTIVITY_TYPE) == Some(ConnectivityType::Public)
    };
    if !sheet.outline.all::<NatGateway>().any(|gateway| public(&gateway)) {
        return;
    }
    let usd = |thing: &str| sheet.prices.get(thing).map(|price| price.usd);
    let prices = [usd("endpoint/hour"), usd("nat/data"), usd("endpoint/data")];
    let [Some(hour), Some(nat), Some(endpoint)] = prices else { return };
    let gigabytes = hour * f64::from(HOURS) / (nat - endpoint);
    sheet.notes.push(format!(
        "an interface endpoint for one of AWS's services pays from {gigabytes:.0} GB a month and zone \
         on: {:.2} a month instead of {:.3} for each GB through NAT, and {:.3} for each GB",
        hour * f64::from(HOURS),
        nat,
        endpoint
    ));
}
