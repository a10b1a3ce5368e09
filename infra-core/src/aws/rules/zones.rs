//! Everything stands in the same zones, and no zone needs another one to reach the internet.

use std::collections::{BTreeMap, BTreeSet};

use super::listed;
use crate::{
    analysis::Outline,
    aws::{
        autoscaling::Group,
        ec2::{NatGateway, Route, RouteTable, Subnet, Vpc},
        efs::{FileSystem, MountTarget},
        elasticache::SubnetGroup,
        elbv2::LoadBalancer,
        rds::DbSubnetGroup,
    },
    dsl::{Prop, ResourceType},
    graph::{NodeView, ProgramProblem},
    value::Value,
};

/// Where something stands.
struct Place {
    /// The network.
    network: String,
    zones: BTreeSet<String>,
    name: String,
    /// What is told of it.
    problem: ProgramProblem,
}

/// `same-zones`: groups, balancers, databases, caches and files of a network stand in the same
/// zones, two at least.
pub(super) fn same_zones(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut networks: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for place in places(outline) {
        networks.entry(place.network.clone()).or_default().push(place);
    }
    networks.into_values().flat_map(uneven).collect()
}

fn uneven(places: Vec<Place>) -> Vec<ProgramProblem> {
    let all: BTreeSet<String> = places.iter().flat_map(|place| place.zones.clone()).collect();
    let widest = places.iter().max_by_key(|place| place.zones.len());
    let widest = widest.map(|place| place.name.clone()).unwrap_or_default();
    let uneven = places.into_iter().filter(|place| all.len() < 2 || place.zones != all);
    let told = uneven.map(|place| {
        let (here, missing) = (listed(&place.zones), listed(all.difference(&place.zones)));
        let mut problem = place.problem;
        problem.message = match missing.as_str() {
            "" => format!("cover {here} alone: its loss takes everything"),
            missing => format!("cover {here} and not {missing}, where `{widest}` stands"),
        };
        problem
            .without_value()
            .help("give each of them a subnet in every zone of the network, two at least")
    });
    told.collect()
}

fn places(outline: &Outline<'_>) -> Vec<Place> {
    let mut places = vec![];
    let balancers = |mapped: bool| {
        let of = outline.all::<LoadBalancer>();
        of.filter(move |it| {
            it.node.inputs.get(LoadBalancer::SUBNETS.slot).items().is_empty() == mapped
        })
    };
    places.extend(outline.all().filter_map(|it| place(outline, &it, Group::VPC_ZONE_IDENTIFIER)));
    places.extend(balancers(false).filter_map(|it| place(outline, &it, LoadBalancer::SUBNETS)));
    places.extend(
        balancers(true).filter_map(|it| place(outline, &it, LoadBalancer::SUBNET_MAPPINGS)),
    );
    places.extend(outline.all().filter_map(|it| place(outline, &it, DbSubnetGroup::SUBNET_IDS)));
    places.extend(outline.all().filter_map(|it| place(outline, &it, SubnetGroup::SUBNET_IDS)));
    places.extend(outline.all().filter_map(|it| files(outline, &it)));
    places
}

fn place<R: ResourceType, T>(
    outline: &Outline<'_>,
    view: &NodeView<'_, R>,
    prop: Prop<R, T>,
) -> Option<Place> {
    let subnets = view.node.inputs.get(prop.slot);
    let zones = outline.zones_of_value(subnets)?;
    let network = network(outline, subnets);
    let name = view.node.urn.short().to_owned();
    Some(Place { network, zones, name, problem: outline.program().about(view, prop, "") })
}

/// A file system stands where its mount targets do.
fn files<'a>(outline: &Outline<'a>, files: &NodeView<'a, FileSystem>) -> Option<Place> {
    let targets = outline.referring(MountTarget::FILE_SYSTEM_ID, files.node);
    let subnets =
        Value::list(targets.map(|it| it.node.inputs.get(MountTarget::SUBNET_ID.slot).clone()));
    let zones = outline.zones_of_value(&subnets)?;
    let program = outline.program();
    let problem = ProgramProblem::new("", program.sites(files.node, files.node.at))
        .of(&files.node.urn)
        .property("mount targets");
    let name = files.node.urn.short().to_owned();
    Some(Place { network: network(outline, &subnets), zones, name, problem })
}

/// What tells one network from another.
fn network(outline: &Outline<'_>, subnets: &Value) -> String {
    let first = outline.linked::<Subnet>(subnets).into_iter().next();
    let vpc = first.map(|subnet| subnet.node.inputs.get(Subnet::VPC_ID.slot));
    let made = vpc.and_then(|vpc| outline.linked::<Vpc>(vpc).into_iter().next());
    match made {
        Some(vpc) => vpc.node.urn.as_str().to_owned(),
        None => vpc.map(ToString::to_string).unwrap_or_default(),
    }
}

/// `nat-in-its-zone`: what is private reaches the internet by a NAT gateway of its own zone.
pub(super) fn nat_in_its_zone(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    outline.all::<Route>().filter_map(|route| elsewhere(outline, &route)).collect()
}

fn elsewhere<'a>(outline: &Outline<'a>, route: &NodeView<'a, Route>) -> Option<ProgramProblem> {
    let nat = outline.links::<_, _, NatGateway>(route, Route::NAT_GATEWAY_ID).into_iter().next()?;
    let nat_subnet =
        outline.links::<_, _, Subnet>(&nat, NatGateway::SUBNET_ID).into_iter().next()?;
    let nat_zone = outline.zone(&nat_subnet)?;
    let tables = outline.links::<_, _, RouteTable>(route, Route::ROUTE_TABLE_ID);
    let zones = outline.zones_of_table(tables.first()?);
    let others = listed(zones.iter().filter(|zone| **zone != nat_zone));
    if others.is_empty() {
        return None;
    }
    let message = format!(
        "leads from {others} to `{}` in {nat_zone}: the loss of that zone cuts off both",
        nat.node.urn.short()
    );
    let problem = outline.program().about(route, Route::NAT_GATEWAY_ID, message);
    Some(problem.help("give each zone a NAT gateway and a route table of its own"))
}
